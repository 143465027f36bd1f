"""When each enquiry came and was first answered, and where; who is typing; places of a worker who was disabled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WIDER = (("enquiry_id", "kind", "value_index"), ("value_index", "enquiry_id"))
"""Indexes that hold all that counting reads, in place of narrower ones."""

_MARK = (
    "INSERT INTO queue_mark (enquiry_id) SELECT enquiry_id FROM queue_place WHERE worker_id = NEW.id AND listed"
)


def upgrade() -> None:
    op.add_column("queue_place", sa.Column("came_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("queue_place", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("queue_place", sa.Column("channel", sa.String(20), nullable=False, server_default=""))
    op.create_index(op.f("ix_queue_place_came_at"), "queue_place", ["came_at"])
    for column in ("enquiry_id", "value_index"):
        op.drop_index(op.f(f"ix_enquiry_key_{column}"), "enquiry_key")
    for columns in _WIDER:
        op.create_index(op.f("_".join(("ix_enquiry_key", *columns))), "enquiry_key", list(columns))
    op.create_table(
        "typing",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("speaker", sa.String(20), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "speaker", name=op.f("pk_typing")),
    )
    for statement in _watch():
        op.execute(statement)
    op.execute("INSERT INTO queue_mark (enquiry_id) SELECT enquiry_id FROM queue_place")


def downgrade() -> None:
    op.execute(
        "DROP TRIGGER queue_mark_duty_worker_0"
        if _is_sqlite()
        else "DROP TRIGGER queue_mark_duty_worker ON duty_worker"
    )
    if not _is_sqlite():
        op.execute("DROP FUNCTION queue_mark_duty_worker()")
    op.drop_table("typing")
    for columns in _WIDER:
        op.drop_index(op.f("_".join(("ix_enquiry_key", *columns))), "enquiry_key")
    for column in ("enquiry_id", "value_index"):
        op.create_index(op.f(f"ix_enquiry_key_{column}"), "enquiry_key", [column])
    op.drop_index(op.f("ix_queue_place_came_at"), "queue_place")
    for column in ("channel", "answered_at", "came_at"):
        op.drop_column("queue_place", column)


def _is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def _watch() -> list[str]:
    """A worker who is disabled no longer has what they answered: its places are worked out anew."""
    if _is_sqlite():
        return [
            "CREATE TRIGGER queue_mark_duty_worker_0 AFTER UPDATE OF disabled_at ON duty_worker "
            f"BEGIN {_MARK}; END"
        ]
    return [
        "CREATE FUNCTION queue_mark_duty_worker() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {_MARK}; RETURN NULL; END $$",
        "CREATE TRIGGER queue_mark_duty_worker AFTER UPDATE OF disabled_at ON duty_worker "
        "FOR EACH ROW EXECUTE FUNCTION queue_mark_duty_worker()",
    ]
