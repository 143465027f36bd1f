"""What duty workers do with an enquiry: notes, handoffs, holds, decisions, feedback, keys to find it by."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = (
    "presence",
    "enquiry_key",
    "case_entry",
    "feedback",
    "decision",
    "hold",
    "handoff",
    "disagreement",
    "note",
)


def upgrade() -> None:
    op.add_column("enquiry", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_enquiry_worker_id"), "enquiry", ["worker_id"])
    op.create_table(
        "note",
        _id(),
        _link("enquiry_id", "enquiry"),
        _link("worker_id", "duty_worker"),
        _sealed("words"),
        _at("at"),
        *_keys("note", enquiry_id="enquiry", worker_id="duty_worker"),
    )
    op.create_index(op.f("ix_note_enquiry_id"), "note", ["enquiry_id"])
    op.create_table(
        "disagreement",
        _id(),
        _link("enquiry_id", "enquiry"),
        _link("worker_id", "duty_worker"),
        _sealed("reason"),
        _at("raised_at"),
        _at("answered_at", nullable=True),
        _link("answered_by", "duty_worker", nullable=True),
        _sealed("answer", nullable=True),
        *_keys("disagreement", enquiry_id="enquiry", worker_id="duty_worker", answered_by="duty_worker"),
    )
    op.create_index(op.f("ix_disagreement_enquiry_id"), "disagreement", ["enquiry_id"])
    op.create_table(
        "handoff",
        _id(),
        _link("enquiry_id", "enquiry"),
        _link("conversation_id", "conversation"),
        _link("worker_id", "duty_worker"),
        _at("taken_at"),
        _at("ended_at", nullable=True),
        sa.Column("ended_as", sa.String(20), nullable=True),
        _sealed("summary", nullable=True),
        *_keys("handoff", enquiry_id="enquiry", conversation_id="conversation", worker_id="duty_worker"),
    )
    op.create_index(op.f("ix_handoff_enquiry_id"), "handoff", ["enquiry_id"])
    op.create_index("uq_handoff_open", "handoff", ["conversation_id"], unique=True, **_only("ended_at IS NULL"))
    op.create_table(
        "hold",
        _id(),
        _link("enquiry_id", "enquiry"),
        _link("worker_id", "duty_worker"),
        _link("decider_id", "duty_worker"),
        _sealed("evidence"),
        _sealed("safety_plan"),
        _sealed("due_because"),
        _at("held_at"),
        _at("due_at"),
        sa.Column("steps", sa.Integer(), nullable=False),
        _at("next_step_at", nullable=True),
        _at("ended_at", nullable=True),
        sa.CheckConstraint("ended_at IS NOT NULL OR next_step_at IS NOT NULL", name="ck_hold_never_silent"),
        *_keys("hold", enquiry_id="enquiry", worker_id="duty_worker", decider_id="duty_worker"),
    )
    op.create_index(op.f("ix_hold_enquiry_id"), "hold", ["enquiry_id"])
    op.create_index("ix_hold_due", "hold", ["next_step_at"], **_only("ended_at IS NULL"))
    op.create_index("uq_hold_standing", "hold", ["enquiry_id"], unique=True, **_only("ended_at IS NULL"))
    op.create_table(
        "decision",
        _id(),
        _link("enquiry_id", "enquiry"),
        _link("hold_id", "hold", nullable=True),
        _link("worker_id", "duty_worker"),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("referral_outcome", sa.String(60), nullable=True),
        _sealed("reason"),
        _sealed("details"),
        _at("at"),
        *_keys("decision", enquiry_id="enquiry", hold_id="hold", worker_id="duty_worker"),
    )
    op.create_index(op.f("ix_decision_enquiry_id"), "decision", ["enquiry_id"])
    op.create_table(
        "feedback",
        _id(),
        _link("enquiry_id", "enquiry"),
        _link("decision_id", "decision"),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("outbox_id", sa.String(32), nullable=True),
        sa.Column("wording_id", sa.String(120), nullable=False),
        _sealed("words"),
        _sealed("reason", nullable=True),
        _at("due_at"),
        _at("created_at"),
        _at("done_at", nullable=True),
        _link("done_by", "duty_worker", nullable=True),
        *_keys("feedback", enquiry_id="enquiry", decision_id="decision", done_by="duty_worker"),
    )
    op.create_index(op.f("ix_feedback_enquiry_id"), "feedback", ["enquiry_id"])
    op.create_index("ix_feedback_waiting", "feedback", ["due_at"], **_only("done_at IS NULL"))
    op.create_table(
        "case_entry",
        _id(),
        _link("enquiry_id", "enquiry"),
        _link("worker_id", "duty_worker"),
        _sealed("system_reference"),
        _at("entered_at"),
        *_keys("case_entry", enquiry_id="enquiry", worker_id="duty_worker"),
    )
    op.create_index(op.f("ix_case_entry_enquiry_id"), "case_entry", ["enquiry_id"])
    op.create_table(
        "enquiry_key",
        _id(),
        _link("enquiry_id", "enquiry"),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        _sealed("value"),
        sa.Column("value_index", sa.String(32), nullable=False),
        *_keys("enquiry_key", enquiry_id="enquiry"),
    )
    op.create_index(op.f("ix_enquiry_key_enquiry_id"), "enquiry_key", ["enquiry_id"])
    op.create_index(op.f("ix_enquiry_key_value_index"), "enquiry_key", ["value_index"])
    op.create_table(
        "presence",
        _link("enquiry_id", "enquiry"),
        _link("worker_id", "duty_worker"),
        _at("seen_at"),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_presence_enquiry_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["duty_worker.id"], name=op.f("fk_presence_worker_id")),
        sa.PrimaryKeyConstraint("enquiry_id", "worker_id", name=op.f("pk_presence")),
    )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    op.drop_index(op.f("ix_enquiry_worker_id"), "enquiry")
    op.drop_column("enquiry", "version")


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.String(32), nullable=False)


def _link(name: str, _table: str, *, nullable: bool = False) -> sa.Column[Any]:
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
