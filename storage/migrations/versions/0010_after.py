"""What people say of us, counted without naming anybody; messages to a group."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opinion",
        _id("id"),
        _id("enquiry_id"),
        _id("follow_up_id"),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("audience", sa.String(20), nullable=False),
        sa.Column("how", sa.String(20), nullable=False),
        sa.Column("theme", sa.String(40), nullable=False),
        _at("at"),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_opinion_enquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
    )
    op.create_index(op.f("ix_opinion_enquiry_id"), "opinion", ["enquiry_id"])
    op.create_index(op.f("ix_opinion_at"), "opinion", ["at"])
    op.create_index(op.f("uq_opinion_follow_up_id"), "opinion", ["follow_up_id"], unique=True)
    op.create_table(
        "campaign",
        _id("id"),
        sa.Column("words_id", sa.String(120), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("chosen", sa.LargeBinary(), nullable=False),
        sa.Column("pace", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        _id("begun_by"),
        _at("begun_at"),
        _at("until_at"),
        _id("stopped_by", nullable=True),
        _at("stopped_at", nullable=True),
        sa.ForeignKeyConstraint(["begun_by"], ["duty_worker.id"], name=op.f("fk_campaign_begun_by")),
        sa.ForeignKeyConstraint(["stopped_by"], ["duty_worker.id"], name=op.f("fk_campaign_stopped_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )


def downgrade() -> None:
    op.drop_table("campaign")
    op.drop_table("opinion")


def _id(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(32), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
