"""The first tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "audit_entry",
    "audit_unlocked",
    "duty_worker",
    "flow_version",
    "person",
    "enquiry",
    "consent",
    "conversation",
    "household",
    "follow_up",
    "household_member",
    "turn",
    "answer",
    "concern",
    "outbox_message",
)


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("chain", sa.String(40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("act", sa.String(80), nullable=False),
        sa.Column("record_type", sa.String(40), nullable=False),
        sa.Column("record_id", sa.String(80), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("chain", "position", name=op.f("uq_audit_entry_chain_position")),
    )
    op.create_table(
        "audit_unlocked",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_unlocked")),
    )
    op.create_table(
        "duty_worker",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.String(32), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("telegram", sa.LargeBinary(), nullable=True),
        sa.Column("telegram_index", sa.String(32), nullable=True),
        sa.Column("password_hash", sa.LargeBinary(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_worker")),
        sa.UniqueConstraint("email_index", name=op.f("uq_duty_worker_email_index")),
    )
    op.create_index(op.f("ix_duty_worker_telegram_index"), "duty_worker", ["telegram_index"])

    op.create_table(
        "flow_version",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("flow", sa.String(80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_version")),
        sa.UniqueConstraint("flow", "digest", name=op.f("uq_flow_version_flow_digest")),
        sa.UniqueConstraint("flow", "number", name=op.f("uq_flow_version_flow_number")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("surname_dob_index", sa.String(32), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.String(32), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_index", sa.String(32), nullable=True),
        sa.Column("date_of_birth", sa.LargeBinary(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_email_index"), "person", ["email_index"])
    op.create_index(op.f("ix_person_phone_index"), "person", ["phone_index"])
    op.create_index(op.f("ix_person_surname_dob_index"), "person", ["surname_dob_index"])

    op.create_table(
        "enquiry",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("reference_index", sa.String(32), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("audience", sa.String(20), nullable=False),
        sa.Column("depth", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("urgency", sa.String(20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reporter_id", sa.String(32), nullable=True),
        sa.Column("household_id", sa.String(32), nullable=True),
        sa.Column("area", sa.String(60), nullable=False),
        sa.Column("summary", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["reporter_id"], ["person.id"], name=op.f("fk_enquiry_reporter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
        sa.UniqueConstraint("reference_index", name=op.f("uq_enquiry_reference_index")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("enquiry_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("purpose", sa.String(80), nullable=False),
        sa.Column("given", sa.String(40), nullable=False),
        sa.Column("wording_id", sa.String(120), nullable=False),
        sa.Column("wording_version", sa.String(40), nullable=False),
        sa.Column("wording", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_consent_enquiry_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_enquiry_id"), "consent", ["enquiry_id"])

    op.create_table(
        "conversation",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("enquiry_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.String(32), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("flow", sa.String(80), nullable=False),
        sa.Column("flow_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("turns_kept", sa.Integer(), nullable=False),
        sa.Column("turns_handled", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("last_heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_spoke_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=True),
        sa.Column("token_index", sa.String(32), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_conversation_enquiry_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conversation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("token_index", name=op.f("uq_conversation_token_index")),
    )
    op.create_index(op.f("ix_conversation_address_index_status"), "conversation", ["address_index", "status"])
    op.create_index(op.f("ix_conversation_enquiry_id"), "conversation", ["enquiry_id"])

    op.create_table(
        "household",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("enquiry_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_household_enquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    op.create_index(op.f("ix_household_enquiry_id"), "household", ["enquiry_id"])

    op.create_table(
        "follow_up",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("enquiry_id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=True),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(80), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(60), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_follow_up_conversation_id")
        ),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_follow_up_enquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index(op.f("ix_follow_up_due"), "follow_up", ["due_at"], **_only("done_at IS NULL"))
    op.create_index(op.f("ix_follow_up_enquiry_id"), "follow_up", ["enquiry_id"])

    op.create_table(
        "household_member",
        sa.Column("household_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("relationship", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_household_member_household_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_household_member_person_id")),
        sa.PrimaryKeyConstraint("household_id", "person_id", name=op.f("pk_household_member")),
    )
    op.create_table(
        "turn",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("external", sa.LargeBinary(), nullable=False),
        sa.Column("external_index", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("sent_order", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("choice", sa.LargeBinary(), nullable=True),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("screening", sa.LargeBinary(), nullable=False),
        sa.Column("urgency", sa.String(20), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(60), nullable=True),
        sa.Column("edits_turn_id", sa.String(32), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_turn_conversation_id")),
        sa.ForeignKeyConstraint(["edits_turn_id"], ["turn.id"], name=op.f("fk_turn_edits_turn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint("conversation_id", "position", name=op.f("uq_turn_conversation_id_position")),
        sa.UniqueConstraint("external_index", name=op.f("uq_turn_external_index")),
    )
    op.create_index(
        op.f("ix_turn_waiting"),
        "turn",
        ["conversation_id", "sent_order", "position"],
        **_only("handled_at IS NULL"),
    )
    op.create_index(op.f("ix_turn_waiting_since"), "turn", ["kept_at"], **_only("handled_at IS NULL"))

    op.create_table(
        "answer",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("enquiry_id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("turn_id", sa.String(32), nullable=True),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("field", sa.String(80), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaces_id", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_answer_conversation_id")),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_answer_enquiry_id")),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name=op.f("fk_answer_turn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    op.create_index(op.f("ix_answer_conversation_id"), "answer", ["conversation_id"])
    op.create_index(op.f("ix_answer_enquiry_id"), "answer", ["enquiry_id"])
    op.create_index(
        op.f("uq_answer_current"),
        "answer",
        ["conversation_id", "key"],
        unique=True,
        **_only("superseded_at IS NULL"),
    )

    op.create_table(
        "concern",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("enquiry_id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=True),
        sa.Column("turn_id", sa.String(32), nullable=True),
        sa.Column("indicator", sa.String(60), nullable=False),
        sa.Column("urgency", sa.String(20), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("reasons", sa.LargeBinary(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_queue", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_concern_conversation_id")),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_concern_enquiry_id")),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name=op.f("fk_concern_turn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
    )
    op.create_index(op.f("ix_concern_enquiry_id"), "concern", ["enquiry_id"])

    op.create_table(
        "outbox_message",
        sa.Column(
            "sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=True),
        sa.Column("enquiry_id", sa.String(32), nullable=True),
        sa.Column("turn_id", sa.String(32), nullable=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(80), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.String(60), nullable=True),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_outbox_message_conversation_id")
        ),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_outbox_message_enquiry_id")),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name=op.f("fk_outbox_message_turn_id")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("id", name=op.f("uq_outbox_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_outbox_message_claimed"),
        "outbox_message",
        ["claimed_by"],
        **_only("status = 'pending' AND claimed_by IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_outbox_message_conversation_id_sequence"), "outbox_message", ["conversation_id", "sequence"]
    )
    op.create_index(
        op.f("ix_outbox_message_due"), "outbox_message", ["due_at", "sequence"], **_only("status = 'pending'")
    )
    op.create_index(op.f("ix_outbox_message_turn_id"), "outbox_message", ["turn_id"])
    op.create_index(
        op.f("ix_outbox_message_urgent"),
        "outbox_message",
        ["due_at", "sequence"],
        **_only("status = 'pending' AND urgent"),
    )
    op.create_index(
        op.f("ix_outbox_message_waiting"),
        "outbox_message",
        ["conversation_id", "sequence"],
        **_only("status = 'pending'"),
    )

    _protect_audit()


def downgrade() -> None:
    _unprotect_audit()
    for table in reversed(_TABLES):
        op.drop_table(table)


def _only(condition: str) -> dict[str, Any]:
    """Index only the rows for which this holds."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _protect_audit() -> None:
    """Let entries of the audit only be added. The one way past is a row in `audit_unlocked`, which the same
    transaction takes away again.
    """
    if op.get_context().dialect.name == "sqlite":
        only_added = (
            "WHEN NOT EXISTS (SELECT 1 FROM audit_unlocked) "
            "BEGIN SELECT RAISE(ABORT, 'audit entries are only ever added'); END"
        )
        op.execute(f"CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry {only_added}")
        op.execute(f"CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry {only_added}")
        return
    op.execute(
        """
        CREATE FUNCTION audit_entry_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM audit_unlocked) THEN
                RETURN coalesce(NEW, OLD);
            END IF;
            RAISE EXCEPTION 'audit entries are only ever added';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_entry_only_added()"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_only_added()"
    )


def _unprotect_audit() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entry_no_update")
        op.execute("DROP TRIGGER audit_entry_no_delete")
        return
    op.execute("DROP TRIGGER audit_entry_no_change ON audit_entry")
    op.execute("DROP TRIGGER audit_entry_no_truncate ON audit_entry")
    op.execute("DROP FUNCTION audit_entry_only_added")
