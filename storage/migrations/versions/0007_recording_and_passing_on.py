"""Calls and visits written down by a worker, and enquiries passed on, which stand open until somebody has them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MARKED = ("recording", "pass_on")
"""Tables that move an enquiry in the queue."""

_DUE = import_module("storage.migrations.versions.0006_promises").DUE
_PASSED_ON_IS_DUE = """UNION ALL
SELECT 'pass_on', p.id, p.kind, p.enquiry_id, NULL, p.next_step_at
  FROM pass_on p WHERE p.ended_at IS NULL
"""

_MARK = "INSERT INTO queue_mark (enquiry_id) VALUES (NEW.enquiry_id)"


def upgrade() -> None:
    op.create_table(
        "recording",
        _id(),
        _link("enquiry_id"),
        _link("conversation_id"),
        _link("worker_id"),
        _link("writer_id"),
        sa.Column("form", sa.String(64), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("hand", sa.String(20), nullable=False),
        _at("began_at"),
        _sealed("confirmation", nullable=True),
        sa.Column("outbox_id", sa.String(32), nullable=True),
        _at("confirmed_at", nullable=True),
        _link("confirmed_by", nullable=True),
        *_keys(
            "recording",
            enquiry_id="enquiry",
            conversation_id="conversation",
            worker_id="duty_worker",
            writer_id="duty_worker",
            confirmed_by="duty_worker",
        ),
    )
    op.create_index(op.f("ix_recording_enquiry_id"), "recording", ["enquiry_id"], unique=True)
    op.create_index("uq_recording_form", "recording", ["form"], unique=True)
    op.create_index("ix_recording_outbox", "recording", ["outbox_id"], **_only("confirmed_at IS NULL"))
    op.create_table(
        "pass_on",
        _id(),
        _link("enquiry_id"),
        _link("worker_id"),
        sa.Column("kind", sa.String(20), nullable=False),
        _sealed("to_whom"),
        sa.Column("told_by", sa.String(20), nullable=False),
        _sealed("reason"),
        _sealed("agreed", nullable=True),
        _sealed("due_because"),
        _at("passed_at"),
        _at("due_at"),
        sa.Column("steps", sa.Integer(), nullable=False),
        _at("next_step_at", nullable=True),
        _at("ended_at", nullable=True),
        sa.Column("ended_as", sa.String(20), nullable=True),
        _link("ended_by", nullable=True),
        _sealed("ending", nullable=True),
        sa.CheckConstraint("ended_at IS NOT NULL OR next_step_at IS NOT NULL", name="ck_pass_on_never_silent"),
        *_keys("pass_on", enquiry_id="enquiry", worker_id="duty_worker", ended_by="duty_worker"),
    )
    op.create_index(op.f("ix_pass_on_enquiry_id"), "pass_on", ["enquiry_id"])
    op.create_index("uq_pass_on_standing", "pass_on", ["enquiry_id"], unique=True, **_only("ended_at IS NULL"))
    op.create_index("ix_pass_on_due", "pass_on", ["next_step_at"], **_only("ended_at IS NULL"))
    op.add_column("queue_place", sa.Column("passed_on", sa.Boolean(), nullable=False, server_default=sa.false()))
    for statement in _watch():
        op.execute(statement)
    op.execute("DROP VIEW due")
    op.execute(_DUE + _PASSED_ON_IS_DUE)


def downgrade() -> None:
    op.execute("DROP VIEW due")
    op.execute(_DUE)
    for statement in _unwatch():
        op.execute(statement)
    op.drop_column("queue_place", "passed_on")
    op.drop_table("pass_on")
    op.drop_table("recording")


def _watch() -> list[str]:
    """As in step 4: whatever moves an enquiry leaves a mark in the same transaction."""
    if op.get_context().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER queue_mark_{table}_{number} AFTER {event} ON {table} BEGIN {_MARK}; END"
            for table in MARKED
            for number, event in enumerate(("INSERT", "UPDATE"))
        ]
    return [
        statement
        for table in MARKED
        for statement in (
            f"CREATE FUNCTION queue_mark_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {_MARK}; RETURN NULL; END $$",
            f"CREATE TRIGGER queue_mark_{table} AFTER INSERT OR UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION queue_mark_{table}()",
        )
    ]


def _unwatch() -> list[str]:
    if op.get_context().dialect.name == "sqlite":
        return [f"DROP TRIGGER queue_mark_{table}_{number}" for table in MARKED for number in range(2)]
    return [
        statement
        for table in MARKED
        for statement in (
            f"DROP TRIGGER queue_mark_{table} ON {table}",
            f"DROP FUNCTION queue_mark_{table}()",
        )
    ]


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.String(32), nullable=False)


def _link(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(32), nullable=nullable)


def _sealed(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _keys(table: str, **links: str) -> list[Any]:
    foreign = [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"))
        for name, target in links.items()
    ]
    return [*foreign, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]


def _only(condition: str) -> dict[str, Any]:
    """Index only the rows for which this holds."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
