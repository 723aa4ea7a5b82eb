"""The tables of bids/"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from marketplace.append_only import statements
from marketplace.database import Encrypted, UTCDateTime

revision = "0003_bids"
down_revision = "0002_lots"


def upgrade() -> None:
    op.create_table(
        "bid",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "withdrawn",
                "opened",
                "compliant",
                "set_aside",
                "successful",
                "unsuccessful",
                name="bidstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("bidder_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organisation", Encrypted("bid.organisation"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("price_pence", Encrypted("bid.price_pence"), nullable=True),
        sa.Column("price_edition", sa.Integer(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column(
            "ground",
            sa.Enum(
                "not_qualified",
                "incomplete",
                "declaration_untrue",
                "price_above_value",
                name="setasideground",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("ground_reason", Encrypted("bid.ground_reason"), nullable=True),
        sa.CheckConstraint(
            "state <> 'set_aside' OR ground IS NOT NULL", name=op.f("ck_bid_set_aside_has_ground")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_bid_lot_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_bid_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid")),
        sa.UniqueConstraint("bidder_key", name=op.f("uq_bid_bidder_key")),
        sa.UniqueConstraint(
            "lot_id", "organisation_id", name=op.f("uq_bid_lot_id_organisation_id")
        ),
    )
    with op.batch_alter_table("bid", schema=None) as batch_op:
        batch_op.create_index("ix_bid_lot_id_state", ["lot_id", "state"], unique=False)
        batch_op.create_index("ix_bid_organisation_id", ["organisation_id"], unique=False)

    op.create_table(
        "bid_opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "confirmed_once",
                "opened",
                name="openingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("first_by_id", sa.Uuid(), nullable=False),
        sa.Column("first_at", UTCDateTime(), nullable=False),
        sa.Column("second_by_id", sa.Uuid(), nullable=True),
        sa.Column("second_at", UTCDateTime(), nullable=True),
        sa.Column("bids", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state <> 'opened' OR second_by_id IS NOT NULL",
            name=op.f("ck_bid_opening_opened_by_second_person"),
        ),
        sa.CheckConstraint("second_by_id <> first_by_id", name=op.f("ck_bid_opening_two_people")),
        sa.ForeignKeyConstraint(
            ["first_by_id"], ["person.id"], name=op.f("fk_bid_opening_first_by_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_bid_opening_lot_id")),
        sa.ForeignKeyConstraint(
            ["second_by_id"], ["person.id"], name=op.f("fk_bid_opening_second_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_opening")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_bid_opening_lot_id")),
    )
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "scoring",
                "moderating",
                "priced",
                "recommended",
                "decided",
                name="evaluationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("quality_locked_at", UTCDateTime(), nullable=True),
        sa.Column("prices_opened_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_evaluation_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_evaluation_lot_id")),
    )
    op.create_table(
        "award",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("recommended_bid_id", sa.Uuid(), nullable=True),
        sa.Column("recommended_by_id", sa.Uuid(), nullable=False),
        sa.Column("recommended_at", UTCDateTime(), nullable=False),
        sa.Column("recommendation", Encrypted("award.recommendation"), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "award",
                "no_award",
                name="awardoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("bid_id", sa.Uuid(), nullable=True),
        sa.Column("price_pence", sa.Integer(), nullable=True),
        sa.Column("bids", sa.Integer(), nullable=True),
        sa.Column("departs", sa.Boolean(), nullable=False),
        sa.Column("published_reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'award') = (bid_id IS NOT NULL)", name=op.f("ck_award_award_names_bid")
        ),
        sa.CheckConstraint(
            "NOT departs OR published_reason <> ''", name=op.f("ck_award_departure_has_reason")
        ),
        sa.CheckConstraint("decided_by_id <> recommended_by_id", name=op.f("ck_award_two_people")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_award_bid_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_award_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.id"], name=op.f("fk_award_evaluation_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_award_lot_id")),
        sa.ForeignKeyConstraint(
            ["recommended_bid_id"], ["bid.id"], name=op.f("fk_award_recommended_bid_id")
        ),
        sa.ForeignKeyConstraint(
            ["recommended_by_id"], ["person.id"], name=op.f("fk_award_recommended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("evaluation_id", name=op.f("uq_award_evaluation_id")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_award_lot_id")),
    )
    op.create_table(
        "bid_summary",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("content", Encrypted("bid_summary.content"), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_summary_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_summary")),
        sa.UniqueConstraint("bid_id", name=op.f("uq_bid_summary_bid_id")),
    )
    op.create_table(
        "bid_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submitted_at", UTCDateTime(), nullable=False),
        sa.Column("submitted_by", Encrypted("bid_version.submitted_by"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_price", sa.LargeBinary(), nullable=False),
        sa.Column("own_copy", Encrypted("bid_version.own_copy"), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_bid_version_number_from_one")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_version_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_version")),
        sa.UniqueConstraint("bid_id", "number", name=op.f("uq_bid_version_bid_id_number")),
    )
    op.create_table(
        "moderated_score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reason", Encrypted("moderated_score.reason"), nullable=False),
        sa.Column("needed", Encrypted("moderated_score.needed"), nullable=False),
        sa.Column("agreed_at", UTCDateTime(), nullable=False),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 4", name=op.f("ck_moderated_score_on_the_scale")),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_moderated_score_agreed_by_id")
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_moderated_score_bid_id")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["lot_criterion.id"], name=op.f("fk_moderated_score_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.id"], name=op.f("fk_moderated_score_evaluation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderated_score")),
        sa.UniqueConstraint(
            "bid_id", "criterion_id", name=op.f("uq_moderated_score_bid_id_criterion_id")
        ),
    )
    op.create_table(
        "panel_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "assigned",
                "scoring",
                "locked",
                "stood_down",
                name="seatstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("assigned_at", UTCDateTime(), nullable=False),
        sa.Column("declared_at", UTCDateTime(), nullable=True),
        sa.Column("conflict", sa.Boolean(), nullable=True),
        sa.Column("locked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.id"], name=op.f("fk_panel_member_evaluation_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_panel_member_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_panel_member_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_member")),
        sa.UniqueConstraint(
            "evaluation_id", "person_id", name=op.f("uq_panel_member_evaluation_id_person_id")
        ),
    )
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.create_index(
            "ix_panel_member_person_id_state", ["person_id", "state"], unique=False
        )

    op.create_table(
        "ranking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("inputs", Encrypted("ranking.inputs"), nullable=False),
        sa.Column("result", Encrypted("ranking.result"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("computed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.id"], name=op.f("fk_ranking_evaluation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking")),
        sa.UniqueConstraint("evaluation_id", name=op.f("uq_ranking_evaluation_id")),
    )
    op.create_table(
        "bid_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("text", Encrypted("bid_answer.text"), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_answer_bid_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["lot_question.id"], name=op.f("fk_bid_answer_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_answer")),
        sa.UniqueConstraint("bid_id", "question_id", name=op.f("uq_bid_answer_bid_id_question_id")),
    )
    op.create_table(
        "opened_bid",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("content", Encrypted("opened_bid.content"), nullable=False),
        sa.Column("price_pence", Encrypted("opened_bid.price_pence"), nullable=True),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_opened_bid_bid_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["bid_version.id"], name=op.f("fk_opened_bid_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_bid")),
        sa.UniqueConstraint("bid_id", name=op.f("uq_opened_bid_bid_id")),
        sa.UniqueConstraint("version_id", name=op.f("uq_opened_bid_version_id")),
    )
    op.create_table(
        "score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reason", Encrypted("score.reason"), nullable=False),
        sa.Column("scored_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 4", name=op.f("ck_score_on_the_scale")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_score_bid_id")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["lot_criterion.id"], name=op.f("fk_score_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_score_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint(
            "member_id",
            "bid_id",
            "criterion_id",
            name=op.f("uq_score_member_id_bid_id_criterion_id"),
        ),
    )
    for table in ("bid_version",):
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("score")
    op.drop_table("opened_bid")
    op.drop_table("bid_answer")
    op.drop_table("ranking")
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.drop_index("ix_panel_member_person_id_state")

    op.drop_table("panel_member")
    op.drop_table("moderated_score")
    op.drop_table("bid_version")
    op.drop_table("bid_summary")
    op.drop_table("award")
    op.drop_table("evaluation")
    op.drop_table("bid_opening")
    with op.batch_alter_table("bid", schema=None) as batch_op:
        batch_op.drop_index("ix_bid_organisation_id")
        batch_op.drop_index("ix_bid_lot_id_state")

    op.drop_table("bid")
