"""Signing in and out, invitations, the own account."""

from __future__ import annotations

from tracker.web.account import profile, signing_in
from tracker.web.account.blueprint import blueprint

__all__ = ["blueprint", "profile", "signing_in"]
