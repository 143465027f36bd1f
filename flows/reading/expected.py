"""What a question expects in reply, and the ids of everything that can be wrong with one."""

from __future__ import annotations

from dataclasses import dataclass

ERRORS = frozenset(
    {
        "age_out_of_range",
        "age_unread",
        "choose_one",
        "choose_some",
        "date_in_future",
        "date_in_past",
        "date_needs_month",
        "date_not_real",
        "date_too_old",
        "date_unread",
        "email_unread",
        "empty",
        "file_expected",
        "name_unread",
        "number_out_of_range",
        "number_unread",
        "phone_not_possible",
        "phone_unread",
        "postcode_not_real",
        "postcode_unread",
        "too_long",
        "yes_no",
    }
)
"""Each `Unread.why` that reading can give. The words for them are in YAML, by these ids."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a question. `also` holds other words that mean it; `ages` the first and last year of those it
    is for. `whole` holds words that mean it only where they are all that is said. `by` says what carries what we
    would send or say: their "mobile", or a "voice" that whoever is near hears.
    """

    id: str
    label: str
    also: tuple[str, ...] = ()
    ages: tuple[int, int] | None = None
    whole: tuple[str, ...] = ()
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """How to read a reply. `past`: True must be past, False must be to come, None either.

    `optional`: "skip" may be read as Skipped. `or_age`: a date question that takes an age too.
    `leave`: the options that let us do something, so that only what plainly chooses them does.
    `for_others`: whoever answers tells of somebody else's leave, as a professional does of a family's.
    `or_text`: a choice question that keeps a reply in their own words when no choice is named.
    `minimum`, `maximum`: bounds of a number or an age. `longest`: the most characters kept.
    """

    kind: str
    options: tuple[Option, ...] = ()
    optional: bool = True
    or_age: bool = False
    or_text: bool = False
    leave: frozenset[str] = frozenset()
    for_others: bool = False
    past: bool | None = None
    minimum: int | None = None
    maximum: int | None = None
    longest: int = 20000
