"""Made-up incidents of the demo: an attack that is over, and an exercise that is running."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, Person, Place
from tansiq.access.queries import actor_for
from tansiq.access.zones import zone_of
from tansiq.home.demo.cast import Cast
from tansiq.home.demo.content import Content, Words, read_content
from tansiq.home.demo.room_care import CARE
from tansiq.home.demo.room_desks import DESKS
from tansiq.home.demo.story import Story
from tansiq.incidents.actions.decisions import Decided, decide
from tansiq.incidents.actions.facts import Stated, add_fact, revise_fact, withdraw_fact
from tansiq.incidents.actions.notes import add_note
from tansiq.incidents.actions.opening import Opening, close_room, open_room
from tansiq.incidents.actions.playbooks import load_playbook
from tansiq.incidents.actions.posts import PostError, Reach, name_to_role
from tansiq.incidents.actions.tasks import Completion, complete_task, drop_task
from tansiq.incidents.models import (
    Decision,
    Fact,
    FactState,
    Incident,
    Level,
    PlaybookVersion,
    Seat,
    Task,
    Trigger,
)
from tansiq.incidents.playbook.shipped import shipped_playbook

_AFTER = re.compile(r"(?:D(?P<day>\d+) )?(?P<hour>\d+):(?P<minute>\d\d)")
# Every so many tasks one is late, and one is found not to be needed.
_LATE, _DROPPED = 7, 23


class Room:
    """One incident of a country, step by step."""

    def __init__(self, country: str, cast: Cast, story: Story) -> None:
        everything = read_content("rooms").raw
        self.raw: dict[str, Any] = everything[country]
        self.content = Content(country, self.raw["language"], everything)
        self.country, self.cast, self.story = country, cast, story
        self.incident: Incident | None = None
        self.facts: dict[str, Fact] = {}
        # What later steps come back to, by the name its step gives it.
        self.made: dict[str, Any] = {}

    def plan(self) -> None:
        """Plan the opening and every step after it."""
        for row in self.raw.get("person", []):
            self.cast.enter_person(row)
        self.began_at = self._beginning()
        self.story.on(self.began_at + timedelta(minutes=4), self._open)
        for row in self.raw["step"]:
            self.story.on(self._moment(row["after"]), self._step(row))
        self.story.on(self.began_at + timedelta(minutes=5), self._plan_tasks)

    # -- When ---------------------------------------------------------------------------------

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(zone_of(Place.objects.get(code=self.raw["place"])))

    def _beginning(self) -> datetime:
        began_at = self.story.at - timedelta(days=self.raw["days_ago"])
        if "clock" not in self.raw:
            return began_at.replace(second=0, microsecond=0)
        there = began_at.astimezone(self.zone).date()
        clock = time.fromisoformat(self.raw["clock"])
        return datetime.combine(there, clock, tzinfo=self.zone).astimezone(UTC)

    def _moment(self, after: str) -> datetime:
        found = _AFTER.fullmatch(after)
        if found is None:
            message = f"{after!r} is neither hours:minutes nor D3 09:00."
            raise ValueError(message)
        hours = timedelta(hours=int(found["hour"]), minutes=int(found["minute"]))
        if found["day"] is None:
            return self.began_at + hours
        day = self.began_at.astimezone(self.zone).date() + timedelta(days=int(found["day"]))
        return (datetime.combine(day, time(0), tzinfo=self.zone) + hours).astimezone(UTC)

    # -- Who ----------------------------------------------------------------------------------

    def person(self, short: str) -> Person:
        return self.cast.people[f"{short}@{self.country}.demo"]

    def actor(self, short: str, at: datetime) -> Actor:
        return actor_for(self.person(short), at=at)

    # -- What ---------------------------------------------------------------------------------

    def say(self, words: Words | None) -> str:
        language = self.language_of(words)
        return self.content.say(words, language)

    def language_of(self, words: Words | None) -> str:
        return next(iter(words), self.content.language) if words else self.content.language

    def _open(self, at: datetime) -> None:
        owner = self.cast.organisations[self.raw["owner"]]
        opening = Opening(
            owner=owner,
            place=Place.objects.get(code=self.raw["place"]),
            title=self.say(self.raw["title"]),
            language=self.content.language,
            trigger=Trigger(self.raw["trigger"]),
            playbook=self._playbook(owner, at=at),
            level=Level.FULL,
            is_exercise=self.raw.get("is_exercise", False),
            began_at=self.began_at,
            taking_part=tuple(self.cast.organisations[one] for one in self.raw["taking_part"]),
            known={
                "exact_location": self.raw["location"],
                "hazards": self.raw.get("hazards", ""),
                "access": self.raw["access"],
                "services": self.raw["services"],
            },
        )
        self.incident = open_room(opening, by=self.actor("coordinator", at), at=at)
        for role, holders in self.raw["posts"].items():
            Seat.objects.filter(incident=self.incident, role=role).update(
                holder=self.person(holders[0]), held_since=at
            )
        self._name_all_year(opening, at)

    def _name_all_year(self, opening: Opening, at: datetime) -> None:
        by = self.actor("coordinator", at)
        for role, holders in self.raw["posts"].items():
            for short in holders:
                # A second room of the same city finds them named.
                with suppress(PostError):
                    name_to_role(
                        opening.owner,
                        role,
                        self.person(short),
                        Reach(languages=(self.content.language,)),
                        playbook=opening.playbook,
                        by=by,
                        at=at,
                    )

    def _playbook(self, owner: Organisation, *, at: datetime) -> PlaybookVersion:
        by = Actor.system("demonstration data")
        loaded = load_playbook(shipped_playbook(), owner=owner, by=by, at=at)
        mine = PlaybookVersion.objects.filter(playbook__owner=owner).published()
        return loaded or mine.latest("published_at")

    def _step(self, row: dict[str, Any]) -> Callable[[datetime], None]:
        by_desk = (DESKS | CARE).get(row["does"])
        if by_desk is not None:
            return lambda at: by_desk(self, row, self.actor(row["by"], at), at)
        does = getattr(self, f"_do_{row['does']}")
        return lambda at: does(row, self.actor(row["by"], at), at)

    def _do_note(self, row: dict[str, Any], by: Actor, at: datetime) -> None:
        words = row["text"]
        add_note(self.room, self.say(words), language=self.language_of(words), by=by, at=at)

    def _do_fact(self, row: dict[str, Any], by: Actor, at: datetime) -> None:
        self.facts[row["name"]] = add_fact(self.room, self._stated(row), by=by, at=at)

    def _do_confirm(self, row: dict[str, Any], by: Actor, at: datetime) -> None:
        fact = Fact.objects.get(pk=self.facts[row["fact"]].pk)
        stated = self._stated(row | {"state": FactState.CONFIRMED})
        revise_fact(fact, stated, revision=fact.revision, by=by, at=at)

    def _do_withdraw(self, row: dict[str, Any], by: Actor, at: datetime) -> None:
        fact = Fact.objects.get(pk=self.facts[row["fact"]].pk)
        withdraw_fact(fact, self.say(row["text"]), revision=fact.revision, by=by, at=at)

    def _stated(self, row: dict[str, Any]) -> Stated:
        words = row["text"]
        return Stated(
            text=self.say(words),
            language=self.language_of(words),
            state=FactState(row.get("state", FactState.UNCONFIRMED)),
            source=row.get("source", ""),
        )

    def _do_decide(self, row: dict[str, Any], by: Actor, at: datetime) -> Decision:
        decided = Decided(
            text=self.say(row["text"]),
            why=self.say(row["why"]),
            language=self.language_of(row["text"]),
            facts=tuple(self.facts[name] for name in row.get("facts", [])),
            information=self.say(row.get("information")),
            alternatives=self.say(row.get("alternatives")),
        )
        return decide(self.room, decided, by=by, at=at)

    def _do_close(self, row: dict[str, Any], by: Actor, at: datetime) -> None:
        room = Incident.objects.get(pk=self.room.pk)
        close_room(room, reason=self.say(row["text"]), revision=room.revision, by=by, at=at)

    @property
    def room(self) -> Incident:
        if self.incident is None:
            message = "The room is not open yet."
            raise RuntimeError(message)
        return self.incident

    # -- Tasks --------------------------------------------------------------------------------

    def _plan_tasks(self, _at: datetime) -> None:
        """Let each task be done shortly before it is due, some late, a few not at all."""
        due = Task.objects.filter(incident=self.room, due_at__isnull=False)
        ends_at = max(self._moment(row["after"]) for row in self.raw["step"])
        for number, task in enumerate(due.order_by("due_at", "pk")):
            span = _known(task.due_at) - self.began_at
            share = 1.3 if number % _LATE == _LATE - 1 else 0.6 + 0.03 * (number % 11)
            moment = self.began_at + span * share
            if moment < ends_at:
                self.story.on(moment, self._end(task.pk, number))

    def _end(self, pk: int, number: int) -> Callable[[datetime], None]:
        def step(at: datetime) -> None:
            task = Task.objects.get(pk=pk)
            if not task.is_open:
                return
            seat = Seat.objects.get(incident=self.room, role=task.role)
            holder = seat.holder or self.person("coordinator")
            by = actor_for(holder, at=at)
            if number % _DROPPED == _DROPPED - 1:
                drop_task(task, "—", language=self.content.language, by=by, at=at)
                return
            done = Completion(
                evidence="demo" if task.needs_evidence else "",
                confirmed=tuple(task.checks),
                despite="—" if task.after.filter(state="open").exists() else "",
            )
            complete_task(task, done, by=by, at=at)

        return step


def _known(moment: datetime | None) -> datetime:
    if moment is None:
        message = "This task has no date."
        raise ValueError(message)
    return moment


def plan_room(country: str, cast: Cast, story: Story) -> None:
    """Plan what happens in the room of this country, where there is one."""
    if country in read_content("rooms").raw:
        Room(country, cast, story).plan()
