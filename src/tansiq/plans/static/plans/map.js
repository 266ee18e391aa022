// A slider in place of the list of moments; the list stays, and does the work.
const WAIT = 180;

class Moments extends HTMLElement {
    connectedCallback() {
        const select = this.querySelector("select");
        if (!select || this.querySelector("input[type=range]")) {
            return;
        }
        this.classList.add("slides");
        select.tabIndex = -1;
        select.setAttribute("aria-hidden", "true");
        const label = this.querySelector("label");
        const range = document.createElement("input");
        range.type = "range";
        range.id = "map-slide";
        range.min = "0";
        range.max = String(select.options.length - 1);
        range.value = String(select.selectedIndex);
        const output = document.createElement("output");
        output.htmlFor = range.id;
        const told = document.createElement("label");
        told.htmlFor = range.id;
        told.textContent = label.textContent;
        const row = document.createElement("div");
        row.className = "slide";
        row.append(range, output);
        this.prepend(told, row);
        label.remove();
        const say = () => {
            const words = select.options[Number(range.value)].textContent.trim();
            output.textContent = words;
            range.setAttribute("aria-valuetext", words);
        };
        let waiting = 0;
        range.addEventListener("input", () => {
            say();
            clearTimeout(waiting);
            waiting = setTimeout(() => {
                select.selectedIndex = Number(range.value);
                select.dispatchEvent(new Event("change", { bubbles: true }));
            }, WAIT);
        });
        say();
    }
}

customElements.define("tansiq-moments", Moments);

// Who cannot see the new picture hears its sentence.
document.addEventListener("htmx:afterSettle", (event) => {
    const title = document.getElementById("map-title");
    const said = document.getElementById("map-said");
    if (title && said && event.detail.elt.closest?.("#map, #map-view")) {
        const lead = document.querySelector("#map-view .lead");
        said.textContent = `${title.textContent.trim()} ${lead ? lead.textContent.replace(/\s+/g, " ").trim() : ""}`;
    }
});
