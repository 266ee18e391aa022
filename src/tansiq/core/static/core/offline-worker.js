// Runs only on devices that took a page along. With a connection it stays out of the way; without one
// it shows the page that was taken along, or says what is on this device. It never keeps anything itself.
const CACHE = "tansiq-along";
const SLOW = 8000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
    const request = event.request;
    const isOurs = new URL(request.url).origin === self.location.origin;
    if (request.method !== "GET" || !isOurs) {
        return;
    }
    if (request.mode === "navigate") {
        event.respondWith(page(request));
    } else if (["script", "style", "image"].includes(request.destination)) {
        event.respondWith(piece(request));
    }
});

// A line that hangs is worse than none: after a while the page that was taken along is shown.
async function page(request) {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
    const answer = fetch(request);
    try {
        return await (kept ? Promise.race([answer, tooLate()]) : answer);
    } catch {
        answer.catch(() => null);
        return kept ?? (await cache.match("/offline/", { ignoreVary: true })) ?? Response.error();
    }
}

function tooLate() {
    return new Promise((_resolve, reject) => setTimeout(reject, SLOW, new Error("slow")));
}

async function piece(request) {
    try {
        return await fetch(request);
    } catch {
        const cache = await caches.open(CACHE);
        return (await cache.match(request, { ignoreVary: true })) ?? Response.error();
    }
}
