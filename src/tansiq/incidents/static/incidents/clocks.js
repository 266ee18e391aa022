// Clocks of a room that count on by themselves, on the room's own time: an exercise may stand still
// or run fast. The words and limits are those of spans.py; a test holds the two together.
const MINUTES = 90;
const HOURS_AND_MINUTES = 6 * 60;
const HOURS = 48 * 60;
const SOON = 15;
const SHOWN_AS_DAYS = 72;
const EVERY = 10_000;

const language = document.documentElement.lang || "en";
// Arabic in its own digits, as the server writes it.
const locale = language === "ar" ? "ar-u-nu-arab" : language;
let loaded = Date.now();

function unit(number, name) {
    const shape = { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: 0 };
    return new Intl.NumberFormat(locale, shape).format(number);
}

export function span(minutes) {
    if (minutes < MINUTES) {
        return unit(minutes, "minute");
    }
    if (minutes < HOURS_AND_MINUTES) {
        return `${unit(Math.floor(minutes / 60), "hour")} ${unit(minutes % 60, "minute")}`;
    }
    if (minutes < HOURS) {
        return unit(Math.floor(minutes / 60), "hour");
    }
    return unit(Math.floor(minutes / (24 * 60)), "day");
}

// Counted from what the server said when the page was made: the device's clock may be wrong.
export function roomNow(clock, at = Date.now()) {
    return Number(clock.dataset.roomNow) + (at - loaded) * Number(clock.dataset.speed);
}

// What a panel was told with: the clock of an exercise may have been moved since the page was made.
export function setClock(told) {
    const clock = document.querySelector("[data-room-now]");
    if (clock && told) {
        [clock.dataset.roomNow, clock.dataset.speed] = told.split(" ");
        loaded = Date.now();
    }
}

function showDue(mark, clock, now) {
    const left = Number(mark.dataset.due) - now;
    const minutes = Math.floor(Math.abs(left) / 60_000);
    const pattern = left < 0 ? clock.dataset.late : clock.dataset.in;
    const words = mark.lastElementChild;
    const wanted = pattern.replace("…", span(minutes));
    if (words.textContent !== wanted) {
        words.textContent = wanted;
    }
    mark.classList.toggle("late", left < 0);
    mark.classList.toggle("risk", left >= 0 && left <= SOON * 60_000);
    mark.classList.toggle("on", left > SOON * 60_000);
}

function elapsed(clock, now) {
    const passed = Math.floor(Math.abs(now - Number(clock.dataset.began)) / 60_000);
    const sign = now < Number(clock.dataset.began) ? "-" : "+";
    if (passed >= SHOWN_AS_DAYS * 60) {
        return `D${sign}${Math.floor(passed / (24 * 60))}`;
    }
    const two = (number) => String(number).padStart(2, "0");
    return `T${sign}${two(Math.floor(passed / 60))}:${two(passed % 60)}`;
}

export function tick() {
    const clock = document.querySelector("[data-room-now]");
    if (!clock) {
        return;
    }
    const now = roomNow(clock);
    clock.firstElementChild.textContent = elapsed(clock, now);
    for (const mark of document.querySelectorAll("[data-due]")) {
        showDue(mark, clock, now);
    }
}

setInterval(tick, EVERY);
tick();
