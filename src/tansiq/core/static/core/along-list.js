// What is on this device, on the page that stands in for all others while there is no connection.
import { formsWaiting, pagesKept } from "./along.js";

class Along extends HTMLElement {
    connectedCallback() {
        const waiting = new Map(formsWaiting().map((one) => [one.home, one]));
        const pages = new Map([...pagesKept(), ...waiting.values()].map((one) => [one.path ?? one.home, one]));
        this.querySelector(".hint").hidden = pages.size > 0;
        this.querySelector("ul").replaceChildren(
            ...[...pages].map(([path, one]) => this.row(path, one.title, waiting.has(path))),
        );
    }

    row(path, title, waits) {
        const link = document.createElement("a");
        link.href = path;
        link.dir = "auto";
        link.textContent = title;
        const text = document.createElement("div");
        text.className = "t";
        text.append(link);
        if (waits) {
            const note = document.createElement("small");
            note.textContent = this.dataset.waits;
            text.append(note);
        }
        const item = document.createElement("li");
        item.append(text);
        return item;
    }
}

customElements.define("tansiq-along", Along);
