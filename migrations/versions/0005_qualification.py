"""Questions with rules, qualification to the end, files and register numbers"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

from marketplace.database import Encrypted, UTCDateTime

revision = "0005_qualification"
down_revision = "0004_referrals"


ID = sa.Uuid()
LOADED_AT = datetime(2021, 1, 1, tzinfo=UTC)
GRACE = timedelta(days=30)
ORGANISATION = sa.table(
    "organisation",
    sa.column("id", ID),
    sa.column("org_ids", sa.JSON()),
    sa.column("created_at", UTCDateTime()),
)
NUMBER = sa.table(
    "register_number",
    sa.column("id", ID),
    sa.column("organisation_id", ID),
    sa.column("org_id", sa.String()),
)
QUESTION_SET = sa.table(
    "question_set",
    sa.column("id", ID),
    sa.column("purpose", sa.String()),
    sa.column("version", sa.Integer()),
    sa.column("title", sa.String()),
    sa.column("state", sa.String()),
    sa.column("valid_from", sa.Date()),
    sa.column("created_at", UTCDateTime()),
    sa.column("published_at", UTCDateTime()),
)
QUESTION = sa.table("question", sa.column("kind", sa.String()), sa.column("passes", sa.JSON()))
APPLICATION = sa.table(
    "qualification_application",
    sa.column("id", ID),
    sa.column("organisation_id", ID),
    sa.column("set_id", ID),
    sa.column("category_set_id", ID),
    sa.column("category_code", sa.String()),
    sa.column("policy_version", sa.Integer()),
    sa.column("state", sa.String()),
    sa.column("created_at", UTCDateTime()),
    sa.column("created_by_id", ID),
    sa.column("submitted_at", UTCDateTime()),
    sa.column("submitted_by_id", ID),
    sa.column("due_on", sa.Date()),
    sa.column("decided_at", UTCDateTime()),
    sa.column("decided_by_id", ID),
    sa.column("reasons", sa.LargeBinary()),
)
CATEGORY = sa.table(
    "qualification_application_category",
    sa.column("application_id", ID),
    sa.column("category_code", sa.String()),
)
ANSWER = sa.table(
    "qualification_answer",
    sa.column("application_id", ID),
    sa.column("question_id", ID),
    sa.column("answer", sa.LargeBinary()),
    sa.column("edited_at", UTCDateTime()),
    sa.column("edited_by_id", ID),
)
QUALIFICATION = sa.table(
    "qualification",
    sa.column("id", ID),
    sa.column("organisation_id", ID),
    sa.column("application_id", ID),
    sa.column("category_code", sa.String()),
    sa.column("since", UTCDateTime()),
    sa.column("reconfirm_by", sa.Date()),
    sa.column("lapses_on", sa.Date()),
)


def carry_over(connection: sa.Connection) -> None:
    """Carry over what stands before its old columns go."""
    connection.execute(QUESTION_SET.update().values(created_at=LOADED_AT, published_at=LOADED_AT))
    confirmed = QUESTION.update().where(QUESTION.c.kind == "confirm")
    connection.execute(confirmed.values(passes=["yes"]))
    give_numbers(connection)
    date_answers(connection)
    part_applications(connection)
    date_qualifications(connection)


def give_numbers(connection: sa.Connection) -> None:
    """A register number that two organisations held stays with the older one."""
    given: set[str] = set()
    oldest_first = ORGANISATION.select().order_by(ORGANISATION.c.created_at, ORGANISATION.c.id)
    for organisation in connection.execute(oldest_first).all():
        for org_id in organisation.org_ids or []:
            if org_id not in given:
                given.add(org_id)
                values = {"id": uuid4(), "organisation_id": organisation.id, "org_id": org_id}
                connection.execute(NUMBER.insert().values(values))


def date_answers(connection: sa.Connection) -> None:
    """An answer was given by whoever began its application, when they began it."""
    for application in connection.execute(APPLICATION.select()).all():
        connection.execute(
            ANSWER.update()
            .where(ANSWER.c.application_id == application.id)
            .values(edited_at=application.created_at, edited_by_id=application.created_by_id)
        )


def part_applications(connection: sa.Connection) -> None:
    """An application for several categories becomes one for each, with the same answers."""
    applications = connection.execute(APPLICATION.select()).all()
    if not applications:
        return
    # Nothing was asked of a category before: its set is an empty one.
    nothing = uuid4()
    connection.execute(
        QUESTION_SET.insert().values(
            id=nothing,
            purpose="qualification_category_before",
            version=1,
            title="",
            state="published",
            valid_from=LOADED_AT.date(),
            created_at=LOADED_AT,
            published_at=LOADED_AT,
        )
    )
    for application in applications:
        of_it = CATEGORY.select().where(CATEGORY.c.application_id == application.id)
        codes = sorted(row.category_code for row in connection.execute(of_it))
        connection.execute(
            APPLICATION.update()
            .where(APPLICATION.c.id == application.id)
            .values(category_code=codes[0], category_set_id=nothing, policy_version=1)
        )
        for code in codes[1:]:
            copy_for(connection, application, code, nothing)


def copy_for(connection: sa.Connection, application: sa.Row, code: str, nothing: UUID) -> None:
    """The same application for one category more."""
    copy = uuid4()
    same = application._asdict()
    connection.execute(
        APPLICATION.insert().values(
            same
            | {
                "id": copy,
                "category_code": code,
                "category_set_id": nothing,
                "policy_version": 1,
            }
        )
    )
    of_it = ANSWER.select().where(ANSWER.c.application_id == application.id)
    for answer in connection.execute(of_it).all():
        connection.execute(ANSWER.insert().values(answer._asdict() | {"application_id": copy}))
    connection.execute(
        QUALIFICATION.update()
        .where(
            QUALIFICATION.c.application_id == application.id,
            QUALIFICATION.c.category_code == code,
        )
        .values(application_id=copy)
    )


def date_qualifications(connection: sa.Connection) -> None:
    """Each is reconfirmed a year from now, not from its start: nobody lapses by an upgrade."""
    by = datetime.now(UTC).date() + timedelta(days=365)
    connection.execute(QUALIFICATION.update().values(reconfirm_by=by, lapses_on=by + GRACE))


def upgrade() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", Encrypted("file.name"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pdf",
                "docx",
                "xlsx",
                "odt",
                "png",
                "jpeg",
                name="filekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", Encrypted("file.sha256"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "quarantined",
                "clean",
                "infected",
                "unscanned",
                name="filestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", UTCDateTime(), nullable=False),
        sa.Column("scanned_at", UTCDateTime(), nullable=True),
        sa.Column("loose_since", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(scanned_at IS NOT NULL) = (state IN ('clean', 'infected'))",
            name=op.f("ck_file_scanned_or_not"),
        ),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_file_not_empty")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_file_organisation_id")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_file_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
    )
    op.create_table(
        "qualification_policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("decision_days", sa.Integer(), nullable=False),
        sa.Column("escalation_days", sa.Integer(), nullable=False),
        sa.Column("correction_days", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("reconfirmation_months", sa.Integer(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "decision_days > 0 AND correction_days > 0 AND answer_days > 0 AND reconfirmation_months > 0 AND grace_days >= 0",
            name=op.f("ck_qualification_policy_numbers_make_sense"),
        ),
        sa.CheckConstraint(
            "escalation_days > decision_days", name=op.f("ck_qualification_policy_escalated_later")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_qualification_policy_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_policy")),
        sa.UniqueConstraint("valid_from", name=op.f("uq_qualification_policy_valid_from")),
        sa.UniqueConstraint("version", name=op.f("uq_qualification_policy_version")),
    )
    op.create_table(
        "register_number",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_register_number_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_number")),
        sa.UniqueConstraint("org_id", name=op.f("uq_register_number_org_id")),
    )
    op.create_table(
        "file_content",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_file_content_file_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_file_content")),
    )
    op.create_table(
        "qualification_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", UTCDateTime(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("question_ids", sa.JSON(), nullable=False),
        sa.Column("why", Encrypted("qualification_correction.why"), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("ran_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["qualification_application.id"],
            name=op.f("fk_qualification_correction_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["person.id"],
            name=op.f("fk_qualification_correction_requested_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_correction")),
    )
    op.create_table(
        "qualification_removal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("qualification_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "served",
                "answered",
                "upheld",
                "dropped",
                name="noticestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "ground",
            sa.Enum(
                "exclusion",
                "safeguarding",
                "data_protection",
                "untrue_answer",
                "insolvency",
                "own_wish",
                "other",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", Encrypted("qualification_removal.reasons"), nullable=False),
        sa.Column("served_at", UTCDateTime(), nullable=False),
        sa.Column("served_by_id", sa.Uuid(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("answer", Encrypted("qualification_removal.answer"), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("decision", Encrypted("qualification_removal.decision"), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state <> 'answered' OR answer IS NOT NULL",
            name=op.f("ck_qualification_removal_answered_in_words"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_qualification_removal_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_qualification_removal_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["qualification_id"],
            ["qualification.id"],
            name=op.f("fk_qualification_removal_qualification_id"),
        ),
        sa.ForeignKeyConstraint(
            ["served_by_id"], ["person.id"], name=op.f("fk_qualification_removal_served_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_removal")),
    )
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_file_loose_since"), ["loose_since"], unique=False)
        batch_op.create_index(
            "ix_file_organisation_uploaded", ["organisation_id", "uploaded_at"], unique=False
        )
        batch_op.create_index("ix_file_state", ["state"], unique=False)
    with op.batch_alter_table("register_number", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_register_number_organisation_id"), ["organisation_id"], unique=False
        )
    with op.batch_alter_table("qualification_correction", schema=None) as batch_op:
        batch_op.create_index(
            "ix_qualification_correction_until", ["closed_at", "until"], unique=False
        )
        batch_op.create_index(
            "uq_qualification_correction_open",
            ["application_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
    with op.batch_alter_table("qualification_removal", schema=None) as batch_op:
        batch_op.create_index(
            "uq_qualification_removal_open",
            ["qualification_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('served', 'answered')"),
            postgresql_where=sa.text("state IN ('served', 'answered')"),
        )
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.add_column(
            sa.Column("wants_sign_off", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("qualification") as batch_op:
        batch_op.add_column(
            sa.Column(
                "state",
                sa.Enum(
                    "qualified",
                    "suspended",
                    "removed",
                    "lapsed",
                    name="qualificationstate",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=False,
                server_default="qualified",
            )
        )
        batch_op.add_column(sa.Column("reconfirm_by", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("lapses_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reconfirmed_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("reconfirmed_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("reminded_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("suspended_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("suspended_until", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "suspension_ground",
                sa.Enum(
                    "exclusion",
                    "safeguarding",
                    "data_protection",
                    "untrue_answer",
                    "insolvency",
                    "own_wish",
                    "other",
                    name="ground",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("suspension_text", Encrypted("qualification.suspension_text"), nullable=True)
        )
    with op.batch_alter_table("qualification_answer") as batch_op:
        batch_op.add_column(sa.Column("file_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("edited_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("edited_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("source_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("qualification_application") as batch_op:
        batch_op.drop_constraint(
            op.f("ck_qualification_application_applicationstate"), type_="check"
        )
        batch_op.add_column(sa.Column("category_code", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("category_set_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("edited_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("edited_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("sign_off_asked_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("signed_off_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("signed_off_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("sent_back", Encrypted("qualification_application.sent_back"), nullable=True)
        )
        batch_op.add_column(sa.Column("policy_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("assessor_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("escalate_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("escalated_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("question") as batch_op:
        batch_op.drop_constraint(op.f("ck_question_questionkind"), type_="check")
        batch_op.add_column(sa.Column("guidance", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("guidance_cy", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("risk", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("risk_cy", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("readers", sa.JSON(none_as_null=True), nullable=False, server_default="[]")
        )
        batch_op.add_column(
            sa.Column("options", sa.JSON(none_as_null=True), nullable=False, server_default="[]")
        )
        batch_op.add_column(sa.Column("passes", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(
            sa.Column("needed", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("only_if_concept", sa.String(length=60), nullable=True))
        batch_op.add_column(
            sa.Column(
                "only_if_values", sa.JSON(none_as_null=True), nullable=False, server_default="[]"
            )
        )
    with op.batch_alter_table("question_set") as batch_op:
        batch_op.add_column(
            sa.Column("title", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("title_cy", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column(
                "state",
                sa.Enum(
                    "draft",
                    "published",
                    name="setstate",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=False,
                server_default="published",
            )
        )
        batch_op.add_column(sa.Column("created_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("created_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("published_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("published_by_id", sa.Uuid(), nullable=True))
    carry_over(op.get_bind())
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_column("org_ids")
    with op.batch_alter_table("qualification") as batch_op:
        batch_op.alter_column("reconfirm_by", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("lapses_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column(
            "category_code",
            existing_type=sa.VARCHAR(length=60),
            type_=sa.String(length=100),
            existing_nullable=False,
        )
        batch_op.drop_index(batch_op.f("ix_qualification_category"))
        batch_op.create_index("ix_qualification_category", ["category_code", "state"], unique=False)
        batch_op.create_index("ix_qualification_lapses", ["state", "lapses_on"], unique=False)
        batch_op.create_index("ix_qualification_reconfirm", ["state", "reconfirm_by"], unique=False)
        batch_op.create_index(
            "ix_qualification_suspended", ["state", "suspended_until"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_qualification_reconfirmed_by_id"),
            "person",
            ["reconfirmed_by_id"],
            ["id"],
        )
        batch_op.create_check_constraint(
            op.f("ck_qualification_ground"),
            "suspension_ground IN ('exclusion', 'safeguarding', 'data_protection', 'untrue_answer', 'insolvency', 'own_wish', 'other')",
        )
        batch_op.create_check_constraint(
            op.f("ck_qualification_lapses_after_it_is_due"), "lapses_on >= reconfirm_by"
        )
        batch_op.create_check_constraint(
            op.f("ck_qualification_qualificationstate"),
            "state IN ('qualified', 'suspended', 'removed', 'lapsed')",
        )
        batch_op.create_check_constraint(
            op.f("ck_qualification_suspended_with_reason_and_end"),
            "state <> 'suspended' OR (suspended_until IS NOT NULL AND suspension_text IS NOT NULL)",
        )
    with op.batch_alter_table("qualification_answer") as batch_op:
        batch_op.alter_column("edited_at", existing_type=UTCDateTime(), nullable=False)
        batch_op.alter_column("edited_by_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.create_index("ix_qualification_answer_file", ["file_id"], unique=False)
        batch_op.create_index("ix_qualification_answer_source", ["source_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_qualification_answer_file_id"), "file", ["file_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_qualification_answer_edited_by_id"), "person", ["edited_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_qualification_answer_source_id"),
            "qualification_application",
            ["source_id"],
            ["id"],
        )
    with op.batch_alter_table("qualification_application") as batch_op:
        batch_op.alter_column("category_code", existing_type=sa.String(length=100), nullable=False)
        batch_op.alter_column("category_set_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.create_index(
            "ix_qualification_application_category_set", ["category_set_id"], unique=False
        )
        batch_op.create_index(
            "ix_qualification_application_escalation", ["escalate_on", "state"], unique=False
        )
        batch_op.create_index("ix_qualification_application_set", ["set_id"], unique=False)
        batch_op.create_index(
            "uq_qualification_application_running",
            ["organisation_id", "category_code"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('qualified', 'not_yet')"),
            postgresql_where=sa.text("state NOT IN ('qualified', 'not_yet')"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_qualification_application_assessor_id"),
            "person",
            ["assessor_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_qualification_application_category_set_id"),
            "question_set",
            ["category_set_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_qualification_application_edited_by_id"),
            "person",
            ["edited_by_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_qualification_application_signed_off_by_id"),
            "person",
            ["signed_off_by_id"],
            ["id"],
        )
        batch_op.create_check_constraint(
            op.f("ck_qualification_application_applicationstate"),
            "state IN ('draft', 'submitted', 'in_assessment', 'correction_requested', 'resubmitted', 'qualified', 'not_yet')",
        )
        batch_op.create_check_constraint(
            op.f("ck_qualification_application_escalated_after_due"), "escalate_on >= due_on"
        )
        batch_op.create_check_constraint(
            op.f("ck_qualification_application_not_yet_has_reasons"),
            "state <> 'not_yet' OR reasons IS NOT NULL",
        )
        batch_op.create_check_constraint(
            op.f("ck_qualification_application_submitted_has_a_clock"),
            "state = 'draft' OR due_on IS NOT NULL",
        )
    with op.batch_alter_table("question") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_question_not_conditional_on_itself"), "only_if_concept <> concept"
        )
        batch_op.create_check_constraint(
            op.f("ck_question_questionkind"),
            "kind IN ('words', 'confirm', 'choice', 'choices', 'number', 'date', 'file')",
        )
    with op.batch_alter_table("question_set") as batch_op:
        batch_op.alter_column("created_at", existing_type=UTCDateTime(), nullable=False)
        batch_op.alter_column(
            "purpose",
            existing_type=sa.VARCHAR(length=40),
            type_=sa.String(length=100),
            existing_nullable=False,
        )
        batch_op.alter_column("valid_from", existing_type=sa.DATE(), nullable=True)
        batch_op.create_index(
            "uq_question_set_one_draft",
            ["purpose"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_question_set_published_by_id"), "person", ["published_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_question_set_created_by_id"), "person", ["created_by_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_question_set_published_from_a_day"),
            "state = 'draft' OR (valid_from IS NOT NULL AND published_at IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_question_set_setstate"), "state IN ('draft', 'published')"
        )
        batch_op.create_check_constraint(
            op.f("ck_question_set_version_counts_from_one"), "version > 0"
        )
    op.drop_table("qualification_application_category")


def downgrade() -> None:
    op.create_table(
        "qualification_application_category",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("category_code", sa.VARCHAR(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["qualification_application.id"],
            name=op.f("fk_qualification_application_category_application_id"),
        ),
        sa.PrimaryKeyConstraint(
            "application_id", "category_code", name=op.f("pk_qualification_application_category")
        ),
    )
    with op.batch_alter_table("question_set") as batch_op:
        batch_op.drop_constraint(op.f("ck_question_set_published_from_a_day"), type_="check")
        batch_op.drop_constraint(op.f("ck_question_set_setstate"), type_="check")
        batch_op.drop_constraint(op.f("ck_question_set_version_counts_from_one"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_question_set_created_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_question_set_published_by_id"), type_="foreignkey")
        batch_op.drop_index(
            "uq_question_set_one_draft",
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.alter_column("valid_from", existing_type=sa.DATE(), nullable=False)
        batch_op.alter_column(
            "purpose",
            existing_type=sa.String(length=100),
            type_=sa.VARCHAR(length=40),
            existing_nullable=False,
        )
        batch_op.drop_column("published_by_id")
        batch_op.drop_column("published_at")
        batch_op.drop_column("created_by_id")
        batch_op.drop_column("created_at")
        batch_op.drop_column("state")
        batch_op.drop_column("title_cy")
        batch_op.drop_column("title")
    with op.batch_alter_table("question") as batch_op:
        batch_op.drop_constraint(op.f("ck_question_not_conditional_on_itself"), type_="check")
        batch_op.drop_constraint(op.f("ck_question_questionkind"), type_="check")
        batch_op.drop_column("only_if_values")
        batch_op.drop_column("only_if_concept")
        batch_op.drop_column("needed")
        batch_op.drop_column("passes")
        batch_op.drop_column("options")
        batch_op.drop_column("readers")
        batch_op.drop_column("risk_cy")
        batch_op.drop_column("risk")
        batch_op.drop_column("guidance_cy")
        batch_op.drop_column("guidance")
        batch_op.create_check_constraint(
            op.f("ck_question_questionkind"), "kind IN ('words', 'confirm')"
        )
    with op.batch_alter_table("qualification_application") as batch_op:
        batch_op.drop_constraint(
            op.f("ck_qualification_application_applicationstate"), type_="check"
        )
        batch_op.drop_constraint(
            op.f("ck_qualification_application_escalated_after_due"), type_="check"
        )
        batch_op.drop_constraint(
            op.f("ck_qualification_application_not_yet_has_reasons"), type_="check"
        )
        batch_op.drop_constraint(
            op.f("ck_qualification_application_submitted_has_a_clock"), type_="check"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_qualification_application_signed_off_by_id"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_qualification_application_edited_by_id"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_qualification_application_category_set_id"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_qualification_application_assessor_id"), type_="foreignkey"
        )
        batch_op.drop_index(
            "uq_qualification_application_running",
            sqlite_where=sa.text("state NOT IN ('qualified', 'not_yet')"),
            postgresql_where=sa.text("state NOT IN ('qualified', 'not_yet')"),
        )
        batch_op.drop_index("ix_qualification_application_set")
        batch_op.drop_index("ix_qualification_application_escalation")
        batch_op.drop_index("ix_qualification_application_category_set")
        batch_op.drop_column("escalated_at")
        batch_op.drop_column("escalate_on")
        batch_op.drop_column("assessor_id")
        batch_op.drop_column("policy_version")
        batch_op.drop_column("sent_back")
        batch_op.drop_column("signed_off_by_id")
        batch_op.drop_column("signed_off_at")
        batch_op.drop_column("sign_off_asked_at")
        batch_op.drop_column("edited_by_id")
        batch_op.drop_column("edited_at")
        batch_op.drop_column("category_set_id")
        batch_op.drop_column("category_code")
        batch_op.create_check_constraint(
            op.f("ck_qualification_application_applicationstate"),
            "state IN ('draft', 'submitted', 'qualified', 'not_yet')",
        )
    with op.batch_alter_table("qualification_answer") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_qualification_answer_source_id"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_qualification_answer_edited_by_id"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("fk_qualification_answer_file_id"), type_="foreignkey")
        batch_op.drop_index("ix_qualification_answer_source")
        batch_op.drop_index("ix_qualification_answer_file")
        batch_op.drop_column("source_id")
        batch_op.drop_column("edited_by_id")
        batch_op.drop_column("edited_at")
        batch_op.drop_column("file_id")
    with op.batch_alter_table("qualification") as batch_op:
        batch_op.drop_constraint(op.f("ck_qualification_ground"), type_="check")
        batch_op.drop_constraint(op.f("ck_qualification_lapses_after_it_is_due"), type_="check")
        batch_op.drop_constraint(op.f("ck_qualification_qualificationstate"), type_="check")
        batch_op.drop_constraint(
            op.f("ck_qualification_suspended_with_reason_and_end"), type_="check"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_qualification_reconfirmed_by_id"), type_="foreignkey"
        )
        batch_op.drop_index("ix_qualification_suspended")
        batch_op.drop_index("ix_qualification_reconfirm")
        batch_op.drop_index("ix_qualification_lapses")
        batch_op.drop_index("ix_qualification_category")
        batch_op.create_index(
            batch_op.f("ix_qualification_category"), ["category_code"], unique=False
        )
        batch_op.alter_column(
            "category_code",
            existing_type=sa.String(length=100),
            type_=sa.VARCHAR(length=60),
            existing_nullable=False,
        )
        batch_op.drop_column("suspension_text")
        batch_op.drop_column("suspension_ground")
        batch_op.drop_column("suspended_until")
        batch_op.drop_column("suspended_at")
        batch_op.drop_column("reminded_days")
        batch_op.drop_column("reconfirmed_by_id")
        batch_op.drop_column("reconfirmed_at")
        batch_op.drop_column("lapses_on")
        batch_op.drop_column("reconfirm_by")
        batch_op.drop_column("state")
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.add_column(sa.Column("org_ids", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.drop_column("wants_sign_off")
    op.drop_table("qualification_removal")
    op.drop_table("qualification_correction")
    op.drop_table("file_content")
    op.drop_table("register_number")
    op.drop_table("qualification_policy")
    op.drop_table("file")
