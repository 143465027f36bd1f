"""Reads what a person typed or tapped as an answer. Pure: no clock, no disk, and never an exception."""

from flows.reading.expected import ERRORS, Expected, Option
from flows.reading.reply import read, read_choice_id, read_choice_ids, tells_a_way
from flows.reading.whole import whole_answer

__all__ = [
    "ERRORS",
    "Expected",
    "Option",
    "read",
    "read_choice_id",
    "read_choice_ids",
    "tells_a_way",
    "whole_answer",
]
