"""Signing in at an identity provider: OpenID Connect's authorization code flow with PKCE.

Everything that the provider's answer must be is checked here: state, nonce, signature (with its published
keys, asymmetric algorithms alone), issuer, audience and times. What fails raises ProviderError. The libraries
for it are large: who has no provider need not load them.
"""

from __future__ import annotations

import hmac
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from tracker.accounts import tokens
from tracker.accounts.provider import Account, Begun, Provider, ProviderError

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
PATIENCE = 5.0  # seconds for each answer of the provider
KNOWN_FOR = 600.0  # seconds for which its addresses and keys are kept
LEEWAY = 60  # seconds by which its clock may differ
LASTS = 600  # seconds for which a sign-in that was begun can be finished
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_known: dict[tuple[str, str], tuple[float, dict[str, Any]]] = {}


def begin(provider: Provider, *, now: float) -> tuple[str, Begun]:
    """The address to send the browser to, and what it keeps. Raises ProviderError."""
    begun = Begun(tokens.new_token(), tokens.new_token(), tokens.new_token() + tokens.new_token(), now)
    with _session(provider) as session:
        url, _ = session.create_authorization_url(
            _endpoint(provider, "authorization_endpoint"),
            state=begun.state,
            nonce=begun.nonce,
            code_verifier=begun.verifier,
        )
    return str(url), begun


def finish(provider: Provider, begun: Begun | None, answer: dict[str, str], *, now: float) -> Account:
    """The account that signed in, from the parameters of the provider's answer. Raises ProviderError."""
    if begun is None or not hmac.compare_digest(begun.state.encode(), answer.get("state", "").encode()):
        raise ProviderError("the state is not the browser's")
    if not 0 <= now - begun.at <= LASTS:
        raise ProviderError("the sign-in was begun too long ago")
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise ProviderError("another issuer answered")
    if "code" not in answer:
        raise ProviderError(f"the provider refused: {answer.get('error', '')[:60]!r}")
    claims = _claims(provider, _id_token(provider, answer["code"], begun.verifier))
    _check(provider, claims, nonce=begun.nonce, now=now)
    confirmed = claims.get("email_verified") is True and isinstance(claims.get("email"), str)
    return Account(provider.issuer, str(claims["sub"]), claims["email"] if confirmed else "")


def _session(provider: Provider) -> Any:
    offered = _metadata(provider).get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    way = "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"
    return OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope="openid email",
        redirect_uri=provider.redirect_uri,
        token_endpoint_auth_method=way,
        code_challenge_method="S256",
        default_timeout=PATIENCE,
    )


def _id_token(provider: Provider, code: str, verifier: str) -> str:
    try:
        with _session(provider) as session:
            answer = session.fetch_token(
                _endpoint(provider, "token_endpoint"),
                code=code,
                code_verifier=verifier,
                grant_type="authorization_code",
                allow_redirects=False,
            )
    except (requests.RequestException, OAuthError, ValueError) as error:
        raise ProviderError(f"the code was not taken: {type(error).__name__}") from error
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise ProviderError("the answer has no ID token")
    return token


def _claims(provider: Provider, token: str) -> dict[str, Any]:
    """What the token says, when a key of the provider has signed it."""
    try:
        try:
            return _decoded(provider, token)
        except InvalidKeyIdError:
            _known.pop((provider.issuer, "keys"), None)  # it may have new keys
            return _decoded(provider, token)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderError(f"the ID token is not the provider's: {type(error).__name__}") from error


def _decoded(provider: Provider, token: str) -> dict[str, Any]:
    keys: Any = _fetched(provider, "keys", _endpoint(provider, "jwks_uri"))
    return dict(jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims)


def _check(provider: Provider, claims: dict[str, Any], *, nonce: str, now: float) -> None:
    rules = jwt.JWTClaimsRegistry(
        now=int(now),
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        sub={"essential": True},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        rules.validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise ProviderError(f"the ID token does not fit: {error}") from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else provider.client_id) != provider.client_id:
        raise ProviderError("the ID token was issued to another service")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise ProviderError("the ID token names nobody")


def _metadata(provider: Provider) -> dict[str, Any]:
    url = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = _fetched(provider, "metadata", url)
    if found.get("issuer") != provider.issuer:
        _known.pop((provider.issuer, "metadata"), None)
        raise ProviderError("the provider calls itself by another name than the settings")
    return found


def _endpoint(provider: Provider, name: str) -> str:
    url = _metadata(provider).get(name)
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ProviderError(f"the provider has no {name} that can be used")
    return str(url)


def _fetched(provider: Provider, what: str, url: str) -> dict[str, Any]:
    """A document of the provider, kept for some minutes."""
    key = (provider.issuer, what)
    kept = _known.get(key)
    if kept is not None and time.monotonic() - kept[0] < KNOWN_FOR:
        return kept[1]
    try:
        answer = requests.get(url, timeout=PATIENCE, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderError(f"the provider's {what} cannot be read: {type(error).__name__}") from error
    if answer.status_code != requests.codes.ok or not isinstance(found, dict):
        raise ProviderError(f"the provider's {what} cannot be read")
    _known[key] = (time.monotonic(), found)
    return found
