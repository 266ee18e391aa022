"""Versions of an adopted plan: kept, changed by amendment, compared; rows keep their identity."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.models import LogEntry
from tansiq.plans.actions.amendments import (
    PartChangedError,
    discard_amendment,
    drop_part,
    put_into_force,
    restore_part,
    write_part,
)
from tansiq.plans.actions.applying import AmendmentError
from tansiq.plans.actions.freezing import PlanFrozenError, keep_first_versions
from tansiq.plans.actions.plans import (
    add_part,
    adopt_plan,
    edit_part,
    edit_plan,
    reach_milestone,
    remove_part,
    set_status,
)
from tansiq.plans.models import Action, Alignment, Delivery, Objective, Version
from tansiq.plans.queries.versions.content import (
    canonical,
    content_of,
    digest_of,
    drop,
    find,
    is_intact,
    new_key,
    put,
    read,
)
from tansiq.plans.queries.versions.diff import counts_of, differences
from tansiq.plans.queries.versions.words import compare_words
from tests.factories import (
    NOON,
    TODAY,
    ActionFactory,
    ActivityFactory,
    AlignmentFactory,
    BudgetLineFactory,
    DeliveryFactory,
    DutyFactory,
    IndicatorFactory,
    MilestoneFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PillarFactory,
    PlanFactory,
)
from tests.plans.amending import BY, amend, into_force, keep, part_of, write

pytestmark = pytest.mark.django_db


def adopted(**fields):
    """Return a plan of two objectives and three actions of which version 1 is kept."""
    plan = PlanFactory(marking="green", **fields)
    pillar = PillarFactory(plan=plan, code="1")
    schools, cities = (
        ObjectiveFactory(plan=plan, pillar=pillar, code=code) for code in ("1.1", "1.2")
    )
    for number, objective in enumerate((schools, schools, cities), start=1):
        ActionFactory(
            plan=plan, objective=objective, code=f"A{number}", title=f"Train {number} teachers"
        )
    MilestoneFactory(action=plan.actions.get(code="A1"))
    IndicatorFactory(plan=plan, objective=schools, code="I1", target=100)
    keep(plan)
    return plan


def test_adopting_keeps_version_1_with_its_instrument_and_the_whole_content():
    plan = PlanFactory(status="draft")
    action = ActionFactory(plan=plan, code="A1", title="Train teachers")

    adopt_plan(plan, on=TODAY, by=BY, at=NOON, legal_instrument="Decree 1")

    version = plan.versions.get()
    kept = read(version.content)
    assert (version.number, version.legal_instrument, version.in_force_on) == (
        1,
        "Decree 1",
        TODAY,
    )
    assert [(one["key"], one["code"], one["title"]) for one in kept["actions"]] == [
        (str(action.pk), "A1", "Train teachers")
    ]
    assert is_intact(version)
    assert LogEntry.objects.get(rule="plans.keep_version").detail["sha256"] == version.sha256


def test_adopted_plan_refuses_every_direct_change_of_its_content():
    plan = adopted()
    action = plan.actions.get(code="A1")
    milestone = action.milestones.get()

    for attempt in (
        lambda: edit_plan(plan, {"title": "Other"}, revision=1, by=BY, at=NOON),
        lambda: edit_part(action, {"ends_on": TODAY}, revision=1, by=BY, at=NOON),
        lambda: edit_part(milestone, {"title": "Other"}, revision=1, by=BY, at=NOON),
        lambda: edit_part(action, {}, revision=1, by=BY, at=NOON, related={"supporting": []}),
        lambda: remove_part(milestone, by=BY, at=NOON),
        lambda: add_part(
            Action(plan=plan, objective=action.objective, code="A9", title="New"), by=BY, at=NOON
        ),
    ):
        with pytest.raises(PlanFrozenError):
            attempt()

    assert differences(read(plan.versions.get().content), content_of(plan)) == []


def test_progress_of_an_adopted_plan_goes_on_and_makes_no_difference():
    plan = adopted()
    action = plan.actions.get(code="A1")

    set_status(action, "done", revision=1, by=BY, at=NOON)
    reach_milestone(action.milestones.get(), on=TODAY, by=BY, at=NOON)
    edit_plan(plan, {"status": "review", "report_days": 20}, revision=1, by=BY, at=NOON)

    assert differences(read(plan.versions.get().content), content_of(plan)) == []
    assert keep(plan) == plan.versions.get()


def test_amendment_changes_nothing_until_it_is_in_force():
    plan = adopted()
    amendment = amend(plan)

    write(amendment, "actions", "A1", title="Train all teachers")
    drop_part(amendment, "actions", part_of(amendment, "actions", "A2")["key"], by=BY, at=NOON)
    before = set(plan.actions.steps().values_list("code", "title"))
    version = into_force(amendment)

    assert before == {(f"A{n}", f"Train {n} teachers") for n in (1, 2, 3)}
    assert set(plan.actions.steps().values_list("code", "title")) == {
        ("A1", "Train all teachers"),
        ("A3", "Train 3 teachers"),
    }
    assert (version.number, version.legal_instrument) == (2, "Decree 2")
    assert is_intact(version)


def test_parts_keep_their_rows_and_all_that_hangs_on_them():
    plan = adopted()
    kept, dropped = plan.actions.get(code="A1"), plan.actions.get(code="A2")
    links = {AlignmentFactory(national_action=one).pk for one in (kept, dropped)}
    activity = ActivityFactory(plan=plan, action=dropped)
    amendment = amend(plan)

    objective = part_of(amendment, "objectives", "1.2")
    write(amendment, "actions", "A1", objective=objective["key"], code="A2")
    drop_part(amendment, "actions", str(dropped.pk), by=BY, at=NOON)
    into_force(amendment)

    kept.refresh_from_db()
    dropped.refresh_from_db()
    activity.refresh_from_db()
    assert (kept.code, kept.objective.code) == ("A2", "1.2")
    assert set(Alignment.objects.values_list("pk", flat=True)) == links
    assert activity.action == dropped
    assert (dropped.dropped_in, dropped.status) == (2, "cancelled")
    assert dropped.code != "A2"


def test_what_nothing_hangs_on_is_gone_with_all_below_it():
    plan = adopted()
    amendment = amend(plan)

    drop_part(
        amendment, "objectives", part_of(amendment, "objectives", "1.1")["key"], by=BY, at=NOON
    )
    into_force(amendment)

    assert set(Objective.objects.filter(plan=plan).values_list("code", flat=True)) == {"1.2"}
    assert set(plan.actions.values_list("code", flat=True)) == {"A3"}
    assert plan.indicators.get().objective is None


def test_codes_can_be_swapped():
    plan = adopted()
    first = plan.actions.get(code="A1")
    amendment = amend(plan)

    write(amendment, "actions", "A1", code="A2")
    second = next(
        one
        for one in read(_fresh(amendment).content)["actions"]
        if one["title"].startswith("Train 2")
    )
    write_part(amendment, "actions", second | {"code": "A1"}, revision=0, by=BY, at=NOON)
    into_force(amendment)

    first.refresh_from_db()
    assert first.code == "A2"
    assert plan.actions.get(code="A1").title == "Train 2 teachers"


def _fresh(amendment):
    amendment.refresh_from_db()
    return amendment


def test_dropped_duty_is_no_longer_owed():
    plan = adopted()
    duty = DutyFactory(plan=plan, code="D1")
    keep(plan)
    open_one = DeliveryFactory(action=duty)
    given = DeliveryFactory(action=duty, status="done", delivered_on=TODAY)
    amendment = amend(plan)

    drop_part(amendment, "actions", str(duty.pk), by=BY, at=NOON)
    into_force(amendment)

    assert dict(Delivery.objects.values_list("pk", "status")) == {
        open_one.pk: "cancelled",
        given.pk: "done",
    }


def test_two_people_may_write_two_parts_but_not_the_same_one():
    plan = adopted()
    amendment = amend(plan)
    first, second = (part_of(amendment, "actions", code) for code in ("A1", "A2"))

    write_part(amendment, "actions", first | {"title": "One"}, revision=0, by=BY, at=NOON)
    write_part(amendment, "actions", second | {"title": "Two"}, revision=0, by=BY, at=NOON)
    with pytest.raises(PartChangedError):
        write_part(amendment, "actions", first | {"title": "Mine"}, revision=0, by=BY, at=NOON)

    assert part_of(amendment, "actions", "A1")["title"] == "One"


def test_what_the_draft_changed_can_be_taken_back_part_by_part():
    plan = adopted()
    amendment = amend(plan)
    pillar = part_of(amendment, "pillars", "1")["key"]
    action = part_of(amendment, "actions", "A1")
    new = write_part(
        amendment, "actions", action | {"key": "", "code": "A9"}, revision=0, by=BY, at=NOON
    )

    drop_part(amendment, "pillars", pillar, by=BY, at=NOON)
    for key in (action["key"], part_of_base(amendment, "A2"), part_of_base(amendment, "A3")):
        restore_part(amendment, "actions", key, by=BY, at=NOON)
    restore_part(amendment, "actions", new["key"], by=BY, at=NOON)
    milestone = read(amendment.base.content)["milestones"][0]["key"]
    restore_part(amendment, "milestones", milestone, by=BY, at=NOON)
    indicator = read(amendment.base.content)["indicators"][0]["key"]
    restore_part(amendment, "indicators", indicator, by=BY, at=NOON)

    assert differences(read(amendment.base.content), read(_fresh(amendment).content)) == []


def part_of_base(amendment, code):
    return next(
        one["key"] for one in read(amendment.base.content)["actions"] if one["code"] == code
    )


def test_unsound_or_empty_amendments_do_not_come_into_force():
    plan = adopted()
    amendment = amend(plan)

    with pytest.raises(AmendmentError, match="changes nothing"):
        into_force(amendment)
    write(amendment, "actions", "A1", code="A2")
    with pytest.raises(AmendmentError, match="A2"):
        into_force(amendment)
    with pytest.raises(AmendmentError, match="legal instrument"):
        put_into_force(amendment, legal_instrument=" ", on=TODAY, by=BY, at=NOON)
    with pytest.raises(AmendmentError, match="open already"):
        amend(plan)
    discard_amendment(amendment, by=BY, at=NOON)
    with pytest.raises(AmendmentError, match="closed"):
        into_force(amendment)

    assert plan.versions.count() == 1
    assert differences(read(plan.versions.get().content), content_of(plan)) == []


def test_tampered_version_is_found():
    version = adopted().versions.get()
    text = version.content.replace("Train 1 teachers", "Train 9 teachers")

    Version.objects.filter(pk=version.pk).update(content=text)
    changed_text = Version.objects.get(pk=version.pk)
    Version.objects.filter(pk=version.pk).update(
        content=version.content, legal_instrument="Decree 7"
    )
    changed_row = Version.objects.get(pk=version.pk)
    Version.objects.filter(pk=version.pk).update(legal_instrument=version.legal_instrument)

    assert [is_intact(one) for one in (version, changed_text, changed_row)] == [True, False, False]
    assert is_intact(Version.objects.get(pk=version.pk))
    # Who changes the digest as well is found in the sealed log.
    logged = LogEntry.objects.get(rule="plans.keep_version").detail["sha256"]
    assert logged != digest_of(text)


def test_nothing_is_built_on_a_tampered_version():
    plan = adopted()
    amendment = amend(plan)
    write(amendment, "actions", "A1", title="Other")

    Version.objects.update(content=plan.versions.get().content.replace("Decree 1", "Decree 3"))

    with pytest.raises(AmendmentError, match="not what was kept"):
        into_force(amendment)


def test_plans_adopted_earlier_get_their_first_version_once():
    earlier, draft = PlanFactory(), PlanFactory(status="draft")

    kept = [keep_first_versions(at=NOON), keep_first_versions(at=NOON)]

    assert kept == [1, 0]
    assert set(Version.objects.values_list("plan", "number")) == {(earlier.pk, 1)}
    assert not draft.versions.exists()


def test_a_body_that_changed_its_name_is_no_difference():
    body = OrganisationFactory(name="Ministry of Schools")
    plan = adopted()
    plan.actions.filter(code="A1").update(lead=body)
    before = content_of(plan)

    body.name = "Ministry of Education"
    body.save()

    assert canonical(before) != canonical(content_of(plan))
    assert differences(before, content_of(plan)) == []


# --- properties of the difference

TITLES = st.text("abc كتاب ", min_size=1, max_size=12).filter(str.strip)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["title", "lead", "date", "move", "drop", "add", "code"]),
        st.integers(0, 5),
        TITLES,
    ),
    max_size=6,
)


def changed(content, edits, lead):
    """Return the content after some random edits of its actions, all sound."""
    for number, (what, place, text) in enumerate(edits):
        actions = content["actions"]
        if what == "add":
            model = actions[0] if actions else None
            if model is not None:
                part = model | {"key": new_key(content), "code": f"N{number}", "title": text}
                content = put(content, "actions", part)
            continue
        if not actions:
            continue
        part = dict(actions[place % len(actions)])
        if what == "drop" and len(actions) > 1:
            content = drop(content, "actions", part["key"])
            continue
        objectives = content["objectives"]
        part |= {
            "title": {"title": text},
            "lead": {"lead": {"id": lead.pk, "name": lead.name}},
            "date": {"ends_on": f"2027-01-{place + 1:02}"},
            "move": {"objective": objectives[place % len(objectives)]["key"]},
            "code": {"code": f"C{number}"},
        }.get(what, {})
        content = put(content, "actions", part)
    return content


def without_keys(changes):
    """Return changes so that those of a draft and those of the rows made of it can be compared."""
    return sorted(
        (
            one.kind,
            one.part["code"] if "code" in one.part else one.part["title"],
            one.sorts,
            tuple((field.name, str(field.before), str(field.after)) for field in one.fields),
        )
        for one in changes
    )


@given(edits=EDITS)
@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_putting_changes_into_force_gives_back_exactly_these_changes(edits):
    plan = adopted()
    lead = OrganisationFactory(country_code=plan.owner.country_code)
    AlignmentFactory(national_action=plan.actions.get(code="A2"))
    amendment = amend(plan)
    base = read(amendment.content)
    draft = changed(base, edits, lead)
    amendment.content = canonical(draft)
    amendment.save()
    wanted = differences(base, draft)

    if wanted:
        into_force(amendment)

    latest = plan.versions.order_by("-number").first()
    assert without_keys(differences(base, read(latest.content))) == without_keys(wanted)
    assert differences(read(latest.content), content_of(plan)) == []


@given(edits=EDITS)
@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_difference_backwards_is_the_opposite(edits):
    plan = adopted()
    base = content_of(plan)
    after = changed(base, edits, plan.owner)

    there, back = differences(base, after), differences(after, base)

    swap = {"added": "dropped", "dropped": "added"}
    assert {(one.key, one.sorts) for one in back} == {
        (one.key, tuple(swap.get(sort, sort) for sort in one.sorts)) for one in there
    }
    assert differences(base, base) == []
    assert sum(counts_of(there).values()) == sum(len(one.sorts) for one in there)


WORDS = st.text("ab ب كَتَ.،-'\n", max_size=30)


@given(before=WORDS, after=WORDS)
def test_words_kept_and_removed_are_the_text_before_and_kept_and_added_the_text_after(
    before, after
):
    found = compare_words(before, after)

    assert "".join(one.text for one in found if not one.is_added) == before
    assert "".join(one.text for one in found if not one.is_removed) == after
    if before == after:
        assert all(not one.is_added and not one.is_removed for one in found)


def test_words_are_compared_as_a_reader_would():
    found = compare_words("تدريب المعلمين في المدارس", "تدريب جميع المعلمين في المدارس")

    assert [(one.sort, one.text.strip()) for one in found] == [
        ("kept", "تدريب"),
        ("added", "جميع"),
        ("kept", "المعلمين في المدارس"),
    ]


def test_find_looks_into_every_kind():
    content = content_of(adopted())

    assert find(content, "plan", "plan") == content["plan"]
    assert find(content, "actions", "0") is None


def test_money_is_kept_and_told_apart_but_moves_without_an_amendment():
    plan = adopted()
    action = plan.actions.get(code="A1")
    line = BudgetLineFactory(plan=plan, action=action, planned=100, currency="USD")
    amendment = amend(plan)
    write(amendment, "actions", "A2", title="Other")
    BudgetLineFactory(plan=plan, planned=7, currency="USD")
    line.planned = 250
    line.save()

    version = into_force(amendment)

    changes = differences(read(plan.versions.get(number=1).content), read(version.content))
    assert {(one.kind, one.sorts) for one in changes} == {
        ("actions", ("reworded",)),
        ("budget", ("added",)),
    }
    assert find(read(version.content), "budget", str(line.pk))["planned"] == 250
    assert set(plan.budget_lines.values_list("planned", flat=True)) == {250, 7}


def test_action_with_money_keeps_its_row():
    plan = adopted()
    line = BudgetLineFactory(plan=plan, action=plan.actions.get(code="A1"))
    amendment = amend(plan)

    drop_part(amendment, "actions", str(line.action_id), by=BY, at=NOON)
    into_force(amendment)

    line.refresh_from_db()
    assert line.action.dropped_in == 2
