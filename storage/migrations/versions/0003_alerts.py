"""Alerts, the steps of their ladders, and incidents; a phone for duty workers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("duty_worker", sa.Column("phone", sa.LargeBinary(), nullable=True))
    op.create_table(
        "alert",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("enquiry_id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=True),
        sa.Column("urgency", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("climb", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("climbs_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(32), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(32), nullable=True),
        sa.CheckConstraint("status <> 'raised' OR next_step_at IS NOT NULL", name=op.f("ck_alert_never_silent")),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["duty_worker.id"], name=op.f("fk_alert_acknowledged_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["duty_worker.id"], name=op.f("fk_alert_closed_by")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_alert_conversation_id")),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_alert_enquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index(op.f("ix_alert_enquiry_id"), "alert", ["enquiry_id"])
    op.create_index(op.f("ix_alert_due"), "alert", ["next_step_at"], **_only("status = 'raised'"))
    op.create_index(op.f("uq_alert_open"), "alert", ["enquiry_id"], unique=True, **_only("status = 'raised'"))

    op.create_table(
        "alert_step",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("alert_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("climb", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("messages", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_step_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_step")),
        sa.UniqueConstraint("alert_id", "number", name=op.f("uq_alert_step_alert_id_number")),
    )

    op.create_table(
        "incident",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("enquiry_id", sa.String(32), nullable=True),
        sa.Column("alert_id", sa.String(32), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_incident_alert_id")),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_incident_enquiry_id")),
        sa.ForeignKeyConstraint(["seen_by"], ["duty_worker.id"], name=op.f("fk_incident_seen_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_enquiry_id"), "incident", ["enquiry_id"])
    op.create_index(op.f("uq_incident_standing"), "incident", ["key"], unique=True, **_only("seen_at IS NULL"))


def downgrade() -> None:
    op.drop_table("incident")
    op.drop_table("alert_step")
    op.drop_table("alert")
    op.drop_column("duty_worker", "phone")


def _only(condition: str) -> dict[str, Any]:
    """Index only the rows for which this holds."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
