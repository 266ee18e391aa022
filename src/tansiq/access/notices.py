"""What people are told. A notice is a code with facts, worded in the language of its reader.

A part registers its sentences where they belong and calls `notify` inside the action:

    register("plans.returned", _("%(by)s returned the report of %(place)s."))

Facts are plain texts and numbers; one whose name ends in `_on` is a day in ISO form, and `kind` is
the label of a model, such as `plans.plan`. What is told of an exercise says so by itself: a notice
whose target, or what that belongs to, is an exercise carries the word in list, bell and mail.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tansiq.access.actor import Actor
from tansiq.access.models import Notice, Person, Shared
from tansiq.access.queries import actor_for, actors_for
from tansiq.core import formats
from tansiq.core.live import announce_to_people
from tansiq.core.practice import stamped

# The fact that marks a notice as one of an exercise.
_PRACTICE = "is_exercise"
_sentences: dict[str, Any] = {}
_told_from: ContextVar[datetime | None] = ContextVar("told_from", default=None)
# After this long nobody wants a mail about it any more.
_MAILED_WITHIN = timedelta(days=2)


class UnknownNoticeError(LookupError):
    pass


def register(code: str, sentence: Any) -> None:
    """Say how the notice of this code reads; `sentence` is lazy, with named placeholders."""
    if code in _sentences:
        message = f"Two notices have the code {code!r}."
        raise UnknownNoticeError(message)
    _sentences[code] = sentence


@contextmanager
def told_from(moment: datetime) -> Iterator[None]:
    """Tell nobody of what happened before this moment: for a history that is written afterwards."""
    token = _told_from.set(moment)
    try:
        yield
    finally:
        _told_from.reset(token)


def codes() -> list[str]:
    return sorted(_sentences)


def notify(
    people: Iterable[Person],
    code: str,
    target: models.Model,
    *,
    url: str,
    facts: dict[str, Any],
    at: datetime,
) -> list[Notice]:
    """Tell those of the people who may see the target; mail follows within a minute or two."""
    once = {one.pk: one for one in people}.values()
    return notify_each([(one, facts) for one in once], code, target, url=url, at=at)


def notify_each(
    told: Iterable[tuple[Person, dict[str, Any]]],
    code: str,
    target: models.Model,
    *,
    url: str,
    at: datetime,
    mailed_at: datetime | None = None,
) -> list[Notice]:
    """Tell each person who may see the target their own facts; few queries for many people.

    `mailed_at` says that a mail of another kind tells the same already.
    """
    if _is_history(at):
        return []
    told = list(told)
    seeing = _who_see(target, {one.pk: one for one, _facts in told}.values(), at)
    reached = [(person, facts) for person, facts in told if person.pk in seeing]
    return _write(reached, code, target, url=url, at=at, mailed_at=mailed_at)


def notify_readers(
    told: Iterable[tuple[Person, dict[str, Any]]],
    code: str,
    target: models.Model,
    *,
    url: str,
    at: datetime,
    mailed_at: datetime | None = None,
) -> list[Notice]:
    """Tell people whom the action around this has just made readers of the target.

    The gate is not asked for each of them: of thousands that takes seconds. Whatever leaves the
    platform asks it all the same, and so does the page.
    """
    return _write(told, code, target, url=url, at=at, mailed_at=mailed_at)


def _write(
    told: Iterable[tuple[Person, dict[str, Any]]],
    code: str,
    target: models.Model,
    *,
    url: str,
    at: datetime,
    mailed_at: datetime | None = None,
) -> list[Notice]:
    if code not in _sentences:
        message = f"No notice has the code {code!r}. Known codes: {', '.join(codes())}."
        raise UnknownNoticeError(message)
    if _is_history(at):
        return []
    practice = {_PRACTICE: True} if getattr(_root_of(target), "is_exercise", False) else {}
    made = Notice.objects.bulk_create(
        Notice(
            person=person,
            code=code,
            facts=facts | practice,
            target_kind=target._meta.label_lower,
            target_id=target.pk,
            url=url,
            made_at=at,
            mailed_at=mailed_at,
        )
        for person, facts in told
    )
    # Pages that they have open say so at once; the code tells nothing of the content.
    announce_to_people([one.person_id for one in made], "notice", {"code": code}, at=at)
    return made


def _is_history(at: datetime) -> bool:
    begins = _told_from.get()
    return begins is not None and at < begins


def _who_see(target: models.Model, people: Iterable[Person], at: datetime) -> set[int]:
    """Return the keys of those who may see the target.

    Those of the same bodies see the same; only what is RED, or of one person, depends on who asks.
    """
    asked: dict[Actor, bool] = {}
    seeing = set()
    for pk, actor in actors_for(people, at=at).items():
        like = replace(actor, person_id=0) if _is_alike_for_colleagues(target, actor) else actor
        if like not in asked:
            asked[like] = _is_visible(target, actor)
        if asked[like]:
            seeing.add(pk)
    return seeing


def _is_visible(target: models.Model, actor: Actor) -> bool:
    kind: Any = type(target)
    return actor.is_signed_in and kind.objects.visible_to(actor).filter(pk=target.pk).exists()


def _is_alike_for_colleagues(target: models.Model, actor: Actor) -> bool:
    return actor.is_signed_in and isinstance(target, Shared) and not target.is_red


def text_of(notice: Notice) -> str:
    """Return the notice as a sentence in the language that is active."""
    language = translation.get_language() or "en"
    told = {name: value for name, value in notice.facts.items() if name != _PRACTICE}
    facts = {name: _fact(name, value, language) for name, value in told.items()}
    sentence = _sentences.get(notice.code)
    words = _("There is something for you.") if sentence is None else str(sentence) % facts
    return stamped(words) if is_of_exercise(notice) else words


def is_of_exercise(notice: Notice) -> bool:
    return bool(notice.facts.get(_PRACTICE))


def _fact(name: str, value: Any, language: str) -> str:
    if name.endswith("_on"):
        return formats.day(date.fromisoformat(value), language)
    if name == "kind":
        return str(apps.get_model(value)._meta.verbose_name_plural)
    if isinstance(value, int | float):
        return formats.number(value, language)
    return str(value)


def still_visible(notices: Iterable[Notice], actor: Actor) -> list[Notice]:
    """Leave out the notices about what this actor may no longer see; one query a kind."""
    given = list(notices)
    wanted: dict[str, set[int]] = defaultdict(set)
    for notice in given:
        wanted[notice.target_kind].add(notice.target_id)
    seen = set()
    for label, keys in wanted.items():
        kind: Any = apps.get_model(label)
        rows = kind.objects.visible_to(actor).filter(pk__in=keys)
        seen |= {(label, pk) for pk in rows.values_list("pk", flat=True)}
    return [notice for notice in given if (notice.target_kind, notice.target_id) in seen]


def send_waiting_mails(*, at: datetime) -> int:
    """Send one mail to each person with new notices who wants mails; return how many.

    What an exercise tells never stands in one mail with what is real.
    """
    waiting = Notice.objects.filter(
        mailed_at__isnull=True,
        read_at__isnull=True,
        made_at__gte=at - _MAILED_WITHIN,
        person__mails=True,
        person__is_active=True,
    )
    by_person: dict[tuple[Person, bool], list[Notice]] = defaultdict(list)
    for notice in waiting.select_related("person").order_by("pk"):
        by_person[notice.person, is_of_exercise(notice)].append(notice)
    sent = 0
    for (person, _is_exercise), notices in by_person.items():
        # Claimed before sending: a mail that fails is better lost than sent every minute.
        Notice.objects.filter(pk__in=[one.pk for one in notices]).update(mailed_at=at)
        readable = still_visible(notices, actor_for(person, at=at))
        if readable:
            _mail_to(person, readable).send()
            sent += 1
    return sent


def _mail_to(person: Person, notices: list[Notice]) -> EmailMultiAlternatives:
    language = person.language or settings.LANGUAGE_CODE
    with translation.override(language):
        lines = list(_mail_lines(notices))
        subject = ngettext(
            "Tansiq: %(count)s notice for you", "Tansiq: %(count)s notices for you", len(lines)
        ) % {"count": formats.number(len(lines), language)}
        if any(is_of_exercise(notice) for notice in notices):
            subject = stamped(subject)
        context = {
            "person": person,
            "lines": lines,
            "language": language,
            "is_rtl": translation.get_language_bidi(),
            "origin": settings.ORIGIN,
        }
        mail = EmailMultiAlternatives(
            subject, render_to_string("access/mail/notices.txt", context), to=[person.email]
        )
        html = render_to_string("access/mail/notices.html", context)
        mail.attach_alternative(html, "text/html")
    return mail


def _mail_lines(notices: list[Notice]) -> Iterator[tuple[str, str]]:
    for notice in notices:
        if may_leave_in_mail(notice):
            yield text_of(notice), settings.ORIGIN + notice.url
        else:
            # Neither its words nor its address, which may hold some of them.
            yield (
                _mail_hint(notice),
                settings.ORIGIN + "/notices/",
            )


def _mail_hint(notice: Notice) -> str:
    words = _("There is something for you. Sign in to read it.")
    return stamped(words) if is_of_exercise(notice) else words


def may_leave_in_mail(notice: Notice) -> bool:
    """Return whether the marking of the target, or of what it belongs to, allows words in mail."""
    kind: Any = apps.get_model(notice.target_kind)
    target = _root_of(kind.objects.filter(pk=notice.target_id).first())
    if isinstance(target, Shared):
        return target.may_leave_in_mail
    return target is not None


def _root_of(target: Any) -> Any:
    """Return what decides who sees the target: itself, or what it belongs to."""
    if target is None:
        return None
    for step in filter(None, getattr(type(target).objects.all(), "through", "").split("__")):
        target = getattr(target, step, None)
    return target


register("sharing.named", gettext_lazy("%(owner)s shares with you: %(title)s."))
register("sharing.handed_on", gettext_lazy("%(by)s handed %(title)s on to %(to)s."))
register(
    "oversight.opened",
    gettext_lazy("An independent overseer opened %(kind)s of %(owner)s. Reason: %(reason)s"),
)
register("people.invited", gettext_lazy("%(organisation)s invites you to take part."))
