// On every page, where something was kept on this device: it goes out, and what became of it is said.
import { deliverAll, formsWaiting, tidy } from "./along.js";
import { say } from "./say.js";

export function deliverWhatWaits() {
    tidy();
    const leaving = document.querySelectorAll("form[data-signs-out][data-waiting]");
    for (const form of formsWaiting().length ? leaving : []) {
        form.dataset.confirm = form.dataset.waiting;
    }
    // A page with the form itself delivers it.
    if (!document.querySelector("tansiq-offline")) {
        deliverAll(tellOfDelivery);
        window.addEventListener("online", () => deliverAll(tellOfDelivery));
    }
}

function tellOfDelivery(entry, told) {
    const words = { arrived: entry.words.arrived, refused: entry.words.refused }[told.state];
    if (words) {
        say(words, told.state === "arrived" ? "done" : "late", told.url ?? entry.home, entry.title);
    }
}
