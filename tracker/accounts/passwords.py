"""Password hashes (argon2id, RFC 9106's second recommended option) and the rule for a new password."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.accounts.easy_passwords import is_easy
from tracker.domain.errors import InvalidInput

MINIMUM = 12
MAXIMUM = 200

_hasher = PasswordHasher()
# Checked when the account does not exist, so that the answer takes as long as when it does: made with the
# parameters above, from a password that nobody knows. Written out, since making it would delay every start.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$R/z/09P4cjEMJIWJkHdtoQ$q+CWFimBP+pVQaMURafGLL+rENbBTv+7j8RxRH8OhBU"


def hash_password(password: str, *, name: str = "", email: str = "") -> str:
    """Hash a new password. Raises InvalidInput on `password` when it is too short, long or obvious."""
    if len(password) < MINIMUM:
        raise InvalidInput("password", "Choose a password of at least %(count)s characters.", count=MINIMUM)
    if len(password) > MAXIMUM:
        raise InvalidInput("password", "A password can have at most %(count)s characters.", count=MAXIMUM)
    if is_easy(password, about=(name, email)):
        raise InvalidInput("password", "That password is too easy to guess. Choose another.")
    return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether a password fits. Takes as long when there is no hash."""
    try:
        _hasher.verify(password_hash or _NOBODY, password[: MAXIMUM + 1])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
