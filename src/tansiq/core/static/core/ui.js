// What every page gets. Each page also works without it.
import { forgetOlderThan, keepDrafts } from "./drafts.js";
import { say } from "./say.js";

const root = document.documentElement;

// Light or dark: the cookie lets the server draw the right one from the first byte.
function chosenTheme() {
    return root.dataset.theme ?? "";
}

function chooseTheme(theme) {
    if (theme) {
        root.dataset.theme = theme;
    } else {
        delete root.dataset.theme;
    }
    const age = theme ? 365 * 24 * 3600 : 0;
    document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax`;
    showTheme();
}

function showTheme() {
    for (const button of document.querySelectorAll("[data-theme-switch] button")) {
        button.setAttribute("aria-pressed", String(button.value === chosenTheme()));
    }
}

// Menus are details elements: close them as people expect of menus.
function closeMenus(except) {
    for (const menu of document.querySelectorAll("details:is(.pop, .more, .tip)[open]")) {
        if (!menu.contains(except)) {
            menu.open = false;
        }
    }
}

function onClick(event) {
    const target = event.target;
    const theme = target.closest("[data-theme-switch] button");
    if (theme) {
        chooseTheme(theme.value);
    }
    if (target.closest("[data-print]")) {
        window.print();
    }
    const close = target.closest("[data-dismiss]");
    if (close) {
        close.closest(".notice")?.remove();
    }
    const backdrop = target.matches?.("details.more[open]");
    closeMenus(backdrop ? null : target);
}

function onKey(event) {
    if (event.key === "Escape") {
        const open = document.querySelector("details:is(.pop, .more, .tip)[open]");
        closeMenus(null);
        open?.querySelector("summary").focus();
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
        const search = document.querySelector(".top-search input");
        if (search) {
            event.preventDefault();
            search.focus();
        }
    }
}

// A form or button with data-confirm asks first, in a dialog; the sentence says what will happen.
function askFirst(event) {
    const form = event.target;
    const sentence = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!sentence || form.dataset.confirmed) {
        return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    const dialog = document.createElement("dialog");
    dialog.className = "confirm";
    dialog.setAttribute("aria-label", sentence);
    const text = document.createElement("p");
    text.textContent = sentence;
    const yes = button("btn go", submitter?.textContent.trim() || root.dataset.wordYes);
    const no = button("btn", root.dataset.wordNo);
    const row = document.createElement("div");
    row.className = "actions";
    row.append(yes, no);
    dialog.append(text, row);
    document.body.append(dialog);
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", () => {
        dialog.close();
        form.dataset.confirmed = "yes";
        form.requestSubmit(submitter);
        delete form.dataset.confirmed;
    });
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
    no.focus();
}

function button(classes, words) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = classes;
    made.textContent = words;
    return made;
}

// htmx sends the same proof as our forms do.
function addToken(event) {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (token) {
        event.detail.headers["X-CSRFToken"] = token.value;
    }
}

// A refused or failed request must not pass in silence.
function sayFailure() {
    if (!document.querySelector("#messages [data-failure]")) {
        const notice = say(root.dataset.wordFailed, "late");
        notice.dataset.failure = "yes";
        notice.scrollIntoView({ block: "nearest" });
    }
}

function wake(part) {
    for (const hidden of part.querySelectorAll("[data-theme-switch], [data-print]")) {
        hidden.hidden = false;
    }
    part.querySelector("[data-error-summary]")?.focus();
    for (const form of part.querySelectorAll("form[data-autosubmit]")) {
        form.addEventListener("change", () => form.requestSubmit());
    }
    // Of many tabs on a phone, the one that is open must be in sight.
    part.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    keepDrafts(part);
    showTheme();
}

function leave(event) {
    if (event.target.matches("[data-signs-out]")) {
        forgetOlderThan(0);
        forgetAlong();
    }
}

// What was kept on this device: pages taken along, forms that wait to go out.
function keysOfAlong() {
    try {
        return Object.keys(localStorage).filter((key) => /^tansiq-(along|waiting|queue):/.test(key));
    } catch {
        return [];
    }
}

// At once, before the page is left; the next page sees the mark and clears away the copies.
function forgetAlong() {
    const kept = keysOfAlong();
    kept.forEach((key) => localStorage.removeItem(key));
    if (kept.length) {
        localStorage.setItem("tansiq-along:gone", JSON.stringify({ at: 0, path: "/" }));
    }
}

document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
document.addEventListener("submit", askFirst, { capture: true });
document.addEventListener("submit", leave);
document.addEventListener("htmx:configRequest", addToken);
document.addEventListener("htmx:responseError", sayFailure);
document.addEventListener("htmx:sendError", sayFailure);
document.addEventListener("htmx:load", (event) => wake(event.detail.elt));
wake(document);
if (keysOfAlong().length) {
    import("./along-news.js").then((news) => news.deliverWhatWaits());
}
