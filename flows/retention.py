"""How long an area keeps what: drafts, and closed records by rules that somebody there has confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

_ONE_YEAR = 365


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RecordRule(_Part):
    """How long a closed record is kept. Nothing is deleted by a rule that nobody has confirmed.

    `outcomes` are codes of contact_outcome.csv; none: every outcome that no other rule names. `closed_queue`: for
    allegations alone, and no other rule is for those. `basis` is where the area's own schedule says so.
    """

    name: str = Field(pattern=r"^[a-z0-9_]{1,40}$")
    outcomes: list[str] = []
    closed_queue: bool = False
    counts_from: Literal["closed", "birth"] = Field(
        default="closed", description="from closing, or from the birth of the youngest child"
    )
    years: int = Field(default=0, ge=0, le=150)
    days: int = Field(default=0, ge=0, le=36_500)
    basis: str = ""
    confirmed_by: str = Field(default="", description="who in the area has confirmed it; nobody: it is off")

    @model_validator(mode="after")
    def _long_enough(self) -> RecordRule:
        if not self.years and not self.days:
            raise ValueError("say how many years or days a record is kept")
        return self

    @property
    def is_on(self) -> bool:
        return bool(self.confirmed_by.strip())

    def certificate(self) -> dict[str, str]:
        """Return what is written down when a record is deleted by it."""
        length = " and ".join(
            f"{number} {unit}" for number, unit in ((self.years, "years"), (self.days, "days")) if number
        )
        said = {"rule": self.name, "kept": f"{length} from {self.counts_from}"}
        return {**said, "basis": self.basis, "confirmed_by": self.confirmed_by}


class Retention(_Part):
    """How long things are kept, until the area's own schedule says otherwise. `hold` says why no record is deleted
    for now, as for an inquiry; one record is held with `frontdoor retention hold`.
    """

    draft_days: int = Field(default=30, ge=1)
    records: list[RecordRule] = Field(default=[], description="rules for closed records; none: they are kept")
    soonest_days: int = Field(
        default=_ONE_YEAR, ge=1, le=36_500, description="never sooner than so long after it was closed"
    )
    again_days: int = Field(
        default=30, ge=1, le=366, description="what is still needed then is looked at again so much later"
    )
    hold: str = ""

    @model_validator(mode="after")
    def _one_rule_each(self) -> Retention:
        seen: set[tuple[bool, str]] = set()
        for rule in self.records:
            for outcome in rule.outcomes or [""]:
                if (rule.closed_queue, outcome) in seen:
                    raise ValueError(f"records: two rules for {outcome or 'every other outcome'}")
                seen.add((rule.closed_queue, outcome))
        if len({rule.name for rule in self.records}) < len(self.records):
            raise ValueError("records: two rules have one name")
        return self

    def rule_for(self, outcome: str, *, closed_queue: bool) -> RecordRule | None:
        """Return the rule that is on for this outcome; "" where nothing was decided."""
        rules = [rule for rule in self.records if rule.closed_queue == closed_queue]
        named = [rule for rule in rules if outcome in rule.outcomes]
        found = named or [rule for rule in rules if not rule.outcomes]
        return next((rule for rule in found if rule.is_on), None)

    def delete_on(self, rule: RecordRule, closed_on: date, births: Sequence[date | None]) -> date:
        """Return the day on which a record closed then goes.

        A child whose birth is not known may not have been born: a year after closing is the latest it can be.
        """
        begun = closed_on
        if rule.counts_from == "birth":
            latest = closed_on + timedelta(days=_ONE_YEAR)
            begun = max((birth or latest for birth in births), default=latest)
        soonest = closed_on + timedelta(days=self.soonest_days)
        return max(_years_after(begun, rule.years) + timedelta(days=rule.days), soonest)


def _years_after(day: date, years: int) -> date:
    """Return the same day so many years later; 1 March where that year has no 29 February."""
    try:
        return day.replace(year=min(day.year + years, date.max.year))
    except ValueError:
        return date(day.year + years, 3, 1)
