"""A real server with the demo country, and a real browser to walk through it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import NamedTuple

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.chromium import ARGUMENTS, path_to_chromium
from tests.browser.walk import Walk
from tests.databases import ROOT, copy_to

FIRST_ANSWER_WITHIN_SECONDS = 60


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


class Server(NamedTuple):
    address: str
    environment: dict[str, str]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Run Tansiq as an operator would, on a database of its own, and give its address."""
    folder = tmp_path_factory.mktemp("tansiq")
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TANSIQ_", "DATABASE_URL", "DJANGO_"))
    }
    environment |= {
        "PYTHONPATH": str(ROOT / "src"),
        "TANSIQ_DATA_DIR": str(folder),
        "TANSIQ_ORIGIN": address,
        "TANSIQ_LOG": "plain",
        "TANSIQ_DEMO": "yes",
    }
    command = [sys.executable, "-m", "tansiq"]
    copy_to(folder / "tansiq.sqlite3")
    for step in (
        ["collectstatic", "--no-input", "--verbosity", "0"],
        ["demo", "--if-empty"],
    ):
        subprocess.run([*command, *step], cwd=ROOT, env=environment, check=True)  # noqa: S603 -- our own
    with (folder / "server.log").open("w+") as log:
        process = subprocess.Popen(  # noqa: S603 -- our own
            [*command, "up", "--port", str(port)], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait_for(address, process, log)
            yield Server(address, environment)
        finally:
            process.terminate()
            process.wait(timeout=10)


@pytest.fixture(scope="session")
def chromium():
    path = path_to_chromium()
    if path is None:
        pytest.skip("Chromium is not installed here (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def walk(chromium, server):
    """Open pages as somebody; at the end nothing may have gone wrong in the browser."""
    walk = Walk(chromium, server.address)
    yield walk
    walk.close()
    assert walk.problems == []


@pytest.fixture(scope="session")
def people(server):
    """One signed-in person of the demo for each kind of organisation, role and country."""
    command = [sys.executable, "tools/demo_people.py"]
    answer = subprocess.run(  # noqa: S603 -- our own
        command, cwd=ROOT, env=server.environment, capture_output=True, check=True
    )
    return json.loads(answer.stdout)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address, process, log):
    deadline = time.monotonic() + FIRST_ANSWER_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310 -- our own
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    log.seek(0)
    pytest.fail(f"The server did not answer:\n{log.read()}")
