"""Bids written together, with partners, files and costs, under the bidder's own key"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from marketplace.append_only import statements
from marketplace.database import Encrypted, UTCDateTime
from marketplace.keyring import keyring, vault

revision = "0010_written_together"
down_revision = "0009_keyholders"


ID = sa.Uuid()
BYTES = sa.LargeBinary()
BID = sa.table("bid", sa.column("id", ID), sa.column("organisation", BYTES))
# A table, its column until now and from now on, the column that leads to the bid, and the size of
# the blocks of bytes that the new column is filled up to.
MOVED = (
    ("bid", "price_pence", "sealed_price_pence", "id", 1024),
    ("bid_answer", "text", "sealed_text", "bid_id", 8 * 1024),
    ("bid_version", "own_copy", "sealed_own_copy", "bid_id", 128 * 1024),
)


def put_under_data_keys(connection: sa.Connection) -> None:
    """What only the bidder reads was under the ring's own key until now."""
    for name, old, new, to_bid, block in MOVED:
        for row_id, organisation_id, stored in _rows(connection, name, old, to_bid):
            plain = keyring().decrypt(f"{name}.{old}", stored)
            locked = vault(organisation_id).lock(f"{name}.{old}", plain, block)
            _put(connection, name, row_id, new, locked)


def put_under_the_ring(connection: sa.Connection) -> None:
    """The way back."""
    for name, old, new, to_bid, block in MOVED:
        for row_id, organisation_id, stored in _rows(connection, name, new, to_bid):
            plain = vault(organisation_id).unlock(f"{name}.{old}", stored, block)
            _put(connection, name, row_id, old, keyring().encrypt(f"{name}.{old}", plain))


def _rows(
    connection: sa.Connection, name: str, column: str, to_bid: str
) -> Iterator[tuple[UUID, UUID, bytes]]:
    table = sa.table(
        name,
        *{each: sa.column(each, ID) for each in ("id", to_bid)}.values(),
        sa.column(column, BYTES),
    )
    bid = BID.alias()
    found = (
        sa.select(table.c.id, bid.c.organisation, table.c[column])
        .join(bid, bid.c.id == table.c[to_bid])
        .where(table.c[column].is_not(None))
    )
    for row_id, organisation, stored in connection.execute(found).all():
        bidder = keyring().decrypt("bid.organisation", bytes(organisation)).decode()
        yield row_id, UUID(bidder), bytes(stored)


def _put(connection: sa.Connection, name: str, row_id: UUID, column: str, data: bytes) -> None:
    table = sa.table(name, sa.column("id", ID), sa.column(column, BYTES))
    connection.execute(table.update().where(table.c.id == row_id).values({column: data}))


def name_roles(connection: sa.Connection) -> None:
    """An opening names the roles in which its two people confirmed, as far as they still hold."""
    for which in ("first", "second"):
        connection.execute(
            sa.text(
                f"UPDATE bid_opening SET {which}_role = COALESCE((SELECT MIN(membership.role) "
                "FROM membership JOIN lot ON lot.lead_buyer_id = membership.organisation_id "
                "WHERE lot.id = bid_opening.lot_id "
                f"AND membership.person_id = bid_opening.{which}_by_id "
                "AND membership.role IN ('director', 'decision_maker', 'commissioning_officer', "
                "'commissioner_lead')), 'commissioning_officer') "
                f"WHERE {which}_by_id IS NOT NULL"
            )
        )


def let_alter(table: str) -> None:
    """Take the triggers off that keep the table append-only."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
        return
    for verb in ("update", "delete"):
        op.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")


def upgrade() -> None:
    op.create_table(
        "finder_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "lead",
                "partners",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "shown",
                "taken_down",
                name="entrystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", Encrypted("finder_entry.words"), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_finder_entry_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finder_entry")),
    )
    op.create_table(
        "finder_area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["finder_entry.id"], name=op.f("fk_finder_area_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finder_area")),
        sa.UniqueConstraint(
            "entry_id", "area_code", name=op.f("uq_finder_area_entry_id_area_code")
        ),
    )
    op.create_table(
        "finder_category",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("category_code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["finder_entry.id"], name=op.f("fk_finder_category_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finder_category")),
        sa.UniqueConstraint(
            "entry_id", "category_code", name=op.f("uq_finder_category_entry_id_category_code")
        ),
    )
    op.create_table(
        "finder_thread",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "ended",
                name="threadstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.Column("last_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_by_id IS NOT NULL)",
            name=op.f("ck_finder_thread_ended_by_one"),
        ),
        sa.CheckConstraint("asker_id <> owner_id", name=op.f("ck_finder_thread_two_organisations")),
        sa.CheckConstraint(
            "last_by_id IN (asker_id, owner_id)", name=op.f("ck_finder_thread_last_by_one_of_them")
        ),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["organisation.id"], name=op.f("fk_finder_thread_asker_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["organisation.id"], name=op.f("fk_finder_thread_ended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["finder_entry.id"], name=op.f("fk_finder_thread_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["last_by_id"], ["organisation.id"], name=op.f("fk_finder_thread_last_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisation.id"], name=op.f("fk_finder_thread_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finder_thread")),
        sa.UniqueConstraint(
            "entry_id", "asker_id", name=op.f("uq_finder_thread_entry_id_asker_id")
        ),
    )
    op.create_table(
        "finder_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("text", Encrypted("finder_message.text"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_finder_message_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_finder_message_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["finder_thread.id"], name=op.f("fk_finder_message_thread_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finder_message")),
    )
    op.create_table(
        "bid_assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("sealed_person", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_assignment_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_assignment")),
        sa.UniqueConstraint("bid_id", "part", name=op.f("uq_bid_assignment_bid_id_part")),
    )
    op.create_table(
        "bid_demand",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("demand_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_demand_bid_id")),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["lot_demand.id"], name=op.f("fk_bid_demand_demand_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_demand")),
        sa.UniqueConstraint("bid_id", "demand_id", name=op.f("uq_bid_demand_bid_id_demand_id")),
    )
    op.create_table(
        "bid_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("demand_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_file_bid_id")),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["lot_demand.id"], name=op.f("fk_bid_file_demand_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_bid_file_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_file")),
        sa.UniqueConstraint("file_id", name=op.f("uq_bid_file_file_id")),
    )
    op.create_table(
        "bid_partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "taken_up",
                "confirmed",
                "declined",
                "withdrawn",
                "removed",
                name="partnerstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("partner_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("lot_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("sealed_organisation", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_invited_as", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_email", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_proposal", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_terms", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_confirmed_by", sa.LargeBinary(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("invited_at", UTCDateTime(), nullable=False),
        sa.Column("taken_up_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.Column(
            "left_as",
            sa.Enum(
                "withdrawn",
                "removed",
                name="leftas",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR (sealed_terms IS NOT NULL AND confirmed_at IS NOT NULL)",
            name=op.f("ck_bid_partner_confirmed_its_own_terms"),
        ),
        sa.CheckConstraint(
            "state = 'invited' OR sealed_email IS NULL", name=op.f("ck_bid_partner_address_erased")
        ),
        sa.CheckConstraint(
            "state NOT IN ('taken_up', 'confirmed') OR (partner_key IS NOT NULL AND lot_key IS NOT NULL)",
            name=op.f("ck_bid_partner_taken_up_by_somebody"),
        ),
        sa.CheckConstraint(
            "(left_at IS NULL) = (left_as IS NULL)", name=op.f("ck_bid_partner_left_in_some_way")
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_partner_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_partner")),
        sa.UniqueConstraint("partner_key", name=op.f("uq_bid_partner_partner_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_bid_partner_token_hash")),
    )
    op.create_table(
        "bid_reminder",
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column(
            "mark",
            sa.Enum(
                "week",
                "two_days",
                "day",
                name="mark",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("closes_at", UTCDateTime(), nullable=False),
        sa.Column("judged_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_reminder_bid_id")),
        sa.PrimaryKeyConstraint("bid_id", "mark", "closes_at", name=op.f("pk_bid_reminder")),
    )
    op.create_table(
        "opened_partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", Encrypted("opened_partner.name"), nullable=False),
        sa.Column("role", Encrypted("opened_partner.role"), nullable=False),
        sa.Column("areas", Encrypted("opened_partner.areas"), nullable=False),
        sa.Column("share_pence", Encrypted("opened_partner.share_pence"), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.Column(
            "left_as",
            sa.Enum(
                "withdrawn",
                "removed",
                name="leftas",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_opened_partner_bid_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_opened_partner_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_partner")),
        sa.UniqueConstraint(
            "bid_id", "organisation_id", name=op.f("uq_opened_partner_bid_id_organisation_id")
        ),
    )
    op.create_table(
        "bid_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("sealed_author", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_comment_bid_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["lot_question.id"], name=op.f("fk_bid_comment_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_comment")),
    )
    op.create_table(
        "bid_version_file",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_bid_version_file_file_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["bid_version.id"], name=op.f("fk_bid_version_file_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "file_id", name=op.f("pk_bid_version_file")),
    )
    with op.batch_alter_table("finder_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_finder_entry_organisation_id", ["organisation_id", "created_at"], unique=False
        )
        batch_op.create_index("ix_finder_entry_state_ends_on", ["state", "ends_on"], unique=False)
    with op.batch_alter_table("finder_area", schema=None) as batch_op:
        batch_op.create_index("ix_finder_area_area_code", ["area_code"], unique=False)
    with op.batch_alter_table("finder_category", schema=None) as batch_op:
        batch_op.create_index("ix_finder_category_category_code", ["category_code"], unique=False)
    with op.batch_alter_table("finder_thread", schema=None) as batch_op:
        batch_op.create_index("ix_finder_thread_asker_id", ["asker_id", "started_at"], unique=False)
        batch_op.create_index("ix_finder_thread_owner_id", ["owner_id", "last_at"], unique=False)
    with op.batch_alter_table("finder_message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_finder_message_thread_id_written_at", ["thread_id", "written_at"], unique=False
        )
    with op.batch_alter_table("bid_demand", schema=None) as batch_op:
        batch_op.create_index("ix_bid_demand_demand_id", ["demand_id"], unique=False)
    with op.batch_alter_table("bid_file", schema=None) as batch_op:
        batch_op.create_index("ix_bid_file_bid", ["bid_id", "added_at"], unique=False)
        batch_op.create_index("ix_bid_file_demand_id", ["demand_id"], unique=False)
    with op.batch_alter_table("bid_partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bid_partner_bid_id"), ["bid_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bid_partner_lot_key"), ["lot_key"], unique=False)
    with op.batch_alter_table("opened_partner", schema=None) as batch_op:
        batch_op.create_index(
            "ix_opened_partner_organisation_id", ["organisation_id"], unique=False
        )
    with op.batch_alter_table("bid_comment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bid_comment_bid_id", ["bid_id", "question_id", "written_at"], unique=False
        )
        batch_op.create_index("ix_bid_comment_question_id", ["question_id"], unique=False)
    with op.batch_alter_table("bid_version_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bid_version_file_file_id"), ["file_id"], unique=False)
    with op.batch_alter_table("bid") as batch_op:
        batch_op.add_column(sa.Column("sealed_price_pence", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("sealed_costs", sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column("costs_edition", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("bid_answer") as batch_op:
        batch_op.add_column(sa.Column("sealed_text", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("sealed_origin", sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column("unreviewed", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("bid_opening") as batch_op:
        batch_op.add_column(
            sa.Column("first_role", sa.String(length=40), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("first_halves", Encrypted("bid_opening.first_halves"), nullable=True)
        )
        batch_op.add_column(sa.Column("second_role", sa.String(length=40), nullable=True))
    let_alter("bid_version")
    with op.batch_alter_table("bid_version") as batch_op:
        batch_op.add_column(sa.Column("sealed_own_copy", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("opened_bid") as batch_op:
        batch_op.add_column(sa.Column("hours_spent", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("costs", Encrypted("opened_bid.costs"), nullable=True))
    # A mail that was sent no longer says what it was about.
    op.execute("UPDATE outbox_message SET subject_id = NULL WHERE state NOT IN ('to_send', 'claimed')")
    put_under_data_keys(op.get_bind())
    name_roles(op.get_bind())
    with op.batch_alter_table("bid") as batch_op:
        batch_op.drop_column("price_pence")
    with op.batch_alter_table("bid_answer") as batch_op:
        batch_op.alter_column("sealed_text", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_column("text")
    with op.batch_alter_table("bid_version") as batch_op:
        batch_op.alter_column("sealed_own_copy", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_column("own_copy")
    with op.batch_alter_table("opened_bid") as batch_op:
        batch_op.create_check_constraint(op.f("ck_opened_bid_hours_positive"), "hours_spent > 0")
    for table in ("bid_version_file", "bid_version"):
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("opened_bid") as batch_op:
        batch_op.drop_constraint(op.f("ck_opened_bid_hours_positive"), type_="check")
        batch_op.drop_column("costs")
        batch_op.drop_column("hours_spent")
    with op.batch_alter_table("bid_opening") as batch_op:
        batch_op.drop_column("second_role")
        batch_op.drop_column("first_halves")
        batch_op.drop_column("first_role")
    let_alter("bid_version")
    for name, old, *_rest in MOVED:
        with op.batch_alter_table(name) as batch_op:
            batch_op.add_column(sa.Column(old, sa.LargeBinary(), nullable=True))
    put_under_the_ring(op.get_bind())
    with op.batch_alter_table("bid_version") as batch_op:
        batch_op.alter_column("own_copy", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_column("sealed_own_copy")
    with op.batch_alter_table("bid_answer") as batch_op:
        batch_op.alter_column("text", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_column("unreviewed")
        batch_op.drop_column("sealed_origin")
        batch_op.drop_column("sealed_text")
    with op.batch_alter_table("bid") as batch_op:
        batch_op.drop_column("costs_edition")
        batch_op.drop_column("sealed_costs")
        batch_op.drop_column("sealed_price_pence")
    for statement in statements("bid_version", op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("bid_version_file")
    op.drop_table("bid_comment")
    op.drop_table("opened_partner")
    op.drop_table("bid_reminder")
    op.drop_table("bid_partner")
    op.drop_table("bid_file")
    op.drop_table("bid_demand")
    op.drop_table("bid_assignment")
    op.drop_table("finder_message")
    op.drop_table("finder_thread")
    op.drop_table("finder_category")
    op.drop_table("finder_area")
    op.drop_table("finder_entry")
