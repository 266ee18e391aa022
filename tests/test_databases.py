"""A kept database saves time; it must never be one from before a change."""

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.databases import ROOT, fingerprint, keep, kept_in, migrations_of


@pytest.fixture
def moved(tmp_path, settings, monkeypatch):
    """Let the migrations of the plans stand in a folder that a test may change."""
    folder = tmp_path / "moved_migrations"
    shutil.copytree(migrations_of("plans")[0].parent, folder)
    monkeypatch.syspath_prepend(tmp_path)
    settings.MIGRATION_MODULES = {"plans": folder.name}
    return folder


def change(folder):
    with (folder / "0001_initial.py").open("a") as migration:
        migration.write("# changed\n")


def add(folder):
    (folder / "0999_more.py").touch()


def remove(folder):
    max(folder.glob("0*.py")).unlink()


def rename(folder):
    (folder / "0001_initial.py").rename(folder / "0001_first.py")


@pytest.mark.parametrize("act", [change, add, remove, rename])
def test_database_from_before_a_change_of_the_migrations_is_not_met(act, moved, tmp_path):
    def make(file):
        file.write_text("".join(file.name for file in migrations_of("plans")) + made)

    made = "before"
    before = keep(f"{fingerprint()}.x", make, folder=tmp_path / "kept")
    act(moved)
    made = "after"
    after = keep(f"{fingerprint()}.x", make, folder=tmp_path / "kept")

    assert before != after
    assert after.read_text().endswith("after")


def test_database_of_unchanged_migrations_is_met_again(moved, tmp_path):
    def make(file):
        file.write_text(made)

    made = "before"
    keep(f"{fingerprint()}.x", make, folder=tmp_path / "kept")
    made = "after"
    (moved / "__pycache__").mkdir(exist_ok=True)
    (moved / "__pycache__" / "0001_initial.pyc").touch()

    assert keep(f"{fingerprint()}.x", make, folder=tmp_path / "kept").read_text() == "before"


@pytest.mark.django_db
def test_fingerprint_reads_every_migration_there_is():
    wanted = set(MigrationLoader(connection).disk_migrations)

    read = {
        (label, file.stem)
        for label in {label for label, _name in wanted}
        for file in migrations_of(label)
    }

    assert len({label for label, _name in wanted}) > len(["access", "core", "incidents", "plans"])
    assert wanted <= read


@pytest.mark.django_db
def test_tests_begin_with_every_migration_carried_out():
    loader = MigrationLoader(connection)

    assert set(loader.applied_migrations) == set(loader.disk_migrations)


def test_of_many_who_ask_at_once_one_makes_it_and_all_get_it_whole(tmp_path):
    makers = []
    together = threading.Barrier(4)

    def make(file):
        makers.append(file)
        file.write_text("ha")
        time.sleep(0.2)
        file.write_text("whole")

    def ask(_number):
        together.wait()
        return keep("one.x", make, folder=tmp_path).read_text()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(4)))

    assert answers == ["whole"] * 4
    assert len(makers) == 1


def test_what_was_broken_off_is_made_anew(tmp_path):
    (tmp_path / ".making-o-killed").mkdir()

    def break_off(file):
        file.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep("one.x", break_off, folder=tmp_path)

    whole = keep("one.x", lambda file: file.write_text("whole"), folder=tmp_path)

    assert whole.read_text() == "whole"
    assert {file.name for file in tmp_path.iterdir()} == {".lock-o", "one.x"}


def test_where_no_home_can_be_written_the_checkout_keeps_its_own(tmp_path, monkeypatch):
    (tmp_path / "file").touch()

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert kept_in() == ROOT / ".cache" / "databases"

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    assert kept_in() == tmp_path / "home" / "tansiq-tests"


def test_only_the_latest_few_are_kept(tmp_path):
    for name in ("a.x", "b.x", "a.x", "c.x"):
        keep(name, lambda file: file.write_text("whole"), folder=tmp_path, most=2)
        time.sleep(0.02)

    assert {file.name for file in tmp_path.glob("[a-z]*")} == {"a.x", "c.x"}
