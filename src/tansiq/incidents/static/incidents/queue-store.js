// What waits on this device to go out: each entry under a name of its own, in the order of writing.
const PREFIX = "tansiq-queue:";

export const person = () => document.documentElement.dataset.person ?? "";

// Not crypto.randomUUID, which a page without encryption lacks.
export function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// In the order of writing: the name of each entry begins with its moment.
export function entries() {
    try {
        const names = Object.keys(localStorage).filter((name) => name.startsWith(`${PREFIX}${person()}:`));
        return names.sort().map((name) => ({ ...JSON.parse(localStorage.getItem(name)), name }));
    } catch {
        return [];
    }
}

export function keep(entry) {
    const { name, ...rest } = entry;
    localStorage.setItem(name, JSON.stringify(rest));
}

export function put(form, submitter) {
    const fields = [...new FormData(form, submitter)].filter(([, value]) => typeof value === "string");
    const own = fields.filter(([name]) => !["csrfmiddlewaretoken", "client_key", "happened_at"].includes(name));
    const at = Date.now();
    const key = uuid();
    const words = form.dataset.queue || own.find(([name]) => name === "text")?.[1] || "";
    const name = `${PREFIX}${person()}:${String(at).padStart(15, "0")}:${key}`;
    const address = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
    keep({ name, address, fields: own, key, at, words: words.slice(0, 120), why: "" });
    return key;
}

export function drop(entry) {
    localStorage.removeItem(entry.name);
}
