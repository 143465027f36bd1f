"""Promises kept: who acts on a follow-up, how urgent it is, and one view of all that falls due.

A later step that changes a table the view reads drops the view first and makes it again: see `DUE`.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NOT_DONE = "done_at IS NULL"

DUE = """
CREATE VIEW due AS
SELECT 'turn' AS source, t.id AS id, 'turn' AS kind, c.enquiry_id AS enquiry_id,
       t.conversation_id AS conversation_id, coalesce(t.not_before, t.kept_at) AS due_at
  FROM turn t JOIN conversation c ON c.id = t.conversation_id WHERE t.handled_at IS NULL
UNION ALL
SELECT 'outbox', o.id, o.kind, o.enquiry_id, o.conversation_id, o.due_at
  FROM outbox_message o WHERE o.status = 'pending'
UNION ALL
SELECT 'alert', a.id, a.urgency, a.enquiry_id, a.conversation_id, a.next_step_at
  FROM alert a WHERE a.status = 'raised'
UNION ALL
SELECT 'hold', h.id, 'hold', h.enquiry_id, NULL, h.next_step_at
  FROM hold h WHERE h.ended_at IS NULL
UNION ALL
SELECT 'feedback', f.id, f.way, f.enquiry_id, NULL, f.due_at
  FROM feedback f WHERE f.done_at IS NULL
UNION ALL
SELECT 'follow_up', u.id, u.kind, u.enquiry_id, u.conversation_id, u.due_at
  FROM follow_up u WHERE u.done_at IS NULL
"""
"""What carries its due time in its own row, in one place to look at. Nothing is claimed through it."""


def upgrade() -> None:
    op.drop_index(op.f("ix_follow_up_due"), "follow_up")
    with op.batch_alter_table("follow_up") as table:
        table.add_column(sa.Column("weight", sa.Integer(), nullable=False, server_default="5"))
        table.add_column(sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("actor", sa.String(20), nullable=False, server_default="front_door"))
        table.add_column(sa.Column("worker_id", sa.String(32), nullable=True))
        table.add_column(sa.Column("key", sa.String(160), nullable=True))
        table.add_column(sa.Column("steps", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("why", sa.String(60), nullable=True))
        table.create_foreign_key(op.f("fk_follow_up_worker_id"), "duty_worker", ["worker_id"], ["id"])
    op.create_index(op.f("ix_follow_up_due"), "follow_up", ["weight", "due_at"], **_only(_NOT_DONE))
    op.create_index(op.f("ix_follow_up_standing"), "follow_up", ["due_at"], **_only(_NOT_DONE))
    op.create_index(op.f("ix_follow_up_kind"), "follow_up", ["kind", "due_at"], **_only(_NOT_DONE))
    op.create_index(op.f("ix_follow_up_conversation"), "follow_up", ["conversation_id"], **_only(_NOT_DONE))
    op.create_index(
        op.f("ix_follow_up_worker"),
        "follow_up",
        ["worker_id", "due_at"],
        **_only("done_at IS NULL AND actor = 'worker'"),
    )
    op.create_index(op.f("uq_follow_up_key"), "follow_up", ["key"], unique=True, **_only(_NOT_DONE))
    op.execute(DUE)


def downgrade() -> None:
    op.execute("DROP VIEW due")
    for name in (
        "uq_follow_up_key",
        "ix_follow_up_worker",
        "ix_follow_up_conversation",
        "ix_follow_up_kind",
        "ix_follow_up_standing",
        "ix_follow_up_due",
    ):
        op.drop_index(op.f(name), "follow_up")
    with op.batch_alter_table("follow_up") as table:
        table.drop_constraint(op.f("fk_follow_up_worker_id"), type_="foreignkey")
        for column in ("why", "steps", "key", "worker_id", "actor", "promised_at", "weight"):
            table.drop_column(column)
    op.create_index(op.f("ix_follow_up_due"), "follow_up", ["due_at"], **_only(_NOT_DONE))


def _only(condition: str) -> dict[str, Any]:
    """Index only the rows for which this holds."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
