"""Opinions: what people say of us, as codes that name nobody. Their own words stay with their enquiry."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, bindparam, func, insert, select, update

from storage.columns import StoredTable, code, instant, link, plain_id, primary_id, table_of
from storage.enquiries import Audience
from storage.figures import Period
from storage.identifiers import EnquiryId, FollowUpId, new_id
from storage.prepared import Prepared
from storage.queue_places import QueuePlace
from storage.repository import Repository
from storage.sight import Sight


class Opinion(StoredTable, table=True):
    """One for each time somebody was asked: another answer takes the place of the first."""

    __tablename__ = "opinion"
    __table_args__ = (
        Index("ix_opinion_at", "at"),
        Index("uq_opinion_follow_up_id", "follow_up_id", unique=True),
    )

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    follow_up_id: str = plain_id()
    kind: str = code(60)
    audience: str = code(20, Audience)
    how: str = code(20)
    theme: str = code(40)
    at: datetime = instant()


@dataclass(frozen=True, slots=True)
class Said:
    """What was asked (a kind of follow-up), of whom, how it was, and what mattered most; "" where not said."""

    kind: str
    audience: str
    how: str
    theme: str


_opinions, _places = table_of(Opinion), table_of(QueuePlace)
_o, _p = _opinions.c, _places.c
_new = Prepared(insert(_opinions))
_which = _o.follow_up_id == bindparam("of_follow_up")
_how = Prepared(update(_opinions).where(_which).values(how=bindparam("said"), at=bindparam("now")))
_theme = Prepared(update(_opinions).where(_which).values(theme=bindparam("said"), at=bindparam("now")))


class Opinions(Repository):
    __slots__ = ()

    def note(
        self,
        follow_up_id: FollowUpId,
        enquiry_id: EnquiryId,
        *,
        kind: str,
        audience: str,
        now: datetime,
        how: str = "",
        theme: str = "",
    ) -> None:
        """Keep how it was, or what mattered, or both; what was said before of the other stays."""
        parts = [(statement, said) for statement, said in ((_how, how), (_theme, theme)) if said]
        values = {"of_follow_up": follow_up_id, "now": now}
        if parts and all(self._change(statement, {**values, "said": said}) for statement, said in parts):
            return
        given = {"kind": kind, "audience": audience, "how": how, "theme": theme, "at": now}
        ids = {"id": new_id(), "enquiry_id": enquiry_id, "follow_up_id": follow_up_id}
        self._change(_new, {**ids, **given})

    def counts(self, sight: Sight, period: Period) -> Counter[Said]:
        """Return how often each thing was said, of the enquiries that this sight sees."""
        statement = (
            select(_o.kind, _o.audience, _o.how, _o.theme, func.count())
            .join(_places, _p.enquiry_id == _o.enquiry_id)
            .where(_o.at >= period.since, _o.at < period.until, sight.condition(_p))  # type: ignore[arg-type]
            .group_by(_o.kind, _o.audience, _o.how, _o.theme)
        )
        return Counter({Said(*row[:4]): int(row[4]) for row in self._all(statement, {})})
