// A report's form that also works without a connection. What is sent then waits on this device, goes
// out by itself, and arrives once; see core/along.js. Without scripts the form works as forms do.
import { deliver, isPossible, isTaken, leaveBehind, putAway, takeAlong, takeBack, waitingFor } from "../core/along.js";

const AGAIN = 30000;
const PATIENCE = 6000;

class Offline extends HTMLElement {
    connectedCallback() {
        this.form = document.getElementById(this.dataset.form);
        if (!this.form || this.isAwake || !("locks" in navigator)) {
            return;
        }
        this.isAwake = true;
        this.hidden = false;
        this.form.addEventListener("submit", (event) => this.onSubmit(event));
        this.form.addEventListener("htmx:sendError", (event) => this.onBrokenLine(event));
        this.addEventListener("click", (event) => this.onClick(event));
        window.addEventListener("online", () => this.tryNow());
        setInterval(() => this.tryNow(), AGAIN);
        this.begin();
    }

    begin() {
        const waiting = waitingFor(this.dataset.address);
        if (waiting) {
            this.putBack(waiting.fields);
            this.show("waits");
            this.tryNow();
        } else {
            this.rest();
            if (isTaken(this.dataset.path) && navigator.onLine) {
                // The copy on this device becomes the report as it stands now.
                takeAlong(this.dataset.path, this.dataset.title).catch(() => null);
            }
        }
    }

    rest() {
        if (isPossible() && this.dataset.mayLeave) {
            this.show(isTaken(this.dataset.path) ? "taken" : "offer");
        } else {
            this.show("");
        }
    }

    show(state, problem = "") {
        for (const part of this.querySelectorAll("[data-state]")) {
            part.hidden = part.dataset.state !== state;
        }
        for (const place of this.querySelectorAll("[data-problem]")) {
            place.textContent = problem;
        }
        this.state = state;
    }

    putBack(fields) {
        for (const [name, value] of fields) {
            const field = this.form.elements.namedItem(name);
            if (field && "value" in field) {
                field.value = value;
            }
        }
    }

    typed() {
        const data = [...new FormData(this.form)];
        return data.filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
    }

    // -- Sending ------------------------------------------------------------------------------

    async onSubmit(event) {
        const isPlain = navigator.onLine && !navigator.serviceWorker?.controller;
        if (event.defaultPrevented || this.passes || isPlain) {
            return;
        }
        event.preventDefault();
        if (await this.isReachable()) {
            this.pass(event.submitter);
        } else if (event.submitter?.value === "send") {
            this.show("ask");
            this.querySelector("[data-state=ask] button").focus();
        } else {
            this.wait("keep");
        }
    }

    pass(submitter) {
        this.passes = true;
        this.form.requestSubmit(submitter ?? undefined);
    }

    async isReachable() {
        try {
            const signal = AbortSignal.timeout(PATIENCE);
            const answer = await fetch(this.dataset.address, { cache: "no-store", signal });
            if (answer.ok && !answer.redirected) {
                // A page that was taken along holds an old proof.
                this.form.elements.namedItem("csrfmiddlewaretoken").value = (await answer.json()).token;
            }
            return answer.ok;
        } catch {
            return false;
        }
    }

    wait(then) {
        const words = { arrived: this.dataset.arrived, refused: this.dataset.refused };
        const { address, path, title } = this.dataset;
        putAway({ address, home: path, title, words, then, fields: this.typed() });
        this.show("waits");
    }

    async tryNow() {
        if (!waitingFor(this.dataset.address)) {
            return;
        }
        const told = await deliver(this.dataset.address);
        if (told.state === "arrived") {
            if (told.sent) {
                await leaveBehind(this.dataset.path);
            }
            location.assign(told.url);
        } else if (told.state === "refused") {
            this.show("refused", told.problem ?? "");
        } else if (told.state !== "nothing") {
            this.show(told.state);
        }
    }

    onBrokenLine(event) {
        // The draft on this device has it; an alarm on every pause in typing would help nobody.
        event.stopPropagation();
        if (["", "offer", "taken"].includes(this.state)) {
            this.show("broken");
        }
    }

    // -- Buttons ------------------------------------------------------------------------------

    onClick(event) {
        const does = event.target.closest("button[data-does]")?.dataset.does;
        if (does) {
            this[does]();
        }
    }

    async take() {
        this.show("busy");
        try {
            await takeAlong(this.dataset.path, this.dataset.title);
            this.show("taken");
        } catch {
            this.show("failed");
        }
    }

    async leave() {
        await leaveBehind(this.dataset.path);
        this.rest();
    }

    sendLater() {
        this.wait("send");
    }

    keepLater() {
        this.wait("keep");
    }

    // Two versions, or a field that is wrong: the page of the server shows which.
    async look() {
        if (await this.isReachable()) {
            takeBack(this.dataset.address);
            this.pass(null);
        }
    }

    back() {
        takeBack(this.dataset.address);
        this.rest();
    }
}

customElements.define("tansiq-offline", Offline);
