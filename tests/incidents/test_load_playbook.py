"""`tansiq load_playbook`: what ships, or a file, put into force for an organisation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tansiq.access.actor import Actor
from tansiq.incidents.actions.playbooks import save_draft
from tansiq.incidents.models import Playbook, PlaybookVersion
from tansiq.incidents.playbook import read_playbook
from tansiq.incidents.playbook.shipped import shipped_playbook
from tests.factories import NOON, OrganisationFactory
from tests.incidents.playbooks import SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return OrganisationFactory(slug="surabaya")


def load(*arguments):
    said = StringIO()
    call_command("load_playbook", *map(str, arguments), "--owner", "surabaya", stdout=said)
    return said.getvalue().strip()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_the_shipped_playbook_is_put_into_force_once(city):
    said = [load(), load()]

    assert said == [
        "surabaya: city-led-response, 129 tasks, version 1 is in force",
        "surabaya: city-led-response, 129 tasks, in force already",
    ]
    assert PlaybookVersion.objects.published().get().document == shipped_playbook()


def test_a_changed_file_is_the_next_version(city, file):
    load(file)
    file.write_text(SMALL.replace("PT30M", "PT45M"), encoding="utf-8")

    assert load(file) == "surabaya: small, 4 tasks, version 2 is in force"


def test_a_wrong_file_is_refused_with_its_lines(city, file):
    wrong = SMALL.replace("phase: P8", "phase: P9")
    file.write_text(wrong, encoding="utf-8")
    line = 1 + wrong.splitlines().index("    phase: P9")

    with pytest.raises(CommandError, match=f"Line {line}: The phase “P9” does not exist"):
        load(file)

    assert not Playbook.objects.exists()


def test_checking_changes_nothing(city, file):
    assert load(file, "--check") == "small: 4 tasks, nothing wrong"
    assert not Playbook.objects.exists()


def test_a_draft_of_people_is_not_written_over(city, file):
    load(file)
    playbook, by = Playbook.objects.get(), Actor.system("tests")
    draft = read_playbook(SMALL.replace("PT30M", "PT45M"))
    save_draft(playbook, draft, revision=playbook.revision, by=by, at=NOON)

    with pytest.raises(CommandError, match="Somebody is changing this playbook"):
        load(file)


def test_an_unknown_owner_or_file_is_named(city, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        load(tmp_path / "nothing.yaml")
    with pytest.raises(CommandError, match="No organisation has the short name 'nobody'"):
        call_command("load_playbook", "--owner", "nobody")
