"""Flow versions: each flow as it was when a conversation began with it. Holds no personal words."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Text, UniqueConstraint, bindparam, func, insert, select
from sqlmodel import Field

from storage.columns import StoredTable, code, instant, primary_id, table_of, whole
from storage.identifiers import new_id
from storage.repository import NotFound, Repository


class FlowVersion(StoredTable, table=True):
    """`number` counts the contents one flow has had, from 1; `content` is the whole flow as JSON."""

    __tablename__ = "flow_version"
    __table_args__ = (UniqueConstraint("flow", "number"), UniqueConstraint("flow", "digest"))

    id: str = primary_id()
    flow: str = code(80)
    number: int = whole()
    digest: str = code(64)
    content: str = Field(sa_type=Text(), nullable=False)
    first_used_at: datetime = instant()


_versions = table_of(FlowVersion)
_v = _versions.c
_of_flow = _v.flow == bindparam("flow_id")
_by_digest = select(_v.number).where(_of_flow, _v.digest == bindparam("content_digest"))
_last = select(func.max(_v.number)).where(_of_flow)
_content = select(_v.content).where(_of_flow, _v.number == bindparam("wanted"))
_contents = select(_v.flow, _v.number, _v.content)


class FlowVersions(Repository):
    __slots__ = ()

    def number_of(self, flow: str, content: str, now: datetime) -> int:
        """Return the number of this content, keeping it first where it is new."""
        digest = hashlib.sha256(content.encode()).hexdigest()
        self._lock_name(f"flow_version:{flow}")
        known = self._one(_by_digest, {"flow_id": flow, "content_digest": digest})
        if known is not None:
            return int(known[0])
        last = self._one(_last, {"flow_id": flow})
        number = int(last[0] or 0) + 1 if last is not None else 1
        row = {
            "id": new_id(),
            "flow": flow,
            "number": number,
            "digest": digest,
            "content": content,
            "first_used_at": now,
        }
        self._connection.execute(insert(_versions), row)
        return number

    def content(self, flow: str, number: int) -> str:
        """Raises `NotFound`."""
        row = self._one(_content, {"flow_id": flow, "wanted": number})
        if row is None:
            raise NotFound(f"flow {flow} version {number}")
        return str(row[0])

    def contents(self) -> dict[tuple[str, int], str]:
        """Return every flow that can be played again, by its id and number."""
        return {(flow, number): content for flow, number, content in self._all(_contents, {})}
