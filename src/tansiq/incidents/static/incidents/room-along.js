// Keep the pages of a room on this device, on purpose, and say when a page shown is an old copy.
import { isPossible, isTaken, leaveBehind, takeAlong } from "../core/along.js";

// What is kept is renewed while the line is there, at most so often.
const RENEWED = 60_000;
const OLD = 90_000;

class RoomAlong extends HTMLElement {
    connectedCallback() {
        this.pages = this.dataset.pages.split(" ");
        this.addEventListener("click", (event) => this.onClick(event));
        addEventListener("offline", () => this.sayAge());
        addEventListener("online", () => this.begin());
        this.begin();
    }

    begin() {
        this.sayAge();
        if (!isPossible() || !this.dataset.mayLeave) {
            return;
        }
        this.hidden = false;
        const isKept = isTaken(this.pages[0]);
        this.show(isKept ? "taken" : "offer");
        if (isKept && navigator.onLine && Date.now() - this.renewedAt() > RENEWED) {
            this.take();
        }
    }

    renewedAt() {
        return Number(sessionStorage.getItem(`tansiq-room:${this.pages[0]}`) ?? 0);
    }

    async take() {
        try {
            for (const path of this.pages) {
                await takeAlong(path, this.dataset.title);
            }
            sessionStorage.setItem(`tansiq-room:${this.pages[0]}`, String(Date.now()));
            this.show("taken");
        } catch {
            this.show(isTaken(this.pages[0]) ? "taken" : "failed");
        }
    }

    async onClick(event) {
        const does = event.target.closest("[data-does]")?.dataset.does;
        if (does === "take") {
            this.show("busy");
            await this.take();
        } else if (does === "leave") {
            for (const path of this.pages) {
                await leaveBehind(path);
            }
            this.show("offer");
        }
    }

    // A copy says so as soon as the line is gone; what it shows may have changed since.
    sayAge() {
        const age = Date.now() - new Date(this.dataset.drawnAt).getTime();
        const note = this.querySelector("[data-age]");
        note.hidden = navigator.onLine || age < OLD;
        this.hidden = this.hidden && note.hidden;
    }

    show(state) {
        for (const part of this.querySelectorAll("[data-state]")) {
            part.hidden = part.dataset.state !== state;
        }
    }
}

customElements.define("tansiq-room-along", RoomAlong);
