// What this device keeps for times without a connection: pages taken along, and forms that wait to
// go out. Both belong to one person; both go when that person signs out.
const CACHE = "tansiq-along";
const PAGES = "tansiq-along:";
const WAITING = "tansiq-waiting:";
const FORTNIGHT = 14 * 24 * 3600 * 1000;
const PATIENCE = 20000;
const BESIDES = "/offline/";

export const person = () => document.documentElement.dataset.person ?? "";
export const isPossible = () => window.isSecureContext && "serviceWorker" in navigator && "caches" in window;

function all(prefix) {
    const found = [];
    try {
        for (const key of Object.keys(localStorage)) {
            if (key.startsWith(prefix)) {
                found.push({ ...JSON.parse(localStorage.getItem(key)), storedAs: key });
            }
        }
    } catch {
        // Storage is forbidden: nothing was kept.
    }
    return found;
}

export const pagesKept = () => all(PAGES);
export const formsWaiting = () => all(WAITING);
export const isTaken = (path) => localStorage.getItem(`${PAGES}${person()}:${path}`) !== null;

// -- Pages taken along ------------------------------------------------------------------------

function piecesOf(html) {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    const marked = parsed.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]");
    const drawn = [...parsed.querySelectorAll("use")].map((use) => use.getAttribute("href") ?? "");
    const named = [...marked].map((one) => one.getAttribute("href") ?? one.getAttribute("src"));
    const sources = [...named, ...drawn].map((one) => one.split("#")[0]).filter(Boolean);
    return new Set(sources.map((one) => new URL(one, location.href).href));
}

// A module names its own pieces; they are needed as well.
function imported(code, base) {
    const found = code.matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g);
    return [...found].map((one) => new URL(one[1], base).href);
}

async function keepPiece(cache, address, seen) {
    if (seen.has(address)) {
        return;
    }
    seen.add(address);
    const answer = await fetch(address);
    await cache.put(address, answer.clone());
    if (address.split("?")[0].endsWith(".js")) {
        const more = imported(await answer.text(), address);
        await Promise.all(more.map((one) => keepPiece(cache, one, seen)));
    }
}

async function keepPage(cache, path, seen) {
    const answer = await fetch(path, { cache: "no-store" });
    if (!answer.ok || answer.redirected) {
        throw new Error("This page cannot be taken along.");
    }
    await cache.put(path, answer.clone());
    const pieces = piecesOf(await answer.text());
    await Promise.all([...pieces].map((one) => keepPiece(cache, one, seen)));
}

export async function takeAlong(path, title) {
    await navigator.serviceWorker.register("/offline.js", { scope: "/" });
    const cache = await caches.open(CACHE);
    const seen = new Set();
    await Promise.all([path, BESIDES].map((one) => keepPage(cache, one, seen)));
    const entry = { path, title, at: Date.now(), person: person() };
    localStorage.setItem(`${PAGES}${person()}:${path}`, JSON.stringify(entry));
}

export async function leaveBehind(path) {
    localStorage.removeItem(`${PAGES}${person()}:${path}`);
    await (await caches.open(CACHE)).delete(path);
    await tidy();
}

// Nothing is kept for longer than a fortnight, and no worker runs where nothing is kept.
export async function tidy() {
    for (const page of pagesKept()) {
        if (Date.now() - page.at > FORTNIGHT) {
            localStorage.removeItem(page.storedAs);
            await (await caches.open(CACHE)).delete(page.path);
        }
    }
    if (pagesKept().length === 0 && isPossible()) {
        await caches.delete(CACHE);
        const worker = await navigator.serviceWorker.getRegistration("/");
        await worker?.unregister();
    }
}

// -- Forms that wait --------------------------------------------------------------------------

// One form of a page waits at a time: what was typed later takes the place of what waits.
export function putAway(entry) {
    const key = self.crypto.randomUUID();
    const kept = { ...entry, key, person: person(), at: Date.now() };
    localStorage.setItem(`${WAITING}${person()}:${entry.address}`, JSON.stringify(kept));
    return kept;
}

export function waitingFor(address) {
    return formsWaiting().find((one) => one.address === address && one.person === person());
}

export function takeBack(address) {
    localStorage.removeItem(`${WAITING}${person()}:${address}`);
}

function ask(address, options) {
    return fetch(address, { ...options, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
}

// The key is the same on every attempt, and the server takes each key once: when an answer is lost on
// the way, asking again does no harm. What another person put away on this device is never touched.
async function deliverOne(entry) {
    const before = await ask(entry.address);
    if (before.redirected || !before.ok) {
        return { state: "signed-out" };
    }
    const known = await before.json();
    if (String(known.person) !== entry.person) {
        return { state: "signed-out" };
    }
    const body = new URLSearchParams([...entry.fields, ["key", entry.key], ["then", entry.then]]);
    const headers = { "X-CSRFToken": known.token };
    const answer = await ask(entry.address, { method: "POST", headers, body });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer.ok) {
        const now = waitingFor(entry.address);
        if (now?.key === entry.key) {
            takeBack(entry.address);
        }
        return { state: "arrived", ...told };
    }
    return { state: answer.status < 500 ? "refused" : "waits", status: answer.status, ...told };
}

export function deliver(address) {
    // Two open pages must not deliver at the same moment.
    return navigator.locks.request(`tansiq-deliver:${address}`, async () => {
        const entry = waitingFor(address);
        if (!entry) {
            return { state: "nothing" };
        }
        try {
            return await deliverOne(entry);
        } catch {
            return { state: "waits" };
        }
    });
}

export async function deliverAll(tell) {
    for (const entry of formsWaiting().filter((one) => one.person === person())) {
        const outcome = await deliver(entry.address);
        tell(entry, outcome);
    }
}
