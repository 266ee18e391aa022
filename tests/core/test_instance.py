"""One data directory: those who serve from it share it, who replaces what is in it is alone."""

import threading

import pytest

from tansiq.core.instance import InUseError, alone, in_use


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def held_alone():
    """Somebody else has the directory alone, until `let_go` is called."""
    held, free = threading.Event(), threading.Event()

    def hold():
        with alone():
            held.set()
            free.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(10)
    yield free.set
    free.set()
    other.join()


def test_several_serve_from_one_directory():
    with in_use(patience=0), in_use(patience=0):
        pass


def test_who_serves_waits_for_another_who_is_just_starting(held_alone):
    threading.Timer(0.2, held_alone).start()

    with in_use(patience=10):
        pass


def test_who_serves_does_not_wait_for_a_whole_restore(held_alone):
    with pytest.raises(InUseError), in_use(patience=0.1):
        pass


def test_nobody_replaces_what_is_served():
    with in_use(), pytest.raises(InUseError), alone():
        pass
