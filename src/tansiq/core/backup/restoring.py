"""Put a backup in the place of what is there, so that it can be undone until the last step."""

import os
import secrets
import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader

import tansiq
from tansiq.core.backup import databases
from tansiq.core.backup.manifest import BackupError, Manifest
from tansiq.core.backup.reading import unpack

# While this file is there, a restore is under way, or was cut off and must be undone.
_MARK = "restore-under-way"
_FILES_ASIDE = f"files.{databases.ASIDE}"


def restore_backup(backup: Path, *, replace: bool) -> Manifest:
    """Check a backup whole, then put it in place. Raises BackupError; then nothing is changed.

    Call it while no other process uses the data directory.
    """
    undo_if_cut_off()
    data = Path(settings.DATA_DIR)
    staging = data / f"restore-{secrets.token_hex(6)}"
    staging.mkdir(mode=0o700, parents=True)
    try:
        manifest = unpack(backup, staging)
        database = databases.current()
        _demand_fitting(manifest, database)
        database.check(staging / database.member, manifest.contents)
        if not replace and has_data():
            raise BackupError(
                "There are people or files here already. To put the backup in their place, "
                "say so with --replace; make a backup of what is here first."
            )
        _put_in_place(staging, manifest, database)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return manifest


def undo_if_cut_off() -> bool:
    """Put the old data back if a restore was cut off; return whether there was one.

    What a finished one left behind is deleted.
    """
    database, data = databases.current(), Path(settings.DATA_DIR)
    was_cut_off = (data / _MARK).exists()
    if was_cut_off:
        database.undo()
        _put_files_back()
        _unmark()
    elif data.exists():
        _finish(database)
    for left in data.glob("restore-*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
    return was_cut_off


def has_data() -> bool:
    """Return whether there is anything here that somebody would miss."""
    root = Path(settings.MEDIA_ROOT)
    if root.exists() and any(path.is_file() for path in root.rglob("*")):
        return True
    try:
        return bool(get_user_model()._default_manager.exists())  # noqa: SLF001 -- Django's documented name
    except DatabaseError:
        # No tables yet.
        return False
    finally:
        connection.close()


def _put_in_place(staging: Path, manifest: Manifest, database: databases.Database) -> None:
    _mark()
    try:
        database.replace(staging / database.member, manifest.contents)
        _replace_files(staging / "files")
    except BaseException as problem:
        database.undo()
        _put_files_back()
        _unmark()
        if isinstance(problem, OSError):
            reason = problem.strerror or type(problem).__name__
            raise BackupError(f"The backup cannot be put in place: {reason}.") from problem
        raise
    connections.close_all()
    # From here on the restore has happened.
    _unmark()
    _finish(database)


def _finish(database: databases.Database) -> None:
    database.finish()
    shutil.rmtree(Path(settings.DATA_DIR) / _FILES_ASIDE, ignore_errors=True)


def _demand_fitting(manifest: Manifest, database: databases.Database) -> None:
    if manifest.database != database.kind:
        raise BackupError(
            f"This backup is of a {manifest.database} database, but {database.kind} is in use "
            "here. Point DATABASE_URL to a database of the same kind."
        )
    if database.member not in manifest.members:
        raise BackupError("This backup holds no database.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or ()}
    unknown = [name for name in manifest.contents.migrations if name not in known]
    if _numbers(manifest.version) > _numbers(tansiq.__version__) or unknown:
        raise BackupError(
            f"This backup was made by Tansiq {manifest.version}; here is {tansiq.__version__}. "
            "Upgrade Tansiq first."
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _replace_files(arrived: Path) -> None:
    root, aside = Path(settings.MEDIA_ROOT), Path(settings.DATA_DIR) / _FILES_ASIDE
    arrived.mkdir(mode=0o700, exist_ok=True)
    root.mkdir(parents=True, exist_ok=True)
    root.rename(aside)
    arrived.rename(root)
    _sync(root.parent)


def _put_files_back() -> None:
    root, aside = Path(settings.MEDIA_ROOT), Path(settings.DATA_DIR) / _FILES_ASIDE
    if aside.exists():
        shutil.rmtree(root, ignore_errors=True)
        aside.rename(root)
        _sync(root.parent)


def _mark() -> None:
    (Path(settings.DATA_DIR) / _MARK).touch()
    _sync(Path(settings.DATA_DIR))


def _unmark() -> None:
    (Path(settings.DATA_DIR) / _MARK).unlink()
    _sync(Path(settings.DATA_DIR))


def _sync(folder: Path) -> None:
    """Make renames in a folder outlive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
