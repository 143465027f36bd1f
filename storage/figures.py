"""Figures: what the desk's managers look at, counted in the database. No row of these names anybody.

Everything is asked for a sight and for a time in which enquiries came: `since` is in it, `until` is not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    distinct,
    func,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.alerts import Alert, AlertStep
from storage.columns import table_of
from storage.decisions import Decision
from storage.enquiry_keys import EnquiryKey, KeyKind
from storage.prepared import Prepared
from storage.queue_places import QueuePlace
from storage.repository import Repository
from storage.sight import Sight

KNOWN_AGAIN_BY = (KeyKind.CHILD, KeyKind.HOME)


@dataclass(frozen=True, slots=True)
class Period:
    """`until` is not included."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """One enquiry: when it came, in seconds since 1970, where, and how long until a worker wrote, if one has."""

    came: int
    channel: str
    seconds: int | None


@dataclass(frozen=True, slots=True)
class AlertClimbed:
    """One alert: the highest rung it reached, whom that was for ("" before the first), and how long until somebody
    answered it, if anybody has.
    """

    rung: int
    role: str
    urgency: str
    seconds: int | None


class _Seconds(FunctionElement[int]):
    """An instant as whole seconds since 1970."""

    type = Integer()
    inherit_cache = True
    name = "seconds"


@compiles(_Seconds, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **given)}) AS INTEGER)"


@compiles(_Seconds, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **given: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **given)})) AS BIGINT)"


_places, _keys = table_of(QueuePlace), table_of(EnquiryKey)
_alerts, _steps, _decisions = table_of(Alert), table_of(AlertStep), table_of(Decision)
_p, _k, _a, _s, _d = _places.c, _keys.c, _alerts.c, _steps.c, _decisions.c

_value = Prepared(
    select(_k.value).where(_k.value_index == bindparam("of_value"), _k.kind == bindparam("of_kind")).limit(1)
)


class Figures(Repository):
    __slots__ = ()

    def waits(self, sight: Sight, period: Period) -> list[Wait]:
        """Return every enquiry that came."""
        wait = _Seconds(_p.answered_at) - _Seconds(_p.came_at)
        statement = select(_Seconds(_p.came_at), _p.channel, wait).where(_came(sight, period))
        return [Wait(*row) for row in self._all(statement, {})]

    def alerts(self, sight: Sight, period: Period) -> list[AlertClimbed]:
        """Return every alert raised."""
        role = (
            select(func.min(_s.role))
            .where(_s.alert_id == _a.id, _s.climb == _a.climb, _s.rung == _highest())
            .correlate(_alerts)
            .scalar_subquery()
        )
        answered = func.coalesce(_a.acknowledged_at, _a.closed_at)
        statement = (
            select(_a.rung, func.coalesce(role, ""), _a.urgency, _Seconds(answered) - _Seconds(_a.raised_at))
            .join(_places, _p.enquiry_id == _a.enquiry_id)
            .where(_within(_a.raised_at, period), _seen(sight))
        )
        return [AlertClimbed(*row) for row in self._all(statement, {})]

    def outcomes(self, sight: Sight, period: Period) -> dict[str, int]:
        """Return how often each outcome was decided."""
        statement = (
            select(_d.outcome, func.count())
            .join(_places, _p.enquiry_id == _d.enquiry_id)
            .where(_within(_d.at, period), _seen(sight))
            .group_by(_d.outcome)
        )
        return {row[0]: row[1] for row in self._all(statement, {})}

    def kinds(self, sight: Sight, period: Period, kind: KeyKind) -> dict[str, int]:
        """Return of how many enquiries each value of a key was said. One row of each value is opened, no more."""
        statement = (
            select(_k.value_index, func.count(distinct(_k.enquiry_id)))
            .select_from(_places)
            .join(_keys, _p.enquiry_id == _k.enquiry_id)
            .where(_k.kind == kind, _came(sight, period))
            .group_by(_k.value_index)
        )
        found: Counter[str] = Counter()
        for value_index, many in self._all(statement, {}):
            one = self._one(_value, {"of_value": value_index, "of_kind": kind})
            found["" if one is None else one[0]] += many  # one value has two indexes while keys are rotated
        return dict(found)

    def repeats(self, sight: Sight, period: Period, looked_back: datetime) -> dict[int, int]:
        """Return how many enquiries had no, one, two ... earlier ones about the same child or the same home.

        Only enquiries in which a child or a home was named are counted; earlier ones count from `looked_back` on.
        """
        earlier, before = _keys.alias("earlier"), _places.alias("before")
        # One kind at a time: so SQLite begins with the few enquiries of the period, not with every key there is.
        named = union_all(
            *(
                select(_p.enquiry_id, _p.came_at, _k.value_index)
                .select_from(_places)
                .join(_keys, _p.enquiry_id == _k.enquiry_id)
                .where(_k.kind == kind, _came(sight, period))
                for kind in KNOWN_AGAIN_BY
            )
        ).subquery()
        mine = named.c
        is_before = and_(
            before.c.enquiry_id == earlier.c.enquiry_id,
            before.c.came_at < mine.came_at,
            before.c.came_at >= looked_back,
            _seen_in(sight, before.c),
        )
        is_same = and_(earlier.c.value_index == mine.value_index, earlier.c.enquiry_id != mine.enquiry_id)
        known = case((before.c.enquiry_id.is_not(None), earlier.c.enquiry_id))
        each = (
            select(func.count(distinct(known)).label("n"))
            .select_from(named)
            .outerjoin(earlier, is_same)
            .outerjoin(before, is_before)
            .group_by(mine.enquiry_id)
            .subquery()
        )
        statement = select(each.c.n, func.count()).group_by(each.c.n)
        return {int(row[0]): row[1] for row in self._all(statement, {})}


def _highest() -> ColumnElement[int]:
    """Return the highest rung of the climb an alert is in, be it that of whoever has the conversation."""
    step = _steps.alias("any_step")
    return (
        select(func.max(step.c.rung))
        .where(step.c.alert_id == _a.id, step.c.climb == _a.climb)
        .correlate(_alerts)
        .scalar_subquery()
    )


def _came(sight: Sight, period: Period) -> ColumnElement[bool]:
    return and_(_within(_p.came_at, period), _seen(sight))


def _within(at: ColumnElement[Any], period: Period) -> ColumnElement[bool]:
    return and_(at >= period.since, at < period.until)


def _seen(sight: Sight) -> ColumnElement[bool]:
    return _seen_in(sight, _p)


def _seen_in(sight: Sight, columns: Any) -> ColumnElement[bool]:
    return sight.condition(columns)
