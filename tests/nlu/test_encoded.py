"""Fitting the heads again reads only the messages that are new."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from nlu.encoded import EncodedBefore
from nlu.sentences import Vectors

FIRST = ["The bus was late", "He came back", "half a letter: \ud83d"]


class Counting:
    """Tells the length of each text and how many letters e it has, and counts what it was given to read."""

    name = "counting"

    def __init__(self, made_of: str = "weights 1") -> None:
        self.made_of = made_of
        self.read: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.read += texts
        return np.array([[len(text), text.count("e")] for text in texts], np.float32)


def test_what_was_read_once_is_not_read_again(tmp_path: Path) -> None:
    """Another run of the command is another process: what it knows is in the file."""
    EncodedBefore(Counting(), tmp_path).encode(FIRST)
    again = Counting()
    vectors = EncodedBefore(again, tmp_path).encode(["New here", *reversed(FIRST), "New here"])
    assert again.read == ["New here"]
    assert vectors.dtype == np.float32
    expected = Counting().encode(["New here", *reversed(FIRST), "New here"])
    assert np.array_equal(vectors, expected)


def test_other_weights_read_everything_anew(tmp_path: Path) -> None:
    """A vector means nothing to an encoder with other weights."""
    EncodedBefore(Counting(), tmp_path).encode(FIRST)
    tuned_since = Counting("weights 2")
    EncodedBefore(tuned_since, tmp_path).encode(FIRST)
    assert tuned_since.read == FIRST


@pytest.mark.parametrize("left", [b"", b"PK\x03\x04 half a file", b"no file of ours"])
def test_a_file_that_cannot_be_read_is_made_anew(tmp_path: Path, left: bytes) -> None:
    """A full disk or a killed process leaves such files, and nobody should have to know where."""
    EncodedBefore(Counting(), tmp_path).encode(FIRST)
    [file] = tmp_path.iterdir()
    file.write_bytes(left)
    after = Counting()
    EncodedBefore(after, tmp_path).encode(FIRST)
    assert after.read == FIRST
    later = Counting()
    EncodedBefore(later, tmp_path).encode(FIRST)
    assert later.read == []


def test_no_words_are_kept(tmp_path: Path) -> None:
    """The cache lies outside every promise to delete."""
    EncodedBefore(Counting(), tmp_path).encode(FIRST)
    [file] = tmp_path.iterdir()
    assert b"late" not in file.read_bytes()
