"""Local voice: a place proposes, others support, the nation answers and links it to a version."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.actor import PASSER_BY, Actor
from tansiq.access.models import Notice
from tansiq.plans.actions.consequences import pass_on
from tansiq.plans.actions.proposals import (
    ProposalError,
    answer_proposal,
    link_proposal,
    merge_proposals,
    remind_of_late_proposals,
    remind_of_proposal,
    withdraw_proposal,
)
from tansiq.plans.models import Amendment, Proposal, Support, Version
from tansiq.plans.queries import desk
from tests.factories import (
    NOON,
    OrganisationFactory,
    PlaceFactory,
    PlanFactory,
    ProposalFactory,
    actor_of,
)
from tests.people import sign_in
from tests.plans.amending import BY, add, amend, into_force, keep
from tests.plans.nation import make_nation

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def in_may(monkeypatch):
    for name in ("proposals", "proposal_answers"):
        monkeypatch.setattr(f"tansiq.plans.views.{name}.now", lambda: NOON)
    monkeypatch.setattr("tansiq.plans.views.proposals.localdate", lambda: TODAY)


def proposal_of(nation, body=None, **fields):
    body = body or nation.east
    return ProposalFactory(plan=nation.plan, owner=body, place=body.place, **fields)


def at(nation, name, proposal):
    return nation.at(name, proposal.pk)


WRITTEN = {
    "subject": "action",
    "title": "Train imams as well",
    "why": "Families ask them first.",
    "basis": "experience",
    "rests_on": "Three years of our own courses.",
    "language": "en",
    "marking": "green",
}


def test_place_writes_a_draft_sends_it_and_the_nation_owes_an_answer(client):
    nation = make_nation()
    sign_in(client, nation.body, "coordinator", name="Officer")
    sign_in(client, nation.east, "coordinator")

    form = client.get(nation.at("propose"), {"action": "1.1.1"}).context["form"]
    client.post(
        nation.at("propose"), WRITTEN | {"owner": nation.east.pk, "action": nation.train.pk}
    )
    proposal = Proposal.objects.get()
    drafted = (proposal.status, proposal.place, proposal.answer_due_on)
    client.post(at(nation, "proposal_send", proposal))

    proposal.refresh_from_db()
    assert form.initial["action"] == nation.train.pk
    assert drafted == ("draft", nation.east.place, None)
    assert (proposal.status, proposal.answer_due_on) == ("sent", TODAY + 21 * DAY)
    assert set(proposal.named_organisations.all()) == {nation.body}
    assert set(Notice.objects.values_list("code", "person__name")) == {
        ("plans.proposal_sent", "Officer")
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"action": ""}, "action"),
        ({"subject": "objective"}, "objective"),
        ({"title": " "}, "title"),
        ({"marking": "red"}, "marking"),
        ({"marking": "clear"}, "marking"),
        ({"owner": "0"}, "owner"),
    ],
)
def test_what_is_missing_is_said_at_its_field(client, changes, field):
    nation = make_nation()
    sign_in(client, nation.east, "contributor")
    data = WRITTEN | {"owner": nation.east.pk, "action": nation.train.pk}

    answer = client.post(nation.at("propose"), data | changes)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not Proposal.objects.exists()


def test_only_those_who_lead_a_place_propose(client):
    nation = make_nation()
    club = OrganisationFactory(place=nation.east.place, kind="youth")

    codes = {}
    for name, body, role in (
        ("place", nation.east, "contributor"),
        ("viewer", nation.east, "viewer"),
        ("club", club, "lead"),
        ("nation", nation.body, "lead"),
    ):
        sign_in(client, body, role)
        codes[name] = client.get(nation.at("propose")).status_code

    assert codes == {"place": 200, "viewer": 403, "club": 403, "nation": 403}


def test_draft_is_changed_by_its_writers_and_a_second_one_sees_both(client):
    nation = make_nation()
    draft = proposal_of(nation, status="draft", sent_at=None, answer_due_on=None)
    sign_in(client, nation.east, "contributor")
    url = at(nation, "proposal_edit", draft)
    form = client.get(url).context["form"]
    data = {one.html_name: one.value() for one in form if one.value() is not None}
    data |= {one.html_initial_name: one.value() or "" for one in form if one.name != "revision"}

    first = client.post(url, data | {"title": "First"})
    second = client.post(url, data | {"title": "Second"})

    draft.refresh_from_db()
    assert [first.status_code, second.status_code, draft.title] == [302, 409, "First"]


def test_support_is_given_once_by_a_body_of_the_same_level_and_taken_back(client):
    nation = make_nation()
    proposal = proposal_of(nation)
    city = OrganisationFactory(place=PlaceFactory(parent=nation.west.place), is_lead_of_place=True)
    url = at(nation, "proposal_support", proposal)

    codes = {}
    for name, body in (("own", nation.east), ("city", city), ("nation", nation.body)):
        sign_in(client, body, "lead")
        codes[name] = client.post(url, {"body": body.pk}).status_code
    sign_in(client, nation.west, "coordinator")
    for _twice in range(2):
        client.post(url, {"body": nation.west.pk})
    given = list(Support.objects.values_list("organisation", flat=True))
    foreign = client.post(url, {"body": nation.east.pk}).status_code
    client.post(url, {"body": nation.west.pk, "undo": "yes"})

    assert codes == {"own": 403, "city": 403, "nation": 403}
    assert given == [nation.west.pk]
    assert foreign == 404
    assert not Support.objects.exists()


def test_nation_considers_and_answers_with_a_reason_and_all_are_told(client):
    nation = make_nation()
    proposal = proposal_of(nation)
    Support.objects.create(proposal=proposal, organisation=nation.west, at=NOON)
    sign_in(client, nation.east, "contributor", name="Proposer")
    sign_in(client, nation.west, "coordinator", name="Supporter")
    sign_in(client, nation.body, "coordinator")

    client.post(at(nation, "proposal_consider", proposal))
    empty = client.post(
        at(nation, "proposal_answer", proposal), {"status": "declined", "answer": ""}
    )
    client.post(
        at(nation, "proposal_answer", proposal), {"status": "partly", "answer": "Imams, yes."}
    )

    proposal.refresh_from_db()
    assert empty.status_code == 422
    assert (proposal.status, proposal.answer, proposal.answered_at) == (
        "partly",
        "Imams, yes.",
        NOON,
    )
    assert set(Notice.objects.values_list("code", "person__name")) == {
        ("plans.proposal_considered", "Proposer"),
        ("plans.proposal_answered", "Proposer"),
        ("plans.supported_answered", "Supporter"),
    }


def test_only_the_owner_of_the_plan_answers(client):
    nation = make_nation()
    proposal = proposal_of(nation)

    codes = {}
    for name, body, role in (
        ("proposer", nation.east, "lead"),
        ("other", nation.west, "lead"),
        ("contributor", nation.body, "contributor"),
    ):
        sign_in(client, body, role)
        data = {"status": "accepted", "answer": "Yes."}
        codes[name] = client.post(at(nation, "proposal_answer", proposal), data).status_code

    assert codes == {"proposer": 403, "other": 403, "contributor": 403}


def test_similar_proposals_get_one_answer(client):
    nation = make_nation()
    main, second, third = proposal_of(nation), proposal_of(nation, nation.west), proposal_of(nation)
    elsewhere = ProposalFactory()
    merge_proposals(second, [third], by=BY, at=NOON)
    sign_in(client, nation.body, "coordinator")

    client.post(at(nation, "proposal_merge", main), {"proposals": [second.pk]})
    refused = client.post(
        at(nation, "proposal_answer", second), {"status": "accepted", "answer": "Yes."}
    )
    client.post(at(nation, "proposal_answer", main), {"status": "accepted", "answer": "Yes."})

    assert refused.status_code == 403
    assert dict(Proposal.objects.values_list("pk", "status")) == {
        main.pk: "accepted",
        second.pk: "accepted",
        third.pk: "accepted",
        elsewhere.pk: "sent",
    }


def test_withdrawing_the_main_one_lets_the_others_wait_for_their_own_answer():
    nation = make_nation()
    main, other = proposal_of(nation), proposal_of(nation, nation.west)
    merge_proposals(main, [other], by=BY, at=NOON)

    withdraw_proposal(main, by=BY, at=NOON)

    other.refresh_from_db()
    assert (main.status, other.status, other.merged_into) == ("withdrawn", "sent", None)
    with pytest.raises(ProposalError):
        withdraw_proposal(main, by=BY, at=NOON)


def test_a_proposal_is_linked_to_the_part_it_changed_and_the_version_names_its_places(client):
    nation = make_nation()
    keep(nation.plan)
    main, other = proposal_of(nation), proposal_of(nation, nation.west)
    merge_proposals(main, [other], by=BY, at=NOON)
    answer_proposal(main, status="accepted", answer="Yes.", by=BY, at=NOON)
    sign_in(client, nation.east, "contributor", name="Proposer")
    amendment = amend(nation.plan)
    new = add(amendment, "actions", "1.1.1", code="1.1.9", title="Train imams")
    sign_in(client, nation.body, "coordinator")

    client.post(at(nation, "proposal_link", main), {"part": f"actions/{new['key']}"})
    pass_on(into_force(amendment), at=NOON)
    sign_in(client, nation.east, "viewer")
    difference = client.get(nation.at("versions_compare"), {"from": 1, "to": 2})
    page = client.get(at(nation, "proposal", main))

    action = nation.plan.actions.get(code="1.1.9")
    [effect] = page.context["effects"]
    assert "Proposed by" in difference.content.decode()
    assert {
        name
        for section in difference.context["comparison"].sections
        for line in section.lines
        for name in line.proposers
    } == {"East Java", "West Java"}
    assert (effect.part, effect.number, effect.is_in_force) == ("1.1.9 Train imams", 2, True)
    assert effect.contribution.key == str(action.pk)
    assert Notice.objects.filter(code="plans.proposal_in_force", person__name="Proposer").exists()


def test_what_was_not_accepted_or_is_no_longer_drafted_is_not_linked():
    nation = make_nation()
    keep(nation.plan)
    amendment = amend(nation.plan)
    declined = proposal_of(nation)
    answer_proposal(declined, status="declined", answer="No.", by=BY, at=NOON)
    accepted = proposal_of(nation)
    answer_proposal(accepted, status="accepted", answer="Yes.", by=BY, at=NOON)
    key = str(nation.train.pk)

    for proposal, what in ((declined, key), (accepted, "n9")):
        with pytest.raises(ProposalError):
            link_proposal(proposal, amendment, "actions", what, by=BY, at=NOON)


def test_the_draft_is_not_betrayed_by_a_linked_proposal(client):
    nation = make_nation()
    keep(nation.plan)
    proposal = proposal_of(nation)
    answer_proposal(proposal, status="accepted", answer="Yes.", by=BY, at=NOON)
    amendment = amend(nation.plan)
    link_proposal(proposal, amendment, "actions", str(nation.train.pk), by=BY, at=NOON)

    seen = {}
    for name, body in (("owner", nation.body), ("proposer", nation.east)):
        sign_in(client, body, "lead")
        seen[name] = len(client.get(at(nation, "proposal", proposal)).context["effects"])

    assert seen == {"owner": 1, "proposer": 0}


def test_list_gathers_by_objective_and_narrows(client):
    nation = make_nation()
    whole = proposal_of(nation, title="Whole")
    about = proposal_of(nation, subject="action", action=nation.train, title="Imams")
    late = proposal_of(
        nation,
        nation.west,
        subject="missing",
        objective=nation.objective,
        title="Prisons",
        answer_due_on=TODAY - DAY,
    )
    proposal_of(nation, status="draft", sent_at=None, answer_due_on=None)
    sign_in(client, nation.west, "viewer")

    def listed(**asked):
        groups = client.get(nation.at("proposals"), asked).context["groups"]
        return [(g.objective and g.objective.code, {one.pk for one in g.proposals}) for g in groups]

    assert listed() == [(None, {whole.pk}), ("1.1", {about.pk, late.pk})]
    assert listed(status="late") == [("1.1", {late.pk})]
    assert listed(status="mine") == [("1.1", {late.pk})]
    assert listed(q="imam") == [("1.1", {about.pk})]
    assert listed(objective=nation.objective.pk) == [("1.1", {about.pk, late.pk})]
    assert listed(level=9, status="nonsense") == []


def test_list_costs_the_same_for_many(client, flat_queries):
    nation = make_nation()
    sign_in(client, nation.body, "coordinator")

    def add_row():
        one = proposal_of(nation, subject="action", action=nation.train)
        Support.objects.create(proposal=one, organisation=nation.west, at=NOON)

    flat_queries(lambda: client.get(nation.at("proposals")), add_row=add_row, cost=LIST_COST)


LIST_COST = 21


def test_desk_shows_what_is_owed_in_both_directions():
    nation = make_nation()
    soon = proposal_of(nation, answer_due_on=TODAY + DAY)
    later = proposal_of(nation, answer_due_on=TODAY + 20 * DAY)
    proposal_of(nation, status="declined", answer="No.")
    merged = proposal_of(nation, merged_into=soon)
    place, body = actor_of(nation.east, "contributor"), actor_of(nation.body, "coordinator")

    def kinds(items):
        return sorted((one.kind, one.due_on) for one in items if "proposal" in one.kind)

    assert kinds(desk.now(body, NOON)) == [("proposal_answer", soon.answer_due_on)]
    assert kinds(desk.owed_by(body, NOON)) == [
        ("proposal_answer", soon.answer_due_on),
        ("proposal_answer", later.answer_due_on),
    ]
    assert kinds(desk.owed_to(place, NOON)) == sorted(
        ("proposal_owed", one.answer_due_on) for one in (soon, later, merged)
    )


def test_late_answers_are_remembered_once_a_week():
    nation = make_nation()
    actor_of(nation.body, "coordinator")
    proposal_of(nation, answer_due_on=TODAY - DAY)
    proposal_of(nation)

    counts = [remind_of_late_proposals(at=NOON + days * DAY) for days in (0, 1, 7)]

    assert counts == [1, 0, 1]
    assert set(Notice.objects.values_list("code", flat=True)) == {"plans.proposal_overdue"}


def test_a_place_reminds_once_a_day():
    nation = make_nation()
    proposal = proposal_of(nation)

    remind_of_proposal(proposal, by=BY, at=NOON)

    with pytest.raises(ProposalError, match="less than a day"):
        remind_of_proposal(proposal, by=BY, at=NOON)


# --- who may read


@given(
    marking=st.sampled_from(["green", "amber", "amber+strict"]),
    is_sent=st.booleans(),
    who=st.sampled_from(["proposer", "nation", "neighbour", "foreigner", "stranger"]),
)
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_proposals_are_read_by_whom_their_marking_names_and_drafts_by_their_own(
    marking, is_sent, who
):
    plan = PlanFactory(marking="green")
    country = plan.place
    body = OrganisationFactory(place=PlaceFactory(parent=country), is_lead_of_place=True)
    neighbour = OrganisationFactory(place=PlaceFactory(parent=country), is_lead_of_place=True)
    foreigner = OrganisationFactory(place=PlaceFactory(country_code="ph"), is_lead_of_place=True)
    proposal = ProposalFactory(plan=plan, owner=body, place=body.place, marking=marking)
    if is_sent:
        proposal.named_organisations.add(plan.owner)
    else:
        Proposal.objects.update(status="draft", sent_at=None, answer_due_on=None)
    actors = {
        "proposer": lambda: actor_of(body, "viewer"),
        "nation": lambda: actor_of(plan.owner, "viewer"),
        "neighbour": lambda: actor_of(neighbour, "lead"),
        "foreigner": lambda: actor_of(foreigner, "lead"),
        "stranger": lambda: PASSER_BY,
    }
    allowed = {"proposer"}
    if is_sent:
        allowed |= {"nation"} | ({"neighbour"} if marking == "green" else set())

    seen = Proposal.objects.visible_to(actors[who]()).filter(pk=proposal.pk).exists()

    assert seen == (who in allowed)


@given(
    marking=st.sampled_from(["clear", "green", "amber", "red"]),
    is_published=st.booleans(),
    who=st.sampled_from(["owner", "neighbour", "foreigner", "stranger"]),
)
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_versions_are_read_by_who_reads_the_plan_and_drafts_by_its_owner(
    marking, is_published, who
):
    published = NOON if is_published and marking == "clear" else None
    plan = PlanFactory(marking=marking, published_at=published)
    keep(plan)
    amend(plan)
    country = plan.place
    neighbour = OrganisationFactory(place=PlaceFactory(parent=country), is_lead_of_place=True)
    foreigner = OrganisationFactory(place=PlaceFactory(country_code="ph"), is_lead_of_place=True)
    actor: Actor = {
        "owner": lambda: actor_of(plan.owner, "lead"),
        "neighbour": lambda: actor_of(neighbour, "lead"),
        "foreigner": lambda: actor_of(foreigner, "lead"),
        "stranger": lambda: PASSER_BY,
    }[who]()
    sees_plan = type(plan).objects.visible_to(actor).filter(pk=plan.pk).exists()

    assert Version.objects.visible_to(actor).filter(plan=plan).exists() == sees_plan
    draft = Amendment.objects.visible_to(actor).filter(plan=plan).exists()
    assert draft == (sees_plan and who == "owner")
