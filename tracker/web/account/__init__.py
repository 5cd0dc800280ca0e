"""Signing in and out, invitations, the own account."""

from __future__ import annotations

from tracker.web.account import (
    feeds,
    letters,
    links,
    profile,
    sessions,
    sign_in_letters,
    signing_in,
    work_accounts,
)
from tracker.web.account.blueprint import blueprint

__all__ = [
    "blueprint",
    "feeds",
    "letters",
    "links",
    "profile",
    "sessions",
    "sign_in_letters",
    "signing_in",
    "work_accounts",
]
