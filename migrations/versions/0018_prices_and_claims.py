"""Prices of lots and contracts, claims that are paid, and the books of who pays"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

from lots.contracts.claims import holding
from marketplace.database import Encrypted, UTCDateTime

revision = "0018_prices_and_claims"
down_revision = "0017_money"


ID = sa.Uuid()
CONTRACT = sa.table(
    "contract",
    *(sa.column(name, ID) for name in ("id", "vat_account_id", "funded_account_id")),
    *(sa.column(name, sa.String()) for name in ("price_basis", "source")),
    *(sa.column(name, sa.BigInteger()) for name in ("monthly_fee_pence", "unit_price_pence")),
    sa.column("starts_on", sa.Date()),
    sa.column("cost_account_id", ID),
    *(sa.column(name, UTCDateTime()) for name in ("ended_at", "settled_at")),
)
CHANGE = sa.table(
    "contract_change",
    sa.column("contract_id", ID),
    sa.column("number", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("state", sa.String()),
    sa.column("before", sa.JSON()),
    sa.column("after", sa.JSON()),
    sa.column("effective_on", sa.Date()),
    sa.column("in_force_at", UTCDateTime()),
)
CLAIM = sa.table(
    "claim",
    sa.column("id", ID),
    sa.column("contract_id", ID),
    sa.column("month", sa.Date()),
    sa.column("state", sa.String()),
    sa.column("computed_at", UTCDateTime()),
    sa.column("approved_at", UTCDateTime()),
    sa.column("recorded_at", UTCDateTime()),
    sa.column("paid_at", UTCDateTime()),
    sa.column("due_on", sa.Date()),
    sa.column("law_due_on", sa.Date()),
)
LINE = sa.table(
    "claim_line",
    sa.column("id", ID),
    sa.column("claim_id", ID),
    sa.column("position", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("month", sa.Date()),
    sa.column("amount_pence", sa.BigInteger()),
    sa.column("case_references", sa.JSON()),
)
CASE = sa.table(
    "claimed_case",
    *(sa.column(name, ID) for name in ("id", "contract_id", "line_id")),
    *(sa.column(name, sa.String()) for name in ("kind", "reference", "outcome_code")),
    sa.column("number", sa.Integer()),
)
PRICE = sa.table(
    "contract_price",
    *(sa.column(name, ID) for name in ("id", "contract_id")),
    *(sa.column(name, sa.String()) for name in ("paid", "complexity", "outcome_code")),
    sa.column("above", sa.Integer()),
    sa.column("pence", sa.BigInteger()),
    sa.column("valid_from", sa.Date()),
)
ACCOUNT = sa.table(
    "account",
    sa.column("id", ID),
    sa.column("kind", sa.String()),
    sa.column("opened_at", UTCDateTime()),
)
POLICY = sa.table("market_policy", sa.column("id", ID))
RULE = sa.table(
    "policy_rule",
    *(sa.column(name, ID) for name in ("id", "policy_id")),
    sa.column("position", sa.Integer()),
    *(sa.column(name, sa.String()) for name in ("code", "level", "basis", "source", "source_cy")),
    *(sa.column(name, sa.String()) for name in ("link", "why", "why_cy")),
    *(sa.column(name, sa.Boolean()) for name in ("overridable", "needs_reason")),
)
FEE = "monthly_fee"


def open_accounts(connection: sa.Connection) -> None:
    """An own contract has accounts for VAT and for what is promised for it, too."""
    own = sa.select(CONTRACT.c.id).where(CONTRACT.c.cost_account_id.is_not(None))
    now = datetime.now(UTC)
    for contract_id in connection.scalars(own).all():
        accounts = {"vat": uuid4(), "funded": uuid4()}
        rows = [{"id": each, "kind": kind, "opened_at": now} for kind, each in accounts.items()]
        connection.execute(sa.insert(ACCOUNT), rows)
        connection.execute(
            sa.update(CONTRACT)
            .where(CONTRACT.c.id == contract_id)
            .values(vat_account_id=accounts["vat"], funded_account_id=accounts["funded"])
        )


def write_prices(connection: sa.Connection) -> None:
    """Each own contract's price stands in its list; what was replaced, until the month it was."""
    own = sa.select(CONTRACT).where(CONTRACT.c.price_basis.is_not(None))
    for contract in connection.execute(own).all():
        is_fee = contract.price_basis == FEE
        now = contract.monthly_fee_pence if is_fee else contract.unit_price_pence
        rows = [
            {
                "id": uuid4(),
                "contract_id": contract.id,
                "paid": FEE if is_fee else "start",
                "complexity": "",
                "outcome_code": "",
                "above": 0,
                "pence": pence,
                "valid_from": month,
            }
            for month, pence in prices_of(connection, contract, now or 0).items()
        ]
        connection.execute(sa.insert(PRICE), rows)


def prices_of(connection: sa.Connection, contract: sa.Row, now: int) -> dict[date, int]:
    """The price by the first month for which it counts: the first one that it covers whole."""
    in_force = sa.select(CHANGE).where(
        CHANGE.c.contract_id == contract.id, CHANGE.c.kind == "value", CHANGE.c.state == "in_force"
    )
    changes = connection.execute(in_force.order_by(CHANGE.c.number)).all()
    first = contract.starts_on.replace(day=1)
    found = {first: changes[0].before["price_pence"] if changes else now}
    for change in changes:
        day = max(change.effective_on, change.in_force_at.date(), first)
        month = day if day.day == 1 else (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        found = {each: pence for each, pence in found.items() if each < month}
        found[month] = change.after["price_pence"]
    return found


def pay_claims(connection: sa.Connection) -> None:
    """What was recorded as to be paid outside counts as paid then; cases have rows of their own."""
    stand = sa.select(CONTRACT.c.id, CONTRACT.c.starts_on)
    starts_on = {each.id: each.starts_on for each in connection.execute(stand)}
    counted: dict[tuple[UUID, int], int] = {}
    claims = sa.select(CLAIM).order_by(CLAIM.c.contract_id, CLAIM.c.month)
    for claim in connection.execute(claims).all():
        lines = connection.execute(
            sa.select(LINE).where(LINE.c.claim_id == claim.id).order_by(LINE.c.position)
        ).all()
        day = claim.computed_at.date() + timedelta(days=30)
        values = {"due_on": day, "law_due_on": day}
        if claim.state == "recorded":
            is_nothing = not sum(line.amount_pence for line in lines)
            values["state"] = "nothing" if is_nothing else "paid"
            values["paid_at"] = None if is_nothing else claim.recorded_at
        connection.execute(sa.update(CLAIM).where(CLAIM.c.id == claim.id).values(**values))
        connection.execute(
            sa.update(LINE).where(LINE.c.claim_id == claim.id).values(month=claim.month)
        )
        first = starts_on[claim.contract_id]
        months = (claim.month.year - first.year) * 12 + claim.month.month - first.month
        year = (claim.contract_id, months // 12)
        for line in lines:
            for reference in line.case_references or []:
                counted[year] = counted.get(year, 0) + 1
                case = {
                    "id": uuid4(),
                    "contract_id": claim.contract_id,
                    "line_id": line.id,
                    "kind": "start",
                    "reference": reference,
                    "outcome_code": "",
                    "number": counted[year],
                }
                connection.execute(sa.insert(CASE), case)
    connection.execute(
        sa.text(
            "UPDATE grant_instalment SET state = 'paid', paid_at = recorded_at "
            "WHERE state = 'recorded'"
        )
    )


def copy_guarantee(connection: sa.Connection) -> None:
    """The least that is paid stands in the contract, as its lot said it."""
    connection.execute(
        sa.text(
            "UPDATE contract SET guaranteed_pence = COALESCE((SELECT guaranteed_pence FROM lot "
            "WHERE lot.id = contract.lot_id), 0) WHERE source = 'own'"
        )
    )


def settle_ended(connection: sa.Connection) -> None:
    """What had ended before the last month was claimed to its end by the rules of then.

    What ended since still has a month to claim, and is closed like everything that ends later.
    """
    last_month = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).replace(day=1)
    begins = last_month.replace(hour=0, minute=0, second=0, microsecond=0)
    connection.execute(
        sa.update(CONTRACT)
        .where(CONTRACT.c.ended_at < begins)
        .values(settled_at=CONTRACT.c.ended_at)
    )


def hold_claims() -> None:
    """The lines of approved claims stay."""
    for table in holding.GUARDED:
        for statement in holding.statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def hold_outcomes(connection: sa.Connection) -> None:
    """Every version of the policy holds the rule about payment by outcome."""
    last = sa.select(sa.func.max(RULE.c.position))
    for policy_id in connection.scalars(sa.select(POLICY.c.id)).all():
        position = connection.scalar(last.where(RULE.c.policy_id == policy_id))
        values = {
            "id": uuid4(),
            "policy_id": policy_id,
            "position": (position or 0) + 1,
            "code": "outcome_payment",
            "level": "blocks",
            "basis": "policy",
            "source": "Market policy",
            "source_cy": "Polisi’r farchnad",
            "link": "",
            "why": "A small organisation pays its staff long before an outcome is reached, and has "
            "no reserves.",
            "why_cy": "Mae mudiad bach yn talu ei staff ymhell cyn cyrraedd canlyniad, ac nid oes "
            "ganddo arian wrth gefn.",
            "overridable": True,
            "needs_reason": False,
        }
        connection.execute(sa.insert(RULE), values)


def claim_as_before(connection: sa.Connection) -> None:
    """The way back: whatever was settled is recorded, and lines name their cases again."""
    connection.execute(
        sa.text(
            "UPDATE claim SET recorded_at = COALESCE(paid_at, approved_at), "
            "recorded_by_id = approved_by_id, state = 'recorded' "
            "WHERE state IN ('approved', 'paid', 'nothing')"
        )
    )
    connection.execute(sa.text("UPDATE claim SET state = 'computed' WHERE state = 'second'"))
    connection.execute(
        sa.text(
            "UPDATE grant_instalment SET state = 'recorded', recorded_at = paid_at, "
            "recorded_by_id = (SELECT id FROM person ORDER BY id LIMIT 1) WHERE state = 'paid'"
        )
    )
    cases = connection.execute(sa.select(CASE).order_by(CASE.c.line_id, CASE.c.number)).all()
    references: dict[UUID, list[str]] = {}
    for case in cases:
        references.setdefault(case.line_id, []).append(case.reference)
    for line_id, named in references.items():
        connection.execute(
            sa.update(LINE).where(LINE.c.id == line_id).values(case_references=named)
        )


def forget_later(connection: sa.Connection) -> None:
    """The way back: what had no room then goes."""
    later = (
        "SELECT id FROM claim_line WHERE quantity < 0 OR kind NOT IN ('monthly_fee', 'start') "
        "OR claim_id IN (SELECT id FROM claim WHERE is_advance)"
    )
    for statement in (
        f"DELETE FROM claimed_case WHERE line_id IN ({later}) OR taken_back_id IN ({later})",
        f"DELETE FROM claim_line WHERE id IN ({later})",
        "DELETE FROM claim WHERE is_advance",
        "DELETE FROM policy_rule WHERE code = 'outcome_payment'",
        "UPDATE lot SET price_basis = 'monthly_fee' WHERE price_basis NOT IN "
        "('monthly_fee', 'per_start')",
        "UPDATE contract SET price_basis = 'monthly_fee', "
        "monthly_fee_pence = value_pence / value_term_months "
        "WHERE price_basis NOT IN ('monthly_fee', 'per_start')",
    ):
        connection.execute(sa.text(statement))


def upgrade() -> None:
    op.create_table(
        "approval_limit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("pence >= 0", name=op.f("ck_approval_limit_limit_not_negative")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_approval_limit_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["person.id"], name=op.f("fk_approval_limit_set_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_limit")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_approval_limit_organisation_id")),
    )
    op.create_table(
        "lot_band",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("above", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.CheckConstraint("above > 0", name=op.f("ck_lot_band_above_positive")),
        sa.CheckConstraint(
            "percent BETWEEN 0 AND 100", name=op.f("ck_lot_band_percent_of_the_price")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_band_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "above", name=op.f("pk_lot_band")),
    )
    op.create_table(
        "contract_funding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("commitment_account_id", sa.Uuid(), nullable=False),
        sa.Column("due_account_id", sa.Uuid(), nullable=False),
        sa.Column("received_account_id", sa.Uuid(), nullable=False),
        sa.Column("disputed_account_id", sa.Uuid(), nullable=False),
        sa.Column("purchase_order", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_account_id"],
            ["account.id"],
            name=op.f("fk_contract_funding_commitment_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_funding_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["disputed_account_id"],
            ["account.id"],
            name=op.f("fk_contract_funding_disputed_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["due_account_id"], ["account.id"], name=op.f("fk_contract_funding_due_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_contract_funding_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["received_account_id"],
            ["account.id"],
            name=op.f("fk_contract_funding_received_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_funding")),
        sa.UniqueConstraint(
            "contract_id",
            "organisation_id",
            name=op.f("uq_contract_funding_contract_id_organisation_id"),
        ),
    )
    op.create_table(
        "contract_price",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column(
            "paid",
            sa.Enum(
                "monthly_fee",
                "start",
                "outcome",
                "instalment",
                name="paid",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("complexity", sa.String(length=20), nullable=False),
        sa.Column("outcome_code", sa.String(length=100), nullable=False),
        sa.Column("above", sa.Integer(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(outcome_code <> '') = (paid = 'outcome')",
            name=op.f("ck_contract_price_outcome_of_an_outcome"),
        ),
        sa.CheckConstraint(
            "above = 0 OR paid = 'start'", name=op.f("ck_contract_price_band_of_starts")
        ),
        sa.CheckConstraint(
            "complexity = '' OR paid = 'start'",
            name=op.f("ck_contract_price_complexity_of_a_start"),
        ),
        sa.CheckConstraint("above >= 0", name=op.f("ck_contract_price_band_not_negative")),
        sa.CheckConstraint("pence >= 0", name=op.f("ck_contract_price_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_price_contract_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_price")),
        sa.UniqueConstraint(
            "contract_id",
            "paid",
            "complexity",
            "outcome_code",
            "above",
            "valid_from",
            name=op.f(
                "uq_contract_price_contract_id_paid_complexity_outcome_code_above_valid_from"
            ),
        ),
    )
    op.create_table(
        "contribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("funding_id", sa.Uuid(), nullable=False),
        sa.Column("cause_kind", sa.String(length=60), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "invoiced",
                "received",
                "disputed",
                "asked_again",
                "to_give_back",
                "given_back",
                name="contributionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('received', 'disputed', 'asked_again', 'given_back') OR received_at IS NOT NULL",
            name=op.f("ck_contribution_received_when"),
        ),
        sa.CheckConstraint("pence > 0", name=op.f("ck_contribution_pence_positive")),
        sa.CheckConstraint("round > 0", name=op.f("ck_contribution_round_positive")),
        sa.ForeignKeyConstraint(
            ["funding_id"], ["contract_funding.id"], name=op.f("fk_contribution_funding_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_contribution_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint(
            "funding_id",
            "cause_kind",
            "cause_id",
            "round",
            name=op.f("uq_contribution_funding_id_cause_kind_cause_id_round"),
        ),
    )
    op.create_table(
        "referral_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "stands",
                "taken_back",
                name="correctionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "wrong",
            sa.Enum(
                "not_held",
                "other_person",
                "other_day",
                "other_result",
                name="wrong",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("right_on", sa.Date(), nullable=True),
        sa.Column(
            "right_result",
            sa.Enum(
                "achieved",
                "partly",
                "not_achieved",
                name="achievement",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("why", Encrypted("referral_correction.why"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("taken_back_by_id", sa.Uuid(), nullable=True),
        sa.Column("taken_back_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN assessment_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN session_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN line_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_referral_correction_of_one_record"),
        ),
        sa.CheckConstraint(
            "(wrong = 'other_day') = (right_on IS NOT NULL)",
            name=op.f("ck_referral_correction_other_day_is_said"),
        ),
        sa.CheckConstraint(
            "(wrong = 'other_result') = (right_result IS NOT NULL)",
            name=op.f("ck_referral_correction_other_result_is_said"),
        ),
        sa.CheckConstraint(
            "CASE WHEN line_id IS NULL THEN wrong <> 'other_result' ELSE wrong IN ('other_person', 'other_result') END",
            name=op.f("ck_referral_correction_wrong_of_its_record"),
        ),
        sa.CheckConstraint(
            "(state = 'taken_back') = (taken_back_by_id IS NOT NULL) AND (taken_back_by_id IS NULL) = (taken_back_at IS NULL)",
            name=op.f("ck_referral_correction_taken_back_by_somebody"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_referral_correction_{column}")
            )
            for column, table in (
                ("referral_id", "referral"),
                ("assessment_id", "referral_assessment"),
                ("session_id", "referral_session"),
                ("line_id", "referral_end_report_line"),
                ("by_id", "person"),
                ("taken_back_by_id", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_correction")),
    )
    for column in ("assessment", "session", "line"):
        op.create_index(
            f"uq_referral_correction_{column}",
            "referral_correction",
            [f"{column}_id"],
            unique=True,
            sqlite_where=sa.text("state = 'stands'"),
            postgresql_where=sa.text("state = 'stands'"),
        )
    op.create_index(
        "ix_referral_correction_referral", "referral_correction", ["referral_id", "at"]
    )
    op.create_table(
        "funding_promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("funding_id", sa.Uuid(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("pence <> 0", name=op.f("ck_funding_promise_promise_moves")),
        sa.ForeignKeyConstraint(
            ["funding_id"], ["contract_funding.id"], name=op.f("fk_funding_promise_funding_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_promise")),
    )
    op.create_table(
        "partner_due",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("cause_kind", sa.String(length=60), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.CheckConstraint("pence <> 0", name=op.f("ck_partner_due_due_moves")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["contract_partner.id"], name=op.f("fk_partner_due_partner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_due")),
        sa.UniqueConstraint(
            "partner_id",
            "cause_kind",
            "cause_id",
            name=op.f("uq_partner_due_partner_id_cause_kind_cause_id"),
        ),
    )
    op.create_table(
        "claimed_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "monthly_fee",
                "start",
                "outcome",
                "instalment",
                "guaranteed",
                "carried",
                name="linekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("outcome_code", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("taken_back_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_claimed_case_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["claim_line.id"], name=op.f("fk_claimed_case_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_id"], ["claim_line.id"], name=op.f("fk_claimed_case_taken_back_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claimed_case")),
    )
    with op.batch_alter_table("contract_funding", schema=None) as batch_op:
        batch_op.create_index("ix_contract_funding_organisation", ["organisation_id"], unique=False)
    with op.batch_alter_table("contract_price", schema=None) as batch_op:
        batch_op.create_index("ix_contract_price_paid", ["paid", "valid_from"], unique=False)
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contribution_invoice_id"), ["invoice_id"], unique=False
        )
        batch_op.create_index("ix_contribution_state", ["state", "funding_id"], unique=False)
    with op.batch_alter_table("funding_promise", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_funding_promise_funding_id"), ["funding_id"], unique=False
        )
    with op.batch_alter_table("partner_due", schema=None) as batch_op:
        batch_op.create_index(
            "ix_partner_due_month", ["partner_id", "month", "pence"], unique=False
        )
    with op.batch_alter_table("claimed_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claimed_case_line_id"), ["line_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_claimed_case_taken_back_id"), ["taken_back_id"], unique=False
        )
        batch_op.create_index(
            "uq_claimed_case_once",
            ["contract_id", "kind", "reference", "outcome_code"],
            unique=True,
            sqlite_where=sa.text("taken_back_id IS NULL"),
            postgresql_where=sa.text("taken_back_id IS NULL"),
        )
    with op.batch_alter_table("claim") as batch_op:
        batch_op.drop_constraint(op.f("ck_claim_approved_by_somebody"), type_="check")
        batch_op.drop_constraint(op.f("ck_claim_claimstate"), type_="check")
        batch_op.add_column(
            sa.Column("is_advance", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("vat_pence", sa.BigInteger(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("law_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("checked_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("checked_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("first_approved_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("first_approved_at", UTCDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("sent_back_because", Encrypted("claim.sent_back_because"), nullable=True)
        )
        batch_op.add_column(sa.Column("paid_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("reminded_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("given_back_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("given_back_by_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("claim_line") as batch_op:
        batch_op.drop_constraint(op.f("ck_claim_line_linekind"), type_="check")
        batch_op.drop_constraint(op.f("ck_claim_line_not_negative"), type_="check")
        batch_op.add_column(sa.Column("month", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("complexity", sa.String(length=40), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("outcome_code", sa.String(length=100), nullable=False, server_default="")
        )
    with op.batch_alter_table("contract") as batch_op:
        batch_op.drop_constraint(op.f("ck_contract_price_of_its_basis"), type_="check")
        batch_op.drop_constraint(op.f("ck_contract_pricebasis"), type_="check")
        batch_op.add_column(
            sa.Column("guaranteed_pence", sa.BigInteger(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("vat_percent", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("indexed_from", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("index_points", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("vat_account_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("funded_account_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("settled_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("grant_instalment") as batch_op:
        batch_op.drop_constraint(op.f("ck_grant_instalment_instalmentstate"), type_="check")
        batch_op.drop_constraint(op.f("ck_grant_instalment_recorded_by_somebody"), type_="check")
        batch_op.add_column(sa.Column("paid_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("lot") as batch_op:
        batch_op.drop_constraint(op.f("ck_lot_pricebasis"), type_="check")
        batch_op.add_column(
            sa.Column("fee_percent", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("start_percent", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("outcome_percent", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("instalment_percent", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("factor_low", sa.Integer(), nullable=False, server_default="100")
        )
        batch_op.add_column(
            sa.Column("factor_medium", sa.Integer(), nullable=False, server_default="100")
        )
        batch_op.add_column(
            sa.Column("factor_high", sa.Integer(), nullable=False, server_default="100")
        )
        batch_op.add_column(
            sa.Column("vat_percent", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("index_points", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("index_after_months", sa.Integer(), nullable=False, server_default="12")
        )
    with op.batch_alter_table("lot_outcome") as batch_op:
        batch_op.add_column(sa.Column("paid_number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("factor", sa.Integer(), nullable=False, server_default="100"))
    with op.batch_alter_table("market_policy") as batch_op:
        batch_op.add_column(
            sa.Column("most_outcome_percent", sa.Integer(), nullable=False, server_default="10")
        )
    with op.batch_alter_table("partner_payment") as batch_op:
        batch_op.add_column(sa.Column("paid_on", sa.Date(), nullable=True))
    connection = op.get_bind()
    open_accounts(connection)
    copy_guarantee(connection)
    settle_ended(connection)
    write_prices(connection)
    pay_claims(connection)
    hold_outcomes(connection)
    with op.batch_alter_table("claim") as batch_op:
        batch_op.alter_column("due_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("law_due_on", existing_type=sa.Date(), nullable=False)
        batch_op.drop_index(batch_op.f("ix_claim_recorded_at"))
        batch_op.drop_constraint(batch_op.f("uq_claim_contract_id_month"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_claim_state"))
        batch_op.create_index("ix_claim_state", ["state", "due_on"], unique=False)
        batch_op.create_index("ix_claim_paid_at", ["paid_at"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_claim_contract_id_month_is_advance"),
            ["contract_id", "month", "is_advance"],
        )
        batch_op.drop_constraint(batch_op.f("fk_claim_recorded_by_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_claim_checked_by_id"), "person", ["checked_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_claim_first_approved_by_id"), "person", ["first_approved_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_claim_given_back_by_id"), "person", ["given_back_by_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_claim_given_back_by_somebody"),
            "(given_back_at IS NULL) = (given_back_by_id IS NULL)",
        )
        batch_op.drop_column("recorded_at")
        batch_op.drop_column("recorded_by_id")
        batch_op.create_check_constraint(
            op.f("ck_claim_approved_by_somebody"),
            "(state IN ('approved', 'paid', 'nothing')) = (approved_by_id IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_claim_claimstate"),
            "state IN ('computed', 'queried', 'second', 'approved', 'paid', 'nothing')",
        )
        batch_op.create_check_constraint(
            op.f("ck_claim_paid_when"), "state <> 'paid' OR paid_at IS NOT NULL"
        )
        batch_op.create_check_constraint(op.f("ck_claim_policy_within_law"), "due_on <= law_due_on")
        batch_op.create_check_constraint(
            op.f("ck_claim_second_after_first"),
            "state <> 'second' OR first_approved_by_id IS NOT NULL",
        )
        batch_op.create_check_constraint(
            op.f("ck_claim_two_people"), "first_approved_by_id <> approved_by_id"
        )
        batch_op.create_check_constraint(op.f("ck_claim_vat_not_negative"), "vat_pence >= 0")
    with op.batch_alter_table("claim_line") as batch_op:
        batch_op.alter_column("month", existing_type=sa.Date(), nullable=False)
        batch_op.drop_column("case_references")
        batch_op.create_check_constraint(
            op.f("ck_claim_line_complexity"), "complexity IN ('', 'low', 'medium', 'high')"
        )
        batch_op.create_check_constraint(
            op.f("ck_claim_line_linekind"),
            "kind IN ('monthly_fee', 'start', 'outcome', 'instalment', 'guaranteed', 'carried')",
        )
        batch_op.create_check_constraint(
            op.f("ck_claim_line_price_not_negative"), "unit_pence >= 0"
        )
    with op.batch_alter_table("contract") as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_contract_funded_account_id"), "account", ["funded_account_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contract_vat_account_id"), "account", ["vat_account_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_contract_guarantee_not_negative"), "guaranteed_pence >= 0"
        )
        batch_op.create_check_constraint(
            op.f("ck_contract_settled_after_end"), "settled_at IS NULL OR ended_at IS NOT NULL"
        )
        batch_op.create_check_constraint(
            op.f("ck_contract_index_sensible"), "index_points BETWEEN 0 AND 2000"
        )
        batch_op.create_check_constraint(
            op.f("ck_contract_price_of_its_basis"),
            "(price_basis IS NULL AND unit_price_pence IS NULL AND monthly_fee_pence IS NULL) OR (price_basis = 'per_start' AND unit_price_pence >= 0 AND monthly_fee_pence IS NULL) OR (price_basis = 'monthly_fee' AND monthly_fee_pence >= 0 AND unit_price_pence IS NULL) OR (price_basis IN ('per_outcome', 'in_advance', 'mixed') AND unit_price_pence IS NULL AND monthly_fee_pence IS NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_contract_pricebasis"),
            "price_basis IN ('monthly_fee', 'per_start', 'per_outcome', 'in_advance', 'mixed')",
        )
        batch_op.create_check_constraint(
            op.f("ck_contract_vat_sensible"), "vat_percent BETWEEN 0 AND 100"
        )
    with op.batch_alter_table("grant_instalment") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_grant_instalment_recorded_by_id"), type_="foreignkey"
        )
        batch_op.drop_column("recorded_at")
        batch_op.drop_column("recorded_by_id")
        batch_op.create_check_constraint(
            op.f("ck_grant_instalment_instalmentstate"),
            "state IN ('planned', 'owed', 'paid', 'void')",
        )
        batch_op.create_check_constraint(
            op.f("ck_grant_instalment_paid_when"), "(state = 'paid') = (paid_at IS NOT NULL)"
        )
    with op.batch_alter_table("lot") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_lot_factors_sensible"),
            "factor_low BETWEEN 1 AND 1000 AND factor_medium BETWEEN 1 AND 1000 AND factor_high BETWEEN 1 AND 1000",
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_index_after_a_month"), "index_after_months BETWEEN 1 AND 120"
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_index_sensible"), "index_points BETWEEN 0 AND 2000"
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_parts_of_a_mixture"),
            "fee_percent >= 0 AND start_percent >= 0 AND outcome_percent >= 0 AND instalment_percent >= 0 AND fee_percent + start_percent + outcome_percent + instalment_percent = CASE WHEN price_basis = 'mixed' THEN 100 ELSE 0 END",
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_pricebasis"),
            "price_basis IN ('monthly_fee', 'per_start', 'per_outcome', 'in_advance', 'mixed')",
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_vat_sensible"), "vat_percent BETWEEN 0 AND 100"
        )
    with op.batch_alter_table("lot_outcome") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_lot_outcome_factor_sensible"), "factor BETWEEN 1 AND 1000"
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_outcome_paid_number_positive"), "paid_number > 0"
        )
    with op.batch_alter_table("market_policy") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_market_policy_most_outcome_sensible"), "most_outcome_percent BETWEEN 0 AND 100"
        )
    with op.batch_alter_table("partner_payment") as batch_op:
        batch_op.create_index("ix_partner_payment_paid_on", ["paid_on"], unique=False)
    hold_claims()


def downgrade() -> None:
    for table in holding.GUARDED:
        for statement in holding.undo(table, op.get_bind().dialect.name):
            op.execute(statement)
    with op.batch_alter_table("grant_instalment") as batch_op:
        batch_op.drop_constraint(op.f("ck_grant_instalment_instalmentstate"), type_="check")
        batch_op.drop_constraint(op.f("ck_grant_instalment_paid_when"), type_="check")
        batch_op.add_column(sa.Column("recorded_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("recorded_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("contract") as batch_op:
        batch_op.drop_constraint(op.f("ck_contract_guarantee_not_negative"), type_="check")
        batch_op.drop_constraint(op.f("ck_contract_index_sensible"), type_="check")
        batch_op.drop_constraint(op.f("ck_contract_price_of_its_basis"), type_="check")
        batch_op.drop_constraint(op.f("ck_contract_pricebasis"), type_="check")
        batch_op.drop_constraint(op.f("ck_contract_vat_sensible"), type_="check")
        batch_op.drop_constraint(op.f("ck_contract_settled_after_end"), type_="check")
    with op.batch_alter_table("claim_line") as batch_op:
        batch_op.drop_constraint(op.f("ck_claim_line_complexity"), type_="check")
        batch_op.drop_constraint(op.f("ck_claim_line_linekind"), type_="check")
        batch_op.drop_constraint(op.f("ck_claim_line_price_not_negative"), type_="check")
        batch_op.add_column(
            sa.Column("case_references", sa.JSON(), nullable=False, server_default="[]")
        )
    with op.batch_alter_table("claim") as batch_op:
        batch_op.drop_constraint(op.f("ck_claim_approved_by_somebody"), type_="check")
        batch_op.drop_constraint(op.f("ck_claim_claimstate"), type_="check")
        batch_op.drop_constraint(op.f("ck_claim_paid_when"), type_="check")
        batch_op.drop_constraint(op.f("ck_claim_given_back_by_somebody"), type_="check")
        batch_op.drop_constraint(op.f("ck_claim_policy_within_law"), type_="check")
        batch_op.drop_constraint(op.f("ck_claim_second_after_first"), type_="check")
        batch_op.drop_constraint(op.f("ck_claim_two_people"), type_="check")
        batch_op.drop_constraint(op.f("ck_claim_vat_not_negative"), type_="check")
        batch_op.add_column(sa.Column("recorded_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("recorded_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("lot") as batch_op:
        batch_op.drop_constraint(op.f("ck_lot_factors_sensible"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_index_after_a_month"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_index_sensible"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_parts_of_a_mixture"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_pricebasis"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_vat_sensible"), type_="check")
    connection = op.get_bind()
    forget_later(connection)
    claim_as_before(connection)
    with op.batch_alter_table("grant_instalment") as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_grant_instalment_recorded_by_id"), "person", ["recorded_by_id"], ["id"]
        )
        batch_op.drop_column("paid_at")
        batch_op.create_check_constraint(
            op.f("ck_grant_instalment_instalmentstate"),
            "state IN ('planned', 'owed', 'recorded', 'void')",
        )
        batch_op.create_check_constraint(
            op.f("ck_grant_instalment_recorded_by_somebody"),
            "(state = 'recorded') = (recorded_by_id IS NOT NULL)",
        )
    with op.batch_alter_table("contract") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_contract_vat_account_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_contract_funded_account_id"), type_="foreignkey")
        batch_op.drop_column("funded_account_id")
        batch_op.drop_column("vat_account_id")
        batch_op.drop_column("settled_at")
        batch_op.drop_column("index_points")
        batch_op.drop_column("indexed_from")
        batch_op.drop_column("vat_percent")
        batch_op.drop_column("guaranteed_pence")
        batch_op.create_check_constraint(
            op.f("ck_contract_price_of_its_basis"),
            "(price_basis IS NULL AND unit_price_pence IS NULL AND monthly_fee_pence IS NULL) OR (price_basis = 'per_start' AND unit_price_pence >= 0 AND monthly_fee_pence IS NULL) OR (price_basis = 'monthly_fee' AND monthly_fee_pence >= 0 AND unit_price_pence IS NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_contract_pricebasis"), "price_basis IN ('monthly_fee', 'per_start')"
        )
    with op.batch_alter_table("claim_line") as batch_op:
        batch_op.drop_column("outcome_code")
        batch_op.drop_column("complexity")
        batch_op.drop_column("month")
        batch_op.create_check_constraint(
            op.f("ck_claim_line_linekind"), "kind IN ('monthly_fee', 'start')"
        )
        batch_op.create_check_constraint(
            op.f("ck_claim_line_not_negative"), "quantity >= 0 AND unit_pence >= 0"
        )
    with op.batch_alter_table("claim") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_claim_given_back_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_claim_first_approved_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_claim_checked_by_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_claim_recorded_by_id"), "person", ["recorded_by_id"], ["id"]
        )
        batch_op.drop_constraint(
            batch_op.f("uq_claim_contract_id_month_is_advance"), type_="unique"
        )
        batch_op.drop_index("ix_claim_paid_at")
        batch_op.drop_index("ix_claim_state")
        batch_op.create_index(batch_op.f("ix_claim_state"), ["state"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_claim_contract_id_month"), ["contract_id", "month"]
        )
        batch_op.create_index(batch_op.f("ix_claim_recorded_at"), ["recorded_at"], unique=False)
        batch_op.drop_column("given_back_by_id")
        batch_op.drop_column("given_back_at")
        batch_op.drop_column("reminded_at")
        batch_op.drop_column("paid_at")
        batch_op.drop_column("sent_back_because")
        batch_op.drop_column("first_approved_at")
        batch_op.drop_column("first_approved_by_id")
        batch_op.drop_column("checked_at")
        batch_op.drop_column("checked_by_id")
        batch_op.drop_column("law_due_on")
        batch_op.drop_column("due_on")
        batch_op.drop_column("vat_pence")
        batch_op.drop_column("is_advance")
        batch_op.create_check_constraint(
            op.f("ck_claim_approved_by_somebody"),
            "state NOT IN ('approved', 'recorded') OR approved_by_id IS NOT NULL",
        )
        batch_op.create_check_constraint(
            op.f("ck_claim_claimstate"), "state IN ('computed', 'queried', 'approved', 'recorded')"
        )
    with op.batch_alter_table("lot") as batch_op:
        batch_op.drop_column("index_after_months")
        batch_op.drop_column("index_points")
        batch_op.drop_column("vat_percent")
        batch_op.drop_column("factor_high")
        batch_op.drop_column("factor_medium")
        batch_op.drop_column("factor_low")
        batch_op.drop_column("instalment_percent")
        batch_op.drop_column("outcome_percent")
        batch_op.drop_column("start_percent")
        batch_op.drop_column("fee_percent")
        batch_op.create_check_constraint(
            op.f("ck_lot_pricebasis"), "price_basis IN ('monthly_fee', 'per_start')"
        )
    with op.batch_alter_table("partner_payment") as batch_op:
        batch_op.drop_index("ix_partner_payment_paid_on")
        batch_op.drop_column("paid_on")
    with op.batch_alter_table("market_policy") as batch_op:
        batch_op.drop_constraint(op.f("ck_market_policy_most_outcome_sensible"), type_="check")
        batch_op.drop_column("most_outcome_percent")
    with op.batch_alter_table("lot_outcome") as batch_op:
        batch_op.drop_constraint(op.f("ck_lot_outcome_factor_sensible"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_outcome_paid_number_positive"), type_="check")
        batch_op.drop_column("factor")
        batch_op.drop_column("paid_number")

    op.drop_table("referral_correction")
    op.drop_table("claimed_case")
    op.drop_table("partner_due")
    op.drop_table("funding_promise")
    op.drop_table("contribution")
    op.drop_table("contract_price")
    op.drop_table("contract_funding")
    op.drop_table("lot_band")
    op.drop_table("approval_limit")
