"""Passwords are hard to guess, kept only as what cannot be turned back, and tell nothing by time."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from bot.desk import passwords
from bot.desk.passwords import check_password, hash_password, new_password, what_is_wrong

GOOD = "four grey pigeons sleeping"


def test_the_right_password_opens_and_a_wrong_one_does_not() -> None:
    """The whole of it."""
    kept = hash_password(GOOD)
    assert GOOD not in kept
    assert check_password(kept, GOOD).is_right
    assert not check_password(kept, GOOD + " ").is_right
    assert not check_password(kept, "").is_right
    assert hash_password(GOOD) != kept, "two workers with one password are not seen to have it"


def test_a_one_time_password_says_so() -> None:
    """Whoever printed it has seen it: its owner chooses another before anything else."""
    kept = hash_password(GOOD, is_one_time=True)
    checked = check_password(kept, GOOD)
    assert (checked.is_right, checked.is_one_time) == (True, True)
    assert not check_password(hash_password(GOOD), GOOD).is_one_time


@pytest.mark.parametrize("kept", [None, "", "once:", "nonsense", "$argon2id$v=19$broken"])
def test_no_password_and_a_damaged_one_open_nothing(kept: str | None) -> None:
    """A row with no password is nobody's way in."""
    for typed in ("", GOOD, kept or ""):
        assert not check_password(kept, typed).is_right


def test_where_there_is_no_password_as_much_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger who measures time must not learn which addresses are staff."""
    worked = []
    hasher = PasswordHasher()

    class Counting:
        def verify(self, kept: str, typed: str) -> bool:
            worked.append(kept[:30])
            return hasher.verify(kept, typed)

        def check_needs_rehash(self, kept: str) -> bool:
            return hasher.check_needs_rehash(kept)

    kept = hash_password(GOOD)
    monkeypatch.setattr(passwords, "_hasher", Counting())
    check_password(None, GOOD)
    check_password(kept, GOOD)
    assert len(worked) == 2
    assert worked[0] == worked[1], "with the same cost"


def test_a_password_kept_in_a_weaker_form_is_made_anew() -> None:
    """As machines grow faster."""
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(GOOD)
    checked = check_password(weak, GOOD)
    assert checked.kept_anew is not None
    assert check_password(checked.kept_anew, GOOD).is_right
    assert check_password(checked.kept_anew, GOOD).kept_anew is None


@pytest.mark.parametrize(
    ("password", "is_fine"),
    [("short", False), ("aaaaaaaaaaaaaaaa", False), ("x" * 201, False), (GOOD, True), ("Gŵyl y Banc 12!", True)],
)
def test_what_people_choose_is_long_enough(password: str, is_fine: bool) -> None:
    """Length, and no rules that make people write it on paper."""
    assert (what_is_wrong(password) == "") is is_fine


def test_made_passwords_differ_and_are_good_enough() -> None:
    """They are read out and typed: no capitals, no letters taken for one another."""
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        assert not what_is_wrong(password)
        assert password == password.lower()
        assert not set("01ilosbz5") & set(password)
