"""Passwords of staff: made, checked, and kept only as what cannot be turned back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storage.reference import ALPHABET

SHORTEST = 12
LONGEST = 200
"""In characters. A longer one would only make the machine work."""

_ONE_TIME = "once:"
_GROUPS, _IN_A_GROUP = 4, 5
_hasher = PasswordHasher()
_HASH_OF_NOBODY = _hasher.hash(secrets.token_hex(16))


@dataclass(frozen=True, slots=True)
class Checked:
    """`is_one_time`: it lets its owner choose a password, and do nothing else.

    `kept_anew` is set where the password should be kept again in a stronger form.
    """

    is_right: bool
    is_one_time: bool = False
    kept_anew: str | None = None


def what_is_wrong(password: str) -> str:
    """Return what to mend about a password somebody chose, or nothing."""
    if len(password) < SHORTEST:
        return f"use at least {SHORTEST} characters: three or four words are easy to remember"
    if len(password) > LONGEST:
        return f"use at most {LONGEST} characters"
    if len(set(password)) < 5:
        return "use more than a few different characters"
    return ""


def new_password() -> str:
    """Return a password that nobody can guess, in letters that are not taken for one another."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups).lower()


def hash_password(password: str, *, is_one_time: bool = False) -> str:
    """Return the form to keep. It takes a while, on purpose: never while a transaction is open."""
    return (_ONE_TIME if is_one_time else "") + _hasher.hash(password)


def check_password(kept: str | None, password: str) -> Checked:
    """Say whether this is the password. Takes as long where there is none, so that time tells nothing."""
    is_one_time = kept is not None and kept.startswith(_ONE_TIME)
    plain = _HASH_OF_NOBODY if kept is None else kept.removeprefix(_ONE_TIME)
    try:
        _hasher.verify(plain, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return Checked(is_right=False)
    if kept is None:
        return Checked(is_right=False)
    is_weak = _hasher.check_needs_rehash(plain)
    return Checked(True, is_one_time, hash_password(password, is_one_time=is_one_time) if is_weak else None)
