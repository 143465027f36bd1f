"""The ids of what we keep: unguessable enough, and in the order things were made."""

from __future__ import annotations

from typing import NewType

from uuid_utils import uuid7

ID_LENGTH = 32

PersonId = NewType("PersonId", str)
HouseholdId = NewType("HouseholdId", str)
EnquiryId = NewType("EnquiryId", str)
ConversationId = NewType("ConversationId", str)
TurnId = NewType("TurnId", str)
AnswerId = NewType("AnswerId", str)
ConcernId = NewType("ConcernId", str)
ConsentId = NewType("ConsentId", str)
FollowUpId = NewType("FollowUpId", str)
OutboxId = NewType("OutboxId", str)
DutyWorkerId = NewType("DutyWorkerId", str)
ShiftId = NewType("ShiftId", str)
AuditEntryId = NewType("AuditEntryId", str)
AlertId = NewType("AlertId", str)
AlertStepId = NewType("AlertStepId", str)
IncidentId = NewType("IncidentId", str)
DeskSessionId = NewType("DeskSessionId", str)
GlassId = NewType("GlassId", str)
NoteId = NewType("NoteId", str)
DisagreementId = NewType("DisagreementId", str)
HandoffId = NewType("HandoffId", str)
HoldId = NewType("HoldId", str)
DecisionId = NewType("DecisionId", str)
FeedbackId = NewType("FeedbackId", str)
RecordingId = NewType("RecordingId", str)
PassOnId = NewType("PassOnId", str)
CallBackId = NewType("CallBackId", str)
CampaignId = NewType("CampaignId", str)
LegalHoldId = NewType("LegalHoldId", str)


def new_id() -> str:
    """Return 32 hexadecimal characters that sort by the time they were made."""
    return uuid7().hex
