"""A small OpenID Connect provider on this machine, which can be told to misbehave."""

import base64
import hashlib
import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "tansiq", "shared between the two"


class Provider:
    """Holds who signs in and how the provider deviates from what is right."""

    def __init__(self, address):
        self.address = address
        self.person = {
            "sub": "person-1",
            "email": "ratna@example.org",
            "email_verified": True,
            "name": "Ratna",
        }
        self.claims = {}
        self.userinfo = {}
        self.algorithm = "RS256"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.published = self.key
        self.codes = {}
        self.tokens = set()

    def discovery(self):
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def jwks(self):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.published.public_key()))
        return {"keys": [public | {"kid": "1", "alg": "RS256", "use": "sig"}]}

    def authorize(self, asked):
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, given):
        """Return the tokens for a code: once, to the right client, with the PKCE proof."""
        asked = self.codes.pop(given.get("code"), None)
        if asked is None or given.get("client_secret") != SECRET:
            return None
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked["code_challenge_method"] != "S256" or proof != asked["code_challenge"]:
            return None
        if given.get("redirect_uri") != asked["redirect_uri"]:
            return None
        token = secrets.token_urlsafe(16)
        self.tokens.add(token)
        return {"access_token": token, "token_type": "Bearer", "id_token": self.id_token(asked)}

    def id_token(self, asked):
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": self.person["sub"],
            "exp": int(time.time()) + 60,
            "iat": int(time.time()),
            "nonce": asked.get("nonce"),
        }
        key = "" if self.algorithm == "none" else self.key
        return jwt.encode(claims | self.claims, key, algorithm=self.algorithm, headers={"kid": "1"})

    def about(self, token):
        return (self.person | self.userinfo) if token in self.tokens else None


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        address = urlsplit(self.path)
        provider = self.server.provider
        if address.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            self.send_response(302)
            self.send_header("Location", provider.authorize(asked))
            self.end_headers()
        elif address.path == "/userinfo":
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self._answer(provider.about(token))
        elif address.path == "/jwks":
            self._answer(provider.jwks())
        else:
            self._answer(provider.discovery())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        self._answer(self.server.provider.exchange(given))

    def _answer(self, content):
        self.send_response(200 if content else 400)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content or {"error": "invalid_request"}).encode())

    def log_message(self, *_arguments):
        """Say nothing: what goes wrong shows in the answers."""


@contextmanager
def running_provider():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
