"""Who takes part: bodies, people, contacts; and who acts for whom."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from tansiq.access.actions.contacts import add_contact
from tansiq.access.actions.notices import mark_all_read
from tansiq.access.actions.organisations import create_organisation
from tansiq.access.actions.people import consent, invite_member
from tansiq.access.actor import Actor, Role
from tansiq.access.models import Contact, Membership, Organisation, Person, Place
from tansiq.access.queries import actor_for
from tansiq.home.demo.content import DEMO, Content, Words, marked
from tansiq.home.demo.story import Story

PASSWORD = "tansiq-demo-desk"  # noqa: S105 -- printed by the command, only for the demo
# Every address of the demo ends so; mail to it goes nowhere.
ENDING = ".demo"


class Cast:
    """The bodies and people of the demo by their short names."""

    def __init__(self, story: Story, begins: datetime) -> None:
        self.story, self.begins = story, begins
        self.organisations: dict[str, Organisation] = {}
        self.people: dict[str, Person] = {}
        self._speakers: dict[str, Person] = {}
        self._actors: dict[str, Actor] = {}
        self._secret = make_password(PASSWORD)

    def actor(self, slug: str) -> Actor:
        """Return who acts for an organisation: its member of the demo, or the demo itself."""
        if slug not in self._actors:
            person = self._speakers.get(slug)
            self._actors[slug] = (
                actor_for(person, at=self.story.at)
                if person
                else Actor.system(f"demonstration data: {slug}")
            )
        return self._actors[slug]

    def enter(self, content: Content) -> None:
        """Enter the bodies, people and contacts of one file."""
        at = self.begins
        for row in content.rows("organisation"):
            self._body(row, marked(row["name"], DEMO), content, at=at)
        for code in content.raw.get("carried_to", []):
            self._government(code, content, at=at)
        for row in content.rows("person"):
            self.enter_person(row)
        for row in content.rows("contact"):
            self._contact(row, content)

    def enter_government(self, code: str, content: Content) -> None:
        """Enter the government that leads a place, also where the plan was not carried to."""
        self._government(code, content, at=self.begins)

    def enter_person(self, row: dict[str, Any]) -> None:
        """Enter one person, who agrees to each membership and can sign in."""
        self._person(row, by=Actor.system("demonstration data"), at=self.begins)

    def _body(self, row: dict[str, Any], name: Words, content: Content, *, at: datetime) -> None:
        place = Place.objects.get(code=row["place"]) if row.get("place") else None
        names = {language: text for language, text in name.items() if language != content.language}
        organisation = Organisation(
            slug=row["slug"],
            name=name[content.language],
            names=names,
            kind=row["kind"],
            place=place,
            parent=self.organisations.get(row.get("parent", "")),
            is_lead_of_place=row.get("leads", False),
            email=f"office@{row['slug']}{ENDING}",
            phone=_phone(content, len(self.organisations)),
        )
        create_organisation(organisation, by=Actor.system("demonstration data"), at=at)
        if "countries" in row:
            organisation.countries.set(Place.objects.filter(code__in=row["countries"]))
        self.organisations[row["slug"]] = organisation

    def _government(self, code: str, content: Content, *, at: datetime) -> None:
        """Enter the government that leads a place the plan is carried down to."""
        place = Place.objects.get(code=code)
        template = content["governments"][place.kind]
        name = {
            language: text.format(place=place.name_in(language))
            for language, text in template["name"].items()
        }
        row = {
            "slug": f"gov-{code}",
            "kind": template["kind"],
            "place": code,
            "leads": True,
            "parent": self._above(place),
        }
        self._body(row, marked(name, DEMO), content, at=at)

    def _above(self, place: Place) -> str:
        """Return the short name of the government of the nearest place above that has one."""
        above = Place.objects.above(place).exclude(pk=place.pk).order_by("-level")
        slugs = [f"gov-{one.code}" for one in above if one.level > 0]
        return next((slug for slug in slugs if slug in self.organisations), "")

    def _person(self, row: dict[str, Any], *, by: Actor, at: datetime) -> None:
        for slug, role, title in row["member"]:
            term = Membership(role=role, title=title, starts_on=at.date())
            membership = self._ask(slug, row, term, by=by, at=at)
            person = membership.person
            self._let_in(person, row)
            consent(membership, by=Actor(person_id=person.pk), at=at)
            if role not in {Role.OVERSEER, Role.ADMINISTRATOR}:
                self._speakers.setdefault(slug, person)
            self.people[row["email"]] = person
        # What was told before is read; the last days' notices wait.
        self.story.ago(6, lambda moment: self._read(row["email"], moment))
        if "invited_to" in row:
            self.story.ago(3, lambda moment: self._invite(row, moment))

    def _ask(
        self, slug: str, row: dict[str, Any], term: Membership, *, by: Actor, at: datetime
    ) -> Membership:
        return invite_member(
            self.organisations[slug], email=row["email"], name=row["name"], term=term, by=by, at=at
        )

    def _let_in(self, person: Person, row: dict[str, Any]) -> None:
        """Let somebody sign in with the one password; to hash it once for all saves seconds."""
        person.password = self._secret
        person.greeting, person.language = row["greeting"], row["language"]
        # The address does not exist.
        person.mails = False
        person.save()
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )

    def _read(self, email: str, moment: datetime) -> None:
        mark_all_read(self.people[email].notices.all(), at=moment)

    def _invite(self, row: dict[str, Any], moment: datetime) -> None:
        """Invite somebody to one more body; they have not answered yet."""
        slug, role, title = row["invited_to"]
        starts_on = moment.date() + timedelta(days=14)
        term = Membership(role=role, title=title, starts_on=starts_on)
        self._ask(slug, row, term, by=self.actor(slug), at=moment)

    def _contact(self, row: dict[str, Any], content: Content) -> None:
        def list_contact(moment: datetime) -> None:
            contact = Contact(
                organisation=self.organisations[row["organisation"]],
                name=row["name"],
                function=row["function"],
                phone=_phone(content, 500 + row["days_ago"]),
                consented_on=moment.date(),
                consent_note=row["consent"],
            )
            add_contact(contact, by=self.actor(row["organisation"]), at=moment)

        self.story.ago(row["days_ago"], list_contact)


def _phone(content: Content, number: int) -> str:
    # No country gives out numbers that begin with 000.
    return f"{content['phone']} 000 555 {number:04d}"
