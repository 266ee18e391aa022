import datetime as dt
import hashlib
import hmac
import http.server
import json
import threading

import pytest

from tansiq.core.posting import PostingError, Target, post_json

NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)


class Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_words):
        """Keep quiet."""


@pytest.fixture
def gateway():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    server.taken, server.status = [], 202
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def target(gateway, **more):
    host, port = gateway.server_address
    return Target(f"http://{host}:{port}/sms?key=1", **{"may_be_private": True} | more)


def test_the_other_side_gets_signed_json(gateway):
    post_json(target(gateway, secret="seal"), {"to": "+63", "text": "نداء"}, at=NOON)

    ((path, headers, body),) = gateway.taken
    seconds = str(int(NOON.timestamp()))
    seal = hmac.new(b"seal", f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert (path, json.loads(body)) == ("/sms?key=1", {"to": "+63", "text": "نداء"})
    assert headers["X-Tansiq-Signature"] == f"t={seconds},v1={seal}"


def test_without_a_secret_nothing_is_signed(gateway):
    post_json(target(gateway), {}, at=NOON)

    ((_path, headers, _body),) = gateway.taken
    assert "X-Tansiq-Signature" not in headers


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_an_address_on_the_inside_is_refused_unless_it_is_meant(gateway, host):
    port = gateway.server_address[1]

    with pytest.raises(PostingError, match="private network"):
        post_json(Target(f"http://{host}:{port}/"), {}, at=NOON)

    assert gateway.taken == []


@pytest.mark.parametrize("status", [302, 400, 500])
def test_anything_but_yes_is_a_failure_and_no_redirect_is_followed(gateway, status):
    gateway.status = status

    with pytest.raises(PostingError, match=str(status)):
        post_json(target(gateway), {}, at=NOON)

    assert len(gateway.taken) == 1


@pytest.mark.parametrize(
    "url", ["ftp://x/", "http://", "nonsense", "file:/etc/passwd", "http://127.0.0.1:x/"]
)
def test_a_wrong_address_is_refused_with_a_sentence(url):
    with pytest.raises(PostingError):
        post_json(Target(url, may_be_private=True), {}, at=NOON)


def test_nobody_at_home_is_a_failure(gateway):
    wanted = target(gateway)
    gateway.shutdown()
    gateway.server_close()

    with pytest.raises(PostingError, match="cannot be reached"):
        post_json(wanted, {}, at=NOON)
