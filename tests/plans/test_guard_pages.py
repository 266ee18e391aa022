"""The guard on a form: it asks once, offers three ways on, and leaves its trace in the log."""

from io import BytesIO

import pytest
from django import forms
from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.guarding import GuardedForm, remember
from tansiq.access.log import broken_seals, leave_trace
from tansiq.access.models import LogEntry
from tansiq.core.guarding import Watch, watching
from tansiq.plans.models import Proposal
from tests.factories import NOON, OrganisationFactory
from tests.people import sign_in
from tests.plans.nation import make_nation
from tests.plans.test_proposals import WRITTEN, in_may  # noqa: F401 -- the day of the nation

pytestmark = pytest.mark.django_db
WHY = "Families ask them first. Call Mr Budi Santoso, 0812 3456 7890."


@pytest.fixture
def nation():
    return make_nation()


@pytest.fixture
def send(client, nation):
    """Send the proposal, with what the page of the guard would add."""
    sign_in(client, nation.east, "coordinator")
    written = WRITTEN | {"owner": nation.east.pk, "action": nation.train.pk, "why": WHY}

    def post(**more):
        return client.post(nation.at("propose"), written | more)

    return post


def traces():
    return list(LogEntry.objects.filter(rule__startswith="guard.").order_by("pk"))


def test_text_with_a_person_comes_back_with_each_thing_marked_and_nothing_is_written(send):
    answer = send()

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<mark>Mr Budi Santoso</mark> <small>(name of a person)</small>" in page
    assert "<mark>0812 3456 7890" in page
    assert f'<input type="hidden" name="title" value="{WRITTEN["title"]}">' in page
    assert not Proposal.objects.exists()
    assert traces() == []


def test_text_is_replaced_on_request_by_what_kind_of_thing_it_is(send):
    send(guard="mask")

    words = Proposal.objects.get().why
    assert words == "Families ask them first. Call [name of a person], [telephone number]."
    assert traces() == []


def test_text_goes_out_as_it_is_with_a_reason_and_the_log_has_the_kinds_but_not_the_words(send):
    send(guard="send", guard_reason="They asked us to be the contact in print.")

    (trace,) = traces()
    proposal = Proposal.objects.get()
    assert proposal.why == WHY
    assert (trace.rule, trace.target_kind, trace.target_id) == (
        "guard.override",
        "plans.proposal",
        proposal.pk,
    )
    assert trace.detail == {
        "kinds": {"name": 1, "telephone": 1},
        "fields": ["why"],
        "reason": "They asked us to be the contact in print.",
    }
    assert list(broken_seals()) == []


@pytest.mark.parametrize(
    ("reason", "said"),
    [("  ", "Say why it must go out"), ("Ask budi@example.org", "The reason holds something")],
)
def test_reason_must_be_there_and_hold_nothing_of_a_person_itself(send, reason, said):
    answer = send(guard="send", guard_reason=reason)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Proposal.objects.exists()
    assert traces() == []


def test_text_once_accepted_is_not_asked_about_again_while_another_field_is_mended(send, nation):
    wrong = send(guard="send", guard_reason="They agreed.", title="")
    mended = send()

    assert wrong.status_code == 422
    assert "title" in wrong.context["form"].errors
    assert mended.status_code == 422  # Not yet asked: the title was wrong first.
    send(guard="send", guard_reason="They agreed.")
    assert Proposal.objects.get().why == WHY


def test_same_text_sent_again_is_logged_once(send):
    send(guard="send", guard_reason="They agreed.")
    send()

    assert Proposal.objects.count() == 2
    assert len(traces()) == 1


def test_changed_text_is_looked_at_again_and_an_unchanged_one_is_not(client, send, nation):
    send(guard="send", guard_reason="They agreed.")
    client.session.flush()
    sign_in(client, nation.east, "coordinator")
    draft = Proposal.objects.get()
    url = nation.at("proposal_edit", draft.pk)
    form = client.get(url).context["form"]
    hidden = {form[name].html_initial_name: form[name].value() or "" for name in form.fields}
    data = {name: form[name].value() or "" for name in form.fields} | hidden

    other = client.post(url, data | {"title": "Train imams and priests"})
    worse = client.post(
        url, data | {"revision": draft.revision + 1, "rests_on": "Ask 0917 123 4567"}
    )

    assert other.status_code == 302
    assert worse.status_code == 422
    assert [one.html_name for one in worse.context["questions"]] == ["rests_on"]


def test_clean_text_passes_unasked(send):
    assert send(why="Families ask them first.").status_code == 302


def test_number_of_an_office_in_the_directory_is_not_asked_about(send, nation):
    OrganisationFactory(phone="(021) 5567-8123", email="", place=nation.east.place)

    assert send(why="Call 021 5567 8123, the office.").status_code == 302
    assert send(why="Call 021 5567 8124.").status_code == 422


def test_trace_goes_with_the_action_that_failed_and_the_decision_is_remembered():
    watch, session = Watch(choice="send", reason="They agreed."), {}
    with watching(watch):
        Told({"text": WHY}).is_valid()
        with transaction.atomic():
            leave_trace(Actor.system("a test"), None, at=NOON)
            transaction.set_rollback(True)
    remember(session, watch)

    with watching(Watch(earlier=session["guard"])):
        assert Told({"text": WHY}).is_valid()
        leave_trace(Actor.system("a test"), None, at=NOON)

    assert [one.detail["reason"] for one in traces()] == ["They agreed."]


def test_file_that_came_with_the_text_is_asked_for_once_more(client, nation):
    """A browser does not give a file out of its hands twice by itself."""
    sign_in(client, nation.east, "coordinator")
    written = WRITTEN | {"owner": nation.east.pk, "action": nation.train.pk, "why": WHY}

    answer = client.post(nation.at("propose"), written | {"proof": BytesIO(b"%PDF-1.4")})

    assert '<input type="file" name="proof"' in answer.content.decode()


def test_page_that_htmx_asked_for_takes_the_place_of_the_whole(client, nation):
    sign_in(client, nation.east, "coordinator")
    written = WRITTEN | {"owner": nation.east.pk, "action": nation.train.pk, "why": WHY}

    answer = client.post(nation.at("propose"), written, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#main")


def test_action_that_writes_no_log_leaves_the_trace_all_the_same():
    watch = Watch(choice="send", reason="They agreed.")
    with watching(watch):
        form = Told({"text": WHY})
        is_valid = form.is_valid()
        leave_trace(Actor.system("a test"), None, at=NOON)

    (trace,) = traces()
    assert is_valid
    assert (trace.rule, trace.target_kind, trace.detail["fields"]) == (
        "guard.override",
        "",
        ["text"],
    )


def test_form_outside_a_request_asks_nobody():
    assert Told({"text": WHY}).is_valid()


def test_field_that_is_named_is_not_looked_at():
    class Contact(Told):
        not_guarded = {"text": "a contact who consented"}

    with watching(Watch()) as watch:
        assert Contact({"text": WHY}).is_valid()
        assert not Told({"text": WHY}).is_valid()

    assert len(watch.questions) == 1


class Told(GuardedForm, forms.Form):
    text = forms.CharField(widget=forms.Textarea)


def test_line_stays_a_line_and_a_text_a_text(send):
    page = " ".join(send(title="Train Pak Slamet").content.decode().split())

    assert '<input type="text" id="guard-1" name="title" value="Train Pak Slamet"' in page
    assert '<textarea id="guard-2" name="why"' in page
