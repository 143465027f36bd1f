"""Call-backs: an hour at which a worker rings somebody, one at a time for each enquiry."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_back",
        _id("id", nullable=False),
        _id("enquiry_id", nullable=False),
        _id("conversation_id"),
        _id("follow_up_id"),
        _id("worker_id"),
        _at("starts_at", nullable=False),
        _at("ends_at", nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        _at("ended_at"),
        sa.Column("ended_by", sa.String(40), nullable=True),
        sa.Column("said", sa.String(40), nullable=True),
        _at("said_at"),
        _at("created_at", nullable=False),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_call_back_enquiry_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_call_back_conversation_id")
        ),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name=op.f("fk_call_back_follow_up_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["duty_worker.id"], name=op.f("fk_call_back_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
    )
    op.create_index(op.f("ix_call_back_enquiry_id"), "call_back", ["enquiry_id"])
    op.create_index(op.f("uq_call_back_token_digest"), "call_back", ["token_digest"], unique=True)
    op.create_index(op.f("ix_call_back_standing"), "call_back", ["starts_at"], **_only("ended_at IS NULL"))
    op.create_index(
        op.f("uq_call_back_standing"), "call_back", ["enquiry_id"], unique=True, **_only("ended_at IS NULL")
    )


def downgrade() -> None:
    op.drop_table("call_back")


def _id(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.String(32), nullable=nullable)


def _at(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _only(condition: str) -> dict[str, Any]:
    """Index only the rows for which this holds."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
