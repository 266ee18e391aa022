"""A backup holds everything; a restore puts all of it back, or changes nothing."""

import gzip
import io
import json
import re
import tarfile

import pytest

from tansiq.core.backup.manifest import BackupError, Contents, Manifest, Member
from tansiq.core.backup.reading import unpack
from tests.instances import SERVER

slow = pytest.mark.slow

# -- Files nobody should trust --------------------------------------------------------------


def manifest(**members):
    return Manifest("0.1.0", "2026-05-04", "sqlite", Contents((), {}, {}), members).as_json()


def entry(name, content=b"", **fields):
    one = tarfile.TarInfo(name)
    one.size = len(content)
    for field, value in fields.items():
        setattr(one, field, value)
    return one, content


def archive(path, *entries):
    with tarfile.open(path, "w:gz") as file:
        for one, content in entries:
            file.addfile(one, io.BytesIO(content))
    return path


WHOLE = [
    entry("files/a.txt", b"abc"),
    entry(
        "manifest.json",
        manifest(
            **{
                "files/a.txt": Member(
                    3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
                )
            }
        ),
    ),
]


def test_a_whole_backup_is_unpacked_for_its_owner_only(tmp_path):
    into = tmp_path / "into"
    into.mkdir()

    read = unpack(archive(tmp_path / "b.tar.gz", *WHOLE), into)

    assert set(read.members) == {"files/a.txt"}
    assert (into / "files" / "a.txt").read_bytes() == b"abc"
    assert (into / "files" / "a.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("planted", "words"),
    [
        ([entry("../evil", b"x")], "which no backup of ours holds"),
        ([entry("files/../../evil", b"x")], "which no backup of ours holds"),
        ([entry("/etc/evil", b"x")], "which no backup of ours holds"),
        ([entry("files//evil", b"x")], "which no backup of ours holds"),
        ([entry("files/a\\..\\evil", b"x")], "which no backup of ours holds"),
        ([entry("secret.key", b"x")], "which no backup of ours holds"),
        ([entry("files/l", type=tarfile.SYMTYPE, linkname="/etc")], "no backup of ours holds"),
        ([entry("files/l", type=tarfile.LNKTYPE, linkname="/etc/passwd")], "no backup of ours"),
        ([entry("files/d", type=tarfile.DIRTYPE)], "which no backup of ours holds"),
        ([entry("files/c", type=tarfile.CHRTYPE)], "which no backup of ours holds"),
        ([entry("files/f", type=tarfile.FIFOTYPE)], "which no backup of ours holds"),
        ([entry("files/b", b"1"), entry("files/b", b"2")], "twice"),
        ([entry("files/b", b"1"), *WHOLE], "'files/b' was added"),
        ([entry("files/a.txt", b"abd"), WHOLE[1]], "'files/a.txt' was changed"),
        ([entry("files/a.txt", b"ab"), WHOLE[1]], "'files/a.txt' was changed"),
        ([WHOLE[1]], "'files/a.txt' is missing"),
        ([WHOLE[0]], "no manifest"),
        ([entry("manifest.json", b"{")], "manifest of this backup cannot be read"),
        ([entry("manifest.json", b"[]")], "manifest of this backup cannot be read"),
        ([entry("manifest.json", b"[" * 200_000)], "manifest of this backup cannot be read"),
        ([entry("manifest.json", b'{"format": 1}')], "manifest of this backup cannot be read"),
        ([entry("manifest.json", b'{"format": 2}')], "made by a newer version"),
        ([entry("files/a", b"", pax_headers={"comment": "x" * 90_000})], "holds something"),
    ],
)
def test_a_hostile_or_damaged_backup_is_refused_and_writes_nothing_elsewhere(
    tmp_path, planted, words
):
    into = tmp_path / "deep" / "into"
    into.mkdir(parents=True)

    with pytest.raises(BackupError, match=re.escape(words)):
        unpack(archive(tmp_path / "b.tar.gz", *planted), into)

    outside = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert {one for one in outside if not one.startswith("deep/into")} == {"b.tar.gz", "deep"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a backup",
        gzip.compress(b"not an archive" * 99, mtime=0),
        b"\x1f\x8b\x08\x00junkjunkjunk",
    ],
    # Named, because the compressed one holds the time of day and workers compare the names.
    ids=["empty", "text", "compressed text", "damaged"],
)
def test_what_is_not_an_archive_is_refused_with_a_sentence(tmp_path, content):
    (tmp_path / "b.tar.gz").write_bytes(content)

    with pytest.raises(BackupError, match=r"not a backup of Tansiq"):
        unpack(tmp_path / "b.tar.gz", tmp_path)


def test_a_backup_that_was_cut_off_is_refused(tmp_path):
    whole = archive(tmp_path / "whole", entry("files/big", bytes(range(256)) * 4000)).read_bytes()
    (tmp_path / "b.tar.gz").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(BackupError, match="damaged"):
        unpack(tmp_path / "b.tar.gz", tmp_path)


def test_a_member_larger_than_the_disk_is_refused_before_it_is_written(tmp_path):
    header, _content = entry("files/huge")
    header.size = 2**50
    (tmp_path / "b.tar.gz").write_bytes(gzip.compress(header.tobuf() + bytes(1024)))

    with pytest.raises(BackupError, match="not enough room"):
        unpack(tmp_path / "b.tar.gz", tmp_path)


def test_a_backup_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(BackupError, match="There is no file"):
        unpack(tmp_path / "nothing", tmp_path)


# -- Whole installations --------------------------------------------------------------------

FILL = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import now
from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Organisation, Person
from tansiq.core.live import announce
person = Person.objects.create_user("siti@example.org", name="Siti ستي", password="x")
for number in range(30):
    organisation = Organisation.objects.create(slug=f"o{number}", name="Ω", country_code="id")
    record(Actor(person_id=person.pk), "plans.adopt", organisation, at=now(), detail={"n": number})
announce("room:1", "told", {"n": 1}, at=now())
default_storage.save("evidence/2026/laporan ٢.pdf", ContentFile(bytes(range(256)) * 999))
default_storage.save("empty.txt", ContentFile(b""))
"""

# Everything an installation holds, in a form that can be compared.
STATE = """
import hashlib, json
from pathlib import Path
from django.apps import apps
from django.conf import settings
from django.core import serializers
left_out = {"core.heartbeat", "core.schedule", "sessions.session"}
rows = {}
for model in apps.get_models(include_auto_created=True):
    if model._meta.label_lower not in left_out:
        found = [row["fields"] for row in json.loads(
            serializers.serialize("json", model._base_manager.order_by("pk")))]
        rows[model._meta.label_lower] = found
root = Path(settings.MEDIA_ROOT)
files = {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
         for path in root.rglob("*") if path.is_file()}
print(json.dumps({"rows": rows, "files": files}, sort_keys=True, default=str))
"""


def state(instance):
    return json.loads(instance.script(STATE))


@pytest.fixture(scope="module")
def original(instances, tmp_path_factory):
    """A filled installation and its backup."""
    instance = instances.make()
    instance.script(FILL)
    file = tmp_path_factory.mktemp("backups") / "b.tar.gz"
    result = instance.run("backup", file)
    assert result.returncode == 0, result.stderr
    return instance, file


@slow
def test_backup_and_restore_bring_everything_to_another_machine(original, instance):
    source, file = original

    result = instance.run("restore", file)

    assert result.returncode == 0, result.stderr
    here, there = state(instance), state(source)
    told = here["rows"]["access.logentry"].pop()
    assert here == there
    assert len(here["files"]) == 2
    assert told["rule"] == "restored:backup"
    head = source.run("audit", "head").stdout.strip()
    assert instance.run("audit", "verify", "--head", head).returncode == 0
    left = {path.name for path in instance.folder.iterdir()}
    assert not {name for name in left if "restore" in name}


@slow
def test_backup_tells_of_itself_and_only_its_owner_may_read_it(original):
    source, file = original

    log = state(source)["rows"]["access.logentry"]

    assert log[-1]["rule"] == "export:backup"
    assert file.stat().st_mode & 0o777 == 0o600
    again = source.run("backup", file)
    assert again.returncode == 1
    assert "exists already" in again.stderr
    nowhere = source.run("backup", file.parent / "no" / "b.tar.gz")
    assert "There is no folder" in nowhere.stderr
    assert {path.name for path in file.parent.iterdir()} == {file.name}


# It writes many times during a backup; as fast as it can would only make more to compare.
WRITE = """
import time
from django.db import transaction
from django.utils.timezone import now
from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.core.live import announce
print("writing", flush=True)
while True:
    with transaction.atomic():
        record(Actor.system("a test"), "plans.adopt", None, at=now())
        announce("room:1", "told", {}, at=now())
    time.sleep(0.01)
"""


@slow
def test_backup_made_while_people_write_is_of_one_moment(instances, tmp_path):
    source, target = instances.make(), instances.make()
    source.script(FILL)
    writer = source.start_script(WRITE)
    writer.stdout.readline()

    backed_up = source.run("backup", tmp_path / "b.tar.gz")
    writer.kill()
    writer.wait(10)
    writer.stdout.close()
    restored = target.run("restore", tmp_path / "b.tar.gz")

    assert (backed_up.returncode, restored.returncode) == (0, 0), restored.stderr
    rows = state(target)["rows"]
    written = [row for row in rows["access.logentry"] if row["system_reason"] == "a test"]
    assert written
    assert len(written) == len(rows["core.liveevent"]) - 1
    assert target.run("audit", "verify").returncode == 0


def remade(file, to, change):
    """Copy a backup with its manifest changed by a function."""
    with tarfile.open(file) as old, tarfile.open(to, "w:gz") as new:
        for one in old:
            content = old.extractfile(one).read()
            if one.name == "manifest.json":
                given = json.loads(content)
                change(given)
                content = json.dumps(given).encode()
                one.size = len(content)
            new.addfile(one, io.BytesIO(content))
    return to


def newer_version(given):
    given["version"] = "99.0"


def newer_migrations(given):
    given["contents"]["migrations"].append("plans.9999_from_the_future")


def other_kind(given):
    given["database"] = "sqlite" if SERVER else "postgresql"


def other_count(given):
    given["contents"]["counts"]["access_person"] += 1


def other_log(given):
    given["contents"]["facts"]["log_head"] = "0" * 64


@slow
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (newer_version, "Upgrade Tansiq first"),
        (newer_migrations, "Upgrade Tansiq first"),
        (other_kind, "Point DATABASE_URL to a database of the same kind"),
        (other_count, "differs from what its manifest says"),
        (other_log, "differs from what its manifest says"),
    ],
)
def test_a_backup_that_does_not_fit_is_refused_and_nothing_is_changed(
    original, tmp_path, change, words
):
    instance, file = original
    before = state(instance)

    result = instance.run("restore", "--replace", remade(file, tmp_path / "b.tar.gz", change))

    assert result.returncode == 1
    assert words in result.stderr
    assert "Nothing was changed." in result.stderr
    assert state(instance) == before


@slow
def test_what_is_here_is_replaced_only_when_that_was_said(original, instances):
    _source, file = original
    instance = instances.make()
    instance.script(FILL.replace("siti@", "other@"))
    before = state(instance)

    refused = instance.run("restore", file)
    unchanged = state(instance)
    replaced = instance.run("restore", "--replace", file)

    assert "say so with --replace" in refused.stderr
    assert unchanged == before
    assert replaced.returncode == 0, replaced.stderr
    assert [one["email"] for one in state(instance)["rows"]["access.person"]] == [
        "siti@example.org"
    ]


@slow
def test_a_running_server_is_not_robbed_of_its_data(original, instance):
    _source, file = original
    with instance.up():
        result = instance.run("restore", file)

    assert result.returncode == 1
    assert "Stop the server" in result.stderr


@slow
def test_missing_tools_are_a_sentence_and_sqlite_needs_none(original, tmp_path):
    source, _file = original

    result = source.run("backup", tmp_path / "b.tar.gz", PATH=str(tmp_path))

    if SERVER:
        assert result.returncode == 1
        assert "pg_dump is not installed" in result.stderr
        assert list(tmp_path.iterdir()) == []
    else:
        assert result.returncode == 0


KILL = """
import os, pathlib, shutil
from tansiq.core.backup import restoring
from tansiq.core.backup.databases import Postgresql, Sqlite

def kill_after(holder, name):
    real = getattr(holder, name)
    def wrapped(*arguments, **named):
        result = real(*arguments, **named)
        os.kill(os.getpid(), 9)
    setattr(holder, name, wrapped)

kill_after({place})
restoring.restore_backup(pathlib.Path({file!r}), replace=True)
"""
PLACES = {
    "unpacked": ("restoring, 'unpack'", "old"),
    "marked": ("restoring, '_mark'", "old"),
    "database set aside": (
        "Postgresql, '_tool'" if SERVER else "Sqlite, '_fold_changes_in'",
        "old",
    ),
    "database copied": ("Postgresql, 'replace'" if SERVER else "shutil, 'move'", "old"),
    "database in place": ("Postgresql, 'replace'" if SERVER else "Sqlite, 'replace'", "old"),
    "files in place": ("restoring, '_replace_files'", "old"),
    "done": ("restoring, '_unmark'", "new"),
}


@slow
@pytest.mark.parametrize("moment", PLACES)
def test_killed_half_way_the_old_data_is_back(original, instances, moment):
    _source, file = original
    place, expected = PLACES[moment]
    instance = instances.make()
    filled = FILL.replace("siti@", "other@") + "default_storage.save('o', ContentFile(b''))"
    before = json.loads(instance.script(filled + STATE))

    killed = instance.start_script(KILL.format(place=place, file=str(file)))
    said = killed.communicate(timeout=60)[0]
    with instance.up():
        pass

    assert killed.returncode == -9, said
    after = state(instance)
    if expected == "old":
        assert {**after, "rows": after["rows"] | job_rows(before)} == before
    else:
        assert [one["email"] for one in after["rows"]["access.person"]] == ["siti@example.org"]
        assert len(after["files"]) == 2
    left = {path.name for path in instance.folder.iterdir()}
    assert not {name for name in left if "restore" in name}


def job_rows(before):
    """Leave out what the server did in the moment it ran."""
    name = "django_tasks_database.dbtaskresult"
    return {name: before["rows"][name]}
