"""Tokens: 256 bits, of which the database keeps only the hash.

The token in a letter is derived from a nonce and the installation's secret, so that the letter can be
rendered when it is sent without the token being stored anywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_token() -> str:
    """A fresh random token, safe in an address."""
    return secrets.token_urlsafe(32)


def new_nonce() -> str:
    return secrets.token_hex(16)


def derive(secret: bytes, purpose: str, nonce: str) -> str:
    """The token of a nonce: HMAC-SHA256 in hexadecimal. Another purpose gives another token."""
    return hmac.new(secret, f"{purpose}:{nonce}".encode(), hashlib.sha256).hexdigest()


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
