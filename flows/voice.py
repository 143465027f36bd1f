"""How the engine speaks: fixed words for one person, at one hour, with the area's names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.answers import Answer, Given, NotKnown, PreferNotToSay, Skipped
from flows.model import Ask, Words, in_words
from flows.wording import Wording, fill

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Voice:
    """`values` are the area's; `is_open` says whether the team is in now, which changes what is true to say.

    `at_desk`: said to a worker who writes down a call or a visit, in words for them where there are any.
    """

    wording: Wording
    values: Mapping[str, str]
    is_open: bool = True
    at_desk: bool = False

    def fixed(self, key: str, audience: str, values: Mapping[str, str] | None = None) -> str:
        """Return fixed words; at the desk those of `<key>_desk`, out of hours those of `<key>_closed`, where there
        are any.
        """
        closed = f"{key}_closed"
        if self.at_desk and f"{key}_desk" in self.wording:
            key = f"{key}_desk"
        elif not self.is_open and closed in self.wording:
            key = closed
        return self.wording.text(key, audience, {**self.values, **(values or {})})

    def flow(self, words: Words, audience: str, values: Mapping[str, str] | None = None) -> str:
        """Return words written in a flow file."""
        return fill(in_words(words, self._listener(words, audience)), {**self.values, **(values or {})})

    def _listener(self, words: Words, audience: str) -> str:
        return "desk" if self.at_desk and not isinstance(words, str) and "desk" in words else audience

    def answer(self, answer: Answer, ask: Ask, audience: str) -> str:
        """Return an answer as the person would want to read it back."""
        match answer:
            case NotKnown():
                return self.fixed("check_not_known", audience)
            case PreferNotToSay():
                return self.fixed("check_rather_not", audience)
            case Skipped():
                return self.fixed("check_not_provided", audience)
            case Given(value, words, checked):
                text = self._given(value, words, ask, audience)
                return text if checked else f"{text} {self.fixed('check_not_checked', audience)}"

    def _given(self, value: object, words: str, ask: Ask, audience: str) -> str:
        labels = {o.id: self.flow(o.label, audience) for o in ask.options}
        match value:
            case list():
                return ", ".join(labels.get(str(v), str(v)) for v in value)
            case dict():
                choice = value.get("choice")
                if choice:
                    return labels.get(str(choice), words)
                return words or str(value.get("file") or value.get("text") or "")
            case str() if value in labels:
                return labels[value]
            case str() if ask.kind == "date":
                return _date_in_words(value) or words
            case _:
                return words if ask.kind in ("age", "phone") and words else str(value)


def _date_in_words(value: str) -> str:
    parts = value.split("-")
    if not all(part.isdigit() for part in parts):
        return ""
    month = MONTHS[int(parts[1]) - 1] if len(parts) > 1 else ""
    day = str(int(parts[2])) if len(parts) > 2 else ""
    return " ".join(p for p in (day, month, parts[0]) if p)
