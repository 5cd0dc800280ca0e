"""The letters of accounts: invitation, new password, sign-in. Each carries a link with a derived token."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts import tokens
from tracker.accounts.models import AccountToken, TokenPurpose
from tracker.mail.letters import Letter, LetterContext, LetterKind
from tracker.mail.letters import register as register_kind
from tracker.mail.models import Mail
from tracker.mail.rendering import letter_from

_PATHS = {
    TokenPurpose.invitation: "invitation",
    TokenPurpose.password_reset: "new-password",
    TokenPurpose.sign_in: "sign-in/letter",
}


def register() -> None:
    for purpose in TokenPurpose:
        register_kind(
            LetterKind(name=purpose.value, render=_render, still_wanted=_still_wanted, sensitive=True)
        )


def _token(mail: Mail, secret: bytes) -> str:
    return tokens.derive(secret, mail.kind, mail.payload["nonce"])


def _render(_session: Session, mail: Mail, context: LetterContext) -> Letter:
    """The letter with its link and the day on which the link stops working."""
    path = _PATHS[TokenPurpose(mail.kind)]
    return letter_from(
        mail.kind,
        context,
        link=f"{context.base_url}/{path}/{_token(mail, context.secret)}",
        expires_at=datetime.fromisoformat(mail.payload["expires_at"]),
    )


def _still_wanted(session: Session, mail: Mail) -> str | None:
    unused = select(AccountToken.id).where(
        AccountToken.id == mail.payload["token_id"],
        AccountToken.used_at.is_(None),
        AccountToken.expires_at > clock.real_now(),
    )
    return None if session.scalar(unused) else "its link has been used or replaced, or works no more"
