"""Fetching is limited in size and time, and never reaches the inside of a network."""

import http.server
import threading
import time

import pytest

from tansiq.core import fetching
from tansiq.core.fetching import FetchingError, fetch_content
from tansiq.core.posting import Target, _is_inside


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers by path, as a server of somebody else might."""

    def do_GET(self):
        name = self.path.strip("/")
        getattr(self, f"answer_{name}", self.answer_missing)()

    def answer_fine(self):
        if self.headers.get("If-None-Match") == '"one"':
            self.send_response(304)
            self.end_headers()
            return
        self.reply(200, b"hello", ETag='"one"')

    def answer_large(self):
        self.reply(200, b"x" * 5000)

    def answer_moved(self):
        self.reply(302, b"", Location="/fine")

    def answer_circle(self):
        self.reply(302, b"", Location="/circle")

    def answer_away(self):
        self.reply(302, b"", Location="ftp://a.example/x")

    def answer_missing(self):
        self.reply(404, b"")

    def answer_slow(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            try:
                self.wfile.write(b".")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    def reply(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.fixture(scope="module")
def server():
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def fetched(url, **options):
    return fetch_content(Target(url, may_be_private=True), **({"most": 1000} | options))


def test_content_comes_with_its_etag_and_is_not_sent_again(server):
    first = fetched(f"{server}/fine")
    again = fetched(f"{server}/fine", etag=first.etag)

    assert (first.content, first.is_unchanged) == (b"hello", False)
    assert (again.content, again.is_unchanged) == (b"", True)


def test_a_move_is_followed_and_its_end_is_told(server):
    assert fetched(f"{server}/moved").url == f"{server}/fine"


@pytest.mark.parametrize(
    ("path", "says"),
    [("large", "longer"), ("circle", "on and on"), ("away", "http"), ("nowhere", "404")],
)
def test_what_is_not_usable_is_told(server, path, says):
    with pytest.raises(FetchingError, match=says):
        fetched(f"{server}/{path}")


def test_who_sends_a_byte_now_and_then_is_cut_off(server, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    began = time.monotonic()

    try:
        content = fetched(f"{server}/slow").content
    except FetchingError:
        content = b""

    assert time.monotonic() - began < 3
    assert len(content) < 60


@pytest.mark.parametrize("url", ["ftp://a.example/", "/alerts", "http://", "http://a.example:x/"])
def test_an_address_that_is_none_is_told(url):
    with pytest.raises(FetchingError):
        fetched(url)


def test_the_inside_is_not_reached_unless_a_setting_says_so(server):
    with pytest.raises(FetchingError, match="private network"):
        fetch_content(Target(f"{server}/fine"), most=10)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_each_way_to_write_an_inner_address_is_known(address):
    assert _is_inside(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_addresses_out_there_are_reached(address):
    assert not _is_inside(address)
