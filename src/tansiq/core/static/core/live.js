// Say at once on an open page that there is something new for its reader.
//
// The stream is open only while the page is seen: a browser allows few connections, and a
// telephone in a pocket should sleep. Where a network cuts the stream, the page asks now and then.

const PAUSE = 30_000;
const place = document.querySelector("[data-live]");
let latest = null;
let source = null;
let timer = 0;

function remember(event) {
    latest = event.lastEventId;
}

function show(event) {
    remember(event);
    place.hidden = false;
}

function stop() {
    clearTimeout(timer);
    source?.close();
    source = null;
}

function listen() {
    stop();
    source = new EventSource(withLatest(place.dataset.live));
    source.addEventListener("hello", remember);
    source.addEventListener("notice", show);
    source.addEventListener("error", onError);
}

// A stream that only broke is opened again by the browser itself.
function onError() {
    if (source?.readyState === EventSource.CLOSED) {
        stop();
        timer = setTimeout(ask, PAUSE);
    }
}

async function ask() {
    try {
        const answer = await fetch(withLatest(place.dataset.poll));
        if (answer.status === 403) {
            // Signed out meanwhile.
            return;
        }
        const told = await answer.json();
        latest = told.latest;
        if (told.events.some((event) => event.name === "notice")) {
            place.hidden = false;
        }
    } catch {
        // No network just now.
    }
    if (!document.hidden) {
        listen();
    }
}

function withLatest(address) {
    return latest === null ? address : `${address}?after=${latest}`;
}

function onVisibility() {
    if (document.hidden) {
        stop();
    } else {
        listen();
    }
}

if (place) {
    document.addEventListener("visibilitychange", onVisibility);
    addEventListener("pagehide", stop);
    addEventListener("pageshow", onVisibility);
}
