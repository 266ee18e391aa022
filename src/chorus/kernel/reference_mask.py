"""`mask` in plain Python: what is private in a text gives way to a short token.

The text is read once from left to right. What stands to the left is looked at as it was written
out, so that masking a masked text changes nothing.
"""

from typing import Final

from chorus.kernel.characters import digit, is_ascii_letter, is_invisible, is_space, is_word
from chorus.kernel.reference_numbers import Numbers

AT: Final = "@\uff20\ufe6b"
LOCAL: Final = "._%+-"  # beside words, what the part of a mail address before the @ may hold
CLOSING: Final = ".,!?:;)']*"  # given back to the sentence when a link ends with it

# Names of places on the web that are links without a path, too.
ENDINGS: Final = frozenset(
    [
        "com",
        "net",
        "org",
        "info",
        "gov",
        "edu",
        "mil",
        "biz",
        "xyz",
        "app",
        "io",
        "social",
        "online",
        "site",
    ]
)
SECOND: Final = frozenset(
    ["co", "com", "go", "gov", "ac", "or", "sch", "net", "org", "web", "my", "edu", "gouv"]
)
COUNTRY: Final = 2  # letters of a country's ending
LONGEST_ENDING: Final = 24


def mask(text: str) -> str:
    """Return a text without handles, links, mail addresses, phone and ID numbers."""
    return _Masker(text).masked()


class _Masker(Numbers):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        # Up to here a look ahead has found nothing; looking again could only find the same.
        self.mail_seen = self.link_seen = self.scheme_seen = 0

    def masked(self) -> str:
        while self.at < len(self.text):
            self.step()
        return "".join(self.out)

    def step(self) -> None:
        character = self.text[self.at]
        if character in AT:
            found = self.handle()
        elif character in "+(\uff0b" or digit(character) >= 0:
            found = self.mail() or self.bare_link() or self.number()
        elif is_ascii_letter(character):
            found = self.scheme() or self.mail() or self.bare_link()
        else:
            found = is_word(character) and self.mail()
        if not found:
            self.out.append(character)
            self.at += 1

    def handle(self) -> bool:
        """@name, also @name@server, @name.server and with marks of direction after the @."""
        end = self._names(self.at)
        return end > self.at and self.replace(end, "[user]")

    def mail(self) -> bool:
        """name@server.tld; without a dot only what could not be a word before a handle."""
        if self.at < self.mail_seen or not is_word(self.text[self.at]):
            return False
        middle = self.at
        while middle < len(self.text) and self._is_local(self.text[middle]):
            middle += 1
        self.mail_seen = middle
        end = self._names(middle)
        if end == middle:
            return False
        name, server = self.text[self.at : middle], self.text[middle:end]
        telling = any(one in LOCAL + "_" or digit(one) >= 0 for one in name)
        # A sentence that breaks off before a handle is no name of a mailbox.
        if "." in server or (telling and name[-1] not in ".-"):
            return self.replace(end, "[mail]")
        return False

    def scheme(self) -> bool:
        """http:// and https:// anywhere, any other letters before :// from their beginning."""
        for scheme in ("http://", "https://"):
            if self.text[self.at : self.at + len(scheme)].lower() == scheme:
                return self._link(self.at + len(scheme))
        if self.at < self.scheme_seen:
            return False
        end = self.at
        while end < len(self.text) and is_ascii_letter(self.text[end]):
            end += 1
        self.scheme_seen = end
        letters = self.text[self.at : end].lower()
        if self.text[end : end + 3] != "://" or letters.endswith(("http", "https")):
            return False
        return self._link(end + 3)

    def bare_link(self) -> bool:
        """www.anything, domain.tld/path, and domain.tld where the ending is well known."""
        if self._is_www(self.at):
            return self._link(self.at + 4)
        if self.at < self.link_seen or not self.text[self.at].isascii():
            return False
        if self.text[self.at] in "+(":
            return False
        end = self.at
        while end < len(self.text) and self._is_domain(self.text[end]) and not self._is_www(end):
            end += 1
        self.link_seen = end
        if self.text[end : end + 3] == "://":
            # The link that follows begins inside the run.
            run = self.text[self.at : end].lower()
            end -= 5 * run.endswith("https") or 4 * run.endswith("http")
        domain = self.text[self.at : end].rstrip("._-")
        kind = _kind_of(domain)
        if kind and len(domain) == end - self.at and self._has_path(end, listed=kind == "listed"):
            return self._link(end + 1)
        return kind == "listed" and self.replace(self.at + len(domain), "[link]")

    def _is_www(self, at: int) -> bool:
        return self.text[at : at + 4].lower() == "www." and self._is_word_at(at + 4)

    def _has_path(self, at: int, *, listed: bool) -> bool:
        if at + 1 >= len(self.text) or _ends_link(self.text[at + 1]):
            return False
        return self.text[at] == "/" or (listed and self.text[at] in ":?#")

    def _link(self, inside: int) -> bool:
        """Mask from here past `inside` to where the link ends."""
        end = inside
        while end < len(self.text) and not _ends_link(self.text[end]):
            end += 1
        if end == inside:
            return False
        while end > inside and self.text[end - 1] in CLOSING:
            end -= 1
        return self.replace(end, "[link]")

    def _names(self, at: int) -> int:
        """Return where @name, @name@server, ... that begins at `at` ends; `at` if none does."""
        end = at
        while end < len(self.text) and self.text[end] in AT:
            name = end + 1
            while name < len(self.text) and is_invisible(self.text[name]):
                name += 1
            if not self._is_word_at(name):
                break
            end = name
            while self._is_word_at(end) or (
                self.text[end : end + 1] in {".", "-"} and self._is_word_at(end + 1)
            ):
                end += 1
        return end

    def _is_word_at(self, at: int) -> bool:
        return at < len(self.text) and is_word(self.text[at])

    @staticmethod
    def _is_local(character: str) -> bool:
        return is_word(character) or character in LOCAL

    @staticmethod
    def _is_domain(character: str) -> bool:
        return character.isascii() and (is_word(character) or character in ".-")


def _kind_of(domain: str) -> str:
    """Return whether a run of letters, digits and dots is a `listed` domain, a `possible` or ""."""
    before, _, ending = domain.rpartition(".")
    third, _, second = before.rpartition(".")
    if not second or len(ending) < COUNTRY or len(ending) > LONGEST_ENDING:
        return ""
    if not all(is_ascii_letter(one) for one in ending):
        return ""
    if ending.lower() in ENDINGS and not all("0" <= one <= "9" for one in second):
        return "listed"
    if len(ending) == COUNTRY and third and second.lower() in SECOND:
        return "listed"
    # Jl.Sudirman/Thamrin is no link; the ending of one is hardly ever written like a name.
    return "possible" if ending in {ending.lower(), ending.upper()} else ""


def _ends_link(character: str) -> bool:
    return (
        is_space(character)
        or character in '"<>`\xab\xbb\u060c\u061b\u061f'
        or "\u2016" <= character <= "\u2029"
        or "\u202f" <= character <= "\u205f"
    )
