"""Handing JSON to an address that the operator named: signed, in time, and never to the inside.

The name is looked up once and the connection goes to that very address, so that a name which
points elsewhere a moment later leads nowhere. Redirects are not followed.
"""

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

TIMEOUT: Final = 10.0
_MOST_ANSWERED = 4096
_PORTS = {"http": 80, "https": 443}
# IPv4 addresses as networks with IPv6 alone write them.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


class PostingError(Exception):
    """The other side was not reached or did not take it; the text says why."""


@dataclass(frozen=True)
class Target:
    """Where to post; with a secret each post is signed."""

    url: str
    secret: str = ""
    may_be_private: bool = False
    # By which an operator says that the address is meant to be of a private network.
    setting: str = "TANSIQ_CHANNELS_MAY_BE_PRIVATE"


@dataclass(frozen=True)
class Answer:
    """What the other side said to a call."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def post_json(target: Target, content: dict[str, Any], *, at: datetime) -> None:
    """Post the content and return when the other side took it (any 2xx). Raises PostingError.

    With a secret the header X-Tansiq-Signature carries `t=<seconds>,v1=<HMAC-SHA256 in hex>` over
    `<seconds>.<body>`, so that the receiver can refuse forgeries and old posts.
    """
    parts = urlsplit(target.url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise PostingError("The address must begin with http:// or https:// and name a host.")
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "Tansiq"}
    headers |= _signature(target.secret, body, at)
    connection = connection_to(target)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read(_MOST_ANSWERED)
    except (OSError, http.client.HTTPException) as problem:
        raise PostingError(f"The other side cannot be reached: {problem}") from problem
    finally:
        connection.close()
    if not 200 <= answer.status < 300:  # noqa: PLR2004 -- every success
        raise PostingError(f"The other side answered {answer.status}.")


def ask(
    target: Target,
    method: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str],
    most: int,
    seconds: float = TIMEOUT,
) -> Answer:
    """Call and return what was answered, whatever its status. Raises PostingError.

    Of an answer longer than `most` bytes nothing is believed; redirects are answers.
    """
    parts = urlsplit(target.url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise PostingError("The address must begin with http:// or https:// and name a host.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = connection_to(target)
    try:
        connection.connect()
        # The first answer may take longer than finding the other side.
        connection.sock.settimeout(seconds)
        connection.request(method, path, body, {"User-Agent": "Tansiq", **headers})
        answer = connection.getresponse()
        content = answer.read(most + 1)
        if len(content) > most:
            raise PostingError(f"The answer is longer than {most} bytes.")
        is_whole = len(content) == int(answer.headers.get("Content-Length", len(content)))
    except (OSError, ValueError, http.client.HTTPException) as problem:
        raise PostingError(f"The other side cannot be reached: {problem}") from problem
    finally:
        connection.close()
    if not is_whole:
        raise PostingError("The answer was cut off.")
    return Answer(answer.status, dict(answer.headers.items()), content)


def _signature(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    if not secret:
        return {}
    seconds = str(int(at.timestamp()))
    seal = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Tansiq-Signature": f"t={seconds},v1={seal}"}


def connection_to(target: Target) -> http.client.HTTPConnection:
    """Return a connection to the one address of the host that was checked. Raises PostingError."""
    parts = urlsplit(target.url)
    host = str(parts.hostname)
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError as problem:
        raise PostingError("The port of the address is no number.") from problem
    pinned = _address_of(host, port, target)
    if parts.scheme == "https":
        return _PinnedHttps(host, port, pinned)
    return _Pinned(host, port, pinned)


def _address_of(host: str, port: int, target: Target) -> str:
    """Return one address of the host. Raises PostingError when any of them is on the inside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as problem:
        raise PostingError(f"The name {host} is not known.") from problem
    addresses = [str(one[4][0]) for one in found]
    if not target.may_be_private:
        inside = [one for one in addresses if _is_inside(one)]
        if inside:
            raise PostingError(
                f"{host} is an address of a private network. Set "
                f"{target.setting}=yes if that is meant."
            )
    return addresses[0]


def _is_inside(address: str) -> bool:
    """Return whether the address is of no single machine out there; also one wrapped in IPv6."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        wrapped = found.sixtofour or (found.teredo or (None,))[0]
        if found in _TRANSLATED:
            wrapped = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if wrapped is not None and not wrapped.is_global:
            return True
    return found.is_multicast or not found.is_global


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was checked, whatever the name says now."""

    def __init__(self, host: str, port: int, pinned: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._pinned = pinned

    def connect(self) -> None:
        self.sock = socket.create_connection((self._pinned, self.port), TIMEOUT)


class _PinnedHttps(http.client.HTTPSConnection):
    def __init__(self, host: str, port: int, pinned: str) -> None:
        self._known = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT, context=self._known)
        self._pinned = pinned

    def connect(self) -> None:
        plain = socket.create_connection((self._pinned, self.port), TIMEOUT)
        # The certificate must be that of the name.
        self.sock = self._known.wrap_socket(plain, server_hostname=self.host)
