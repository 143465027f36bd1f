"""Desk sessions: who is signed in at the desk, since when, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage.columns import StoredTable, columns_of, instant, link, primary_id, table_of, values_of, yes_no
from storage.duty_workers import DutyWorker, DutyWorkerRecord
from storage.identifiers import DeskSessionId, DutyWorkerId, new_id
from storage.prepared import Prepared
from storage.repository import Repository


class DeskSession(StoredTable, table=True):
    __tablename__ = "desk_session"

    id: str = primary_id()
    worker_id: str = link("duty_worker.id", index=True)
    one_time: bool = yes_no()
    created_at: datetime = instant()
    seen_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)


@dataclass(frozen=True, slots=True)
class DeskSessionRecord:
    """`one_time`: begun with a password that lets its owner choose one, and do nothing else."""

    id: DeskSessionId
    worker_id: DutyWorkerId
    one_time: bool
    created_at: datetime
    seen_at: datetime


_sessions, _workers = table_of(DeskSession), table_of(DutyWorker)
_s = _sessions.c
_columns = columns_of(_sessions, DeskSessionRecord)
_stands = (_s.ended_at.is_(None), _s.seen_at > bindparam("idle"), _s.created_at > bindparam("oldest"))
_standing = Prepared(
    select(*_columns, *columns_of(_workers, DutyWorkerRecord))
    .join(_workers, _workers.c.id == _s.worker_id)
    .where(_s.id == bindparam("session_id"), _workers.c.disabled_at.is_(None), *_stands)
)
_new = Prepared(insert(_sessions))
_see = Prepared(update(_sessions).where(_s.id == bindparam("session_id")).values(seen_at=bindparam("now")))
_trust = Prepared(update(_sessions).where(_s.id == bindparam("session_id")).values(one_time=False))
_end = Prepared(
    update(_sessions)
    .where(_s.id == bindparam("session_id"), _s.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_end_others = Prepared(
    update(_sessions)
    .where(_s.worker_id == bindparam("worker"), _s.id != bindparam("kept"), _s.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)


class DeskSessions(Repository):
    """`idle` and `oldest` are the instants after which a session was last used, and was begun, to stand still.

    A disabled worker has no standing session.
    """

    __slots__ = ()

    def begin(self, worker_id: DutyWorkerId, now: datetime, *, one_time: bool = False) -> DeskSessionRecord:
        session = DeskSessionRecord(DeskSessionId(new_id()), worker_id, one_time, now, now)
        self._change(_new, values_of(session))
        return session

    def standing(
        self, session_id: str, *, idle: datetime, oldest: datetime
    ) -> tuple[DeskSessionRecord, DutyWorkerRecord] | None:
        """Return a session that stands, with its worker."""
        row = self._one(_standing, {"session_id": session_id, "idle": idle, "oldest": oldest})
        if row is None:
            return None
        cut = len(_columns)
        return DeskSessionRecord(*row[:cut]), DutyWorkerRecord(*row[cut:])

    def see(self, session_id: DeskSessionId, now: datetime) -> None:
        """Note that it was used."""
        self._change(_see, {"session_id": session_id, "now": now})

    def trust(self, session_id: DeskSessionId) -> None:
        """Its worker has chosen a password."""
        self._change(_trust, {"session_id": session_id})

    def end(self, session_id: DeskSessionId, now: datetime) -> bool:
        """Return False where it had ended before."""
        return self._change(_end, {"session_id": session_id, "now": now}) == 1

    def end_others(self, worker_id: DutyWorkerId, kept: DeskSessionId, now: datetime) -> int:
        """End every session of a worker but one; return how many."""
        return self._change(_end_others, {"worker": worker_id, "kept": kept, "now": now})
