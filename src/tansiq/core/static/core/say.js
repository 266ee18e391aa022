// A notice on top of the page, read aloud at once; with an address, the label leads there.
export function say(words, tone, url, label) {
    const notice = document.createElement("div");
    notice.className = `notice ${tone}`;
    notice.setAttribute("role", "alert");
    notice.textContent = words;
    if (url) {
        const link = document.createElement("a");
        link.href = url;
        link.dir = "auto";
        link.textContent = label;
        notice.append(" ", link);
    }
    document.getElementById("messages")?.append(notice);
    return notice;
}
