"""The desk: who is signed in, the queue's places and what they are marked by, glass that was broken."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WATCHED = {
    "enquiry": "INSERT OR UPDATE OR DELETE",
    "concern": "INSERT OR UPDATE",
    "alert": "INSERT OR UPDATE OF status, urgency, climbs_from, acknowledged_by",
    "outbox_message": "INSERT",
    "audit_entry": "INSERT",
}
"""What moves an enquiry in the queue, by table: of messages a worker's own, of the audit that one is wanted."""

_MARK = "INSERT INTO queue_mark (enquiry_id) VALUES ({})"
_ONLY_WHEN = {
    "outbox_message": "NEW.kind = 'worker'",
    "audit_entry": "NEW.act = 'person.wanted'",
}
_ENQUIRY_OF = {
    "enquiry": "NEW.id",
    "concern": "NEW.enquiry_id",
    "alert": "NEW.enquiry_id",
    "outbox_message": (
        "coalesce(NEW.enquiry_id, (SELECT enquiry_id FROM conversation WHERE id = NEW.conversation_id))"
    ),
    "audit_entry": "NEW.chain",
}


def upgrade() -> None:
    op.add_column("enquiry", sa.Column("worker_id", sa.String(32), nullable=True))
    op.create_table(
        "desk_session",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("worker_id", sa.String(32), nullable=False),
        sa.Column("one_time", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["worker_id"], ["duty_worker.id"], name=op.f("fk_desk_session_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_session")),
    )
    op.create_index(op.f("ix_desk_session_worker_id"), "desk_session", ["worker_id"])
    op.create_table(
        "broken_glass",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("worker_id", sa.String(32), nullable=False),
        sa.Column("enquiry_id", sa.String(32), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("broken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.String(32), nullable=True),
        sa.Column("finding", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_broken_glass_enquiry_id")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["duty_worker.id"], name=op.f("fk_broken_glass_reviewed_by")),
        sa.ForeignKeyConstraint(["worker_id"], ["duty_worker.id"], name=op.f("fk_broken_glass_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broken_glass")),
    )
    op.create_index(op.f("ix_broken_glass_worker_id_ends_at"), "broken_glass", ["worker_id", "ends_at"])
    op.create_index(
        op.f("ix_broken_glass_to_review"), "broken_glass", ["broken_at"], **_only("reviewed_at IS NULL")
    )
    op.create_table(
        "queue_mark",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("enquiry_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_queue_mark")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "queue_place",
        sa.Column("enquiry_id", sa.String(32), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.String(20), nullable=False),
        sa.Column("why", sa.String(40), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("urgency", sa.String(20), nullable=False),
        sa.Column("audience", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("closed_queue", sa.Boolean(), nullable=False),
        sa.Column("unanswered", sa.Boolean(), nullable=False),
        sa.Column("alert_id", sa.String(32), nullable=True),
        sa.Column("worker_id", sa.String(32), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("rules", sa.String(16), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("enquiry_id", name=op.f("pk_queue_place")),
    )
    op.create_index(
        op.f("ix_queue_place_order"), "queue_place", ["tier", "due_at", "enquiry_id"], **_only("listed")
    )
    op.create_index(op.f("ix_queue_place_change"), "queue_place", ["change"])
    op.create_index(op.f("ix_queue_place_worker_id"), "queue_place", ["worker_id"])
    for statement in _watch():
        op.execute(statement)
    op.execute("INSERT INTO queue_mark (enquiry_id) SELECT id FROM enquiry WHERE status <> 'closed'")


def downgrade() -> None:
    for statement in _unwatch():
        op.execute(statement)
    for table in ("queue_place", "queue_mark", "broken_glass", "desk_session"):
        op.drop_table(table)
    op.drop_column("enquiry", "worker_id")


def _only(condition: str) -> dict[str, Any]:
    """Index only the rows for which this holds."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _watch() -> list[str]:
    """Whatever moves an enquiry leaves a mark in the same transaction: nobody who writes has to think of it."""
    if op.get_context().dialect.name == "sqlite":
        return [
            _sqlite_trigger(table, event, number)
            for table, events in WATCHED.items()
            for number, event in enumerate(events.split(" OR "))
        ]
    made = []
    for table, events in WATCHED.items():
        enquiry = "coalesce(NEW.id, OLD.id)" if table == "enquiry" else _ENQUIRY_OF[table]
        body = _MARK.format(enquiry)
        made.append(
            f"CREATE FUNCTION queue_mark_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {body}; RETURN NULL; END $$"
        )
        when = f" WHEN ({_ONLY_WHEN[table]})" if table in _ONLY_WHEN else ""
        made.append(
            f"CREATE TRIGGER queue_mark_{table} AFTER {events} ON {table} "
            f"FOR EACH ROW{when} EXECUTE FUNCTION queue_mark_{table}()"
        )
    return made


def _sqlite_trigger(table: str, event: str, number: int) -> str:
    enquiry = "OLD.id" if event == "DELETE" else _ENQUIRY_OF[table]
    when = f" WHEN {_ONLY_WHEN[table]}" if table in _ONLY_WHEN else ""
    return (
        f"CREATE TRIGGER queue_mark_{table}_{number} AFTER {event} ON {table}{when} "
        f"BEGIN {_MARK.format(enquiry)}; END"
    )


def _unwatch() -> list[str]:
    if op.get_context().dialect.name == "sqlite":
        return [
            f"DROP TRIGGER queue_mark_{table}_{number}"
            for table, events in WATCHED.items()
            for number in range(len(events.split(" OR ")))
        ]
    return [
        statement
        for table in WATCHED
        for statement in (
            f"DROP TRIGGER queue_mark_{table} ON {table}",
            f"DROP FUNCTION queue_mark_{table}()",
        )
    ]
