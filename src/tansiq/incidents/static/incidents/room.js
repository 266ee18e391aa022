// The room stays right by itself: what happens comes over a stream, each line of the log with its
// words. The other panels are fetched again when something in them changed, not more often than
// the room can bear: with many people each of them waits longer, and not all at the same moment.
import { setClock, tick } from "./clocks.js";

const KINDS = {
    task: ["now"],
    fact: ["facts"],
    decision: ["now"],
    role: ["who", "now"],
    room: ["now", "facts", "who"],
    inject: ["came"],
    statement: ["next"],
};
const HERE = 40_000;
const ASK = 15_000;
const MOST_LINES = 60;
const LEAST = 1_000;
const A_PERSON = 20;

const room = document.querySelector("[data-room]");
const parts = Object.fromEntries(
    [...document.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]),
);
const lines = document.querySelector("[data-lines]");
const waiting = new Map();
const tags = new Map();
let latest = room.dataset.after;
let people = 1;
let source = null;
let asking = 0;
let hereTimer = 0;

const withLatest = (address) => `${address}?after=${latest}`;
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

function refresh(name, soon = false) {
    if (!parts[name] || waiting.has(name)) {
        return;
    }
    const pause = soon ? 0 : Math.max(LEAST, people * A_PERSON) * (0.5 + Math.random());
    waiting.set(name, setTimeout(() => fetchPart(name), pause));
}

async function fetchPart(name) {
    waiting.delete(name);
    const headers = tags.has(name) ? { "If-None-Match": tags.get(name) } : {};
    try {
        const answer = await fetch(parts[name].dataset.url, { headers, cache: "no-store" });
        if (answer.ok) {
            tags.set(name, answer.headers.get("ETag"));
            setClock(answer.headers.get("X-Room-Clock"));
            put(parts[name], await answer.text());
        }
    } catch {
        // No line just now: what was told is still owed to the panel.
        waiting.set(name, setTimeout(() => fetchPart(name), ASK * (0.3 + Math.random() * 0.4)));
    }
}

// What somebody is writing or has under the finger is not taken from them.
function put(part, html) {
    const active = part.contains(document.activeElement) ? document.activeElement : null;
    const address = active?.closest("form")?.action ?? active?.href;
    const isOpen = part.querySelector("details")?.open;
    part.innerHTML = html;
    if (isOpen) {
        part.querySelector("details")?.setAttribute("open", "");
    }
    if (address) {
        const again = [...part.querySelectorAll("a, form")].find((one) => (one.href ?? one.action) === address);
        (again?.querySelector?.("button") ?? again)?.focus();
    }
    tick();
}

function addLine(html) {
    const made = document.createElement("template");
    made.innerHTML = html.trim();
    const line = made.content.firstElementChild;
    if (!line || !lines || document.getElementById(line.id)) {
        return;
    }
    line.classList.add("new");
    lines.prepend(line);
    while (lines.children.length > MOST_LINES) {
        lines.lastElementChild.remove();
    }
}

async function fetchLine(id) {
    const answer = await fetch(`line/${id}/`).catch(() => null);
    if (answer === null) {
        setTimeout(() => fetchLine(id), ASK);
    } else if (answer.ok) {
        addLine(await answer.text());
    }
}

function onEntry(data) {
    if (data.html) {
        addLine(data.html);
    } else {
        fetchLine(data.entry);
    }
    for (const name of KINDS[data.kind] ?? []) {
        refresh(name);
    }
}

function onEvent(event) {
    latest = event.lastEventId;
    if (event.type === "entry") {
        onEntry(JSON.parse(event.data));
    }
}

function listen() {
    stop();
    source = new EventSource(withLatest(room.dataset.live));
    for (const name of ["hello", "entry"]) {
        source.addEventListener(name, onEvent);
    }
    source.addEventListener("error", () => {
        // A stream that only broke is opened again by the browser itself, from where it was.
        if (source?.readyState === EventSource.CLOSED) {
            stop();
            asking = setTimeout(ask, ASK * (0.5 + Math.random()));
        }
    });
}

function stop() {
    clearTimeout(asking);
    source?.close();
    source = null;
}

async function ask() {
    try {
        const answer = await fetch(withLatest(room.dataset.poll));
        if (answer.status === 403) {
            return;
        }
        const told = await answer.json();
        for (const event of told.events) {
            if (event.name === "entry") {
                onEntry(event.data);
            }
        }
        latest = told.latest;
    } catch {
        // No line just now.
    }
    if (!document.hidden) {
        listen();
    }
}

async function sayHere() {
    clearTimeout(hereTimer);
    hereTimer = setTimeout(sayHere, HERE * (0.8 + Math.random() * 0.4));
    const body = new URLSearchParams({ csrfmiddlewaretoken: token() });
    const answer = await fetch(room.dataset.here, { method: "POST", body }).catch(() => null);
    if (answer?.ok && parts.who) {
        put(parts.who, await answer.text());
        refresh("next");
        people = Number(parts.who.querySelector("[data-people]")?.dataset.people ?? 1);
    }
}

function sayGone() {
    clearTimeout(hereTimer);
    navigator.sendBeacon(room.dataset.here, new URLSearchParams({ csrfmiddlewaretoken: token(), gone: "yes" }));
}

function onVisibility() {
    if (document.hidden) {
        stop();
        sayGone();
    } else {
        listen();
        sayHere();
    }
}

// What the queue has delivered shows at once; the page need not be left for it.
document.addEventListener("tansiq:arrived", (event) => {
    if (event.detail.arrived) {
        event.preventDefault();
        refresh("now", true);
    }
});
document.addEventListener("visibilitychange", onVisibility);
addEventListener("pagehide", () => {
    stop();
    sayGone();
});
addEventListener("pageshow", onVisibility);
