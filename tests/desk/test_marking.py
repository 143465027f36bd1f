"""Their words are marked, and not a letter of them changes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.marking import marked, reasons_of

LABEL = {"neglect": "Neglect"}
places = st.integers(-5, 60)
signals = st.lists(
    st.fixed_dictionaries(
        {
            "indicator": st.sampled_from(["neglect", "unheard_of"]),
            "urgency": st.just("same_day"),
            "by": st.sampled_from(["phrase", "model", "rule", "else"]),
            "what": st.text(max_size=5),
            "start": places,
            "end": places,
        }
    ),
    max_size=5,
)


@settings(max_examples=60)
@given(st.text(max_size=40), signals)
def test_the_pieces_joined_are_the_words(words: str, found: list[dict[str, object]]) -> None:
    """Whatever screening says of places, the record is what they wrote."""
    reasons = reasons_of(found, LABEL, len(words))
    pieces = marked(words, reasons)
    assert "".join(piece.text for piece in pieces) == words
    assert [reason.number for reason in reasons] == list(range(1, len(found) + 1))
    for piece in pieces:
        assert all(0 < number <= len(reasons) for number in piece.numbers)


def test_each_mark_says_who_noticed_what() -> None:
    """Two views that heard the same words are two reasons."""
    found = [
        {"indicator": "neglect", "urgency": "same_day", "by": "phrase", "what": "no food", "start": 5, "end": 12},
        {
            "indicator": "neglect",
            "urgency": "same_day",
            "by": "model",
            "what": "reads like",
            "start": 0,
            "end": 12,
        },
    ]
    reasons = reasons_of(found, LABEL, 20)
    pieces = [(piece.text, piece.numbers) for piece in marked("I no, no food at all", reasons)]
    assert pieces == [("I no,", (1,)), (" no foo", (1, 2)), ("d at all", ())]
    assert [r.noticed_by for r in reasons] == ["the reading model", "a phrase we look for"]
