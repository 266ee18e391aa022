"""What `tansiq check` finds: each thing planted here, and nothing where all is well."""

import shutil
from collections import namedtuple

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult

from tansiq.access import checks as access_checks
from tansiq.core import checks, jobs
from tests.factories import MembershipFactory
from tests.instances import SERVER

Usage = namedtuple("Usage", "total used free")
SECURE = {"TANSIQ_ORIGIN": "https://tansiq.example.org"}


def found(*looks):
    return {message.id for look in looks for message in look()}


@pytest.fixture
def at_home(settings, tmp_path):
    """A machine on which all is well."""
    settings.ORIGIN, settings.HTTPS = "https://tansiq.example.org", True
    settings.PROXIES = ["127.0.0.1"]
    settings.DATA_DIR = tmp_path / "var"
    settings.DATA_DIR.mkdir(mode=0o700)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


ALL = (checks.address, checks.data_folder, checks.mail, checks.state_of_database)


@pytest.mark.django_db
def test_nothing_is_found_where_all_is_well(at_home):
    jobs.beat("one", at=now())
    MembershipFactory(role="administrator")

    assert found(*ALL, access_checks.log_and_people) == set()


def test_addresses_that_are_not_safe(at_home):
    at_home.PROXIES = []
    assert found(checks.address) == {"core.W002"}
    at_home.DEMO = True
    assert found(checks.address) == {"core.W002", "core.W003"}
    at_home.ORIGIN, at_home.HTTPS = "http://tansiq.example.org", False
    assert found(checks.address) == {"core.W001"}
    at_home.ORIGIN = "http://127.0.0.1:8000"
    assert found(checks.address) == set()


def test_a_folder_and_a_key_that_others_can_read(at_home):
    at_home.DATA_DIR.chmod(0o755)
    key = at_home.DATA_DIR / "secret.key"
    key.write_text("x")
    key.chmod(0o640)

    assert found(checks.data_folder) == {"core.W004", "core.E002"}


def test_a_folder_that_is_not_there(at_home):
    at_home.DATA_DIR.rmdir()

    assert found(checks.data_folder) == {"core.E001"}


@pytest.mark.parametrize(
    ("free", "expected"), [(2**20, {"core.E003"}), (2**29, {"core.W005"}), (2**40, set())]
)
def test_a_disk_that_is_nearly_full(at_home, monkeypatch, free, expected):
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(2**41, 0, free))

    assert found(checks.data_folder) == expected


def test_mail_that_goes_nowhere(at_home):
    at_home.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    assert found(checks.mail) == {"core.W006"}


@pytest.mark.django_db
def test_a_missing_migration(at_home):
    MigrationRecorder.Migration.objects.filter(app="core").order_by("-pk").first().delete()

    assert found(checks.state_of_database) == {"core.E007"}


@pytest.mark.django_db
def test_jobs_that_nobody_does_and_jobs_that_failed(at_home):
    at_home.JOBS = "none"
    DBTaskResult.objects.create(
        status="FAILED", args_kwargs={}, task_path="x", run_after=now(), backend_name="default"
    )

    assert found(checks.state_of_database) == {"core.W008", "core.W009"}


@pytest.mark.django_db
def test_nobody_in_charge(at_home):
    MembershipFactory(role="lead")
    assert found(access_checks.log_and_people) == {"access.W001"}


TAKE_GUARD = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute({!r})
""".format(
    "ALTER TABLE access_logentry DISABLE TRIGGER USER" if SERVER else "DROP TRIGGER log_no_delete"
)


@pytest.mark.slow
def test_a_log_without_its_guard_is_an_error(instance):
    guarded = instance.run("check")
    instance.script(TAKE_GUARD)
    bare = instance.run("check")

    assert (guarded.returncode, bare.returncode) == (0, 1)
    assert "access.E001" in bare.stderr
    assert "access.E001" not in guarded.stderr


@pytest.mark.slow
def test_production_settings_please_djangos_own_checks(instance):
    result = instance.run("check", "--deploy", "--fail-level", "WARNING", **SECURE)

    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


@pytest.mark.slow
def test_deployment_checks_bite_where_the_address_is_not_https(instance):
    result = instance.run("check", "--deploy", "--fail-level", "WARNING")

    assert result.returncode == 1
    assert "security.W012" in result.stderr


@pytest.mark.slow
def test_what_is_wrong_ends_with_an_error_code(instances):
    instance = instances.make_unmigrated()

    result = instance.run("check")

    assert result.returncode == 1
    assert "core.E007" in result.stderr
    assert "tansiq migrate" in result.stderr


@pytest.mark.slow
def test_a_database_that_is_away_is_a_finding_and_not_a_traceback(instance, tmp_path):
    away = "postgres://nobody@127.0.0.1:9/none" if SERVER else f"sqlite:///{tmp_path}"

    result = instance.run("check", DATABASE_URL=away)

    assert result.returncode == 1
    assert "core.E004" in result.stderr
    assert "Traceback" not in result.stderr
