"""The tables of referrals/"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from marketplace.database import Encrypted, UTCDateTime

revision = "0004_referrals"
down_revision = "0003_bids"


def upgrade() -> None:
    op.create_table(
        "referral_team_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_unit_code", sa.String(length=100), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("ck_referral_team_member_confirmed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_referral_team_member_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_referral_team_member_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_referral_team_member_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_team_member")),
        sa.UniqueConstraint(
            "person_id",
            "organisation_id",
            name=op.f("uq_referral_team_member_person_id_organisation_id"),
        ),
    )
    with op.batch_alter_table("referral_team_member", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_team_member_organisation",
            ["organisation_id", "confirmed_at"],
            unique=False,
        )

    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=8), nullable=False),
        sa.Column("send_key", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "query",
                "accepted",
                "active",
                "concluding",
                "completed",
                "ended_early",
                "declined",
                "withdrawn",
                name="referralstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("contract_area_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("service_code", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_unit_code", sa.String(length=100), nullable=False),
        sa.Column("is_restricted", sa.Boolean(), nullable=False),
        sa.Column(
            "priority",
            sa.Enum(
                "harm_to_others",
                "harm_to_self",
                "no_address",
                "recall_likely",
                "none",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("priority_rank", sa.Integer(), nullable=False),
        sa.Column("needed_on", sa.Date(), nullable=False),
        sa.Column("crn", Encrypted("referral.crn"), nullable=False),
        sa.Column("crn_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name", Encrypted("referral.name"), nullable=False),
        sa.Column("date_of_birth", Encrypted("referral.date_of_birth"), nullable=False),
        sa.Column("sex", Encrypted("referral.sex"), nullable=False),
        sa.Column("phone", Encrypted("referral.phone"), nullable=True),
        sa.Column("email", Encrypted("referral.email"), nullable=True),
        sa.Column("safe_contact", Encrypted("referral.safe_contact"), nullable=True),
        sa.Column("language", Encrypted("referral.language"), nullable=False),
        sa.Column("whereabouts", Encrypted("referral.whereabouts"), nullable=False),
        sa.Column("prison", Encrypted("referral.prison"), nullable=True),
        sa.Column("release_on", Encrypted("referral.release_on"), nullable=True),
        sa.Column("release_unknown", Encrypted("referral.release_unknown"), nullable=True),
        sa.Column("practitioner_name", Encrypted("referral.practitioner_name"), nullable=False),
        sa.Column("practitioner_email", Encrypted("referral.practitioner_email"), nullable=False),
        sa.Column("practitioner_phone", Encrypted("referral.practitioner_phone"), nullable=True),
        sa.Column("risk", Encrypted("referral.risk"), nullable=False),
        sa.Column("additional_needs", Encrypted("referral.additional_needs"), nullable=True),
        sa.Column("accessibility", Encrypted("referral.accessibility"), nullable=True),
        sa.Column(
            "interpreter_language", Encrypted("referral.interpreter_language"), nullable=True
        ),
        sa.Column("commitments", Encrypted("referral.commitments"), nullable=True),
        sa.Column("sentence_ends_on", Encrypted("referral.sentence_ends_on"), nullable=True),
        sa.Column("rar_days", Encrypted("referral.rar_days"), nullable=False),
        sa.Column("complete_by", Encrypted("referral.complete_by"), nullable=False),
        sa.Column("reason", Encrypted("referral.reason"), nullable=False),
        sa.Column("aims", Encrypted("referral.aims"), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.Column("placed_at", UTCDateTime(), nullable=True),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("started_at", UTCDateTime(), nullable=True),
        sa.Column("concluding_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column(
            "decline_reason",
            sa.Enum(
                "not_eligible",
                "risk_too_high",
                "need_not_met_here",
                "not_enough_information",
                "no_staff",
                "duplicate",
                name="declinereason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "end_reason",
            sa.Enum(
                "completed_early",
                "needs_met_elsewhere",
                "not_engaged",
                "moved",
                "work_care_or_sickness",
                "returned_to_custody",
                "sentence_expired",
                "sentence_revoked",
                "acquitted",
                "ineligible",
                "mistake",
                "died",
                "other",
                "service_ended",
                name="endreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("end_comment", Encrypted("referral.end_comment"), nullable=True),
        sa.CheckConstraint(
            "(state = 'declined') = (decline_reason IS NOT NULL)",
            name=op.f("ck_referral_declined_why"),
        ),
        sa.CheckConstraint(
            "(state IN ('completed', 'ended_early', 'declined', 'withdrawn')) = (ended_at IS NOT NULL)",
            name=op.f("ck_referral_ended_when"),
        ),
        sa.CheckConstraint(
            "(state IN ('withdrawn', 'ended_early')) = (end_reason IS NOT NULL)",
            name=op.f("ck_referral_ended_why"),
        ),
        sa.CheckConstraint(
            "state != 'waiting' OR placed_at IS NULL", name=op.f("ck_referral_waiting_has_no_place")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_referral_author_id")),
        sa.ForeignKeyConstraint(
            ["contract_area_id"], ["contract_area.id"], name=op.f("fk_referral_contract_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_referral_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_referral_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("reference", name=op.f("uq_referral_reference")),
        sa.UniqueConstraint("send_key", name=op.f("uq_referral_send_key")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index("ix_referral_author", ["author_id", "sent_at"], unique=False)
        batch_op.create_index("ix_referral_crn_hash", ["crn_hash"], unique=False)
        batch_op.create_index("ix_referral_provider", ["provider_id", "sent_at"], unique=False)
        batch_op.create_index(
            "ix_referral_queue",
            ["contract_area_id", "state", "priority_rank", "needed_on", "sent_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_referral_started", ["contract_area_id", "started_at"], unique=False
        )
        batch_op.create_index(
            "ix_referral_team", ["organisation_id", "delivery_unit_code", "sent_at"], unique=False
        )

    op.create_table(
        "referral_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("contract_area_id", sa.Uuid(), nullable=False),
        sa.Column("answers", Encrypted("referral_draft.answers"), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_referral_draft_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_area_id"],
            ["contract_area.id"],
            name=op.f("fk_referral_draft_contract_area_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_referral_draft_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_draft")),
    )
    with op.batch_alter_table("referral_draft", schema=None) as batch_op:
        batch_op.create_index("ix_referral_draft_author", ["author_id", "started_at"], unique=False)
        batch_op.create_index("ix_referral_draft_expires", ["expires_at"], unique=False)

    op.create_table(
        "referral_assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "in_person_office",
                "in_person_other",
                "video",
                "phone",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("notes", Encrypted("referral_assessment.notes"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_referral_assessment_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_assessment_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_assessment")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_referral_assessment_referral_id")),
    )
    op.create_table(
        "referral_caseworker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_referral_caseworker_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_caseworker_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_caseworker")),
    )
    with op.batch_alter_table("referral_caseworker", schema=None) as batch_op:
        batch_op.create_index("ix_referral_caseworker_person", ["person_id", "until"], unique=False)
        batch_op.create_index("ix_referral_caseworker_referral", ["referral_id"], unique=False)

    op.create_table(
        "referral_clock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "response",
                "contact",
                "assessment",
                "report",
                name="clockkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_clock_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_clock")),
        sa.UniqueConstraint("referral_id", "kind", name=op.f("uq_referral_clock_referral_id_kind")),
    )
    with op.batch_alter_table("referral_clock", schema=None) as batch_op:
        batch_op.create_index("ix_referral_clock_due", ["stopped_on", "due_on"], unique=False)

    op.create_table(
        "referral_end_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("summary", Encrypted("referral_end_report.summary"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_referral_end_report_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_end_report_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_end_report")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_referral_end_report_referral_id")),
    )
    op.create_table(
        "referral_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "query",
                "reply",
                name="messagekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", Encrypted("referral_message.text"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_referral_message_by_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_message_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_message")),
    )
    with op.batch_alter_table("referral_message", schema=None) as batch_op:
        batch_op.create_index("ix_referral_message_referral", ["referral_id", "at"], unique=False)

    op.create_table(
        "referral_named_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_referral_named_person_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_named_person_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_named_person")),
        sa.UniqueConstraint(
            "referral_id", "person_id", name=op.f("uq_referral_named_person_referral_id_person_id")
        ),
    )
    op.create_table(
        "referral_need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("need_code", sa.String(length=100), nullable=False),
        sa.Column(
            "complexity",
            sa.Enum(
                "low",
                "medium",
                "high",
                name="complexity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_need_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_need")),
        sa.UniqueConstraint(
            "referral_id", "need_code", name=op.f("uq_referral_need_referral_id_need_code")
        ),
    )
    op.create_table(
        "referral_outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("need_code", sa.String(length=100), nullable=False),
        sa.Column("outcome_code", sa.String(length=100), nullable=False),
        sa.Column("description", Encrypted("referral_outcome.description"), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_outcome_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_outcome")),
        sa.UniqueConstraint(
            "referral_id", "outcome_code", name=op.f("uq_referral_outcome_referral_id_outcome_code")
        ),
    )
    op.create_table(
        "referral_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "in_person_office",
                "in_person_other",
                "video",
                "phone",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("arranged_by_id", sa.Uuid(), nullable=False),
        sa.Column("arranged_at", UTCDateTime(), nullable=False),
        sa.Column(
            "attendance",
            sa.Enum(
                "attended",
                "late",
                "absent",
                "not_held",
                name="attendance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("feedback", Encrypted("referral_session.feedback"), nullable=True),
        sa.Column("has_concern", sa.Boolean(), nullable=False),
        sa.Column("concern", Encrypted("referral_session.concern"), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(attendance IS NULL) = (recorded_at IS NULL)",
            name=op.f("ck_referral_session_recorded_whole"),
        ),
        sa.CheckConstraint(
            "has_concern = (concern IS NOT NULL)", name=op.f("ck_referral_session_concern_in_words")
        ),
        sa.ForeignKeyConstraint(
            ["arranged_by_id"], ["person.id"], name=op.f("fk_referral_session_arranged_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_referral_session_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_session_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_session")),
    )
    with op.batch_alter_table("referral_session", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_session_referral", ["referral_id", "starts_at"], unique=False
        )
        batch_op.create_index(
            "uq_referral_session_moment",
            ["referral_id", "starts_at"],
            unique=True,
            sqlite_where=sa.text("attendance IS NULL OR attendance != 'not_held'"),
            postgresql_where=sa.text("attendance IS NULL OR attendance != 'not_held'"),
        )

    op.create_table(
        "referral_end_report_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column(
            "achievement",
            sa.Enum(
                "achieved",
                "partly",
                "not_achieved",
                name="achievement",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("comment", Encrypted("referral_end_report_line.comment"), nullable=False),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["referral_outcome.id"],
            name=op.f("fk_referral_end_report_line_outcome_id"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["referral_end_report.id"],
            name=op.f("fk_referral_end_report_line_report_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_end_report_line")),
        sa.UniqueConstraint(
            "report_id", "outcome_id", name=op.f("uq_referral_end_report_line_report_id_outcome_id")
        ),
    )
    op.create_table(
        "referral_outcome_position",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column(
            "moment",
            sa.Enum(
                "start",
                "review",
                "end",
                name="moment",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "position BETWEEN 1 AND 5", name=op.f("ck_referral_outcome_position_one_to_five")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_referral_outcome_position_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["referral_outcome.id"],
            name=op.f("fk_referral_outcome_position_outcome_id"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_outcome_position_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_outcome_position")),
    )
    with op.batch_alter_table("referral_outcome_position", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_outcome_position_referral", ["referral_id", "at"], unique=False
        )
        batch_op.create_index(
            "uq_referral_outcome_position_ends",
            ["outcome_id", "moment"],
            unique=True,
            sqlite_where=sa.text("moment IN ('start', 'end')"),
            postgresql_where=sa.text("moment IN ('start', 'end')"),
        )


def downgrade() -> None:
    with op.batch_alter_table("referral_outcome_position", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_referral_outcome_position_ends",
            sqlite_where=sa.text("moment IN ('start', 'end')"),
            postgresql_where=sa.text("moment IN ('start', 'end')"),
        )
        batch_op.drop_index("ix_referral_outcome_position_referral")

    op.drop_table("referral_outcome_position")
    op.drop_table("referral_end_report_line")
    with op.batch_alter_table("referral_session", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_referral_session_moment",
            sqlite_where=sa.text("attendance IS NULL OR attendance != 'not_held'"),
            postgresql_where=sa.text("attendance IS NULL OR attendance != 'not_held'"),
        )
        batch_op.drop_index("ix_referral_session_referral")

    op.drop_table("referral_session")
    op.drop_table("referral_outcome")
    op.drop_table("referral_need")
    op.drop_table("referral_named_person")
    with op.batch_alter_table("referral_message", schema=None) as batch_op:
        batch_op.drop_index("ix_referral_message_referral")

    op.drop_table("referral_message")
    op.drop_table("referral_end_report")
    with op.batch_alter_table("referral_clock", schema=None) as batch_op:
        batch_op.drop_index("ix_referral_clock_due")

    op.drop_table("referral_clock")
    with op.batch_alter_table("referral_caseworker", schema=None) as batch_op:
        batch_op.drop_index("ix_referral_caseworker_referral")
        batch_op.drop_index("ix_referral_caseworker_person")

    op.drop_table("referral_caseworker")
    op.drop_table("referral_assessment")
    with op.batch_alter_table("referral_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_referral_draft_expires")
        batch_op.drop_index("ix_referral_draft_author")

    op.drop_table("referral_draft")
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_index("ix_referral_team")
        batch_op.drop_index("ix_referral_started")
        batch_op.drop_index("ix_referral_queue")
        batch_op.drop_index("ix_referral_provider")
        batch_op.drop_index("ix_referral_crn_hash")
        batch_op.drop_index("ix_referral_author")

    op.drop_table("referral")
    with op.batch_alter_table("referral_team_member", schema=None) as batch_op:
        batch_op.drop_index("ix_referral_team_member_organisation")

    op.drop_table("referral_team_member")
