"""Bids after a change of their lot"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from marketplace.database import Encrypted, UTCDateTime

revision = "0007_changes"
down_revision = "0006_opening"


def upgrade() -> None:
    op.create_table(
        "bid_confirmation",
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("wanted_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_by", Encrypted("bid_confirmation.confirmed_by"), nullable=True),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_confirmation_bid_id")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["lot_change.id"], name=op.f("fk_bid_confirmation_change_id")
        ),
        sa.PrimaryKeyConstraint("bid_id", "change_id", name=op.f("pk_bid_confirmation")),
    )
    op.create_table(
        "bid_news",
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_news_bid_id")),
        sa.PrimaryKeyConstraint("bid_id", name=op.f("pk_bid_news")),
    )


def downgrade() -> None:
    op.drop_table("bid_news")
    op.drop_table("bid_confirmation")
