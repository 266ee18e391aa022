"""Playbooks in the browser: read, copied, changed as a draft, put into force, kept by incidents."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tansiq.access.actor import Actor
from tansiq.access.models import Marking
from tansiq.incidents.actions.playbooks import (
    NewPlaybook,
    PlaybookStateError,
    publish_playbook,
    save_draft,
    start_playbook,
)
from tansiq.incidents.models import Playbook, PlaybookVersion
from tansiq.incidents.playbook import read_playbook, write_playbook
from tansiq.incidents.playbook.changing import with_task, without_task
from tansiq.incidents.playbook.shipped import shipped_playbook
from tests.factories import NOON, IncidentFactory, OrganisationFactory
from tests.incidents.playbooks import SMALL
from tests.people import sign_in

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")


@pytest.fixture
def city():
    return OrganisationFactory()


def published(owner, text=SMALL, marking=Marking.GREEN):
    begun = NewPlaybook(owner, "Our playbook", read_playbook(text), marking)
    playbook = start_playbook(begun, by=SYSTEM, at=NOON)
    publish_playbook(playbook, revision=playbook.revision, by=SYSTEM, at=NOON)
    return playbook


def drafted(playbook, text):
    save_draft(playbook, read_playbook(text), revision=playbook.revision, by=SYSTEM, at=NOON)
    return playbook


def address(name, playbook, *more):
    return reverse(f"incidents:{name}", args=[playbook.pk, *more])


def keys_shown(response):
    return [task.key for group in response.context["phases"] for task in group.tasks]


def test_list_shows_exactly_the_playbooks_i_may_read(client, city):
    ours, neighbour = published(city), published(OrganisationFactory(place=city.place))
    kept_back = published(neighbour.owner, marking=Marking.AMBER)
    theirs = start_playbook(
        NewPlaybook(neighbour.owner, "Unfinished", read_playbook(SMALL)), by=SYSTEM, at=NOON
    )
    sign_in(client, city)

    response = client.get(reverse("incidents:playbooks"))

    assert set(response.context["page"]) == {ours, neighbour}
    assert kept_back not in response.context["page"]
    assert theirs not in response.context["page"]


def test_list_costs_the_same_for_many(client, city, flat_queries):
    sign_in(client, city)

    flat_queries(
        lambda: client.get(reverse("incidents:playbooks")),
        add_row=lambda: published(city),
        cost=10,
    )


def test_empty_list_teaches_to_copy_the_shipped_one(client, city):
    sign_in(client, city, role="coordinator")

    page = client.get(reverse("incidents:playbooks")).content.decode()

    assert "129 tasks" in page
    assert reverse("incidents:start_playbook") in page


def test_tasks_are_filtered_by_role_phase_and_event(client, city):
    playbook = published(city)
    sign_in(client, city, role="viewer")

    def shown(**filters):
        return keys_shown(client.get(address("playbook", playbook), filters))

    assert shown() == ["F-01", "F-02"]
    assert shown(phase="all") == ["R-01", "F-01", "F-02", "Y-01"]
    assert shown(phase="P1") == ["F-01", "F-02"]
    assert shown(role="COMMS") == ["R-01", "F-01", "F-02"]
    assert shown(trigger="hoax_or_threat") == ["R-01", "F-01", "Y-01"]
    assert shown(phase="P1", trigger="hoax_or_threat") == ["F-01"]
    assert shown(phase="nothing") == []


@pytest.mark.parametrize("section", ["roles", "words", "exercises", "sheets", "about"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_section_of_the_shipped_playbook_is_shown(client, city, section, language):
    playbook = published(city, write_playbook(shipped_playbook()))
    sign_in(client, city, language=language)

    response = client.get(address("playbook_section", playbook, section))

    assert response.status_code == 200
    assert playbook.title in response.content.decode()


def test_every_task_of_the_shipped_playbook_is_shown_and_printed(client, city):
    playbook = published(city, write_playbook(shipped_playbook()))
    sign_in(client, city, role="viewer")

    page = client.get(address("playbook", playbook), {"phase": "all"})
    paper = client.get(address("playbook_paper", playbook))

    assert len(keys_shown(page)) == len(keys_shown(paper)) == 129
    assert "within 30 minutes" in page.content.decode()
    assert "14 days before each date of the calendar" in page.content.decode()


def test_a_draft_is_for_the_owner_s_people_alone(client, city):
    playbook = drafted(published(city), SMALL.replace("PT30M", "PT45M"))
    sign_in(client, OrganisationFactory(place=city.place))

    assert client.get(address("playbook", playbook)).context["version"].number == 1
    assert client.get(address("playbook", playbook), {"version": 2}).status_code == 404
    assert list(client.get(address("playbook_versions", playbook)).context["versions"]) == [
        playbook.versions.get(number=1)
    ]
    compared = client.get(address("playbook_compare", playbook), {"before": 1, "after": 2})
    assert compared.status_code == 404


def test_a_city_copies_the_shipped_playbook(client, city):
    sign_in(client, city, role="coordinator")
    sent = {"owner": city.pk, "title": "Surabaya responds", "marking": "green"}

    response = client.post(reverse("incidents:start_playbook"), sent)

    playbook = Playbook.objects.get()
    assert response.url == playbook.get_absolute_url()
    assert (playbook.title, playbook.owner, playbook.slug) == (
        "Surabaya responds",
        city,
        "city-led-response",
    )
    version = playbook.versions.get()
    assert version.is_draft
    assert version.document == shipped_playbook()


def test_a_lead_puts_a_copy_into_force_at_once(client, city):
    start = reverse("incidents:start_playbook")
    sent = {"owner": city.pk, "title": "Ours", "marking": "green", "in_force": "yes"}

    sign_in(client, city, role="coordinator")
    client.post(start, sent)
    sign_in(client, city, role="lead")
    client.post(start, sent)

    first, second = PlaybookVersion.objects.order_by("pk")
    assert (first.is_draft, second.is_draft) == (True, False)


def test_a_city_copies_the_playbook_of_another(client, city):
    other = published(OrganisationFactory(place=city.place))
    sign_in(client, city, role="coordinator")
    sent = {"owner": city.pk, "title": "Copy", "marking": "amber"}
    start = reverse("incidents:start_playbook")

    client.post(f"{start}?from={other.versions.get().pk}", sent)

    copy = Playbook.objects.get(owner=city)
    assert copy.versions.get().document == read_playbook(SMALL)


def test_a_wrong_file_is_refused_whole_with_its_lines(client, city):
    sign_in(client, city, role="coordinator")
    text = SMALL.replace("role: MAYOR\n    deputies", "role: MAYR\n    deputies")
    file = SimpleUploadedFile("ours.yaml", text.encode())
    sent = {"owner": city.pk, "title": "Ours", "marking": "green", "file": file}

    response = client.post(reverse("incidents:start_playbook"), sent)

    assert response.status_code == 422
    line = 1 + text.splitlines().index("    role: MAYR")
    expected = f"Line {line}: The role “MAYR” does not exist. Did you mean “MAYOR”?"
    assert expected in response.content.decode()
    assert "role: MAYR</code>" in response.content.decode()
    assert not Playbook.objects.exists()


def test_viewers_cannot_start_or_change_one(client, city):
    playbook = published(city)
    sign_in(client, city, role="viewer")

    assert client.get(reverse("incidents:start_playbook")).status_code == 403
    assert client.get(address("playbook_text", playbook)).status_code == 403
    assert client.get(address("playbook_task", playbook, "F-01")).status_code == 403
    assert client.get(address("playbook_task_remove", playbook, "F-01")).status_code == 403
    assert client.get(address("discard_playbook_draft", playbook)).status_code == 403


def test_a_coordinator_drafts_and_a_lead_publishes(client, city):
    playbook = drafted(published(city), SMALL.replace("PT30M", "PT45M"))
    sign_in(client, city, role="coordinator")
    assert client.get(address("publish_playbook", playbook)).status_code == 403
    sign_in(client, city, role="lead")

    shown = client.get(address("publish_playbook", playbook))
    sent = {"note": "More time for the first words", "revision": playbook.revision}
    client.post(address("publish_playbook", playbook), sent)

    rows = [row.one for shelf in shown.context["shelves"] for row in shelf.rows]
    assert [(row.key, row.before, row.after) for row in rows] == [
        ("F-02", "within 30 minutes", "within 45 minutes")
    ]
    latest = playbook.versions.get(number=2)
    assert latest.note == "More time for the first words"
    assert not latest.is_draft


def test_nothing_is_published_without_a_change(city):
    playbook = drafted(published(city), SMALL)

    with pytest.raises(PlaybookStateError, match="what is in force already"):
        publish_playbook(playbook, revision=playbook.revision, by=SYSTEM, at=NOON)


def test_a_running_incident_keeps_its_version(client, city):
    playbook = published(city)
    incident = IncidentFactory(owner=city, playbook=playbook.versions.get())
    drafted(playbook, SMALL.replace("Confirm the event", "Call the police"))

    publish_playbook(playbook, revision=playbook.revision, by=SYSTEM, at=NOON)

    incident.refresh_from_db()
    assert str(incident.playbook.document.task("F-01").title) == "Confirm the event"


def test_text_with_mistakes_is_kept_on_the_page_and_not_saved(client, city):
    playbook = published(city)
    sign_in(client, city, role="coordinator")
    wrong = SMALL.replace("phase: P8", "phase: P9").replace("due: PT30M", "due: soon")

    sent = {"text": wrong, "revision": playbook.revision}
    response = client.post(address("playbook_text", playbook), sent)

    lines = [mistake.problem.line for mistake in response.context["form"].problems]
    assert lines == [
        1 + wrong.splitlines().index(line) for line in ("    due: soon", "    phase: P9")
    ]
    assert response.context["form"]["text"].value() == wrong
    assert playbook.versions.count() == 1


def test_text_is_saved_as_a_draft(client, city):
    playbook = published(city)
    sign_in(client, city, role="coordinator")
    text = SMALL.replace("Confirm the event", "Call the police").replace("\n", "\r\n")

    client.post(address("playbook_text", playbook), {"text": text, "revision": playbook.revision})

    draft = playbook.versions.get(number=2)
    assert draft.is_draft
    assert str(draft.document.task("F-01").title) == "Call the police"


def test_who_saves_second_is_told_and_loses_nothing(client, city):
    playbook = published(city)
    seen = playbook.revision
    drafted(playbook, SMALL.replace("PT30M", "PT45M"))
    sign_in(client, city, role="coordinator")
    mine = SMALL.replace("Confirm the event", "Call the police")

    response = client.post(address("playbook_text", playbook), {"text": mine, "revision": seen})

    assert "Somebody else changed this" in response.content.decode()
    assert response.context["form"]["text"].value() == mine
    assert str(playbook.versions.get(number=2).document.task("F-01").title) == "Confirm the event"


def test_an_uploaded_file_takes_the_place_of_the_text(client, city):
    playbook = published(city)
    sign_in(client, city, role="coordinator")
    file = SimpleUploadedFile("new.yaml", SMALL.replace("PT30M", "PT45M").encode())

    sent = {"text": SMALL, "revision": playbook.revision, "file": file}
    client.post(address("playbook_text", playbook), sent)

    assert str(playbook.versions.get(number=2).document.task("F-02").due) == "T0+PT45M"


def task_fields(client, playbook, task, /, **changes):
    """Return what the form of a task would send unchanged, with these changes."""
    form = client.get(address("playbook_task", playbook, task)).context["form"]
    sent = {}
    for bound in form:
        value = bound.value()
        if hasattr(bound.field, "fields"):
            parts = value if isinstance(value, list) else bound.field.widget.decompress(value)
            sent |= {f"{bound.name}_{n}": part for n, part in enumerate(parts) if part is not None}
        elif value not in {None, False} if not isinstance(value, list) else True:
            sent[bound.name] = value
    return sent | changes


def change_task(client, playbook, task, /, **changes):
    fields = task_fields(client, playbook, task, **changes)
    return client.post(address("playbook_task", playbook, task), fields)


@pytest.mark.parametrize("key", ["R-01", "F-01", "F-02", "Y-01"])
def test_a_form_sent_unchanged_changes_nothing(client, city, key):
    playbook = published(city)
    sign_in(client, city, role="coordinator")

    response = change_task(client, playbook, key)

    assert response.status_code == 302, response.context["form"].errors
    draft = playbook.versions.get(number=2)
    assert draft.document == playbook.versions.get(number=1).document


def test_every_task_of_the_shipped_playbook_survives_its_form(client, city):
    playbook = published(city, write_playbook(shipped_playbook()))
    sign_in(client, city, role="coordinator")

    for key in ("R-30", "F-05", "G-15", "D-01", "Q-01", "Y-02", "Y-08", "Y-10"):
        playbook.refresh_from_db()
        assert change_task(client, playbook, key).status_code == 302

    assert playbook.versions.get(number=2).document == shipped_playbook()


def test_a_task_is_changed_by_its_form(client, city):
    playbook = published(city)
    sign_in(client, city, role="coordinator")

    changes = {"title": "Call the police", "due_0": 20, "role": "COMMS", "deputies": ["MAYOR"]}
    change_task(client, playbook, "F-01", **changes)

    task = playbook.versions.get(number=2).document.task("F-01")
    assert (str(task.title), str(task.due), task.role) == ("Call the police", "T0+PT20M", "COMMS")
    assert task.certainty == "own"
    assert task.sources == ("GUIDE",)


def test_deputies_stay_in_the_order_in_which_they_are_called(client, city):
    playbook = published(city, write_playbook(shipped_playbook()))
    sign_in(client, city, role="coordinator")

    response = change_task(client, playbook, "F-05", deputies=["MAYOR", "NATL", "COORD"])

    draft = playbook.versions.get(number=2)
    assert draft.document.task("F-05").deputies == ("COORD", "MAYOR", "NATL")
    assert response.url == f"{playbook.get_absolute_url()}?version=2&phase=P1#t-F-05"


def test_what_is_wrong_stands_beside_its_field(client, city):
    playbook = published(city)
    sign_in(client, city, role="coordinator")

    late = change_task(client, playbook, "F-02", due_0=2, due_1="hours")
    circle = change_task(client, playbook, "F-01", after="F-02")
    unknown = change_task(client, playbook, "F-01", after="F-77")

    assert late.context["form"].errors == {
        "due": ["Due T0+PT2H, but its phase P1 ends at T0+PT1H."]
    }
    assert "These tasks wait for each other: F-01 → F-02 → F-01." in str(
        circle.context["form"].errors
    )
    assert unknown.context["form"].errors == {"after": ["The task “F-77” does not exist."]}
    assert playbook.versions.count() == 1


def test_new_words_take_old_translations_out_unless_they_still_fit(client, city):
    text = SMALL.replace(
        "title: Confirm the event", "title: {en: Confirm the event, fr: Confirmer}"
    )
    playbook = published(city, text)
    sign_in(client, city, role="coordinator")

    change_task(client, playbook, "F-01", title="Confirm it", keeps_translations="on")
    kept = playbook.versions.get(number=2).document.task("F-01").title
    playbook.refresh_from_db()
    change_task(client, playbook, "F-01", title="Ask the police")
    gone = playbook.versions.get(number=2).document.task("F-01").title

    assert dict(kept.texts) == {"en": "Confirm it", "fr": "Confirmer"}
    assert dict(gone.texts) == {"en": "Ask the police"}


def test_words_are_written_in_another_language(client, city):
    playbook = published(city)
    sign_in(client, city, role="coordinator")
    fields = task_fields(client, playbook, "F-01", title="تأكيد الحدث")

    client.post(address("playbook_task", playbook, "F-01") + "?language=ar", fields)

    title = playbook.versions.get(number=2).document.task("F-01").title
    assert dict(title.texts) == {"en": "Confirm the event", "ar": "تأكيد الحدث"}


def test_a_task_is_added_and_taken_out(client, city):
    playbook = published(city)
    sign_in(client, city, role="coordinator")
    fields = {
        "key": "F-03",
        "title": "Open the hall",
        "phase": "P1",
        "role": "MAYOR",
        "revision": playbook.revision,
    }
    fields |= {"due_0": 40, "due_1": "minutes", "due_2": "T0", "after": "F-02"}

    client.post(address("playbook_task_add", playbook), fields)
    added = playbook.versions.get(number=2).document
    client.post(address("playbook_task_remove", playbook, "F-02"))
    left = playbook.versions.get(number=2).document

    assert [task.key for task in added.tasks] == ["R-01", "F-01", "F-02", "F-03", "Y-01"]
    assert [task.key for task in left.tasks] == ["R-01", "F-01", "F-03", "Y-01"]
    assert left.task("F-03").after == left.task("Y-01").after == ("F-01", "R-01")


def test_a_key_is_given_once(client, city):
    playbook = published(city)
    sign_in(client, city, role="coordinator")

    response = change_task(client, playbook, "F-02", key="F-01")

    assert "Another task has the key “F-01”." in response.content.decode()


def test_a_renamed_task_is_still_waited_for():
    document = read_playbook(SMALL)
    renamed = with_task(document, replace(document.task("F-01"), key="F-10"), instead_of="F-01")

    assert renamed.task("F-02").after == ("F-10", "R-01")
    assert without_task(renamed, "F-10").task("F-02").after == ("R-01",)


def test_a_file_goes_out_and_comes_in_unchanged(client, city):
    playbook = published(city, write_playbook(shipped_playbook()))
    sign_in(client, city, role="viewer")

    response = client.get(address("playbook_export", playbook))

    assert response["Content-Disposition"] == 'attachment; filename="city-led-response-v1.yaml"'
    assert read_playbook(response.content) == shipped_playbook()


def test_a_draft_is_discarded_but_not_the_only_one(client, city):
    playbook = drafted(published(city), SMALL.replace("PT30M", "PT45M"))
    only = start_playbook(NewPlaybook(city, "New", read_playbook(SMALL)), by=SYSTEM, at=NOON)
    sign_in(client, city, role="coordinator")

    client.post(address("discard_playbook_draft", playbook))
    refused = client.post(address("discard_playbook_draft", only))

    assert [one.number for one in playbook.versions.all()] == [1]
    assert refused.status_code == 409
    assert PlaybookVersion.objects.filter(playbook=only).count() == 1
