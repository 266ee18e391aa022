"""Looks at what people write freely before it is sent: does it hold what belongs to a person.

A form that inherits `GuardedForm` looks at its free texts once everything else in it is right.
The first time something is found, the form is not valid, and the page of the guard answers
instead of the view: change it, let it be replaced by what kind of thing it is, or send it as it
is and say why. Forms of a request share one `Watch`; outside a request nobody could be asked, so
nothing is. What was sent in spite of a finding waits in the watch until the action writes its log.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.core.personal import Found, find, kind_in_words, masked

# What the page of the guard sends along with the form.
CHOICE, REASON = "guard", "guard_reason"
MASK, SEND = "mask", "send"
MOST_REASON = 200
# A field that holds fewer signs is a code or a short name, not a text.
_FREE_FROM = 40


@dataclass(frozen=True)
class Question:
    """One text in which something was found, as the page of the guard asks about it."""

    html_name: str
    label: str
    text: str
    found: list[Found]
    # Written into a box of several lines.
    is_long: bool = True

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The text in pieces; with each piece that was found, the words for its kind."""
        pieces, end = [], 0
        for one in self.found:
            pieces.append((self.text[end : one.start], ""))
            pieces.append((one.words, kind_in_words(one.kind)))
            end = one.end
        pieces.append((self.text[end:], ""))
        return [piece for piece in pieces if piece[0]]


@dataclass(frozen=True)
class Accepted:
    """A text that goes out as it is. The words themselves are not in here."""

    digest: str
    field: str
    kinds: Mapping[str, int]
    reason: str
    # A device brought what was written without a line: nobody could be asked.
    is_unasked: bool = False


@dataclass
class Watch:
    """What the forms of one request found, and what their writer decided about it."""

    place: str = ""
    choice: str = ""
    reason: str = ""
    asks_nobody: bool = False
    # Decided before: what was found stays decided while another field is mended.
    earlier: dict[str, str] = field(default_factory=dict)
    # What may go out, such as the numbers of offices; asked for only when something was found.
    known: Callable[[], Iterable[str]] = tuple
    questions: list[Question] = field(default_factory=list)
    problem: str = ""
    _waiting: list[Accepted] = field(default_factory=list)
    written: dict[int, list[Accepted]] = field(default_factory=dict)

    def look(self, text: str) -> list[Found]:
        """Return what this text holds of a person, without what may go out."""
        language = get_language() or ""
        found = find(text, language=language)
        return find(text, language=language, known=self.known()) if found else []

    def accept(self, question: Question, name: str, *, asks: bool) -> bool:
        """Return whether this text may go out as it is; then it waits for the log."""
        digest = digest_of(self.place, question.html_name, question.text)
        kinds = dict(Counter(str(one.kind) for one in question.found))
        if self.asks_nobody or not asks:
            self._wait(Accepted(digest, name, kinds, "", is_unasked=True))
            return True
        if self.earlier.get(digest) == "":
            return True
        reason = self.earlier.get(digest) or (self._reason() if self.choice == SEND else "")
        if reason:
            self._wait(Accepted(digest, name, kinds, reason))
        return bool(reason)

    def _wait(self, accepted: Accepted) -> None:
        if all(one.digest != accepted.digest for one in self._waiting):
            self._waiting.append(accepted)

    def _reason(self) -> str:
        reason = " ".join(self.reason.split())[:MOST_REASON]
        if not reason:
            self.problem = _("Say why it must go out as it is.")
        elif find(reason, language=get_language() or ""):
            self.problem = _("The reason holds something of a person too. Say it without.")
            return ""
        return reason

    def take(self) -> list[Accepted]:
        """Return what waits for the log, once."""
        waiting, self._waiting = self._waiting, []
        return waiting

    @property
    def sent(self) -> list[Accepted]:
        """What went out as it was, and stands in the log."""
        return [one for accepted in self.written.values() for one in accepted]

    @property
    def waiting(self) -> list[Accepted]:
        return list(self._waiting)


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watching(watch: Watch) -> Iterator[Watch]:
    """Let the forms in this block ask their writer, and the log hear what was decided."""
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


@contextmanager
def unwatched() -> Iterator[None]:
    """Ask nothing in this block: what keeps a draft by itself must not stop at a question."""
    token = _watch.set(None)
    try:
        yield
    finally:
        _watch.reset(token)


def current_watch() -> Watch | None:
    return _watch.get()


def digest_of(place: str, name: str, text: str) -> str:
    """Return what stands for a text of one field at one address, without a word of it."""
    content = "\0".join((place, name, text)).encode("utf-8", "replace")
    return hmac.new(settings.SECRET_KEY.encode(), content, hashlib.sha256).hexdigest()[:32]


class GuardedForm(forms.BaseForm):
    """Name it first among the bases: `class NoteForm(GuardedForm, forms.Form)`.

    `not_guarded` names the free texts that are not looked at, each with its reason: the name and
    telephone of a contact who agreed to be listed, the public number of an office.
    """

    not_guarded: ClassVar[Mapping[str, str]] = {}
    # Why nobody is asked, where a minute counts more: what was found is logged and told afterwards.
    takes_at_once: ClassVar[str] = ""

    def full_clean(self) -> None:
        watch = current_watch()
        if watch is None or not self.is_bound:
            super().full_clean()
            return
        if watch.choice == MASK:
            self._replace(watch)
        super().full_clean()
        if not self.errors:
            for name, question in self._questions(watch):
                if not watch.accept(question, name, asks=not self.takes_at_once):
                    watch.questions.append(question)
                    self.add_error(name, _("This seems to hold something of a person."))

    def _questions(self, watch: Watch) -> list[tuple[str, Question]]:
        """Return what was found in texts that are not as they were before."""
        found = []
        for name in self._changed_texts():
            bound = self[name]
            text = self.cleaned_data.get(name)
            if not isinstance(text, str):
                continue
            is_long = isinstance(self.fields[name].widget, forms.Textarea)
            if hits := watch.look(text):
                found.append(
                    (name, Question(bound.html_name, str(bound.label), text, hits, is_long))
                )
        return found

    def _changed_texts(self) -> list[str]:
        changed = set(self.changed_data)
        return [
            name
            for name, one in self.fields.items()
            if name in changed and name not in self.not_guarded and is_free_text(one)
        ]

    def _replace(self, watch: Watch) -> None:
        data: Any = self.data
        data = data.copy()
        for name, one in self.fields.items():
            html_name = self.add_prefix(name)
            text = data.get(html_name)
            if text and name not in self.not_guarded and is_free_text(one):
                data[html_name] = masked(text, watch.look(text))
        self.data = data


def is_free_text(field: forms.Field) -> bool:
    """Return whether people write sentences into this field."""
    if not isinstance(field, forms.CharField) or isinstance(field, _OF_A_KIND):
        return False
    if isinstance(field.widget, _NO_WORDS):
        return False
    if not getattr(field, "is_free_text", True):
        return False
    most = field.max_length
    return isinstance(field.widget, forms.Textarea) or most is None or most > _FREE_FROM


_NO_WORDS = (forms.HiddenInput, forms.PasswordInput, forms.DateInput, forms.DateTimeInput)
_OF_A_KIND = (
    forms.EmailField,
    forms.URLField,
    forms.RegexField,
    forms.UUIDField,
    forms.GenericIPAddressField,
    forms.JSONField,
)
