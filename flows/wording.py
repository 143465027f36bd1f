"""Fixed words people read, by id, with their place-holders filled."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from flows.model import Words, in_words

_HOLDER = re.compile(r"\{([a-z0-9_.]+)(?:\|([^{}]*))?\}")


class FixedWords(BaseModel):
    """One entry of words.yaml. `approved` stays empty until the area's safeguarding lead has signed it off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    version: int = Field(default=1, ge=1)
    text: Words
    safety: bool = Field(default=False, description="said when someone may be in danger: only approved versions")
    owner: str = ""
    approved: str = ""


class Wording:
    """The fixed words of the front door."""

    def __init__(self, entries: Mapping[str, FixedWords]) -> None:
        self._entries = dict(entries)

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def ids(self) -> frozenset[str]:
        return frozenset(self._entries)

    def entry(self, key: str) -> FixedWords:
        """Raises `KeyError` for an id that words.yaml does not hold."""
        return self._entries[key]

    def text(self, key: str, audience: str = "unknown", values: Mapping[str, str] | None = None) -> str:
        """Return the words for an audience with place-holders filled. Raises `KeyError` for an unknown id."""
        return fill(in_words(self._entries[key].text, audience), values or {})


def fill(text: str, values: Mapping[str, str]) -> str:
    """Fill `{name}` and `{name|words to use without one}`. A name with neither is left out, and so is its line
    where nothing else stands in it.
    """

    def value(match: re.Match[str]) -> str:
        return values.get(match[1]) or match[2] or ""

    lines = [(line, _HOLDER.sub(value, line)) for line in text.split("\n")]
    return "\n".join(filled for line, filled in lines if filled.strip() or not _HOLDER.search(line))


def holders(text: str) -> frozenset[str]:
    """Return the names of the place-holders that have no words to use without a value."""
    return frozenset(m[1] for m in _HOLDER.finditer(text) if m[2] is None)
