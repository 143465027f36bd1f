"""Words fall into pieces as the English encoder learnt them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlu.wordpiece import WordPiece

_VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "he", "hit", "##s", "me", "again", ".", "cafe", "hidden", "'"]
_WORDS = WordPiece(_VOCABULARY)


def _spelt(text: str) -> list[str]:
    return [_VOCABULARY[i] for i in _WORDS.pieces(text)]


def test_the_longest_piece_is_taken_first() -> None:
    """A reader that splits words otherwise than it learnt reads nonsense."""
    assert _spelt("hits") == ["hit", "##s"]
    assert _spelt("He HITS me.") == ["he", "hit", "##s", "me", "."]


def test_accents_capitals_and_hidden_letters_are_nothing() -> None:
    """A zero-width space put in to slip past is not seen at all."""
    assert _spelt("Café") == ["cafe"]
    assert _spelt("hid\u200bden \u00adme") == ["hidden", "me"]


def test_a_word_that_does_not_fall_apart_is_unknown() -> None:
    """It is marked as unknown as a whole, as in training."""
    assert _spelt("zzz") == ["[UNK]"]
    assert _spelt("x" * 200) == ["[UNK]"]


def test_the_ends_are_marked_and_the_middle_is_cut() -> None:
    """The marks must be there however long the message."""
    coded = _WORDS.encode("me " * 50, longest=10)
    assert len(coded) == 10
    assert (coded[0], coded[-1]) == (2, 3)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    """People type anything."""
    assert all(0 <= i < len(_VOCABULARY) for i in _WORDS.encode(text, longest=64))
