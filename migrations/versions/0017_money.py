"""Money: payments, invoices, accounts at Stripe, what Stripe told, and what differs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from marketplace.append_only import stands, statements, undo, undo_stands
from marketplace.database import Encrypted, UTCDateTime

revision = "0017_money"
down_revision = "0016_whole_referrals"

# Every table that only grows, and the columns that are each row's own.
GROWING = {
    "audit_event": [("number",)],
    "posting": [("id",), ("cause_kind", "cause_id")],
    "lot_news": [("number",)],
    "contract_month": [("id",), ("contract_id", "month")],
    "contract_figure": [("contract_month_id", "indicator")],
    "signed_text": [("id",), ("contract_id", "number")],
    "bid_version": [("id",), ("bid_id", "number")],
    "bid_version_file": [("version_id", "file_id")],
    "recommendation_report": [("id",), ("award_id",)],
    "release": [("id",), ("process_id", "position")],
    "release_number": [("number",), ("release_id",)],
    "account": [("id",)],
}


def let_nothing_go() -> None:
    """What only grows is not replaced or emptied either; and an account stays as it was opened."""
    dialect = op.get_bind().dialect.name
    for table, keys in GROWING.items():
        every(stands(table, keys, dialect))
    every(statements("account", dialect))


def let_go() -> None:
    """Take back `let_nothing_go`."""
    dialect = op.get_bind().dialect.name
    for table in GROWING:
        every(undo_stands(table, dialect))
    every(undo("account", dialect))


def every(wanted: list[str]) -> None:
    """Run these statements."""
    for statement in wanted:
        op.execute(statement)


def upgrade() -> None:
    op.create_table(
        "bank_details",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("account_name", Encrypted("bank_details.account_name"), nullable=False),
        sa.Column("sort_code", Encrypted("bank_details.sort_code"), nullable=False),
        sa.Column("account_number", Encrypted("bank_details.account_number"), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_bank_details_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["person.id"], name=op.f("fk_bank_details_set_by_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_bank_details")),
    )
    op.create_table(
        "invoice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("funder_id", sa.Uuid(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("purchase_order", sa.String(length=140), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "bank_transfer",
                "direct_debit",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "rail",
            sa.Enum(
                "outside",
                "stripe",
                name="rail",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "ready",
                "sending",
                "held",
                "sent",
                "collecting",
                "settled",
                "failed",
                "disputed",
                "lost",
                "void",
                name="invoicestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("try_at", UTCDateTime(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=True),
        sa.Column(
            "held_reason",
            sa.Enum(
                "refused",
                "unclear",
                name="notsent",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("rail_reference", sa.String(length=120), nullable=True),
        sa.Column("charge_reference", sa.String(length=120), nullable=True),
        sa.Column("dispute_reference", sa.String(length=120), nullable=True),
        sa.Column("pay_page", sa.String(length=500), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("paid_at", UTCDateTime(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("disputed_at", UTCDateTime(), nullable=True),
        sa.Column("fee_pence", sa.Integer(), nullable=False),
        sa.Column("reminded_at", UTCDateTime(), nullable=True),
        sa.Column("paid_outside", sa.Boolean(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("paid_reference", sa.String(length=60), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(state = 'held') = (held_reason IS NOT NULL)",
            name=op.f("ck_invoice_held_for_a_reason"),
        ),
        sa.CheckConstraint(
            "rail = 'outside' OR state IN ('ready', 'void') OR idempotency_key IS NOT NULL",
            name=op.f("ck_invoice_key_before_sending"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('settled', 'disputed', 'lost') OR settled_at IS NOT NULL",
            name=op.f("ck_invoice_settled_when"),
        ),
        sa.CheckConstraint(
            "NOT paid_outside OR paid_on IS NOT NULL", name=op.f("ck_invoice_paid_outside_when")
        ),
        sa.CheckConstraint("fee_pence >= 0", name=op.f("ck_invoice_fee_not_negative")),
        sa.CheckConstraint("issuer_id <> funder_id", name=op.f("ck_invoice_two_organisations")),
        sa.CheckConstraint("pence > 0", name=op.f("ck_invoice_pence_positive")),
        sa.ForeignKeyConstraint(
            ["funder_id"], ["organisation.id"], name=op.f("fk_invoice_funder_id")
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["organisation.id"], name=op.f("fk_invoice_issuer_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_invoice_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("charge_reference", name=op.f("uq_invoice_charge_reference")),
        sa.UniqueConstraint("dispute_reference", name=op.f("uq_invoice_dispute_reference")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_invoice_idempotency_key")),
        sa.UniqueConstraint("rail", "rail_reference", name=op.f("uq_invoice_rail_rail_reference")),
        sa.UniqueConstraint("reference", name=op.f("uq_invoice_reference")),
    )
    op.create_table(
        "payment_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("payments", sa.Integer(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("file", Encrypted("payment_export.file"), nullable=False),
        sa.CheckConstraint(
            "payments > 0 AND pence > 0", name=op.f("ck_payment_export_of_something")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_payment_export_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["organisation.id"], name=op.f("fk_payment_export_payer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_export")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_export_reference")),
    )
    op.create_table(
        "stripe_account",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("stripe_id", sa.String(length=60), nullable=False),
        sa.Column("secret_key", Encrypted("stripe_account.secret_key"), nullable=False),
        sa.Column("webhook_secret", Encrypted("stripe_account.webhook_secret"), nullable=False),
        sa.Column(
            "connect_webhook_secret",
            Encrypted("stripe_account.connect_webhook_secret"),
            nullable=False,
        ),
        sa.Column("api_base", sa.String(length=200), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("balance_account_id", sa.Uuid(), nullable=False),
        sa.Column("moved_account_id", sa.Uuid(), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "NOT is_live OR api_base = ''", name=op.f("ck_stripe_account_live_is_stripes_own")
        ),
        sa.ForeignKeyConstraint(
            ["balance_account_id"],
            ["account.id"],
            name=op.f("fk_stripe_account_balance_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["moved_account_id"], ["account.id"], name=op.f("fk_stripe_account_moved_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_stripe_account_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_stripe_account")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_stripe_account_stripe_id")),
    )
    op.create_table(
        "invoice_customer",
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("funder_id", sa.Uuid(), nullable=False),
        sa.Column("stripe_id", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["funder_id"], ["organisation.id"], name=op.f("fk_invoice_customer_funder_id")
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"],
            ["stripe_account.organisation_id"],
            name=op.f("fk_invoice_customer_issuer_id"),
        ),
        sa.PrimaryKeyConstraint("issuer_id", "funder_id", name=op.f("pk_invoice_customer")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_invoice_customer_stripe_id")),
    )
    op.create_table(
        "invoice_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cause_kind", sa.String(length=60), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("purchase_order", sa.String(length=60), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("whole_pence", sa.BigInteger(), nullable=False),
        sa.Column("vat_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("pence > 0", name=op.f("ck_invoice_line_pence_positive")),
        sa.CheckConstraint("whole_pence >= pence", name=op.f("ck_invoice_line_part_of_the_whole")),
        sa.CheckConstraint(
            "vat_pence >= 0 AND vat_pence <= pence", name=op.f("ck_invoice_line_vat_within")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_line_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
        sa.UniqueConstraint(
            "invoice_id", "position", name=op.f("uq_invoice_line_invoice_id_position")
        ),
    )
    op.create_table(
        "mismatch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "not_here",
                "not_there",
                "amount",
                "twice",
                "balance",
                name="mismatchkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cause", sa.String(length=60), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("pence_here", sa.BigInteger(), nullable=False),
        sa.Column("pence_there", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "explained",
                "settled",
                name="mismatchstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("note", Encrypted("mismatch.note"), nullable=False),
        sa.Column("found_at", UTCDateTime(), nullable=False),
        sa.Column("moved_at", UTCDateTime(), nullable=False),
        sa.Column("explained_at", UTCDateTime(), nullable=True),
        sa.Column("explained_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'settled') = (settled_at IS NOT NULL)", name=op.f("ck_mismatch_settled_when")
        ),
        sa.CheckConstraint(
            "state <> 'explained' OR explained_by_id IS NOT NULL",
            name=op.f("ck_mismatch_explained_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["stripe_account.organisation_id"], name=op.f("fk_mismatch_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["explained_by_id"], ["person.id"], name=op.f("fk_mismatch_explained_by_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_mismatch_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mismatch")),
        sa.UniqueConstraint(
            "body_id",
            "kind",
            "cause",
            "reference",
            name=op.f("uq_mismatch_body_id_kind_cause_reference"),
        ),
    )
    op.create_table(
        "payee_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("stripe_id", sa.String(length=60), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "wanted",
                "started",
                "waiting",
                "ready",
                "refused",
                name="payeestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("wants", sa.JSON(), nullable=False),
        sa.Column("wanted_at", UTCDateTime(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=True),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.Column("ready_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'wanted') = (stripe_id IS NULL)",
            name=op.f("ck_payee_account_opened_at_stripe"),
        ),
        sa.CheckConstraint("body_id <> payee_id", name=op.f("ck_payee_account_two_organisations")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["stripe_account.organisation_id"], name=op.f("fk_payee_account_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["person.id"], name=op.f("fk_payee_account_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["payee_id"], ["organisation.id"], name=op.f("fk_payee_account_payee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee_account")),
        sa.UniqueConstraint("body_id", "payee_id", name=op.f("uq_payee_account_body_id_payee_id")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_payee_account_stripe_id")),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("cause_kind", sa.String(length=60), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("owed_from", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("law_due_on", sa.Date(), nullable=False),
        sa.Column(
            "rail",
            sa.Enum(
                "outside",
                "stripe",
                name="rail",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "ready",
                "sending",
                "short",
                "held",
                "exported",
                "paid",
                "returned",
                name="paymentstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("payable_account_id", sa.Uuid(), nullable=False),
        sa.Column("paid_account_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("try_at", UTCDateTime(), nullable=True),
        sa.Column("rail_reference", sa.String(length=120), nullable=True),
        sa.Column(
            "held_reason",
            sa.Enum(
                "payee_not_ready",
                "refused",
                "unclear",
                "not_sent",
                name="heldreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("paid_at", UTCDateTime(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("bank_reference", sa.String(length=60), nullable=False),
        sa.Column("export_id", sa.Uuid(), nullable=True),
        sa.Column("short_since", UTCDateTime(), nullable=True),
        sa.Column("returned_at", UTCDateTime(), nullable=True),
        sa.Column(
            "return_reason",
            sa.Enum(
                "sent_back",
                "mistake",
                "reversed",
                name="returnreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(state = 'held') = (held_reason IS NOT NULL)",
            name=op.f("ck_payment_held_for_a_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'returned') = (returned_at IS NOT NULL)",
            name=op.f("ck_payment_returned_when"),
        ),
        sa.CheckConstraint(
            "rail = 'outside' OR state IN ('ready', 'held') OR idempotency_key IS NOT NULL",
            name=op.f("ck_payment_key_before_sending"),
        ),
        sa.CheckConstraint(
            "state <> 'exported' OR export_id IS NOT NULL", name=op.f("ck_payment_exported_in_file")
        ),
        sa.CheckConstraint(
            "state NOT IN ('paid', 'returned') OR paid_at IS NOT NULL",
            name=op.f("ck_payment_paid_when"),
        ),
        sa.CheckConstraint(
            "(returned_at IS NULL) = (return_reason IS NULL)",
            name=op.f("ck_payment_returned_for_a_reason"),
        ),
        sa.CheckConstraint("due_on <= law_due_on", name=op.f("ck_payment_policy_within_law")),
        sa.CheckConstraint("pence > 0", name=op.f("ck_payment_pence_positive")),
        sa.ForeignKeyConstraint(
            ["export_id"], ["payment_export.id"], name=op.f("fk_payment_export_id")
        ),
        sa.ForeignKeyConstraint(
            ["paid_account_id"], ["account.id"], name=op.f("fk_payment_paid_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["payable_account_id"], ["account.id"], name=op.f("fk_payment_payable_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["payee_id"], ["organisation.id"], name=op.f("fk_payment_payee_id")
        ),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["organisation.id"], name=op.f("fk_payment_payer_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_payment_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint(
            "cause_kind", "cause_id", "round", name=op.f("uq_payment_cause_kind_cause_id_round")
        ),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payment_idempotency_key")),
        sa.UniqueConstraint("rail", "rail_reference", name=op.f("uq_payment_rail_rail_reference")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_reference")),
    )
    op.create_table(
        "received_event",
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("object_id", sa.String(length=120), nullable=False),
        sa.Column("account_id", sa.String(length=120), nullable=True),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("handled_at", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("try_at", UTCDateTime(), nullable=False),
        sa.Column("failure", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["body_id"], ["stripe_account.organisation_id"], name=op.f("fk_received_event_body_id")
        ),
        sa.PrimaryKeyConstraint("body_id", "id", name=op.f("pk_received_event")),
    )
    op.create_table(
        "reconciliation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("compared_from", UTCDateTime(), nullable=False),
        sa.Column("compared_until", UTCDateTime(), nullable=False),
        sa.Column("pence_here", sa.BigInteger(), nullable=False),
        sa.Column("pence_there", sa.BigInteger(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "moved >= 0 AND differences >= 0", name=op.f("ck_reconciliation_counts_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["stripe_account.organisation_id"], name=op.f("fk_reconciliation_body_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
    )
    op.create_table(
        "top_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "unclear",
                "coming",
                "arrived",
                "failed",
                "taken_back",
                name="topupstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("idempotency_key", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("try_at", UTCDateTime(), nullable=True),
        sa.Column("rail_reference", sa.String(length=120), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("arrived_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('arrived', 'taken_back') OR arrived_at IS NOT NULL",
            name=op.f("ck_top_up_arrived_when"),
        ),
        sa.CheckConstraint(
            "idempotency_key IS NOT NULL OR rail_reference IS NOT NULL",
            name=op.f("ck_top_up_key_before_asking"),
        ),
        sa.CheckConstraint("pence > 0", name=op.f("ck_top_up_pence_positive")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_top_up_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["stripe_account.organisation_id"], name=op.f("fk_top_up_body_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_top_up")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_top_up_idempotency_key")),
        sa.UniqueConstraint("rail_reference", name=op.f("uq_top_up_rail_reference")),
    )
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.create_index("ix_invoice_funder", ["funder_id", "state", "due_on"], unique=False)
        batch_op.create_index("ix_invoice_issuer", ["issuer_id", "state", "due_on"], unique=False)
        batch_op.create_index("ix_invoice_to_send", ["state", "try_at"], unique=False)
    with op.batch_alter_table("payment_export", schema=None) as batch_op:
        batch_op.create_index("ix_payment_export_payer", ["payer_id", "made_at"], unique=False)
    with op.batch_alter_table("invoice_line", schema=None) as batch_op:
        batch_op.create_index("ix_invoice_line_cause", ["cause_kind", "cause_id"], unique=False)
    with op.batch_alter_table("mismatch", schema=None) as batch_op:
        batch_op.create_index("ix_mismatch_state", ["body_id", "state", "found_at"], unique=False)
    with op.batch_alter_table("payee_account", schema=None) as batch_op:
        batch_op.create_index("ix_payee_account_payee", ["payee_id"], unique=False)
        batch_op.create_index("ix_payee_account_read", ["state", "read_at"], unique=False)
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_export_id"), ["export_id"], unique=False)
        batch_op.create_index("ix_payment_paid_on", ["paid_on"], unique=False)
        batch_op.create_index("ix_payment_payee", ["payee_id", "state", "due_on"], unique=False)
        batch_op.create_index("ix_payment_payer", ["payer_id", "state", "due_on"], unique=False)
        batch_op.create_index("ix_payment_state", ["state", "due_on"], unique=False)
        batch_op.create_index("ix_payment_to_send", ["rail", "state", "try_at"], unique=False)
    with op.batch_alter_table("received_event", schema=None) as batch_op:
        batch_op.create_index("ix_received_event_body", ["body_id", "received_at"], unique=False)
        batch_op.create_index("ix_received_event_due", ["handled_at", "try_at"], unique=False)
    with op.batch_alter_table("reconciliation", schema=None) as batch_op:
        batch_op.create_index("ix_reconciliation_body", ["body_id", "compared_until"], unique=False)
    with op.batch_alter_table("top_up", schema=None) as batch_op:
        batch_op.create_index("ix_top_up_body", ["body_id", "asked_at"], unique=False)
        batch_op.create_index("ix_top_up_to_ask", ["state", "try_at"], unique=False)
    with op.batch_alter_table("account") as batch_op:
        batch_op.drop_constraint(op.f("ck_account_accountkind"), type_="check")
    # Outside or not, it is paid.
    op.execute("UPDATE account SET kind = 'paid' WHERE kind = 'paid_outside'")
    with op.batch_alter_table("account") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_account_accountkind"),
            "kind IN ('cost', 'vat', 'payable', 'paid', 'funded', 'commitment', 'contribution_due', 'contribution_received', 'disputed', 'balance', 'moved')",
        )
    let_nothing_go()


def downgrade() -> None:
    let_go()
    with op.batch_alter_table("account") as batch_op:
        batch_op.drop_constraint(op.f("ck_account_accountkind"), type_="check")
    # Kinds that had no name then stay as costs: postings name their accounts, and postings stay.
    op.execute("UPDATE account SET kind = 'paid_outside' WHERE kind = 'paid'")
    op.execute(
        "UPDATE account SET kind = 'cost' WHERE kind NOT IN ('cost', 'payable', 'paid_outside')"
    )
    with op.batch_alter_table("account") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_account_accountkind"), "kind IN ('cost', 'payable', 'paid_outside')"
        )

    op.drop_table("top_up")
    op.drop_table("reconciliation")
    op.drop_table("received_event")
    op.drop_table("payment")
    op.drop_table("payee_account")
    op.drop_table("mismatch")
    op.drop_table("invoice_line")
    op.drop_table("invoice_customer")
    op.drop_table("stripe_account")
    op.drop_table("payment_export")
    op.drop_table("invoice")
    op.drop_table("bank_details")
