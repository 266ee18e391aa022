"""Statements of a room: which texts fit now, what stands in them, what the checks find."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, OrganisationKind
from tansiq.incidents.models import (
    Audience,
    Fact,
    FactState,
    FactVersion,
    Incident,
    Outlet,
    Pictures,
    PressOffice,
    Statement,
    StatementApproval,
    StatementText,
)
from tansiq.incidents.playbook.document import Document, StatementSpec, WindowSpec
from tansiq.incidents.statement_checks import Draft, Finding, Text, findings_in
from tansiq.incidents.statement_texts import is_filled_form_of, numbers_in

_FIRST_HOUR = timedelta(hours=1)


def office_of(organisation: Organisation, *, language: str) -> PressOffice:
    """Return how this organisation speaks; what is usual, where it has not said."""
    found = PressOffice.objects.filter(owner=organisation).first()
    return found or PressOffice(owner=organisation, language=language, languages=[language])


def office_for(incident: Incident) -> PressOffice:
    return office_of(incident.owner, language=incident.language)


def languages_for(incident: Incident) -> list[str]:
    """Return the languages in which the city speaks, that of the room first."""
    others = [code for code in office_for(incident).languages if code != incident.language]
    return [incident.language, *others]


def window_now(incident: Incident, at: datetime) -> WindowSpec | None:
    """Return what is said at this real moment, as the playbook divides the time."""
    moment = incident.room_time(at)
    begun = [
        window
        for window in incident.playbook.document.windows
        if window.begins is not None
        and window.begins.is_from_start
        and window.begins.after(incident.began_at) <= moment
    ]
    return begun[-1] if begun else None


def holding_texts_for(incident: Incident, at: datetime) -> list[StatementSpec]:
    """Return the texts that fit what happened, those of the present time window first."""
    document = incident.playbook.document
    now = window_now(incident, at)
    fitting = [
        one for one in document.statements if not one.triggers or incident.trigger in one.triggers
    ]
    return sorted(fitting, key=lambda one: now is None or one.window != now.key)


def holding_of(statement: Statement) -> StatementSpec | None:
    document: Document = statement.incident.playbook.document
    if not document.has("statements", statement.holding):
        return None
    found: StatementSpec = document.find("statements", statement.holding)
    return found


def texts_of(statement: Statement) -> dict[str, StatementText]:
    """Return the words by language, that of the room first, then as the city orders them."""
    rows = {one.language: one for one in statement.texts.all()}
    order = [*languages_for(statement.incident), *sorted(rows)]
    return {code: rows[code] for code in dict.fromkeys(order) if code in rows}


def is_unchanged_holding(statement: Statement) -> bool:
    """Return whether all its words are those agreed beforehand, but for the filled slots."""
    spec = holding_of(statement)
    texts = list(statement.texts.all())
    return (
        spec is not None
        and bool(texts)
        and all(
            text.language in spec.text.texts
            and is_filled_form_of(spec.text.texts[text.language], text.body)
            for text in texts
        )
        and not any(text.headline or text.short for text in texts)
    )


def approvals_needed(statement: Statement, office: PressOffice | None = None) -> int:
    office = office or office_for(statement.incident)
    return office.holding_approvals if is_unchanged_holding(statement) else office.approvals


def approvals_of(statement: Statement) -> QuerySet[StatementApproval]:
    """Return those that count: of the version that stands now."""
    rows = StatementApproval.objects.filter(statement=statement, version=statement.version)
    return rows.select_related("person").order_by("at", "pk")


def findings_of(statement: Statement) -> list[Finding]:
    """Return what the checks find in it, the stops first."""
    return findings_in(draft_of(statement))


def stops_left(statement: Statement, findings: Iterable[Finding]) -> list[Finding]:
    """Return the stops that nobody has set aside for this version."""
    is_current = statement.overridden_version == statement.version
    aside = set(statement.overridden) if is_current else set()
    return [one for one in findings if one.is_stop and one.key not in aside]


def draft_of(statement: Statement) -> Draft:
    """Return the statement as the checks see it."""
    incident = statement.incident
    office = office_for(incident)
    resting = list(statement.facts.select_related("fact").order_by("pk"))
    return Draft(
        kind=statement.kind,
        texts={
            code: Text(text.headline, text.body, text.short)
            for code, text in texts_of(statement).items()
        },
        languages=tuple(languages_for(incident)),
        is_first_hour=_is_in_first_hour(statement),
        is_for_everybody=statement.audience not in {Audience.MEDIA, Audience.STAFF},
        promises_update=statement.next_update_at is not None,
        is_correction_linked=statement.corrects_id is not None,
        shows_victims=statement.pictures == Pictures.VICTIMS,
        goes_out_as_message=Outlet.SMS in statement.outlets,
        helpline=office.helpline,
        withdrawn_facts=tuple(one.text for one in resting if one.fact.is_withdrawn),
        unconfirmed_facts=tuple(one.text for one in resting if _is_unsure(one)),
        confirmed_numbers=confirmed_numbers(incident),
        known_names=_known_names(incident),
    )


def _is_in_first_hour(statement: Statement) -> bool:
    return statement.made_at - statement.incident.began_at < _FIRST_HOUR


def confirmed_numbers(incident: Incident) -> frozenset[str]:
    """Return the numbers that may be said: those of facts that stand as confirmed."""
    facts = Fact.objects.filter(incident=incident, state=FactState.CONFIRMED)
    return frozenset(
        number for text in facts.values_list("text", flat=True) for number in numbers_in(text)
    )


def _is_unsure(version: FactVersion) -> bool:
    return not version.fact.is_withdrawn and not version.fact.is_confirmed


def _known_names(incident: Incident) -> frozenset[str]:
    """Return names of the bodies in the room and of the places above it."""
    bodies = Organisation.objects.filter(
        Q(pk=incident.owner_id) | Q(pk__in=incident.named_organisations.values("pk"))
    ).values_list("name", "names")
    known = {name for name, names in bodies for name in (name, *names.values())}
    for link in incident.place.links_up.select_related("ancestor"):
        known |= {link.ancestor.name, *link.ancestor.names.values()}
    known |= {incident.exact_location, incident.title}
    return frozenset(known - {""})


def newsrooms_for(incident: Incident) -> list[Organisation]:
    """Return the newsrooms that take part here with an address of their office."""
    above = incident.place.links_up.values("ancestor")
    below = incident.place.links_down.values("place")
    rows = Organisation.objects.filter(kind=OrganisationKind.MEDIA, is_active=True)
    near = rows.filter(Q(place__in=above) | Q(place__in=below)).exclude(email="")
    return list(near.order_by("name", "pk"))


@dataclass(frozen=True)
class Standing:
    """How far a statement is: who stood for it, how many are wanted, what stops it."""

    approvals: list[StatementApproval]
    needed: int
    findings: list[Finding]
    stops: list[Finding]
    is_expired: bool

    @property
    def missing(self) -> int:
        return max(0, self.needed - len(self.approvals))

    @property
    def hints(self) -> list[Finding]:
        return [one for one in self.findings if not one.is_stop]

    @property
    def aside(self) -> list[Finding]:
        """The stops that a leader set aside."""
        return [one for one in self.findings if one.is_stop and one not in self.stops]


def standing_of(statement: Statement, *, at: datetime) -> Standing:
    findings = findings_of(statement) if statement.is_open else []
    return Standing(
        approvals=list(approvals_of(statement)),
        needed=approvals_needed(statement),
        findings=findings,
        stops=stops_left(statement, findings),
        is_expired=statement.is_expired(statement.incident.room_time(at)),
    )


def facts_for(
    actor: Actor, incident: Incident, statement: Statement | None
) -> QuerySet[FactVersion]:
    """Return the facts of the board as they stand now, and those the statement rests on."""
    rows = FactVersion.objects.visible_to(actor).filter(incident=incident)
    newest = FactVersion.objects.filter(fact=OuterRef("fact")).order_by("-number").values("pk")[:1]
    current = Q(pk=Subquery(newest)) & ~Q(state=FactState.WITHDRAWN)
    chosen = Q(pk__in=statement.facts.values("pk")) if statement is not None else Q(pk__in=())
    return rows.filter(current | chosen).order_by("-observed_at", "pk")


def earlier_of(
    actor: Actor, incident: Incident, statement: Statement | None
) -> QuerySet[Statement]:
    """Return what was released here and can be corrected."""
    rows = Statement.objects.visible_to(actor).filter(incident=incident).ever_released()
    if statement is not None:
        rows = rows.exclude(pk=statement.pk)
    return rows.latest_first()
