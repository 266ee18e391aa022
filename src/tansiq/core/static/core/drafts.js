// Never lose work: a form with data-draft="name" keeps what was typed on this device until it is sent.
// Give the form data-draft-note="sentence"; the note appears where kept text was put back.
// Drafts belong to one person on one device, last a week, and go when the person signs out.
const PREFIX = "tansiq-draft:";
const WEEK = 7 * 24 * 3600 * 1000;
const WAIT = 400;

function keyOf(form) {
    // The revision belongs to the name: text typed upon an older state is not put over a newer one.
    const revision = form.elements.namedItem("revision")?.value ?? "";
    const person = document.documentElement.dataset.person ?? "";
    return `${PREFIX}${person}:${form.dataset.draft}:${revision}`;
}

function fields(form) {
    return [...form.elements].filter(
        (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type),
    );
}

function read(form) {
    const kept = {};
    for (const field of fields(form)) {
        if (field.type === "checkbox" || field.type === "radio") {
            kept[`${field.name}=${field.value}`] = field.checked;
        } else {
            kept[field.name] = field.value;
        }
    }
    return kept;
}

function write(form, kept) {
    let changed = false;
    for (const field of fields(form)) {
        const isMark = field.type === "checkbox" || field.type === "radio";
        const value = kept[isMark ? `${field.name}=${field.value}` : field.name];
        const property = isMark ? "checked" : "value";
        if (value !== undefined && field[property] !== value) {
            field[property] = value;
            changed = true;
        }
    }
    return changed;
}

// Storage may be full or forbidden; then the page simply works without drafts.
function store(key, value) {
    try {
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), value }));
        return true;
    } catch {
        return false;
    }
}

function load(key) {
    try {
        return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
        return null;
    }
}

function forget(key) {
    try {
        localStorage.removeItem(key);
    } catch {
        // Nothing was kept either.
    }
}

export function forgetOlderThan(age) {
    try {
        for (const key of Object.keys(localStorage)) {
            if (key.startsWith(PREFIX) && Date.now() - (load(key)?.at ?? 0) >= age) {
                forget(key);
            }
        }
    } catch {
        // Storage is forbidden.
    }
}

function showNote(form, original) {
    const note = document.createElement("p");
    note.className = "kept";
    note.setAttribute("role", "status");
    const text = document.createElement("span");
    text.textContent = form.dataset.draftNote ?? "";
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "btn quiet";
    undo.textContent = form.dataset.draftUndo ?? "";
    undo.addEventListener("click", () => {
        write(form, original);
        forget(keyOf(form));
        note.remove();
    });
    note.append(text, undo);
    form.prepend(note);
}

function keep(form) {
    if (form.dataset.draftKept) {
        return;
    }
    form.dataset.draftKept = "yes";
    const key = keyOf(form);
    const original = read(form);
    const kept = load(key);
    // A form that came back with errors already holds what was typed.
    const cameBack = form.querySelector("[data-error-summary], .conflict");
    if (kept && !cameBack && write(form, kept.value)) {
        showNote(form, original);
    }
    let timer = 0;
    form.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(() => store(key, read(form)), WAIT);
    });
    form.addEventListener("submit", () => {
        clearTimeout(timer);
        // Kept until the server has answered with another page: a broken line must not cost the text.
        store(key, read(form));
        sessionStorage.setItem(`${PREFIX}sent`, key);
    });
}

export function keepDrafts(part) {
    const forms = part.querySelectorAll("form[data-draft]");
    const sent = sessionStorage.getItem(`${PREFIX}sent`);
    const stillThere = [...forms].some((form) => keyOf(form) === sent);
    if (sent && part === document && !stillThere) {
        forget(sent);
        sessionStorage.removeItem(`${PREFIX}sent`);
    }
    forms.forEach(keep);
    forgetOlderThan(WEEK);
}
