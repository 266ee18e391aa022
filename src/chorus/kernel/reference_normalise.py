"""`normalise` in plain Python: texts that say the same in other clothes become the same bytes.

What features, look-ups and signatures are made of. Latin, Greek and Cyrillic letters lose their
case, Arabic ones their marks and variants, digits their value; links, mentions and the tokens of
the mask go; an emoji is a word, and so is each part of a CamelCase hashtag.
"""

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from chorus.kernel.characters import digit, is_in, is_invisible, is_space, is_word, lower

if TYPE_CHECKING:
    from collections.abc import Callable

CAPACITY: Final = 8192  # bytes of a normalised text; the rest of a longer one is not read
_ROOM: Final = 16  # the most that one character can add, and the closing space

_GONE: Final = ("[user]", "[link]", "[mail]", "[number]", "&amp;", "&lt;", "&gt;", "&quot;")
_SCHEMES: Final = ("http://", "https://")
_ARABIC: Final = str.maketrans("آأإٱىیةک", "ااااييهك")
_REPLACED: Final = {"؟": "?", "\u2018": "'", "\u2019": "'", "_": " "}
_MARKS: Final = (
    (0x300, 0x36F), (0x610, 0x61A), (0x640, 0x640), (0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6ED),
    (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0x1F3FB, 0x1F3FF),
)  # fmt: skip
_EMOJI: Final = ((0x2300, 0x23FF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x1F000, 0x1FAFF))
_MOODS: Final = "!?"
_FLAG: Final = range(0x1F1E6, 0x1F200)
_BOLD_DIGITS: Final = range(0x1D7CE, 0x1D800)
_CASED: Final = 0x2000  # before it, a letter that has a lower form is a capital


class _Kind(IntEnum):
    """What the character before was, for the seams of a hashtag."""

    NONE = 0
    SMALL = 1
    CAPITAL = 2
    DIGIT = 3


def normalise(text: str) -> str:
    """Return the normal form of a text; it begins and ends with a space."""
    return _Normaliser(text).normalised()


class _Normaliser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.out = " "
        self.size = 1
        self.in_hashtag = False
        self.before = _Kind.NONE

    def normalised(self) -> str:
        while self.at < len(self.text) and self.size <= CAPACITY - _ROOM:
            skipped = self.skipped()
            if skipped:
                self.at += skipped
                self.end_word()
            else:
                self.step()
        self.space()
        return self.out

    def skipped(self) -> int:
        """Return how many characters from here say nothing: token, entity, link or handle."""
        for gone in _GONE:
            if self.text.startswith(gone, self.at):
                return len(gone)
        for scheme in _SCHEMES:
            if self.text[self.at : self.at + len(scheme)].lower() == scheme:
                return self.count(lambda one: not is_space(one))
        if self.text[self.at] in "@\uff20":
            self.at += 1
            return self.count(is_word) or self.stay()
        return 0

    def stay(self) -> int:
        """Treat a single @ as a mark like others."""
        self.at -= 1
        return 1

    def count(self, holds: "Callable[[str], bool]") -> int:
        end = self.at
        while end < len(self.text) and holds(self.text[end]):
            end += 1
        return end - self.at

    def step(self) -> None:
        character = self.text[self.at]
        self.at += 1
        if is_invisible(character) or is_in(character, _MARKS):
            return
        if is_in(character, _EMOJI):
            self.emoji(character)
        elif digit(character) >= 0 or ord(character) in _BOLD_DIGITS:
            self.digit()
        elif character in "#\uff03":
            self.end_word()
            self.in_hashtag = True
        else:
            self.letter(character)

    def emoji(self, emoji: str) -> None:
        self.end_word()
        following = self.text[self.at : self.at + 1]
        if ord(emoji) in _FLAG and following and ord(following) in _FLAG:
            emoji += following
            self.at += 1
        if not self.out.endswith(f" {emoji} "):
            self.add(emoji)
            self.space()

    def digit(self) -> None:
        self.after_mark()
        if self.in_hashtag and self.before in {_Kind.SMALL, _Kind.CAPITAL}:
            self.space()
        self.before = _Kind.DIGIT
        if self.out[-1] != "0":
            self.add("0")

    def letter(self, character: str) -> None:
        small = lower(character)
        folded = _REPLACED.get(small, small.translate(_ARABIC))
        if folded == " ":
            # Of a_b in a hashtag, b is still in it.
            self.space()
            self.before = _Kind.NONE
        elif folded in "!?":
            self.mark(folded)
        elif folded == "'" and is_word(self.out[-1]) and is_word(self.text[self.at : self.at + 1]):
            self.add(folded)
        elif not is_word(folded):
            self.end_word()
        else:
            self.seam(_Kind.CAPITAL if small != character < chr(_CASED) else _Kind.SMALL)
            self.add_once_more(folded)

    def mark(self, mark: str) -> None:
        """Let marks that tell a mood be a word of their own: `!`, `?!`, `!!`."""
        if self.out[-1] not in _MOODS:
            self.end_word()
        self.add_once_more(mark)

    def after_mark(self) -> None:
        if self.out[-1] in _MOODS:
            self.end_word()

    def seam(self, kind: _Kind) -> None:
        """In a hashtag, part words: prayFor, RIPJakarta, 25Mei."""
        self.after_mark()
        if self.in_hashtag and self.is_seam(kind):
            self.space()
        self.before = kind

    def is_seam(self, kind: _Kind) -> bool:
        if self.before == _Kind.DIGIT:
            return True
        if kind != _Kind.CAPITAL or self.before == _Kind.NONE:
            return False
        following = self.text[self.at : self.at + 1]
        small = following and is_word(following) and digit(following) < 0 and following != "_"
        return self.before == _Kind.SMALL or bool(small and lower(following) == following)

    def end_word(self) -> None:
        self.space()
        self.in_hashtag = False
        self.before = _Kind.NONE

    def space(self) -> None:
        if self.out[-1] != " ":
            self.add(" ")

    def add_once_more(self, character: str) -> None:
        """Add a character, but never a third time in a row."""
        if not self.out.endswith(character * 2):
            self.add(character)

    def add(self, characters: str) -> None:
        self.out += characters
        self.size += len(characters.encode())
