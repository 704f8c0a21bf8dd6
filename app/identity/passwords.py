"""Passwords: what a good one is, hashing and checking them (argon2id through Flask-Security)."""

from __future__ import annotations

import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_security.utils import hash_password, verify_password

from app.identity import policy
from app.kernel.errors import Invalid

LONGEST = 128
"""Longer input is refused unhashed: hashing time grows with it."""

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that cannot be taken for one another, for passwords read out or copied by hand."""


class WeakPassword(Invalid):
    code = "weak_password"


def hashed(password: str) -> str:
    return str(hash_password(password))


def matches(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one. Takes the same time where there is none."""
    if len(password) > LONGEST:
        return False
    nobody = _nobody()  # made before the choice, so that the first unknown name does not pay for it alone
    good = bool(verify_password(password, stored or nobody))
    return good and stored is not None


def check(password: str, *, username: str = "") -> None:
    """Raise `WeakPassword` unless the password suits the policy: length, two kinds of characters, not the name."""
    problem = _weakness(password, username, policy.current().password_min)
    if problem is not None:
        raise WeakPassword(problem, errors={"password": [str(problem)]})


def random_password() -> str:
    """A first password to hand over: three groups of five, about 74 bits."""
    groups = ("".join(secrets.choice(READABLE) for _n in range(5)) for _m in range(3))
    password = "-".join(groups)
    return password if any(c.isdigit() for c in password) else random_password()


def _weakness(password: str, username: str, shortest: int) -> Any:
    if len(password) < shortest:
        return _l("A password needs at least %(n)s characters.", n=shortest)
    if len(password) > LONGEST:
        return _l("A password has at most %(n)s characters.", n=LONGEST)
    if username and username.lower() in password.lower():
        return _l("The password must not contain the user name.")
    kinds = (str.isdigit, str.isalpha, lambda c: not c.isalnum())
    if sum(any(kind(c) for c in password) for kind in kinds) < 2:
        return _l("A password needs two kinds of characters: letters, digits, signs.")
    if len(set(password)) < 5:
        return _l("The password repeats too few characters.")
    return None


_nobody_hash: list[str] = []


def _nobody() -> str:
    """A hash no password matches, made once with the cost in force."""
    if not _nobody_hash:
        _nobody_hash.append(hashed(secrets.token_urlsafe(32)))
    return _nobody_hash[0]
