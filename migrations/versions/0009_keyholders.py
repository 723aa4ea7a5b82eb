"""Lots whose key is split, and the price that asks for an explanation"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from marketplace.database import UTCDateTime

revision = "0009_keyholders"
down_revision = "0008_hidden_files"


def upgrade() -> None:
    op.create_table(
        "key_holder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR public_key IS NOT NULL",
            name=op.f("ck_key_holder_confirmed_has_key"),
        ),
        sa.CheckConstraint("position BETWEEN 1 AND 4", name=op.f("ck_key_holder_few_holders")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_key_holder_lot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_key_holder_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_holder")),
        sa.UniqueConstraint("lot_id", "person_id", name=op.f("uq_key_holder_lot_id_person_id")),
        sa.UniqueConstraint("lot_id", "position", name=op.f("uq_key_holder_lot_id_position")),
    )
    op.create_table(
        "lot_key_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("holder_id <> other_id", name=op.f("ck_lot_key_share_of_two_holders")),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["key_holder.id"], name=op.f("fk_lot_key_share_holder_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["key_holder.id"], name=op.f("fk_lot_key_share_other_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_key_share")),
        sa.UniqueConstraint(
            "holder_id", "other_id", name=op.f("uq_lot_key_share_holder_id_other_id")
        ),
    )
    with op.batch_alter_table("key_holder", schema=None) as batch_op:
        batch_op.create_index("ix_key_holder_person_id", ["person_id"], unique=False)
    with op.batch_alter_table("lot_key_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_key_share_other_id"), ["other_id"], unique=False)
    with op.batch_alter_table("lot") as batch_op:
        batch_op.add_column(
            sa.Column("splits_key", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("market_policy") as batch_op:
        batch_op.add_column(
            sa.Column("low_price_percent", sa.Integer(), nullable=False, server_default="20")
        )
    with op.batch_alter_table("market_policy") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_market_policy_low_price_sensible"), "low_price_percent BETWEEN 1 AND 99"
        )


def downgrade() -> None:
    with op.batch_alter_table("market_policy") as batch_op:
        batch_op.drop_constraint(op.f("ck_market_policy_low_price_sensible"), type_="check")
        batch_op.drop_column("low_price_percent")
    with op.batch_alter_table("lot") as batch_op:
        batch_op.drop_column("splits_key")
    op.drop_table("lot_key_share")
    op.drop_table("key_holder")
