"""What the pages about voices show: bars over time and by place, and what to do about them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation, Place
from tansiq.core import formats
from tansiq.core.bands import Band, Part, bands
from tansiq.core.translations import show_each
from tansiq.plans.models import VOICE_OF, Consultation, Period, Plan, Voice
from tansiq.plans.queries.voices import FLOOR, Span, Tally, tallies
from tansiq.plans.queries.wording import period_name, written

_PERIODS = 4
_MOST_PLACES = 40
_JUNE = 6
# The groups whose absence is worth a sentence, in the order in which it is said.
_WANTED = (Voice.CIVIL_SOCIETY, Voice.WOMEN, Voice.YOUTH, Voice.RELIGIOUS)


@dataclass(frozen=True)
class Line:
    """One bar: a period or a place."""

    label: str
    tally: Tally
    url: str = ""


@dataclass(frozen=True)
class Finding:
    """Something one-sided, and the one next step; `asks` is a body that a button can ask."""

    code: str
    tone: str
    sentence: str
    step: str
    url: str = ""
    label: str = ""
    asks: Organisation | None = None


@dataclass(frozen=True)
class VoicesPage:
    place: Place
    plan: Plan | None
    name: str
    chosen: int
    choices: list[str]
    tally: Tally
    findings: list[Finding]
    over_time: list[Line]
    below: list[Line]
    more_below: int
    consultations: list[Consultation]

    @property
    def drawing(self) -> SafeString:
        return draw([Line(self.name, self.tally)])

    @property
    def drawing_over_time(self) -> SafeString:
        return draw(self.over_time)

    @property
    def drawing_below(self) -> SafeString:
        return draw(self.below)


def draw(lines: Sequence[Line]) -> SafeString:
    """Draw a bar for each line; where too few said something, it says so instead."""
    language = get_language() or "en"
    rows = [
        Band(
            _("%(name)s · %(base)s") % {"name": one.label, "base": base_of(one.tally)},
            [
                Part(str(share.voice.label), share.hundredths, share.tone)
                for share in one.tally.shares
                if share.hundredths
            ]
            if one.tally.is_enough
            else [],
            _("too few to tell"),
        )
        for one in lines
    ]
    return bands(rows, title=_("Whose voice, by kind of actor"), language=language)


def base_of(tally: Tally) -> str:
    """Write "n = 12" as a sentence would: "12 inputs"."""
    words = ngettext("%(n)s input", "%(n)s inputs", tally.total)
    return words % {"n": written(tally.total)}


def last_year(on: dt.date) -> Span:
    return Span(on - dt.timedelta(days=364), on)


def voices_of_plan(actor: Actor, plan: Plan, *, chosen: str, on: dt.date) -> VoicesPage:
    """Return whose voice stands in a plan, in its reporting periods and in the last year."""
    periods = list(
        Period.objects.visible_to(actor)
        .filter(plan=plan.parent_id or plan.pk, starts_on__lte=on)
        .order_by("-starts_on")[:_PERIODS]
    )
    periods.reverse()
    spans = [(Span(one.starts_on, one.ends_on), period_name(one)) for one in periods]
    return _page(actor, plan.place, spans or _half_years(on), plan=plan, chosen=chosen, on=on)


def voices_of_place(actor: Actor, place: Place, *, chosen: str, on: dt.date) -> VoicesPage:
    """Return whose voice is heard about a place, whatever the plan."""
    return _page(actor, place, _half_years(on), plan=None, chosen=chosen, on=on)


def voices_short(actor: Actor, place: Place, *, on: dt.date) -> Tally:
    """Return the last year of a place, for a card."""
    return tallies(actor, [place.pk], [last_year(on)])[place.pk, 0]


def _half_years(on: dt.date) -> list[tuple[Span, str]]:
    starts = dt.date(on.year, 1 if on.month <= _JUNE else 7, 1)
    found = []
    for _number in range(_PERIODS):
        ends = dt.date(starts.year, 6, 30) if starts.month == 1 else dt.date(starts.year, 12, 31)
        words = formats.months(starts, ends, get_language() or "en")
        found.append((Span(starts, ends), words))
        before = starts - dt.timedelta(days=1)
        starts = dt.date(before.year, 1 if before.month <= _JUNE else 7, 1)
    return found[::-1]


def _page(
    actor: Actor,
    place: Place,
    named: list[tuple[Span, str]],
    *,
    plan: Plan | None,
    chosen: str,
    on: dt.date,
) -> VoicesPage:
    spans = [last_year(on), *(span for span, _words in named)]
    names = [_("the last twelve months"), *(words for _span, words in named)]
    number = next((n for n in range(len(spans)) if chosen == str(n)), 0)
    own = tallies(actor, [place.pk], spans, plan=plan)
    tally = own[place.pk, number]
    below = _below(actor, place, spans[number], plan=plan)
    held = Consultation.objects.visible_to(actor).filter(place__links_up__ancestor=place)
    return VoicesPage(
        place=place,
        plan=plan,
        name=names[number],
        chosen=number,
        choices=names,
        tally=tally,
        findings=findings_of(actor, tally, place, plan=plan),
        over_time=[Line(words, own[place.pk, n]) for n, words in enumerate(names) if n],
        below=below[:_MOST_PLACES],
        more_below=max(len(below) - _MOST_PLACES, 0),
        consultations=_readable(held.select_related("place").order_by("-held_on", "-pk")[:5]),
    )


def _readable(rows: Iterable[Consultation]) -> list[Consultation]:
    found = list(rows)
    show_each(found, "about", language_of=lambda one: str(one.language))
    return found


def _below(actor: Actor, place: Place, span: Span, *, plan: Plan | None) -> list[Line]:
    """Return the places directly below, each with all under it, the most one-sided first."""
    places = list(Place.objects.filter(parent=place).order_by("name", "pk"))
    if not places:
        return []
    found = tallies(actor, [one.pk for one in places], [span], plan=plan)
    lines = [
        Line(str(one), found[one.pk, 0], reverse("plans:place_voices", args=[one.code]))
        for one in places
        if found[one.pk, 0].total
    ]
    return sorted(lines, key=_one_sidedness)


def _one_sidedness(line: Line) -> tuple[bool, int, str]:
    tally = line.tally
    return (not tally.is_enough, -tally.largest.hundredths, line.label)


# --- what to do about it


def findings_of(actor: Actor, tally: Tally, place: Place, *, plan: Plan | None) -> list[Finding]:
    """Return what is one-sided, the gravest first, each with one step that can be taken now."""
    hold = _consultation_url(place, plan)
    if not tally.is_enough:
        words = _("Fewer than %(floor)s inputs: too few to tell whose voice this is.")
        return [
            Finding(
                "too_few",
                "calm",
                words % {"floor": written(FLOOR)},
                _("Hold a consultation, or enter one that was held."),
                hold,
                _("Enter a consultation"),
            )
        ]
    bodies = _bodies(actor, place)
    found = []
    if tally.is_mostly_security:
        found.append(
            Finding(
                "security",
                "warning",
                _("Security actors provide most of what is said here."),
                _("Hear the others before anything is decided: invite them to a consultation."),
                hold,
                _("Enter a consultation"),
            )
        )
    if not tally.has_elected:
        found.append(_of_elected(bodies, place, hold))
    found += [_missing(voice, bodies, place) for voice in _WANTED if not tally.by_voice[voice]]
    return found


def _of_elected(bodies: dict[Voice, Organisation], place: Place, hold: str) -> Finding:
    sentence = _(
        "The mayor, governor or council said nothing that we know of. What the administration "
        "sends counts as civil administration."
    )
    office = bodies.get(Voice.ELECTED)
    if office is not None:
        return _ask("elected", sentence, office)
    step = _("Hear them, and enter it; or enter their office as a body of its own kind.")
    return Finding("elected", "warning", sentence, step, hold, _("Enter a consultation"))


def _missing(voice: Voice, bodies: dict[Voice, Organisation], place: Place) -> Finding:
    sentence = _("Nothing came from this kind of actor: %(kind)s.") % {"kind": voice.label}
    body = bodies.get(voice)
    if body is not None:
        return _ask(voice.value, sentence, body)
    step = _("None of this kind takes part here yet. Invite one.")
    url = reverse("access:create_organisation", args=[place.code])
    return Finding(voice.value, "info", sentence, step, url, _("Invite one"))


def _ask(code: str, sentence: str, body: Organisation) -> Finding:
    step = _("Ask %(organisation)s for its say; its members are told at once.")
    return Finding(
        code,
        "warning" if code == "elected" else "info",
        sentence,
        step % {"organisation": formats.isolate(body, get_language() or "en")},
        asks=body,
        label=_("Ask for its say"),
    )


def _bodies(actor: Actor, place: Place) -> dict[Voice, Organisation]:
    """Return one body of each kind at the place, below it or just above: the nearest."""
    wanted = {*_WANTED, Voice.ELECTED}
    kinds = [kind for kind, voice in VOICE_OF.items() if voice in wanted]
    near = Organisation.objects.visible_to(actor).filter(
        kind__in=kinds, is_active=True, place__links_up__ancestor=place
    )
    found: dict[Voice, Organisation] = {}
    for one in near.order_by("place__level", "name", "pk")[:200]:
        found.setdefault(VOICE_OF[one.kind], one)
    return found


def _consultation_url(place: Place, plan: Plan | None) -> str:
    asked = f"?place={place.code}" + (f"&plan={plan.pk}" if plan else "")
    return reverse("plans:consultation_add") + asked


def may_enter(actor: Actor) -> bool:
    """Return whether this person may enter a consultation for any organisation."""
    return bool(actor.organisations_as(Role.CONTRIBUTOR))


def consultations(actor: Actor, *, place: Place | None) -> Iterable[Consultation]:
    """Return the consultations this reader may see, at a place and below it, the newest first."""
    seen = Consultation.objects.visible_to(actor)
    if place is not None:
        seen = seen.filter(place__links_up__ancestor=place)
    return seen.select_related("place", "owner", "plan__country").order_by("-held_on", "-pk")
