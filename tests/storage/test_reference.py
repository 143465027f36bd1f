"""References can be said on the phone, and a slip is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.reference import ALPHABET, new_reference, parse_reference, references_in, without_references

references = st.binary(min_size=16, max_size=16).map(new_reference)


@given(references)
def test_reference_is_read_back_however_it_is_typed(reference: str) -> None:
    """People type in lower case, with spaces or none, and phones turn a dash into a longer one."""
    plain = reference.replace("-", "")
    for typed in (
        reference,
        plain,
        plain.lower(),
        f"  {plain[:2]} {plain[2:6]} {plain[6:]} ",
        f"{plain[:4]}–{plain[4:]}",
    ):
        assert parse_reference(typed) == reference


@given(references)
def test_every_slip_of_one_character_is_caught(reference: str) -> None:
    """A wrong reference that looks right would open somebody else's enquiry."""
    plain = reference.replace("-", "")
    for place, character in enumerate(plain):
        for other in set(ALPHABET) - {character}:
            assert parse_reference(plain[:place] + other + plain[place + 1 :]) is None


@given(references)
def test_every_swap_of_two_neighbours_is_caught(reference: str) -> None:
    """Swapping two characters is the commonest slip when reading aloud."""
    plain = reference.replace("-", "")
    for place in range(len(plain) - 1):
        first, second = plain[place], plain[place + 1]
        swapped = plain[:place] + second + first + plain[place + 2 :]
        assert first == second or parse_reference(swapped) is None


@given(st.text())
def test_anything_at_all_can_be_typed_as_a_reference(text: str) -> None:
    """Reading a reference never fails: it is one, or it is not."""
    found = parse_reference(text)
    assert found is None or parse_reference(found) == found


def test_reference_has_no_look_alikes_and_no_words() -> None:
    """A reference read out over a bad line must have one reading, and never spell anything."""
    assert len(set(ALPHABET)) == 23
    assert not set("O0I1LS5B8Z2".replace("2", "")) & set(ALPHABET)
    assert not set("AEIOU") & set(ALPHABET)


def test_characters_that_could_be_two_others_are_refused() -> None:
    """O is a letter or a nought, and neither is in a reference: better to ask again than to guess."""
    assert parse_reference("7KM4-29QO") is None
    assert parse_reference("") is None
    assert parse_reference("7KM4-29Q") is None


def test_references_differ() -> None:
    """Made from enough randomness that nobody can guess one from another."""
    made = {new_reference(number.to_bytes(16, "big")) for number in range(0, 23**4, 17)}
    assert len(made) == len(range(0, 23**4, 17))


@given(references, st.sampled_from(["{}", "I have {} here", "any news of {} please?", "{}, {}"]))
def test_a_text_without_its_references_keeps_every_other_letter_in_its_place(reference: str, text: str) -> None:
    """What is heard in a message is shown by its place in it."""
    written = text.format(reference, reference)
    left = without_references(written)
    assert list(references_in(left)) == []
    assert [a if b != " " else " " for a, b in zip(written, left, strict=True)] == list(left)
    assert left.split() == text.replace("{}", "".center(9)).split()


@pytest.mark.parametrize(
    "said", ["Dad hurt Yung", "Dad drug Ruth", "36hr hurt", "they drug 3mth", "hung 72hr", "gwyr hurt"]
)
def test_words_that_happen_to_fit_the_check_are_left_to_be_heard(said: str) -> None:
    """One pair of such words in 23 fits, and what is blanked is heard by nobody."""
    assert list(references_in(said))
    assert without_references(said) == said


@pytest.mark.parametrize("typed", ["6CYK-3762", "6cyk\u20133762", "6cyk 3762", "6CYK3762", "FRKM-PVRM"])
def test_a_reference_that_cannot_be_words_is_blanked_however_it_is_typed(typed: str) -> None:
    """Letters that we drew say nothing."""
    assert without_references(f"from {typed}") == "from " + " " * len(typed)
