"""Messages that are not sent after their time, records deleted by rule or held, and each answer owed counted once.

An answer that somebody is owed has been a follow-up since step 10. Those of before get one here, and the view
`due` leaves the answers themselves out.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant
from storage.sealed import SealedJson

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BEFORE = import_module("storage.migrations.versions.0006_promises").DUE + (
    """UNION ALL
SELECT 'pass_on', p.id, p.kind, p.enquiry_id, NULL, p.next_step_at
  FROM pass_on p WHERE p.ended_at IS NULL
"""
)
_ANSWERS_OWED = """SELECT 'feedback', f.id, f.way, f.enquiry_id, NULL, f.due_at
  FROM feedback f WHERE f.done_at IS NULL
UNION ALL
"""
DUE = _BEFORE.replace(_ANSWERS_OWED, "")
_CAME_FROM = "status = 'pending' AND follow_up_id IS NOT NULL"
_STANDS = "ended_at IS NULL"

_OWED = sa.text(
    """
    SELECT f.id AS feedback, f.enquiry_id AS enquiry, f.way AS way, f.created_at AS since, f.due_at AS due_at,
           d.worker_id AS worker
      FROM feedback f JOIN decision d ON d.id = f.decision_id
     WHERE f.done_at IS NULL AND f.way <> 'not_told'
       AND NOT EXISTS (SELECT 1 FROM follow_up u WHERE u.key = 'told:' || f.id)
    """
).columns(
    feedback=sa.String(),
    enquiry=sa.String(),
    way=sa.String(),
    worker=sa.String(),
    since=Instant(),
    due_at=Instant(),
)
_follow_up = sa.table(
    "follow_up",
    *(sa.column(name, sa.String) for name in ("id", "enquiry_id", "kind", "actor", "worker_id", "key", "why")),
    *(sa.column(name, sa.Integer) for name in ("weight", "steps", "attempts")),
    *(sa.column(name, Instant()) for name in ("due_at", "promised_at", "created_at")),
    sa.column("details", SealedJson("follow_up.details")),
)


def upgrade() -> None:
    op.add_column("outbox_message", _at("not_after", nullable=True))
    op.add_column("outbox_message", _id("follow_up_id", nullable=True))
    op.create_index("ix_outbox_message_follow_up", "outbox_message", ["follow_up_id"], **_only(_CAME_FROM))
    op.add_column("enquiry", _at("erased_at", nullable=True))
    op.create_table(
        "legal_hold",
        _id("id"),
        _id("enquiry_id"),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        _id("owner_id"),
        _at("begun_at"),
        _at("ended_at", nullable=True),
        _id("ended_by", nullable=True),
        sa.Column("ended_because", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_legal_hold_enquiry_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["duty_worker.id"], name=op.f("fk_legal_hold_owner_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["duty_worker.id"], name=op.f("fk_legal_hold_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_enquiry_id"), "legal_hold", ["enquiry_id"])
    op.create_index("uq_legal_hold_standing", "legal_hold", ["enquiry_id"], unique=True, **_only(_STANDS))
    _promise_what_is_owed(op.get_bind())
    op.execute("DROP VIEW due")
    op.execute(DUE)


def downgrade() -> None:
    op.execute("DROP VIEW due")
    op.drop_table("legal_hold")
    op.drop_column("enquiry", "erased_at")
    op.drop_index("ix_outbox_message_follow_up", "outbox_message")
    op.drop_column("outbox_message", "follow_up_id")
    op.drop_column("outbox_message", "not_after")
    op.execute(_BEFORE)


def _promise_what_is_owed(connection: sa.Connection) -> None:
    rows = [_promise(owed) for owed in connection.execute(_OWED)]
    if rows:
        connection.execute(_follow_up.insert(), rows)


def _promise(owed: Any) -> dict[str, Any]:
    """Look for the proof that it went as soon as bells ring; what a worker was to tell them is that worker's."""
    by_hand = owed.way == "by_hand"
    return {
        "id": uuid4().hex,
        "enquiry_id": owed.enquiry,
        "kind": "outcome_told",
        "actor": "worker" if by_hand else "front_door",
        "worker_id": owed.worker if by_hand else None,
        "why": "by_hand" if by_hand else None,
        "key": f"told:{owed.feedback}",
        "weight": 2,
        "steps": 0,
        "attempts": 0,
        "due_at": owed.since,
        # Ours went in its time, most likely, and nobody noted it: that is not a promise kept late.
        "promised_at": owed.due_at if by_hand else None,
        "created_at": owed.since,
        "details": {"feedback": owed.feedback, "worker": owed.worker},
    }


def _id(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(32), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _only(condition: str) -> dict[str, Any]:
    """Index only the rows for which this holds."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
