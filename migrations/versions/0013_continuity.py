"""Cases whose service ends are decided on"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from marketplace.database import UTCDateTime

revision = "0013_continuity"
down_revision = "0012_decided"


def upgrade() -> None:
    with op.batch_alter_table("referral") as batch_op:
        batch_op.drop_constraint(op.f("ck_referral_endreason"), type_="check")
        batch_op.add_column(sa.Column("continues_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("referral_session") as batch_op:
        batch_op.add_column(sa.Column("cancelled_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("referral") as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_referral_continues_id"), ["continues_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_continues_id"), "referral", ["continues_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_endreason"),
            "end_reason IN ('completed_early', 'needs_met_elsewhere', 'not_engaged', 'moved', 'work_care_or_sickness', 'returned_to_custody', 'sentence_expired', 'sentence_revoked', 'acquitted', 'ineligible', 'mistake', 'died', 'other', 'service_ended', 'service_closes', 'transferred')",
        )
    with op.batch_alter_table("referral_draft") as batch_op:
        batch_op.create_index("ix_referral_draft_service", ["contract_area_id"], unique=False)
    with op.batch_alter_table("referral_session") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_referral_session_cancelled_was_not_held"),
            "cancelled_at IS NULL OR attendance = 'not_held'",
        )


def downgrade() -> None:
    op.execute(
        "UPDATE referral SET end_reason = 'other' "
        "WHERE end_reason IN ('service_closes', 'transferred')"
    )
    with op.batch_alter_table("referral_session") as batch_op:
        batch_op.drop_constraint(op.f("ck_referral_session_cancelled_was_not_held"), type_="check")
        batch_op.drop_column("cancelled_at")
    with op.batch_alter_table("referral_draft") as batch_op:
        batch_op.drop_index("ix_referral_draft_service")
    with op.batch_alter_table("referral") as batch_op:
        batch_op.drop_constraint(op.f("ck_referral_endreason"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_referral_continues_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_referral_continues_id"), type_="unique")
        batch_op.drop_column("continues_id")
        batch_op.create_check_constraint(
            op.f("ck_referral_endreason"),
            "end_reason IN ('completed_early', 'needs_met_elsewhere', 'not_engaged', 'moved', 'work_care_or_sickness', 'returned_to_custody', 'sentence_expired', 'sentence_revoked', 'acquitted', 'ineligible', 'mistake', 'died', 'other', 'service_ended')",
        )
