"""Evaluated by several organisations, decided, challenged"""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from marketplace.append_only import statements
from marketplace.database import Encrypted, UTCDateTime

revision = "0012_decided"
down_revision = "0011_in_life"


ID = sa.Uuid()
SEAT = sa.table(
    "panel_member",
    sa.column("id", ID),
    sa.column("evaluation_id", ID),
    sa.column("assigned_at", UTCDateTime()),
    sa.column("lived_experience", Encrypted("panel_member.lived_experience")),
)
ALLOCATED = sa.table(
    "panel_criterion",
    sa.column("id", ID),
    sa.column("member_id", ID),
    sa.column("criterion_id", ID),
    sa.column("given_at", UTCDateTime()),
)
EVALUATION = sa.table("evaluation", sa.column("id", ID), sa.column("lot_id", ID))
CRITERION = sa.table("lot_criterion", sa.column("id", ID), sa.column("lot_id", ID))


def give_seats_all_criteria(connection: sa.Connection) -> None:
    """Until now every evaluator scored under every criterion."""
    sat = connection.execute(
        sa.select(SEAT.c.id, CRITERION.c.id, SEAT.c.assigned_at)
        .join_from(SEAT, EVALUATION, EVALUATION.c.id == SEAT.c.evaluation_id)
        .join(CRITERION, CRITERION.c.lot_id == EVALUATION.c.lot_id)
    )
    rows = [
        {"id": uuid4(), "member_id": seat, "criterion_id": criterion, "given_at": given_at}
        for seat, criterion, given_at in sat
    ]
    if rows:
        connection.execute(sa.insert(ALLOCATED), rows)


def say_who_was_asked_for_what(connection: sa.Connection) -> None:
    """Until now nobody was asked onto a panel for what they had lived through."""
    for seat in connection.scalars(sa.select(SEAT.c.id)).all():
        connection.execute(SEAT.update().where(SEAT.c.id == seat).values(lived_experience="0"))


def know_awards(connection: sa.Connection) -> None:
    """A lot had one award, whose summaries went out with the decision."""
    connection.execute(
        sa.text(
            "UPDATE bid_summary SET award_id = (SELECT award.id FROM award "
            "JOIN bid ON bid.lot_id = award.lot_id WHERE bid.id = bid_summary.bid_id)"
        )
    )
    connection.execute(sa.text("UPDATE award SET summaries_sent_at = decided_at"))


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column(
            "fault",
            sa.Enum(
                "declaration_missing",
                "document_missing",
                "document_unreadable",
                "clerical_error",
                name="fault",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("what", Encrypted("correction.what"), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column(
            "ended_as",
            sa.Enum(
                "answered",
                "lapsed",
                "taken_back",
                "overtaken",
                name="correctionend",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answer", Encrypted("correction.answer"), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(ended_as = 'answered') = (answered_by_id IS NOT NULL)",
            name=op.f("ck_correction_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "ended_as <> 'answered' OR ended_at < due_at",
            name=op.f("ck_correction_answered_in_time"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_as IS NULL)", name=op.f("ck_correction_ended_somehow")
        ),
        sa.CheckConstraint("due_at > asked_at", name=op.f("ck_correction_due_after_asked")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_correction_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_correction_asked_by_id")
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_correction_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_table(
        "correction_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["correction.id"], name=op.f("fk_correction_file_correction_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_correction_file_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_file")),
    )
    op.create_table(
        "panel_criterion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "ended_at >= given_at", name=op.f("ck_panel_criterion_ends_after_it_began")
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["lot_criterion.id"], name=op.f("fk_panel_criterion_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_panel_criterion_ended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["person.id"], name=op.f("fk_panel_criterion_given_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_panel_criterion_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_criterion")),
    )
    op.create_table(
        "panel_declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "no",
                "perhaps",
                "yes",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("what", Encrypted("panel_declaration.what"), nullable=False),
        sa.Column("tied_to", Encrypted("panel_declaration.tied_to"), nullable=False),
        sa.Column("declared_at", UTCDateTime(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.Column("reason", Encrypted("panel_declaration.reason"), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "answer <> 'no' OR kept IS NULL",
            name=op.f("ck_panel_declaration_none_needs_no_decision"),
        ),
        sa.CheckConstraint(
            "(kept IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_panel_declaration_decided_at_some_time"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_panel_declaration_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_panel_declaration_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_declaration")),
    )
    op.create_table(
        "panel_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "mark",
            sa.Enum(
                "ahead",
                "late",
                "button",
                name="mark",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "mark = 'button' OR due_on IS NOT NULL", name=op.f("ck_panel_reminder_marks_have_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_panel_reminder_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["person.id"], name=op.f("fk_panel_reminder_sent_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_reminder")),
    )
    op.create_table(
        "recommendation_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("content", Encrypted("recommendation_report.content"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["award_id"], ["award.id"], name=op.f("fk_recommendation_report_award_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_report")),
        sa.UniqueConstraint("award_id", name=op.f("uq_recommendation_report_award_id")),
    )
    op.create_table(
        "redaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reader",
            sa.Enum(
                "bidder_reason",
                "bidder_needed",
                "others",
                name="reader",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", Encrypted("redaction.text"), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_redaction_award_id")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_redaction_bid_id")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["lot_criterion.id"], name=op.f("fk_redaction_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_redaction_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redaction")),
        sa.UniqueConstraint(
            "award_id",
            "bid_id",
            "criterion_id",
            "reader",
            name=op.f("uq_redaction_award_id_bid_id_criterion_id_reader"),
        ),
    )
    op.create_table(
        "standstill_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=False),
        sa.Column("resumed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "resumed_on >= paused_on", name=op.f("ck_standstill_pause_resumed_after_paused")
        ),
        sa.ForeignKeyConstraint(
            ["award_id"], ["award.id"], name=op.f("fk_standstill_pause_award_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standstill_pause")),
    )
    op.create_table(
        "summary_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", UTCDateTime(), nullable=False),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["award_id"], ["award.id"], name=op.f("fk_summary_review_award_id")
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_summary_review_bid_id")),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["person.id"], name=op.f("fk_summary_review_reviewed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_review")),
        sa.UniqueConstraint("award_id", "bid_id", name=op.f("uq_summary_review_award_id_bid_id")),
    )
    op.create_table(
        "challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=True),
        sa.Column("pause_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "dismissed",
                "upheld",
                "ended",
                name="challengestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("raised_by_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("sender", Encrypted("challenge.sender"), nullable=False),
        sa.Column("reason", Encrypted("challenge.reason"), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "dismissed",
                "moderation",
                "ranking",
                "cancelled",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answer", Encrypted("challenge.answer"), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('dismissed', 'upheld')) = (answered_by_id IS NOT NULL)",
            name=op.f("ck_challenge_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "(raised_by_id IS NULL) <> (recorded_by_id IS NULL)",
            name=op.f("ck_challenge_one_way_it_came"),
        ),
        sa.CheckConstraint(
            "raised_by_id IS NULL OR bid_id IS NOT NULL", name=op.f("ck_challenge_bidder_has_bid")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_challenge_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_challenge_award_id")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_challenge_bid_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_challenge_lot_id")),
        sa.ForeignKeyConstraint(
            ["pause_id"], ["standstill_pause.id"], name=op.f("fk_challenge_pause_id")
        ),
        sa.ForeignKeyConstraint(
            ["raised_by_id"], ["person.id"], name=op.f("fk_challenge_raised_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_challenge_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("pause_id", name=op.f("uq_challenge_pause_id")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index("ix_correction_bid_id_asked_at", ["bid_id", "asked_at"], unique=False)
        batch_op.create_index("ix_correction_ended_at_due_at", ["ended_at", "due_at"], unique=False)
        batch_op.create_index(
            "uq_correction_open",
            ["bid_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
    with op.batch_alter_table("correction_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_correction_file_correction_id"), ["correction_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_correction_file_file_id"), ["file_id"], unique=False)
    with op.batch_alter_table("panel_criterion", schema=None) as batch_op:
        batch_op.create_index("ix_panel_criterion_member_id", ["member_id"], unique=False)
        batch_op.create_index(
            "uq_panel_criterion_in_force",
            ["member_id", "criterion_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
    with op.batch_alter_table("panel_declaration", schema=None) as batch_op:
        batch_op.create_index(
            "ix_panel_declaration_member_id", ["member_id", "declared_at"], unique=False
        )
    with op.batch_alter_table("panel_reminder", schema=None) as batch_op:
        batch_op.create_index("ix_panel_reminder_member_id", ["member_id", "sent_at"], unique=False)
        batch_op.create_index(
            "uq_panel_reminder_mark",
            ["member_id", "mark", "due_on"],
            unique=True,
            sqlite_where=sa.text("mark <> 'button'"),
            postgresql_where=sa.text("mark <> 'button'"),
        )
    with op.batch_alter_table("standstill_pause", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_standstill_pause_award_id"), ["award_id"], unique=False
        )
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_award_id"), ["award_id"], unique=False)
        batch_op.create_index("ix_challenge_bid_id", ["bid_id"], unique=False)
        batch_op.create_index("ix_challenge_lot_id_state", ["lot_id", "state"], unique=False)
        batch_op.create_index(
            "uq_challenge_bid_id_received",
            ["bid_id"],
            unique=True,
            sqlite_where=sa.text("state = 'received'"),
            postgresql_where=sa.text("state = 'received'"),
        )
    with op.batch_alter_table("award") as batch_op:
        batch_op.add_column(sa.Column("final_stage_bids", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sme_bids", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("small_bids", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("vcse_bids", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("winner_told", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("summaries_sent_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("superseded_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("bid_summary") as batch_op:
        batch_op.add_column(sa.Column("award_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("evaluation") as batch_op:
        batch_op.add_column(sa.Column("scores_due_on", sa.Date(), nullable=True))
    with op.batch_alter_table("panel_member") as batch_op:
        batch_op.drop_constraint(op.f("ck_panel_member_seatstate"), type_="check")
        batch_op.add_column(
            sa.Column("lived_experience", Encrypted("panel_member.lived_experience"), nullable=True)
        )
        batch_op.add_column(sa.Column("replaces_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("left_at", UTCDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "left_because",
                sa.Enum(
                    "interest",
                    "tie",
                    "replaced",
                    "taken_off",
                    name="leftbecause",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "goes_by",
                sa.Enum(
                    "bid",
                    "criterion",
                    name="goesby",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=False,
                server_default="bid",
            )
        )
        batch_op.add_column(
            sa.Column("uses_keys", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("bid") as batch_op:
        batch_op.drop_constraint(op.f("ck_bid_bidstate"), type_="check")
    give_seats_all_criteria(op.get_bind())
    say_who_was_asked_for_what(op.get_bind())
    know_awards(op.get_bind())
    with op.batch_alter_table("award") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_award_evaluation_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_award_lot_id"), type_="unique")
        batch_op.create_index("ix_award_evaluation_id", ["evaluation_id"], unique=False)
        batch_op.create_index("ix_award_lot_id_decided_at", ["lot_id", "decided_at"], unique=False)
        batch_op.create_index(
            "uq_award_current",
            ["lot_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_check_constraint(
            op.f("ck_award_final_stage_within_bids"), "final_stage_bids <= bids"
        )
        batch_op.create_check_constraint(
            op.f("ck_award_summaries_after_decision"),
            "summaries_sent_at IS NULL OR decided_at IS NOT NULL",
        )
    with op.batch_alter_table("bid_summary") as batch_op:
        batch_op.alter_column("award_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_bid_summary_bid_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_bid_summary_bid_id_award_id"), ["bid_id", "award_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_bid_summary_award_id"), "award", ["award_id"], ["id"]
        )
    with op.batch_alter_table("moderated_score") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_moderated_score_evaluation_id"), ["evaluation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_moderated_score_agreed_by_id"), ["agreed_by_id"], unique=False
        )
    with op.batch_alter_table("evaluation") as batch_op:
        batch_op.create_index(
            "ix_evaluation_state_scores_due_on", ["state", "scores_due_on"], unique=False
        )
    with op.batch_alter_table("panel_member") as batch_op:
        batch_op.alter_column(
            "lived_experience",
            existing_type=Encrypted("panel_member.lived_experience"),
            nullable=False,
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_panel_member_replaces_id"), ["replaces_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_panel_member_replaces_id"), "panel_member", ["replaces_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_panel_member_goesby"), "goes_by IN ('bid', 'criterion')"
        )
        batch_op.create_check_constraint(
            op.f("ck_panel_member_left_for_a_reason"), "(left_at IS NULL) = (left_because IS NULL)"
        )
        batch_op.create_check_constraint(
            op.f("ck_panel_member_leftbecause"),
            "left_because IN ('interest', 'tie', 'replaced', 'taken_off')",
        )
        batch_op.create_check_constraint(
            op.f("ck_panel_member_replaces_another"), "replaces_id <> id"
        )
        batch_op.create_check_constraint(
            op.f("ck_panel_member_seatstate"),
            "state IN ('assigned', 'declared', 'scoring', 'locked', 'stood_down')",
        )
    with op.batch_alter_table("bid") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_bid_bidstate"),
            "state IN ('draft', 'submitted', 'withdrawn', 'opened', 'correction', 'compliant', 'set_aside', 'successful', 'unsuccessful')",
        )
    for table in ("recommendation_report",):
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("challenge")
    op.drop_table("summary_review")
    op.drop_table("standstill_pause")
    op.drop_table("redaction")
    op.drop_table("recommendation_report")
    op.drop_table("panel_reminder")
    op.drop_table("panel_declaration")
    op.drop_table("panel_criterion")
    op.drop_table("correction_file")
    op.drop_table("correction")
    # What had no room then cannot go back: one award for each lot, one summary for each bid.
    op.execute(
        "DELETE FROM bid_summary WHERE award_id IN "
        "(SELECT id FROM award WHERE superseded_at IS NOT NULL)"
    )
    op.execute("DELETE FROM award WHERE superseded_at IS NOT NULL")
    op.execute("UPDATE bid SET state = 'opened' WHERE state = 'correction'")
    op.execute("UPDATE panel_member SET state = 'assigned' WHERE state = 'declared'")

    with op.batch_alter_table("bid") as batch_op:
        batch_op.drop_constraint(op.f("ck_bid_bidstate"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_bid_bidstate"),
            "state IN ('draft', 'submitted', 'withdrawn', 'opened', 'compliant', 'set_aside', 'successful', 'unsuccessful')",
        )
    with op.batch_alter_table("panel_member") as batch_op:
        batch_op.drop_constraint(op.f("ck_panel_member_goesby"), type_="check")
        batch_op.drop_constraint(op.f("ck_panel_member_left_for_a_reason"), type_="check")
        batch_op.drop_constraint(op.f("ck_panel_member_leftbecause"), type_="check")
        batch_op.drop_constraint(op.f("ck_panel_member_replaces_another"), type_="check")
        batch_op.drop_constraint(op.f("ck_panel_member_seatstate"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_panel_member_replaces_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_panel_member_replaces_id"), type_="unique")
        batch_op.drop_column("uses_keys")
        batch_op.drop_column("goes_by")
        batch_op.drop_column("left_because")
        batch_op.drop_column("left_at")
        batch_op.drop_column("replaces_id")
        batch_op.drop_column("lived_experience")
        batch_op.create_check_constraint(
            op.f("ck_panel_member_seatstate"),
            "state IN ('assigned', 'scoring', 'locked', 'stood_down')",
        )
    with op.batch_alter_table("moderated_score") as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderated_score_agreed_by_id"))
        batch_op.drop_index(batch_op.f("ix_moderated_score_evaluation_id"))
    with op.batch_alter_table("evaluation") as batch_op:
        batch_op.drop_index("ix_evaluation_state_scores_due_on")
        batch_op.drop_column("scores_due_on")
    with op.batch_alter_table("bid_summary") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_bid_summary_award_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_bid_summary_bid_id_award_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_bid_summary_bid_id"), ["bid_id"])
        batch_op.drop_column("award_id")
    with op.batch_alter_table("award") as batch_op:
        batch_op.drop_constraint(op.f("ck_award_final_stage_within_bids"), type_="check")
        batch_op.drop_constraint(op.f("ck_award_summaries_after_decision"), type_="check")
        batch_op.drop_index(
            "uq_award_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index("ix_award_lot_id_decided_at")
        batch_op.drop_index("ix_award_evaluation_id")
        batch_op.create_unique_constraint(batch_op.f("uq_award_lot_id"), ["lot_id"])
        batch_op.create_unique_constraint(batch_op.f("uq_award_evaluation_id"), ["evaluation_id"])
        batch_op.drop_column("superseded_at")
        batch_op.drop_column("summaries_sent_at")
        batch_op.drop_column("winner_told")
        batch_op.drop_column("vcse_bids")
        batch_op.drop_column("small_bids")
        batch_op.drop_column("sme_bids")
        batch_op.drop_column("final_stage_bids")
