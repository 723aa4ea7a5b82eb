"""Places kept for people before their release, and the indicators of the later clocks"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from marketplace.append_only import statements

revision = "0015_places_before_release"
down_revision = "0014_text_messages"

GUARDED = "contract_figure"


def let_alter() -> None:
    """A table that only grows can be altered once its guards are gone; they come back at the end."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER IF EXISTS {GUARDED}_append_only ON {GUARDED}")
        return
    for verb in ("update", "delete"):
        op.execute(f"DROP TRIGGER IF EXISTS {GUARDED}_no_{verb}")


def copy_who_can_be_referred(connection: sa.Connection) -> None:
    """A contract keeps the ages and points of a sentence of the lot that it came from."""
    connection.execute(
        sa.text(
            "UPDATE contract SET "
            "min_age = (SELECT min_age FROM lot WHERE lot.id = contract.lot_id), "
            "max_age = (SELECT max_age FROM lot WHERE lot.id = contract.lot_id), "
            "statuses = COALESCE((SELECT statuses FROM lot WHERE lot.id = contract.lot_id), "
            "statuses)"
        )
    )


def upgrade() -> None:
    with op.batch_alter_table("contract") as batch_op:
        batch_op.add_column(sa.Column("min_age", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("max_age", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("statuses", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("custody_days", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "custody_clocks",
                sa.Enum(
                    "at_sending",
                    "at_release",
                    name="custodyclocks",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=False,
                server_default="at_sending",
            )
        )
    with op.batch_alter_table("lot") as batch_op:
        batch_op.add_column(sa.Column("custody_days", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "custody_clocks",
                sa.Enum(
                    "at_sending",
                    "at_release",
                    name="custodyclocks",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=False,
                server_default="at_sending",
            )
        )
    with op.batch_alter_table("contract_figure") as batch_op:
        batch_op.drop_constraint(op.f("ck_contract_figure_indicator"), type_="check")
    let_alter()
    copy_who_can_be_referred(op.get_bind())
    with op.batch_alter_table("contract") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_contract_custody_days_of_a_year"), "custody_days BETWEEN 0 AND 365"
        )
        batch_op.create_check_constraint(
            op.f("ck_contract_custodyclocks"), "custody_clocks IN ('at_sending', 'at_release')"
        )
    with op.batch_alter_table("lot") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_lot_custody_days_of_a_year"), "custody_days BETWEEN 0 AND 365"
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_custodyclocks"), "custody_clocks IN ('at_sending', 'at_release')"
        )
    with op.batch_alter_table("contract_figure") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_contract_figure_indicator"),
            "indicator IN ('response', 'contact', 'assessment', 'plan', 'feedback', 'report', 'attended', 'distance')",
        )
    for statement in statements(GUARDED, op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    # Figures of the later clocks had no room then.
    let_alter()
    op.execute("DELETE FROM contract_figure WHERE indicator IN ('response', 'plan', 'feedback')")

    with op.batch_alter_table("contract_figure") as batch_op:
        batch_op.drop_constraint(op.f("ck_contract_figure_indicator"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_contract_figure_indicator"),
            "indicator IN ('contact', 'assessment', 'attended', 'report', 'distance')",
        )
    with op.batch_alter_table("lot") as batch_op:
        batch_op.drop_constraint(op.f("ck_lot_custody_days_of_a_year"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_custodyclocks"), type_="check")
        batch_op.drop_column("custody_clocks")
        batch_op.drop_column("custody_days")
    with op.batch_alter_table("contract") as batch_op:
        batch_op.drop_constraint(op.f("ck_contract_custody_days_of_a_year"), type_="check")
        batch_op.drop_constraint(op.f("ck_contract_custodyclocks"), type_="check")
        batch_op.drop_column("custody_clocks")
        batch_op.drop_column("custody_days")
        batch_op.drop_column("statuses")
        batch_op.drop_column("max_age")
        batch_op.drop_column("min_age")

    for statement in statements(GUARDED, op.get_bind().dialect.name):
        op.execute(statement)
