// What was written in a room goes out in order, once, also over a line that breaks.
//
// A form with `data-queue` is put into a queue on this device first and sent from there. Each entry
// has a key of its own that the server takes once, so that sending it again does no harm. The queue
// belongs to one person; it goes when that person signs out.
import { say } from "../core/say.js";
import { drop, entries, keep, person, put } from "./queue-store.js";

const PATIENCE = 20_000;
const PAUSES = [1_000, 2_000, 5_000, 15_000, 30_000];

function ask(address, options) {
    return fetch(address, { ...options, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
}

function reasonIn(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const found = page.querySelector("[data-error-summary], .conflict, .errorlist, main .notice, main p");
    return found?.textContent.trim().replace(/\s+/g, " ").slice(0, 300) ?? "";
}

async function sendOne(entry, token) {
    const body = new URLSearchParams([
        ...entry.fields,
        ["client_key", entry.key],
        ["happened_at", new Date(entry.at).toISOString()],
    ]);
    const headers = { "X-CSRFToken": token, "X-Queued": "yes" };
    const answer = await ask(entry.address, { method: "POST", headers, body });
    if (answer.status === 204) {
        drop(entry);
        const said = decodeURIComponent(answer.headers.get("X-Says") ?? "");
        return { arrived: true, then: answer.headers.get("X-Then"), said };
    }
    if (answer.status === 401 || answer.status >= 500 || answer.status === 429) {
        return { arrived: false, isSignedOut: answer.status === 401 };
    }
    keep({ ...entry, why: reasonIn(await answer.text()) || String(answer.status) });
    return { arrived: false, isRefused: true };
}

// Two open pages must not send at the same moment; where that cannot be asked, keys keep it harmless.
function alone(work) {
    return navigator.locks ? navigator.locks.request("tansiq-queue", work) : work();
}

class Queue extends HTMLElement {
    connectedCallback() {
        this.list = this.querySelector("ol") ?? this.appendChild(document.createElement("ol"));
        this.attempt = 0;
        this.wanted = "";
        document.addEventListener("submit", this);
        addEventListener("online", this);
        addEventListener("storage", this);
        document.addEventListener("visibilitychange", this);
        this.show();
        this.send();
    }

    disconnectedCallback() {
        clearTimeout(this.timer);
        document.removeEventListener("submit", this);
        removeEventListener("online", this);
        removeEventListener("storage", this);
        document.removeEventListener("visibilitychange", this);
    }

    handleEvent(event) {
        if (event.type === "submit") {
            this.take(event);
        } else if (event.type === "storage") {
            this.show();
        } else if (!document.hidden) {
            this.attempt = 0;
            this.send();
        }
    }

    take(event) {
        const form = event.target;
        if (event.defaultPrevented || !form.matches("form[data-queue]")) {
            return;
        }
        try {
            this.wanted = put(form, event.submitter);
        } catch {
            // Storage is full or forbidden: the form goes out as any form does.
            return;
        }
        event.preventDefault();
        form.toggleAttribute("data-waits", true);
        form.reset();
        this.show();
        this.send();
    }

    send() {
        clearTimeout(this.timer);
        return alone(() => this.sendAll()).catch(() => this.later());
    }

    async sendAll() {
        const waiting = entries().filter((entry) => !entry.why);
        if (waiting.length === 0) {
            return;
        }
        const hello = await ask(this.dataset.hello, { headers: { "X-Queued": "yes" } });
        const known = hello.ok ? await hello.json() : {};
        if (String(known.person) !== person()) {
            this.say(this.dataset.signedOut);
            this.later();
            return;
        }
        for (const entry of waiting) {
            const outcome = await sendOne(entry, known.token);
            this.show();
            if (!outcome.arrived && !outcome.isRefused) {
                this.later();
                return;
            }
            this.tell(entry, outcome);
        }
        this.attempt = 0;
    }

    // The page may show what arrived in place; otherwise it goes where the form would have led.
    tell(entry, outcome) {
        for (const form of document.querySelectorAll("form[data-waits]")) {
            form.toggleAttribute("data-waits", false);
        }
        const told = new CustomEvent("tansiq:arrived", { cancelable: true, detail: { ...outcome, key: entry.key } });
        const isTaken = !document.dispatchEvent(told);
        if (outcome.said) {
            say(outcome.said, "calm");
        }
        if (outcome.arrived && !isTaken && entry.key === this.wanted && outcome.then) {
            location.assign(outcome.then);
        }
    }

    later() {
        this.show();
        this.timer = setTimeout(() => this.send(), PAUSES[Math.min(this.attempt, PAUSES.length - 1)]);
        this.attempt += 1;
    }

    say(words) {
        this.querySelector("[role=status]").textContent = words ?? "";
    }

    show() {
        const waiting = entries();
        this.hidden = waiting.length === 0;
        this.say(waiting.some((entry) => !entry.why) ? this.dataset.waits : this.dataset.refused);
        this.list.replaceChildren(...waiting.map((entry) => this.row(entry)));
    }

    row(entry) {
        const item = document.createElement("li");
        const words = document.createElement("span");
        words.dir = "auto";
        words.textContent = entry.words;
        const when = document.createElement("small");
        const time = new Date(entry.at).toLocaleTimeString(document.documentElement.lang, {
            hour: "2-digit",
            minute: "2-digit",
            hour12: false,
        });
        when.textContent = [time, entry.why].filter(Boolean).join(" · ");
        item.append(words, " ", when);
        if (entry.why) {
            item.append(this.button(this.dataset.again, () => keep({ ...entry, why: "" })));
            item.append(this.button(this.dataset.drop, () => drop(entry)));
        }
        return item;
    }

    button(words, work) {
        const made = document.createElement("button");
        made.type = "button";
        made.className = "btn quiet";
        made.textContent = words;
        made.addEventListener("click", () => {
            work();
            this.show();
            this.send();
        });
        return made;
    }
}

customElements.define("tansiq-queue", Queue);
