"""Text messages beside mails, prisons by name, and what a search in vain looked for"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_text_messages"
down_revision = "0013_continuity"


def upgrade() -> None:
    op.create_table(
        "prison",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_cy", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_prison_days_in_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prison")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_prison_code_valid_from")),
    )
    with op.batch_alter_table("demonstration_mail") as batch_op:
        batch_op.add_column(
            sa.Column(
                "channel",
                sa.Enum(
                    "mail",
                    "text",
                    name="channel",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=False,
                server_default="mail",
            )
        )
    with op.batch_alter_table("empty_search") as batch_op:
        batch_op.add_column(sa.Column("wanted", sa.Text(), nullable=True))
    with op.batch_alter_table("outbox_message") as batch_op:
        batch_op.add_column(
            sa.Column(
                "channel",
                sa.Enum(
                    "mail",
                    "text",
                    name="channel",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=False,
                server_default="mail",
            )
        )
    with op.batch_alter_table("demonstration_mail") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_demonstration_mail_channel"), "channel IN ('mail', 'text')"
        )
    with op.batch_alter_table("outbox_message") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_outbox_message_channel"), "channel IN ('mail', 'text')"
        )


def downgrade() -> None:
    # Text messages had no room then.
    op.execute("DELETE FROM outbox_message WHERE channel = 'text'")
    op.execute("DELETE FROM demonstration_mail WHERE channel = 'text'")

    with op.batch_alter_table("outbox_message") as batch_op:
        batch_op.drop_constraint(op.f("ck_outbox_message_channel"), type_="check")
        batch_op.drop_column("channel")
    with op.batch_alter_table("empty_search") as batch_op:
        batch_op.drop_column("wanted")
    with op.batch_alter_table("demonstration_mail") as batch_op:
        batch_op.drop_constraint(op.f("ck_demonstration_mail_channel"), type_="check")
        batch_op.drop_column("channel")

    op.drop_table("prison")
