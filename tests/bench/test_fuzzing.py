"""The fuzzer's targets run without the fuzzer: one that could not start would find nothing, and look well."""

from __future__ import annotations

import pytest

from bench.fuzzing import TARGETS, Broken

TEXTS = ("", "my mum hits me", "\ud800", "\u202e\x00\U0001f44d", "31/02/2026", "07700 900123")


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_any_text(name: str) -> None:
    """Lone surrogates among them, as a fuzzer makes them."""
    target = TARGETS[name]()
    for number, text in enumerate(TEXTS):
        target(text, number)


def test_a_target_tells_of_a_view_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screener carries on when a view fails, so nothing would be raised of itself."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError

    monkeypatch.setattr("nlu.phrases.PhraseScreener.screen", fail)
    with pytest.raises(Broken):
        TARGETS["screening"]()("hello", 0)
