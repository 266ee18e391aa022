import pytest

from tansiq.incidents.models import Incident, PlaybookVersion
from tests.factories import IncidentFactory, PlaybookVersionFactory

pytestmark = pytest.mark.django_db


def test_a_page_of_a_room_reads_the_text_of_its_playbook_once(django_assert_num_queries):
    incident = IncidentFactory()

    for cost in (3, 2):
        with django_assert_num_queries(cost):
            document = Incident.objects.get(pk=incident.pk).playbook.document

    assert document == incident.playbook.document


def test_a_draft_of_a_playbook_is_read_as_it_stands():
    draft = PlaybookVersionFactory(published_at=None)
    assert draft.document.title.in_language("en") == "Small playbook"

    changed = draft.document_json | {"title": "Another"}
    PlaybookVersion.objects.filter(pk=draft.pk).update(document_json=changed)

    assert str(PlaybookVersion.objects.get(pk=draft.pk).document.title) == "Another"
