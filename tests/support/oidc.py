"""A small identity provider on a loopback port, which can be told to answer wrongly."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.support.ports import free_port

CLIENT_ID, CLIENT_SECRET = "tracker", "the provider's own secret"


def _key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"}, private=True)


@dataclass
class IdentityProvider:
    """`claims` replaces what its ID tokens say (None leaves a claim out); `state` what it gives back."""

    url: str
    key: RSAKey = field(default_factory=lambda: _key("first"))
    signing_key: RSAKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    state: str | None = None
    token_moved: bool = False  # the code is asked for at another address, by a redirect that keeps the form
    metadata: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    verified: int = 0  # how many codes were taken with a right PKCE verifier and the client's secret

    def person(self, *, subject: str, email: str, verified: bool = True) -> None:
        """Who sits at the provider's sign-in page."""
        self.claims |= {"sub": subject, "email": email, "email_verified": verified}

    def documents(self) -> dict[str, dict[str, Any]]:
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "id_token_signing_alg_values_supported": ["RS256", "none"],
                **self.metadata,
            },
            "/keys": {"keys": [self.key.as_dict(private=False)]},
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return query["redirect_uri"] + "?" + urlencode({"code": code, "state": self.state or query["state"]})

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any]:
        """Raises KeyError for a code that it does not know, or knows no more."""
        asked = self.codes.pop(form["code"])
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        assert challenge.rstrip(b"=").decode() == asked["code_challenge"]
        assert form["redirect_uri"] == asked["redirect_uri"]
        assert base64.b64decode(authorization.removeprefix("Basic ")).decode().startswith(CLIENT_ID)
        self.verified += 1
        now = int(time.time())
        says = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        return {
            "access_token": "unused",
            "token_type": "Bearer",
            "id_token": self._signed({name: value for name, value in says.items() if value is not None}),
        }

    def _signed(self, claims: dict[str, Any]) -> str:
        key = self.signing_key or self.key
        if self.algorithm == "none":
            parts = ({"alg": "none", "kid": key.kid}, claims)
            return ".".join(_segment(part) for part in parts) + "."
        if self.algorithm == "HS256":  # signed with the public key, as if it were a shared secret
            from joserfc.jwk import OctKey

            shared = OctKey.import_key(key.as_pem(private=False))
            return jwt.encode({"alg": "HS256", "kid": key.kid}, claims, shared, algorithms=["HS256"])
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, claims, key)


def _segment(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    port = free_port()
    provider = IdentityProvider(f"http://127.0.0.1:{port}")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            found = provider.documents().get(parts.path)
            self._answer(200 if found else 404, found or {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if provider.token_moved and self.path != "/elsewhere":
                self.send_response(307)
                self.send_header("Location", f"{provider.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            try:
                self._answer(200, provider.token(form, self.headers.get("Authorization", "")))
            except (KeyError, AssertionError):
                self._answer(400, {"error": "invalid_grant"})

        def _answer(self, status: int, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
