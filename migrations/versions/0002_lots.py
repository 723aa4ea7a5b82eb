"""The tables of lots/"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from marketplace.database import Encrypted, UTCDateTime

revision = "0002_lots"
down_revision = "0001_ground"


def upgrade() -> None:
    op.create_table(
        "lot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "planned",
                "open",
                "closed",
                "evaluating",
                "recommended",
                "standstill",
                "awarded",
                "cancelled",
                "no_award",
                name="lotstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("lead_buyer_id", sa.Uuid(), nullable=False),
        sa.Column("service_code", sa.String(length=60), nullable=False),
        sa.Column("cohort", sa.String(length=60), nullable=True),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("whole_region_reason", sa.Text(), nullable=False),
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
            nullable=False,
        ),
        sa.Column("contract_reason", sa.Text(), nullable=False),
        sa.Column("value_net_pence", sa.BigInteger(), nullable=True),
        sa.Column("value_gross_pence", sa.BigInteger(), nullable=True),
        sa.Column("term_months", sa.Integer(), nullable=True),
        sa.Column(
            "price_basis",
            sa.Enum(
                "monthly_fee",
                "per_start",
                name="pricebasis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("expected_starts", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_at", UTCDateTime(), nullable=True),
        sa.Column("questions_until", UTCDateTime(), nullable=True),
        sa.Column("price_weight", sa.Integer(), nullable=True),
        sa.Column(
            "tie_rule",
            sa.Enum(
                "higher_quality",
                "lower_price",
                name="tierule",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("standstill_working_days", sa.Integer(), nullable=False),
        sa.Column("standstill_ends_on", sa.Date(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("wrapped_private_key", sa.LargeBinary(), nullable=True),
        sa.Column("price_public_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("wrapped_price_key", sa.LargeBinary(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "own",
                "published",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("drafted_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("planned_at", UTCDateTime(), nullable=True),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("awarded_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "need_changed",
                "money_withdrawn",
                "error_in_terms",
                "bought_elsewhere",
                "no_bids",
                "no_suitable_bid",
                "other",
                name="endreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "state <> 'open' OR (closes_at IS NOT NULL AND public_key IS NOT NULL)",
            name=op.f("ck_lot_open_is_sealed"),
        ),
        sa.CheckConstraint("min_age <= max_age", name=op.f("ck_lot_ages_in_order")),
        sa.CheckConstraint(
            "price_weight BETWEEN 0 AND 100", name=op.f("ck_lot_price_weight_percent")
        ),
        sa.CheckConstraint(
            "standstill_working_days >= 0", name=op.f("ck_lot_standstill_not_negative")
        ),
        sa.CheckConstraint("term_months > 0", name=op.f("ck_lot_term_positive")),
        sa.CheckConstraint(
            "value_gross_pence >= value_net_pence", name=op.f("ck_lot_gross_covers_net")
        ),
        sa.CheckConstraint("value_net_pence >= 0", name=op.f("ck_lot_net_not_negative")),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_lot_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["lead_buyer_id"], ["organisation.id"], name=op.f("fk_lot_lead_buyer_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_lot_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("reference", name=op.f("uq_lot_reference")),
    )
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.create_index(
            "ix_lot_lead_buyer_id_state", ["lead_buyer_id", "state"], unique=False
        )
        batch_op.create_index("ix_lot_service_code", ["service_code"], unique=False)
        batch_op.create_index("ix_lot_state_closes_at", ["state", "closes_at"], unique=False)

    op.create_table(
        "contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafted",
                "signed",
                "mobilising",
                "live",
                "ending",
                "ended",
                "terminated",
                name="contractstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
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
            nullable=False,
        ),
        sa.Column("service_code", sa.String(length=60), nullable=False),
        sa.Column("value_pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "value_kind",
            sa.Enum(
                "awarded",
                "predicted",
                name="valuekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value_term_months", sa.Integer(), nullable=False),
        sa.Column(
            "price_basis",
            sa.Enum(
                "monthly_fee",
                "per_start",
                name="pricebasis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("unit_price_pence", sa.BigInteger(), nullable=True),
        sa.Column("monthly_fee_pence", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("drawn_up_at", UTCDateTime(), nullable=True),
        sa.Column("signed_at", UTCDateTime(), nullable=True),
        sa.Column("live_at", UTCDateTime(), nullable=True),
        sa.Column("ending_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "own",
                "published",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("award_line", sa.String(length=40), nullable=True),
        sa.Column("cost_account_id", sa.Uuid(), nullable=True),
        sa.Column("payable_account_id", sa.Uuid(), nullable=True),
        sa.Column("paid_account_id", sa.Uuid(), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(price_basis IS NULL AND unit_price_pence IS NULL AND monthly_fee_pence IS NULL) OR (price_basis = 'per_start' AND unit_price_pence >= 0 AND monthly_fee_pence IS NULL) OR (price_basis = 'monthly_fee' AND monthly_fee_pence >= 0 AND unit_price_pence IS NULL)",
            name=op.f("ck_contract_price_of_its_basis"),
        ),
        sa.CheckConstraint(
            "source = 'published' OR price_basis IS NOT NULL",
            name=op.f("ck_contract_own_has_price"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_contract_ends_after_start")),
        sa.CheckConstraint("value_pence >= 0", name=op.f("ck_contract_value_not_negative")),
        sa.CheckConstraint("value_term_months > 0", name=op.f("ck_contract_term_positive")),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["organisation.id"], name=op.f("fk_contract_buyer_id")
        ),
        sa.ForeignKeyConstraint(
            ["cost_account_id"], ["account.id"], name=op.f("fk_contract_cost_account_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_contract_lot_id")),
        sa.ForeignKeyConstraint(
            ["paid_account_id"], ["account.id"], name=op.f("fk_contract_paid_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["payable_account_id"], ["account.id"], name=op.f("fk_contract_payable_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_contract_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("award_line", name=op.f("uq_contract_award_line")),
        sa.UniqueConstraint("reference", name=op.f("uq_contract_reference")),
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index("ix_contract_buyer", ["buyer_id", "state"], unique=False)
        batch_op.create_index("ix_contract_dates", ["starts_on", "ends_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index("ix_contract_provider", ["provider_id", "state"], unique=False)
        batch_op.create_index("ix_contract_service", ["service_code", "state"], unique=False)

    op.create_table(
        "lot_area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=10), nullable=False),
        sa.Column("area_code", sa.String(length=60), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.CheckConstraint("places > 0", name=op.f("ck_lot_area_places_positive")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_area_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_area")),
        sa.UniqueConstraint(
            "lot_id",
            "region_code",
            "area_code",
            name=op.f("uq_lot_area_lot_id_region_code_area_code"),
        ),
    )
    with op.batch_alter_table("lot_area", schema=None) as batch_op:
        batch_op.create_index("ix_lot_area_area_code", ["area_code"], unique=False)
        batch_op.create_index("ix_lot_area_region_code", ["region_code"], unique=False)

    op.create_table(
        "lot_criterion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "weight BETWEEN 1 AND 100", name=op.f("ck_lot_criterion_weight_percent")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_criterion_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_criterion")),
        sa.UniqueConstraint("lot_id", "position", name=op.f("uq_lot_criterion_lot_id_position")),
    )
    op.create_table(
        "lot_editor",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_editor_lot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lot_editor_person_id")),
        sa.PrimaryKeyConstraint("lot_id", "person_id", name=op.f("pk_lot_editor")),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "computed",
                "queried",
                "approved",
                "recorded",
                name="claimstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("computed_at", UTCDateTime(), nullable=False),
        sa.Column("query", Encrypted("claim.query"), nullable=True),
        sa.Column("queried_at", UTCDateTime(), nullable=True),
        sa.Column("answer", Encrypted("claim.answer"), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", UTCDateTime(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'recorded') OR approved_by_id IS NOT NULL",
            name=op.f("ck_claim_approved_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_claim_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_claim_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_claim_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("contract_id", "month", name=op.f("uq_claim_contract_id_month")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index("ix_claim_state", ["state"], unique=False)

    op.create_table(
        "contract_area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.String(length=60), nullable=True),
        sa.Column("region_code", sa.String(length=10), nullable=False),
        sa.Column("cohort", sa.String(length=60), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("contracted_places", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("wanted_places", sa.Integer(), nullable=True),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("places_set_at", UTCDateTime(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column(
            "pause_reason",
            sa.Enum(
                "staffing",
                "premises",
                "safeguarding",
                "other",
                name="pausereason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("opened_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(paused_until IS NULL) = (pause_reason IS NULL)",
            name=op.f("ck_contract_area_pause_has_reason"),
        ),
        sa.CheckConstraint(
            "0 <= reserved AND reserved <= places",
            name=op.f("ck_contract_area_reserved_within_places"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_contract_area_ends_after_start")),
        sa.CheckConstraint(
            "places <= contracted_places", name=op.f("ck_contract_area_places_within_contract")
        ),
        sa.CheckConstraint(
            "wanted_places IS NULL OR (0 <= wanted_places AND wanted_places < places)",
            name=op.f("ck_contract_area_wanted_below_places"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_area_contract_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_area")),
    )
    with op.batch_alter_table("contract_area", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contract_area_contract_id"), ["contract_id"], unique=False
        )
        batch_op.create_index(
            "ix_contract_area_where", ["region_code", "area_code", "id"], unique=False
        )

    op.create_table(
        "contract_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "buyer",
                "provider",
                name="side",
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
        sa.Column("name", Encrypted("contract_signature.name"), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_signature_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contract_signature_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_signature")),
        sa.UniqueConstraint(
            "contract_id", "side", name=op.f("uq_contract_signature_contract_id_side")
        ),
    )
    op.create_table(
        "lot_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("word_limit", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "word_limit BETWEEN 1 AND 10000", name=op.f("ck_lot_question_word_limit_sensible")
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["lot_criterion.id"], name=op.f("fk_lot_question_criterion_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_question_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_question")),
        sa.UniqueConstraint("lot_id", "position", name=op.f("uq_lot_question_lot_id_position")),
    )
    with op.batch_alter_table("lot_question", schema=None) as batch_op:
        batch_op.create_index("ix_lot_question_criterion_id", ["criterion_id"], unique=False)

    op.create_table(
        "mobilisation_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "insurance",
                "vetting",
                "data_protection",
                "places",
                name="itemkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("evidence", Encrypted("mobilisation_item.evidence"), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_by_id IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_mobilisation_item_confirmed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_mobilisation_item_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_mobilisation_item_contract_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mobilisation_item")),
        sa.UniqueConstraint(
            "contract_id", "kind", name=op.f("uq_mobilisation_item_contract_id_kind")
        ),
    )
    op.create_table(
        "claim_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("contract_area_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "monthly_fee",
                "start",
                name="linekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_pence", sa.BigInteger(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("case_references", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "amount_pence = quantity * unit_pence", name=op.f("ck_claim_line_amount_is_product")
        ),
        sa.CheckConstraint(
            "quantity >= 0 AND unit_pence >= 0", name=op.f("ck_claim_line_not_negative")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_line_claim_id")),
        sa.ForeignKeyConstraint(
            ["contract_area_id"], ["contract_area.id"], name=op.f("fk_claim_line_contract_area_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_line")),
        sa.UniqueConstraint("claim_id", "position", name=op.f("uq_claim_line_claim_id_position")),
    )


def downgrade() -> None:
    op.drop_table("claim_line")
    op.drop_table("mobilisation_item")
    with op.batch_alter_table("lot_question", schema=None) as batch_op:
        batch_op.drop_index("ix_lot_question_criterion_id")

    op.drop_table("lot_question")
    op.drop_table("contract_signature")
    with op.batch_alter_table("contract_area", schema=None) as batch_op:
        batch_op.drop_index("ix_contract_area_where")
        batch_op.drop_index(batch_op.f("ix_contract_area_contract_id"))

    op.drop_table("contract_area")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index("ix_claim_state")

    op.drop_table("claim")
    op.drop_table("lot_editor")
    op.drop_table("lot_criterion")
    with op.batch_alter_table("lot_area", schema=None) as batch_op:
        batch_op.drop_index("ix_lot_area_region_code")
        batch_op.drop_index("ix_lot_area_area_code")

    op.drop_table("lot_area")
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.drop_index("ix_contract_service")
        batch_op.drop_index("ix_contract_provider")
        batch_op.drop_index(batch_op.f("ix_contract_lot_id"))
        batch_op.drop_index("ix_contract_dates")
        batch_op.drop_index("ix_contract_buyer")

    op.drop_table("contract")
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.drop_index("ix_lot_state_closes_at")
        batch_op.drop_index("ix_lot_service_code")
        batch_op.drop_index("ix_lot_lead_buyer_id_state")

    op.drop_table("lot")
