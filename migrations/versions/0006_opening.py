"""Lots up to their opening: policy, funding, pipeline, competition"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from marketplace.append_only import statements
from marketplace.database import Encrypted, UTCDateTime

revision = "0006_opening"
down_revision = "0005_qualification"


ID = sa.Uuid()
LOT = sa.table(
    "lot",
    sa.column("id", ID),
    sa.column("state", sa.String()),
    sa.column("source", sa.String()),
    sa.column("planned_at", UTCDateTime()),
    sa.column("published_at", UTCDateTime()),
)
HEAD = sa.table("lot_news_head", sa.column("id"), sa.column("count"))
NEWS = sa.table(
    "lot_news",
    sa.column("number"),
    sa.column("lot_id", ID),
    sa.column("kind", sa.String()),
    sa.column("at", UTCDateTime()),
)
LISTING = sa.table(
    "lot_listing",
    sa.column("lot_id", ID),
    sa.column("number"),
    sa.column("changed_at", UTCDateTime()),
)


def list_public_lots(connection: sa.Connection) -> None:
    """Lots that are public already stand in the feeds, in the order in which they became so."""
    shown_at = sa.func.coalesce(LOT.c.published_at, LOT.c.planned_at)
    public = (
        sa.select(LOT.c.id, LOT.c.published_at, LOT.c.planned_at)
        .where(LOT.c.source == "own", shown_at.is_not(None))
        .order_by(shown_at, LOT.c.id)
    )
    lots = connection.execute(public).all()
    for number, lot in enumerate(lots, start=1):
        at = lot.published_at or lot.planned_at
        kind = "opened" if lot.published_at else "planned"
        connection.execute(NEWS.insert().values(number=number, lot_id=lot.id, kind=kind, at=at))
        connection.execute(LISTING.insert().values(lot_id=lot.id, number=number, changed_at=at))
    connection.execute(HEAD.insert().values(id=1, count=len(lots)))


def upgrade() -> None:
    op.create_table(
        "lot_news_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_news_head")),
    )
    op.create_table(
        "lot_reader",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", Encrypted("lot_reader.email"), nullable=False),
        sa.Column("email_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("told_to", sa.BigInteger(), nullable=False),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_reader")),
        sa.UniqueConstraint("email_hash", name=op.f("uq_lot_reader_email_hash")),
    )
    op.create_table(
        "viability_token",
        sa.Column("token", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_viability_token")),
    )
    op.create_table(
        "fund",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("region_code", sa.String(length=10), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_cy", sa.String(length=200), nullable=False),
        sa.Column("needs_sentence", sa.Boolean(), nullable=False),
        sa.Column("needs_rar_days", sa.Boolean(), nullable=False),
        sa.Column("needs_end_within_sentence", sa.Boolean(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(organisation_id IS NULL) <> (region_code IS NULL)", name=op.f("ck_fund_one_owner")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_fund_days_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_fund_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_fund_organisation_id_name")),
        sa.UniqueConstraint("region_code", "name", name=op.f("uq_fund_region_code_name")),
    )
    op.create_table(
        "lot_alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("service_code", sa.String(length=60), nullable=False),
        sa.Column("region_code", sa.String(length=10), nullable=False),
        sa.Column("area_code", sa.String(length=60), nullable=False),
        sa.Column(
            "band",
            sa.Enum(
                "under-30",
                "30-100",
                "100-500",
                "500-1000",
                "over-1000",
                name="valueband",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["lot_reader.id"], name=op.f("fk_lot_alert_reader_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_alert")),
    )
    op.create_table(
        "market_policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                name="policystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("least_window_days", sa.Integer(), nullable=False),
        sa.Column("good_window_weeks", sa.Integer(), nullable=False),
        sa.Column("good_window_weeks_short", sa.Integer(), nullable=False),
        sa.Column("good_term_months", sa.Integer(), nullable=False),
        sa.Column("good_mobilisation_weeks", sa.Integer(), nullable=False),
        sa.Column("short_form_under_pence", sa.BigInteger(), nullable=False),
        sa.Column("covered_from_pence", sa.BigInteger(), nullable=False),
        sa.Column("season_from_month", sa.Integer(), nullable=False),
        sa.Column("season_from_day", sa.Integer(), nullable=False),
        sa.Column("season_to_month", sa.Integer(), nullable=False),
        sa.Column("season_to_day", sa.Integer(), nullable=False),
        sa.Column("questions_cut_off_days", sa.Integer(), nullable=False),
        sa.Column("answers_due_days", sa.Integer(), nullable=False),
        sa.Column("extension_days", sa.Integer(), nullable=False),
        sa.Column("material_change_days", sa.Integer(), nullable=False),
        sa.Column("turnover_flag_percent", sa.Integer(), nullable=False),
        sa.Column("turnover_block_percent", sa.Integer(), nullable=False),
        sa.Column("base_minutes", sa.Integer(), nullable=False),
        sa.Column("minutes_per_question", sa.Integer(), nullable=False),
        sa.Column("minutes_per_100_words", sa.Integer(), nullable=False),
        sa.Column("minutes_per_document", sa.Integer(), nullable=False),
        sa.Column("minutes_per_demand", sa.Integer(), nullable=False),
        sa.Column("small_bid_hours", sa.Integer(), nullable=False),
        sa.Column("hour_pence", sa.BigInteger(), nullable=False),
        sa.Column("usual_bidders", sa.Integer(), nullable=False),
        sa.Column("regime", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "state = 'draft' OR (valid_from IS NOT NULL AND published_at IS NOT NULL)",
            name=op.f("ck_market_policy_published_from_a_day"),
        ),
        sa.CheckConstraint(
            "answers_due_days < questions_cut_off_days",
            name=op.f("ck_market_policy_answers_after_questions"),
        ),
        sa.CheckConstraint(
            "base_minutes >= 0 AND minutes_per_question >= 0 AND minutes_per_100_words >= 0 AND minutes_per_document >= 0 AND minutes_per_demand >= 0 AND hour_pence >= 0",
            name=op.f("ck_market_policy_effort_not_negative"),
        ),
        sa.CheckConstraint(
            "least_window_days BETWEEN 1 AND 250",
            name=op.f("ck_market_policy_least_window_sensible"),
        ),
        sa.CheckConstraint(
            "questions_cut_off_days < least_window_days",
            name=op.f("ck_market_policy_questions_within_window"),
        ),
        sa.CheckConstraint(
            "small_bid_hours > 0 AND usual_bidders > 0",
            name=op.f("ck_market_policy_burden_has_a_scale"),
        ),
        sa.CheckConstraint(
            "turnover_flag_percent <= turnover_block_percent",
            name=op.f("ck_market_policy_turnover_flag_before_block"),
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_market_policy_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_market_policy_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_market_policy_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_policy")),
        sa.UniqueConstraint("version", name=op.f("uq_market_policy_version")),
    )
    op.create_table(
        "fund_year",
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("budget_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("budget_pence >= 0", name=op.f("ck_fund_year_budget_not_negative")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2199", name=op.f("ck_fund_year_year_sensible")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_fund_year_fund_id")),
        sa.PrimaryKeyConstraint("fund_id", "year", name=op.f("pk_fund_year")),
    )
    op.create_table(
        "policy_cap",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "route",
            sa.Enum(
                "grant",
                "contract",
                name="route",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("under_pence", sa.BigInteger(), nullable=True),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "questions > 0 AND words > 0", name=op.f("ck_policy_cap_something_may_be_asked")
        ),
        sa.CheckConstraint("under_pence > 0", name=op.f("ck_policy_cap_limit_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["market_policy.id"], name=op.f("fk_policy_cap_policy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_cap")),
        sa.UniqueConstraint("policy_id", "position", name=op.f("uq_policy_cap_policy_id_position")),
    )
    op.create_table(
        "policy_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "off",
                "flags",
                "blocks",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum(
                "policy",
                "statute",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_cy", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("why_cy", sa.Text(), nullable=False),
        sa.Column("overridable", sa.Boolean(), nullable=False),
        sa.Column("needs_reason", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "basis = 'policy' OR NOT overridable", name=op.f("ck_policy_rule_law_is_not_overridden")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["market_policy.id"], name=op.f("fk_policy_rule_policy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_rule")),
        sa.UniqueConstraint("policy_id", "code", name=op.f("uq_policy_rule_policy_id_code")),
    )
    op.create_table(
        "clarification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "answered",
                name="clarificationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asker", Encrypted("clarification.asker"), nullable=False),
        sa.Column("asker_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("asked", Encrypted("clarification.asked"), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state <> 'answered' OR (number > 0 AND answered_at IS NOT NULL AND answer <> '' AND wording <> '')",
            name=op.f("ck_clarification_answered_is_published"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_clarification_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_clarification_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarification")),
        sa.UniqueConstraint("lot_id", "number", name=op.f("uq_clarification_lot_id_number")),
    )
    op.create_table(
        "held_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "viability",
                "why_not",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sealed", Encrypted("held_answer.sealed"), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_held_answer_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_answer")),
    )
    op.create_table(
        "lot_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "cosmetic",
                "clarifying",
                "material",
                "moved",
                "unanswered",
                name="changekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "made",
                "dropped",
                name="changestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("closing_before", UTCDateTime(), nullable=True),
        sa.Column("closing_after", UTCDateTime(), nullable=True),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind <> 'material' OR state <> 'made' OR made_by_id <> proposed_by_id",
            name=op.f("ck_lot_change_material_by_two"),
        ),
        sa.CheckConstraint(
            "state <> 'made' OR made_at IS NOT NULL", name=op.f("ck_lot_change_made_has_moment")
        ),
        sa.CheckConstraint(
            "closing_after >= closing_before", name=op.f("ck_lot_change_closing_only_forward")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_change_lot_id")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_lot_change_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_lot_change_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_change")),
    )
    op.create_table(
        "lot_demand",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "turnover",
                "certificate",
                "insurance",
                "audited_accounts",
                "named_authority",
                "document",
                name="demand",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("least_pence", sa.BigInteger(), nullable=True),
        sa.Column("or_equivalent", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'turnover' OR least_pence > 0", name=op.f("ck_lot_demand_turnover_has_amount")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_demand_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_demand")),
        sa.UniqueConstraint("lot_id", "position", name=op.f("uq_lot_demand_lot_id_position")),
    )
    op.create_table(
        "lot_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "specification",
                "terms",
                "staff_costs",
                "other",
                name="documentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_lot_document_file_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_document_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_document")),
        sa.UniqueConstraint("lot_id", "position", name=op.f("uq_lot_document_lot_id_position")),
    )
    op.create_table(
        "lot_follow",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_follow_lot_id")),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["lot_reader.id"], name=op.f("fk_lot_follow_reader_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_follow")),
        sa.UniqueConstraint("lot_id", "reader_id", name=op.f("uq_lot_follow_lot_id_reader_id")),
    )
    op.create_table(
        "lot_funder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("share_pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "accepted",
                "declined",
                "withdrawn",
                name="funderstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asks_to_sign", sa.Boolean(), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("invited_at", UTCDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "share_pence = 0 OR state IN ('invited', 'accepted')",
            name=op.f("ck_lot_funder_gone_has_no_share"),
        ),
        sa.CheckConstraint("share_pence >= 0", name=op.f("ck_lot_funder_share_not_negative")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_lot_funder_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["person.id"], name=op.f("fk_lot_funder_invited_by_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_funder_lot_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_lot_funder_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_funder")),
        sa.UniqueConstraint(
            "lot_id", "organisation_id", name=op.f("uq_lot_funder_lot_id_organisation_id")
        ),
    )
    op.create_table(
        "lot_listing",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_listing_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_lot_listing")),
        sa.UniqueConstraint("number", name=op.f("uq_lot_listing_number")),
    )
    op.create_table(
        "lot_news",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "planned",
                "plan_changed",
                "opened",
                "changed",
                "moved",
                "answered",
                "closed",
                "progressed",
                "awarded",
                "no_award",
                "cancelled",
                name="news",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_news_lot_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_lot_news")),
    )
    op.create_table(
        "lot_outcome",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_code", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_outcome_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "outcome_code", name=op.f("pk_lot_outcome")),
    )
    op.create_table(
        "lot_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("rule_code", sa.String(length=60), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "off",
                "flags",
                "blocks",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "bid_manager",
                "finance",
                "trustee",
                "service_manager",
                "caseworker",
                "commissioning_officer",
                "evaluator",
                "contract_manager",
                "director",
                "practitioner",
                "team_manager",
                "equalities_manager",
                "commissioner_lead",
                "decision_maker",
                "prison_practitioner",
                "framework_manager",
                "auditor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("level <> 'off'", name=op.f("ck_lot_override_of_a_rule_in_force")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_lot_override_reason_given")),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["person.id"], name=op.f("fk_lot_override_given_by_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_override_lot_id")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["person.id"], name=op.f("fk_lot_override_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_override")),
    )
    op.create_table(
        "lot_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "publication",
                "award",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "bid_manager",
                "finance",
                "trustee",
                "service_manager",
                "caseworker",
                "commissioning_officer",
                "evaluator",
                "contract_manager",
                "director",
                "practitioner",
                "team_manager",
                "equalities_manager",
                "commissioner_lead",
                "decision_maker",
                "prison_practitioner",
                "framework_manager",
                "auditor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_signature_lot_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_lot_signature_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_lot_signature_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_signature")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "planned",
                "opening",
                "change",
                "ending",
                name="noticekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "to_send",
                "sent",
                "accepted",
                "rejected",
                name="noticestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "regime",
            sa.Enum(
                "pcr_2015",
                "act_2023",
                name="regime",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("posted_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "state = 'to_send' OR sent_at IS NOT NULL", name=op.f("ck_notice_sent_has_moment")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_notice_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_table(
        "released_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "viability",
                "why_not",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "choice",
            sa.Enum(
                "yes",
                "changes",
                "no",
                "size",
                "value",
                "time",
                "complexity",
                "terms",
                name="choice",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("obstacles", sa.JSON(), nullable=False),
        sa.Column("text", Encrypted("released_answer.text"), nullable=True),
        sa.CheckConstraint(
            "(subject = 'viability') = (choice IN ('yes', 'changes', 'no'))",
            name=op.f("ck_released_answer_choice_fits"),
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_released_answer_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_answer")),
    )
    op.create_table(
        "why_not_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_why_not_invitation_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_why_not_invitation")),
    )
    with op.batch_alter_table("lot_reader", schema=None) as batch_op:
        batch_op.create_index("ix_lot_reader_told_to", ["told_to", "digest_on"], unique=False)
    with op.batch_alter_table("lot_alert", schema=None) as batch_op:
        batch_op.create_index("ix_lot_alert_confirmed", ["confirmed", "asked_at"], unique=False)
        batch_op.create_index("ix_lot_alert_reader_id", ["reader_id"], unique=False)
    with op.batch_alter_table("market_policy", schema=None) as batch_op:
        batch_op.create_index(
            "ix_market_policy_state_valid_from", ["state", "valid_from"], unique=False
        )
        batch_op.create_index(
            "uq_market_policy_one_draft",
            ["state"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
    with op.batch_alter_table("clarification", schema=None) as batch_op:
        batch_op.create_index("ix_clarification_asker_key", ["asker_key"], unique=False)
        batch_op.create_index("ix_clarification_lot_id_state", ["lot_id", "state"], unique=False)
    with op.batch_alter_table("held_answer", schema=None) as batch_op:
        batch_op.create_index("ix_held_answer_lot_id", ["lot_id", "subject"], unique=False)
    with op.batch_alter_table("lot_change", schema=None) as batch_op:
        batch_op.create_index("ix_lot_change_lot_id_made_at", ["lot_id", "made_at"], unique=False)
        batch_op.create_index(
            "uq_lot_change_proposed",
            ["lot_id"],
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )
    with op.batch_alter_table("lot_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_document_file_id"), ["file_id"], unique=False)
    with op.batch_alter_table("lot_follow", schema=None) as batch_op:
        batch_op.create_index("ix_lot_follow_reader_id", ["reader_id"], unique=False)
    with op.batch_alter_table("lot_funder", schema=None) as batch_op:
        batch_op.create_index(
            "ix_lot_funder_organisation_id_state", ["organisation_id", "state"], unique=False
        )
    with op.batch_alter_table("lot_listing", schema=None) as batch_op:
        batch_op.create_index("ix_lot_listing_changed_at", ["changed_at"], unique=False)
    with op.batch_alter_table("lot_news", schema=None) as batch_op:
        batch_op.create_index("ix_lot_news_lot_id", ["lot_id", "number"], unique=False)
    with op.batch_alter_table("lot_override", schema=None) as batch_op:
        batch_op.create_index(
            "ix_lot_override_lot_id_given_at", ["lot_id", "given_at"], unique=False
        )
    with op.batch_alter_table("lot_signature", schema=None) as batch_op:
        batch_op.create_index(
            "ix_lot_signature_lot_id", ["lot_id", "purpose", "signed_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_lot_signature_organisation_id"), ["organisation_id"], unique=False
        )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_lot_id_posted_at", ["lot_id", "posted_at"], unique=False)
        batch_op.create_index("ix_notice_state_due_at", ["state", "due_at"], unique=False)
    with op.batch_alter_table("released_answer", schema=None) as batch_op:
        batch_op.create_index("ix_released_answer_lot_id", ["lot_id", "subject"], unique=False)
    with op.batch_alter_table("why_not_invitation", schema=None) as batch_op:
        batch_op.create_index("ix_why_not_invitation_lot_id", ["lot_id"], unique=False)
    with op.batch_alter_table("lot") as batch_op:
        batch_op.drop_constraint(op.f("ck_lot_lotstate"), type_="check")
        batch_op.add_column(sa.Column("statuses", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("eligibility_note", sa.Text(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("extension_months", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("extension_times", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("guaranteed_pence", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "payment_profile",
                sa.Enum(
                    "monthly_in_advance",
                    "monthly_in_arrears",
                    "quarterly_in_advance",
                    "up_front",
                    name="paymentprofile",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=False,
                server_default="monthly_in_advance",
            )
        )
        batch_op.add_column(sa.Column("voluntary_share_percent", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("starts_low", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("starts_medium", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("starts_high", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("mobilisation_weeks", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "transfer",
                sa.Enum(
                    "no",
                    "yes",
                    "may",
                    name="transfer",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("transfer_liabilities", sa.Text(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("forbids_speaking", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("publicity_terms", sa.Text(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column(
                "onward_sharing",
                sa.Enum(
                    "none",
                    "immigration",
                    "benefits",
                    "other",
                    name="onwardsharing",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=False,
                server_default="none",
            )
        )
        batch_op.add_column(sa.Column("data_terms", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("grant_test", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("fund_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("signatures_asked_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("expected_bidders", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("opens_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("approved_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("approved_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("copied_from_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("policy_version", sa.Integer(), nullable=True))
    with op.batch_alter_table("lot_question") as batch_op:
        batch_op.add_column(
            sa.Column("concept", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("risk", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("why", sa.Text(), nullable=False, server_default=""))
    list_public_lots(op.get_bind())
    with op.batch_alter_table("lot") as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_fund_id"), ["fund_id"], unique=False)
        batch_op.create_index("ix_lot_state_opens_at", ["state", "opens_at"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_lot_copied_from_id"), "lot", ["copied_from_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_lot_fund_id"), "fund", ["fund_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_lot_approved_by_id"), "person", ["approved_by_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_approved_has_opening"),
            "state <> 'approved' OR (opens_at IS NOT NULL AND approved_by_id IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_extension_not_negative"), "extension_months >= 0"
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_guarantee_within_value"), "guaranteed_pence <= value_net_pence"
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_lotstate"),
            "state IN ('draft', 'planned', 'approved', 'open', 'closed', 'evaluating', 'recommended', 'standstill', 'awarded', 'cancelled', 'no_award')",
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_onwardsharing"),
            "onward_sharing IN ('none', 'immigration', 'benefits', 'other')",
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_paymentprofile"),
            "payment_profile IN ('monthly_in_advance', 'monthly_in_arrears', 'quarterly_in_advance', 'up_front')",
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_transfer"), "transfer IN ('no', 'yes', 'may')"
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_voluntary_share_percent_sensible"),
            "voluntary_share_percent BETWEEN 0 AND 100",
        )
    for table in ("lot_news",):
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("lot_question") as batch_op:
        batch_op.drop_column("why")
        batch_op.drop_column("risk")
        batch_op.drop_column("concept")
    with op.batch_alter_table("lot") as batch_op:
        batch_op.drop_constraint(op.f("ck_lot_approved_has_opening"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_extension_not_negative"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_guarantee_within_value"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_lotstate"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_onwardsharing"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_paymentprofile"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_transfer"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_voluntary_share_percent_sensible"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_lot_approved_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_lot_fund_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_lot_copied_from_id"), type_="foreignkey")
        batch_op.drop_index("ix_lot_state_opens_at")
        batch_op.drop_index(batch_op.f("ix_lot_fund_id"))
        batch_op.drop_column("policy_version")
        batch_op.drop_column("copied_from_id")
        batch_op.drop_column("approved_by_id")
        batch_op.drop_column("approved_at")
        batch_op.drop_column("opens_at")
        batch_op.drop_column("expected_bidders")
        batch_op.drop_column("signatures_asked_at")
        batch_op.drop_column("fund_id")
        batch_op.drop_column("grant_test")
        batch_op.drop_column("data_terms")
        batch_op.drop_column("onward_sharing")
        batch_op.drop_column("publicity_terms")
        batch_op.drop_column("forbids_speaking")
        batch_op.drop_column("transfer_liabilities")
        batch_op.drop_column("transfer")
        batch_op.drop_column("mobilisation_weeks")
        batch_op.drop_column("starts_high")
        batch_op.drop_column("starts_medium")
        batch_op.drop_column("starts_low")
        batch_op.drop_column("voluntary_share_percent")
        batch_op.drop_column("payment_profile")
        batch_op.drop_column("guaranteed_pence")
        batch_op.drop_column("extension_times")
        batch_op.drop_column("extension_months")
        batch_op.drop_column("eligibility_note")
        batch_op.drop_column("statuses")
        batch_op.create_check_constraint(
            op.f("ck_lot_lotstate"),
            "state IN ('draft', 'planned', 'open', 'closed', 'evaluating', 'recommended', 'standstill', 'awarded', 'cancelled', 'no_award')",
        )
    op.drop_table("why_not_invitation")
    op.drop_table("released_answer")
    op.drop_table("notice")
    op.drop_table("lot_signature")
    op.drop_table("lot_override")
    op.drop_table("lot_outcome")
    op.drop_table("lot_news")
    op.drop_table("lot_listing")
    op.drop_table("lot_funder")
    op.drop_table("lot_follow")
    op.drop_table("lot_document")
    op.drop_table("lot_demand")
    op.drop_table("lot_change")
    op.drop_table("held_answer")
    op.drop_table("clarification")
    op.drop_table("policy_rule")
    op.drop_table("policy_cap")
    op.drop_table("fund_year")
    op.drop_table("market_policy")
    op.drop_table("lot_alert")
    op.drop_table("fund")
    op.drop_table("viability_token")
    op.drop_table("lot_reader")
    op.drop_table("lot_news_head")
