"""The demo: believable, told in order, and never to be mistaken for fact."""

import datetime as dt
from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import transaction

from tansiq.access.actor import PASSER_BY, Actor
from tansiq.access.log import broken_seals
from tansiq.access.models import (
    Contact,
    LogEntry,
    Marking,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Place,
)
from tansiq.access.queries import actor_for
from tansiq.core.search import find
from tansiq.home.demo.build import COUNTRIES, build
from tansiq.home.demo.cast import PASSWORD
from tansiq.home.demo.content import DEMO, FICTIONAL, read_content
from tansiq.home.demo.hearing import PLACES
from tansiq.home.demo.story import Story
from tansiq.home.searchables import index_one
from tansiq.plans.models import (
    Activity,
    Alignment,
    Conversation,
    Datapoint,
    Delivery,
    Document,
    Evidence,
    Indicator,
    Overlap,
    Picture,
    Plan,
    PublicContact,
    Remark,
    Report,
    Stage,
    Target,
)
from tansiq.plans.queries import desk
from tansiq.plans.queries.rollups import recomputed, stored
from tansiq.plans.queries.voice_pages import voices_short
from tests.factories import PersonFactory

AT = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
LANGUAGES = {"ar", "en", "fil", "fr", "id", "ms"}

pytestmark = pytest.mark.django_db


def built(blocker, countries):
    """Build the demo once for a whole group of tests, and undo it afterwards."""
    with blocker.unblock(), transaction.atomic():
        yield build(at=AT, countries=countries)
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def small(django_db_setup, django_db_blocker):
    yield from built(django_db_blocker, ["id"])


@pytest.fixture(scope="class")
def whole(django_db_setup, django_db_blocker):
    yield from built(django_db_blocker, COUNTRIES)


def actor(email):
    return actor_for(Person.objects.get(email=email), at=AT)


def kinds(items):
    return {item.kind for item in items}


def unlabelled_plans():
    """Return the plans that are made up, or that made-up life hangs on, and do not say so."""
    found = []
    for plan in Plan.objects.all():
        is_made_up = plan.certainty == "own"
        has_life = plan.local_plans.exists() or plan.activities.exists()
        says_so = FICTIONAL[plan.language] in plan.title
        explains = plan.facts.filter(code="demo").exists()
        if (is_made_up and not says_so) or (has_life and not (says_so or explains)):
            found.append(plan.slug)
    return found


def unmarked_bodies():
    return [
        body.slug
        for body in Organisation.objects.all()
        if not any(mark in body.name for mark in DEMO.values())
        or not all(DEMO[language] in name for language, name in body.names.items())
        or len(body.names) != len(LANGUAGES) - 1
    ]


@pytest.mark.usefixtures("small")
class TestSmall:
    def test_everybody_can_sign_in_with_the_one_password(self):
        people = Person.objects.all()

        assert {person.email for person in people} == {
            f"{role}@id.demo"
            for role in (
                "admin",
                "comms",
                "coordinator",
                "governor",
                "mayor",
                "national",
                "overseer",
                "police",
                "society",
            )
        }
        for person in people:
            validate_password(PASSWORD, person)
            assert person.check_password(PASSWORD)

    def test_nobody_is_ever_sent_a_mail(self):
        assert not Person.objects.filter(mails=True).exists()

    def test_those_who_answer_for_a_place_find_something_to_do(self):
        now = {
            role: kinds(desk.now(actor(f"{role}@id.demo"), AT))
            for role in ("national", "governor", "mayor")
        }

        assert now == {
            "national": {"report_accept", "duty_owed", "proposal_answer"},
            "governor": {"delivery_confirm", "duty_owed", "version_look"},
            "mayor": {"conversation", "delivery_confirm", "report_returned", "version_look"},
        }

    def test_two_bodies_talk_and_two_others_agreed(self):
        mayor, society = actor("mayor@id.demo"), actor("society@id.demo")

        assert set(Conversation.objects.values_list("outcome", flat=True)) == {"", "joined"}
        assert Conversation.objects.visible_to(mayor).waiting_for(mayor.organisation_ids).exists()
        assert Conversation.objects.visible_to(society).get().owner.slug == "id-women"
        assert set(Overlap.objects.values_list("state", flat=True)) >= {"talking", "joined"}

    def test_the_mayor_is_owed_things_late_and_to_come(self):
        owed = desk.owed_to(actor("mayor@id.demo"), AT)

        assert min(item.due_on for item in owed) < AT.date() < max(item.due_on for item in owed)

    def test_the_mayor_has_a_report_that_is_sixty_per_cent_full(self):
        owed = desk.owed_by(actor("mayor@id.demo"), AT)

        assert [one.progress for one in owed if one.kind == "report_due"] == [60]

    def test_sums_over_places_are_exact(self):
        indicators = list(Indicator.objects.all())

        assert recomputed(indicators) != {}
        assert recomputed(indicators) == stored(indicators)

    def test_parts_of_a_count_add_up_to_the_whole(self):
        counts = Datapoint.objects.filter(indicator__code="REACH")
        wholes = counts.filter(part="")

        assert wholes.exists()
        for whole in wholes:
            parts = counts.filter(report=whole.report, part__startswith="age=")
            assert sum(part.amount for part in parts) == whole.amount

    def test_the_log_goes_forward_and_is_whole(self):
        moments = list(LogEntry.objects.order_by("pk").values_list("at", flat=True))

        assert moments == sorted(moments)
        assert moments[-1] < AT
        assert list(broken_seals()) == []

    def test_what_is_made_up_says_so(self):
        assert unlabelled_plans() == []
        assert unmarked_bodies() == []

    def test_reports_are_in_every_state(self):
        assert set(Report.objects.values_list("status", flat=True)) == {
            "draft",
            "submitted",
            "returned",
            "accepted",
        }
        assert set(Remark.objects.values_list("kind", flat=True)) == {
            "question",
            "reply",
            "reopened",
            "correction",
        }
        assert Datapoint.objects.filter(status="withdrawn").count() == 1
        assert Evidence.objects.count() == 3

    def test_places_answer_the_national_plan_in_every_way(self):
        relations = set(Alignment.objects.values_list("relation", flat=True))
        own = Plan.objects.filter(actions__national_links=None, actions__kind="step", parent__gt=0)

        assert relations == {"adopts", "adapts", "supports", "not_applicable"}
        assert own.exists()

    def test_every_marking_is_there_and_red_names_persons(self):
        red = Activity.objects.get(marking="red")

        assert set(Activity.objects.values_list("marking", flat=True)) == set(Marking.values)
        seen = Activity.objects.filter(pk=red.pk)
        assert seen.visible_to(actor("governor@id.demo")).exists()
        assert not seen.visible_to(actor("mayor@id.demo")).exists()
        assert not seen.visible_to(actor("admin@id.demo")).exists()

    def test_every_place_says_what_it_wants_to_reach(self):
        assert not Target.objects.filter(target=None).exists()

    def test_the_overseer_finds_a_refusal_an_export_and_what_was_opened(self):
        seen = LogEntry.objects.visible_to(actor("overseer@id.demo"))

        rules = set(seen.values_list("rule", flat=True))
        assert {
            "refused:plans.activity_view",
            "export:plans.evidence_view",
            "oversight.open",
        } <= rules

    def test_members_of_civil_society_find_a_plan_of_their_own(self):
        who = actor("society@id.demo")

        plan = Plan.objects.get(owner__in=who.organisation_ids)

        assert plan.kind == "thematic"
        assert plan.actions.filter(status="delayed").exists()

    def test_some_national_action_is_taken_up_by_nobody(self):
        action = Plan.objects.get(slug="demo-2025").actions.get(code="3.1.3")

        assert not action.local_answers.exclude(relation="not_applicable").exists()

    def test_contacts_agreed_and_an_invitation_waits(self):
        assert Contact.objects.count() == 3
        assert Membership.objects.filter(consented_at=None).count() == 1

    def test_the_expired_plan_stands_with_its_facts_and_without_our_proposals(self):
        expired = Plan.objects.get(slug="ran-pe-2020")

        assert expired.status == "expired"
        assert expired.facts.filter(code="results-final").exists()
        assert {action.code for action in expired.actions.all()} == {"3.1.1"}

    def test_a_second_run_changes_nothing(self, settings):
        settings.DEMO = True
        before = (LogEntry.objects.count(), Report.objects.count(), Place.objects.count())
        said = StringIO()

        call_command("demo", "--if-empty", "--small", stdout=said)

        assert (LogEntry.objects.count(), Report.objects.count(), Place.objects.count()) == before
        assert PASSWORD in said.getvalue()
        assert "mayor@id.demo" in said.getvalue()
        with pytest.raises(CommandError, match="there already"):
            call_command("demo", "--small")


def test_the_checks_catch_what_is_not_labelled():
    build(at=AT, countries=["my"])
    Plan.objects.filter(slug="mypcve-2024-my-01").update(title="Johor · MyPCVE")
    Organisation.objects.filter(slug="my-csi").update(name="Persatuan Jiran Muafakat")

    assert unlabelled_plans() == ["mypcve-2024-my-01"]
    assert unmarked_bodies() == ["my-csi"]


def test_the_demo_keeps_away_from_other_peoples_data(settings):
    settings.DEMO = True
    PersonFactory(email="somebody@example.org")

    with pytest.raises(CommandError, match="do not belong to the demo"):
        call_command("demo", "--if-empty")


def test_what_the_command_made_can_be_found(settings, django_capture_on_commit_callbacks):
    settings.DEMO = True

    with django_capture_on_commit_callbacks() as put_off:
        call_command("demo", "--small", "--at", "2026-11-21", stdout=StringIO())

    plan = Plan.objects.get(slug="demo-2025-id-3578")
    assert (plan._meta.label_lower, plan.pk) in find("Surabaya")
    # Not each thing when it is saved, but all of them once.
    assert index_one not in {getattr(one, "func", None) for one in put_off}


def test_the_demo_wants_to_be_asked_for(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="TANSIQ_DEMO"):
        call_command("demo", "--if-empty")


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "2019-01-01"])
def test_the_demo_wants_a_day_it_can_tell_of(settings, day):
    settings.DEMO = True

    with pytest.raises(CommandError):
        call_command("demo", "--small", "--at", day)


@pytest.mark.slow
@pytest.mark.parametrize("day", [(2026, 6, 1), (2026, 12, 31), (2027, 3, 1), (2028, 2, 29)])
def test_the_demo_can_be_told_on_any_day(day):
    at = dt.datetime(*day, 12, tzinfo=dt.UTC)

    build(at=at, countries=COUNTRIES)

    assert set(Report.objects.values_list("status", flat=True)) >= {
        "submitted",
        "accepted",
    }
    assert LogEntry.objects.filter(at__gte=at).count() == 0


@pytest.mark.slow
@pytest.mark.usefixtures("whole")
class TestWhole:
    def test_every_country_has_public_documents_and_an_office_to_reach(self):
        shelves = Document.objects.visible_to(PASSER_BY).values_list("plan__country__code", "kind")

        assert {country for country, kind in shelves if kind == "legal"} == set(COUNTRIES)
        assert {country for country, kind in shelves if kind == "plan"} == set(COUNTRIES)
        offices = PublicContact.objects.visible_to(PASSER_BY)
        assert {one.plan.country.code for one in offices} == set(COUNTRIES)

    def test_every_country_has_stages_that_move_over_time(self):
        for country in COUNTRIES:
            told = Stage.objects.filter(plan__country__code=country, place__level__gt=0)
            assert len(set(told.values_list("since_on", flat=True))) > 3

    @pytest.mark.parametrize("country", COUNTRIES)
    def test_every_country_has_bodies_of_every_kind(self, country):
        bodies = Organisation.objects.filter(country_code=country)

        assert set(bodies.values_list("kind", flat=True)) == set(OrganisationKind.values) - {
            "hub",
            "village",
        }

    @pytest.mark.parametrize("country", COUNTRIES)
    def test_pictures_of_three_periods_and_voices_are_there_one_place_one_sided(self, country):
        pictures = Picture.objects.filter(place__country_code=country)
        reader = actor(f"national@{country}.demo")
        guarded = Place.objects.get(code=PLACES[country][-1])

        tally = voices_short(reader, guarded, on=AT.date())

        assert pictures.values("starts_on").distinct().count() == 3
        assert {one.status for one in pictures} == {"agreed", "superseded"}
        assert tally.is_enough
        assert tally.is_mostly_security
        assert not voices_short(
            reader, Place.objects.get(code=PLACES[country][0]), on=AT.date()
        ).is_mostly_security

    @pytest.mark.parametrize("country", COUNTRIES)
    @pytest.mark.parametrize("role", ["national", "governor", "mayor"])
    def test_everybody_who_leads_has_something_to_do(self, country, role):
        assert desk.now(actor(f"{role}@{country}.demo"), AT)

    @pytest.mark.parametrize("country", COUNTRIES)
    def test_members_of_civil_society_have_activities_of_their_own(self, country):
        who = actor(f"society@{country}.demo")

        assert Activity.objects.filter(owner__in=who.organisation_ids).exists()

    @pytest.mark.parametrize("country", COUNTRIES)
    def test_overseers_know_of_things_they_do_not_see(self, country):
        who = actor(f"overseer@{country}.demo")

        known = set(Activity.objects.known_to(who))

        assert known > set(Activity.objects.visible_to(who))

    def test_sums_over_places_are_exact(self):
        indicators = list(Indicator.objects.all())

        assert recomputed(indicators) == stored(indicators)

    def test_what_is_made_up_says_so(self):
        assert unlabelled_plans() == []
        assert unmarked_bodies() == []

    def test_places_stand_at_every_stage(self):
        latest = Stage.objects.filter(is_latest=True)

        assert set(latest.values_list("name", flat=True)) == {
            "drafting",
            "adopted",
            "funded",
            "under_way",
            "reviewed",
        }
        assert Stage.objects.filter(plan__country__code="my", name="none").exists()
        assert latest.filter(place__country_code="ke", place__level=1).count() == 47

    def test_seventeen_of_eighteen_regions_have_a_plan(self):
        regions = Place.objects.filter(country_code="ph", kind="region")

        assert regions.count() == 18
        assert regions.filter(plans__kind="regional").count() == 17

    def test_deliveries_are_in_every_state(self):
        assert set(Delivery.objects.values_list("status", flat=True)) == {
            "not_started",
            "at_risk",
            "delayed",
            "done",
        }

    def test_the_hub_sees_what_is_for_all_its_countries(self):
        seen = Plan.objects.visible_to(actor("hub@sea.demo"))

        assert seen.filter(slug="demo-2025").exists()
        assert not seen.filter(slug="demo-saida").exists()

    def test_the_log_is_whole(self):
        assert list(broken_seals()) == []

    def test_every_address_of_the_demo_is_one_nobody_has(self):
        people = Person.objects.visible_to(Actor.system("a test"))

        assert all(person.email.endswith(".demo") for person in people)


def test_a_story_is_told_in_order_and_never_after_its_end():
    told = []
    story = Story(AT)

    def say(word):
        return lambda at: told.append((word, at))

    story.ago(2, say("second"))
    story.on(AT + dt.timedelta(days=9), say("last"))
    story.ago(5, lambda at: (say("first")(at), story.ago(30, say("added"))))
    story.tell()

    assert [word for word, _at in told] == ["first", "added", "second", "last"]
    assert [at for _word, at in told] == sorted(at for _word, at in told)
    assert told[-1][1] < AT


@pytest.mark.parametrize("country", COUNTRIES)
def test_stock_phrases_are_in_the_language_of_the_country(country):
    content = read_content(country)

    for words in content["phrases"].values():
        for one in words if isinstance(words, list) else [words]:
            assert {content.language, "en"} <= set(one) <= LANGUAGES
