"""Referrals whole: plans, groups, owners, search, and what both sides write"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from marketplace.database import Encrypted, UTCDateTime

revision = "0016_whole_referrals"
down_revision = "0015_places_before_release"

ID = sa.Uuid()
SESSION = sa.table(
    "referral_session",
    sa.column("referral_id", ID),
    sa.column("id", ID),
    sa.column("concern", Encrypted("referral_session.concern")),
    sa.column("recorded_by_id", ID),
    sa.column("recorded_at", UTCDateTime()),
)
CONCERN = sa.table(
    "referral_concern",
    sa.column("id", ID),
    sa.column("referral_id", ID),
    sa.column("session_id", ID),
    sa.column("kind", sa.String()),
    sa.column("text", Encrypted("referral_concern.text")),
    sa.column("by_id", ID),
    sa.column("at", UTCDateTime()),
)


def give_owners(connection: sa.Connection) -> None:
    """A case belongs to whoever sent it; who works on it works for the provider."""
    connection.execute(
        sa.text(
            "UPDATE referral SET owner_id = author_id, next_due_on = "
            "(SELECT MIN(due_on) FROM referral_clock WHERE referral_id = referral.id "
            "AND stopped_on IS NULL AND paused_on IS NULL)"
        )
    )
    connection.execute(
        sa.text(
            "UPDATE referral_caseworker SET organisation_id = (SELECT provider_id FROM referral "
            "WHERE referral.id = referral_caseworker.referral_id)"
        )
    )
    connection.execute(
        sa.text(
            "UPDATE referral_caseworker SET until = since WHERE until IS NULL AND EXISTS "
            "(SELECT 1 FROM referral_caseworker AS other WHERE other.until IS NULL "
            "AND other.referral_id = referral_caseworker.referral_id "
            "AND other.person_id = referral_caseworker.person_id "
            "AND other.id < referral_caseworker.id)"
        )
    )


def settle_clocks(connection: sa.Connection) -> None:
    """What ended before it was due says nothing; what is overdue already is not told of again."""
    connection.execute(
        sa.text(
            "UPDATE referral_clock SET lapsed = true WHERE stopped_on <= due_on "
            "AND kind IN ('contact', 'assessment') AND referral_id IN "
            "(SELECT id FROM referral WHERE ended_at IS NOT NULL AND started_at IS NULL)"
        )
    )
    # Declined before anybody could re-route it from a list: settled with its end.
    connection.execute(
        sa.text("UPDATE referral SET settled_at = ended_at WHERE state = 'declined'")
    )
    clock = sa.table(
        "referral_clock",
        sa.column("escalated_at", UTCDateTime()),
        sa.column("stopped_on", sa.Date()),
        sa.column("due_on", sa.Date()),
    )
    now = datetime.now(UTC)
    overdue = (clock.c.stopped_on.is_(None), clock.c.due_on < now.date())
    connection.execute(sa.update(clock).where(*overdue).values(escalated_at=now))


def keep_concerns(connection: sa.Connection) -> None:
    """A concern has a row of its own, open until the practitioner says that they have read it."""
    raised = sa.select(SESSION).where(SESSION.c.concern.is_not(None))
    rows = [
        {
            "id": uuid4(),
            "referral_id": each.referral_id,
            "session_id": each.id,
            "kind": "concern",
            "text": each.concern,
            "by_id": each.recorded_by_id,
            "at": each.recorded_at,
        }
        for each in connection.execute(raised)
    ]
    if rows:
        connection.execute(sa.insert(CONCERN), rows)


def put_concerns_back(connection: sa.Connection) -> None:
    """The way back: the concern of a session stands with it again."""
    back = sa.table(
        "referral_session",
        sa.column("id", ID),
        sa.column("has_concern", sa.Boolean()),
        sa.column("concern", Encrypted("referral_session.concern")),
    )
    for each in connection.execute(sa.select(CONCERN).where(CONCERN.c.session_id.is_not(None))):
        connection.execute(
            sa.update(back)
            .where(back.c.id == each.session_id)
            .values(has_concern=True, concern=each.text)
        )


def upgrade() -> None:
    op.create_table(
        "equality_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("link", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answers", Encrypted("equality_answer.answers"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equality_answer")),
        sa.UniqueConstraint("link", name=op.f("uq_equality_answer_link")),
    )
    op.create_table(
        "equality_figure",
        sa.Column("region_code", sa.String(length=10), nullable=False),
        sa.Column("characteristic", sa.String(length=20), nullable=False),
        sa.Column("group_code", sa.String(length=20), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("declined", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.Column("wait_days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "region_code", "characteristic", "group_code", name=op.f("pk_equality_figure")
        ),
    )
    op.create_table(
        "referral_case_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_case_search")),
    )
    op.create_table(
        "referral_counted",
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_referral_counted")),
    )
    op.create_table(
        "referral_write_back_reader",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_referral_write_back_reader_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_write_back_reader")),
    )
    op.create_table(
        "service_bulletin_reader",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("read_to", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_service_bulletin_reader_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_service_bulletin_reader")),
    )
    op.create_table(
        "referral_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("contract_area_id", sa.Uuid(), nullable=False),
        sa.Column("name", Encrypted("referral_group.name"), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "in_person_office",
                "in_person_other",
                "video",
                "phone",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("office_code", sa.String(length=100), nullable=True),
        sa.Column("address", Encrypted("referral_group.address"), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("capacity BETWEEN 2 AND 30", name=op.f("ck_referral_group_capacity")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name=op.f("ck_referral_group_length")),
        sa.ForeignKeyConstraint(
            ["contract_area_id"],
            ["contract_area.id"],
            name=op.f("fk_referral_group_contract_area_id"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_referral_group_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_referral_group_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_group")),
    )
    op.create_table(
        "service_bulletin",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "started",
                "changed",
                "paused",
                "resumed",
                "ending",
                "goes_on",
                name="bulletinkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("contract_area_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=10), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_area_id"],
            ["contract_area.id"],
            name=op.f("fk_service_bulletin_contract_area_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_bulletin")),
    )
    op.create_table(
        "service_profile",
        sa.Column("contract_area_id", sa.Uuid(), nullable=False),
        sa.Column("next_start_on", sa.Date(), nullable=True),
        sa.Column(
            "meeting",
            sa.Enum(
                "shown",
                "withheld",
                "none",
                name="meeting",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("address_line", sa.String(length=200), nullable=False),
        sa.Column("town", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("reach_in", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(meeting = 'shown') = (address_line <> '') AND (meeting = 'shown' OR (town = '' AND postcode = ''))",
            name=op.f("ck_service_profile_only_shown_addresses_are_kept"),
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_service_profile_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_area_id"],
            ["contract_area.id"],
            name=op.f("fk_service_profile_contract_area_id"),
        ),
        sa.PrimaryKeyConstraint("contract_area_id", name=op.f("pk_service_profile")),
    )
    op.create_table(
        "service_result",
        sa.Column("contract_area_id", sa.Uuid(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("start_people", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.Column("ended_people", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("distances", sa.Integer(), nullable=False),
        sa.Column("distance_points", sa.Integer(), nullable=False),
        sa.Column("distance_people", sa.Integer(), nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.Column("rating_points", sa.Integer(), nullable=False),
        sa.Column("rating_people", sa.Integer(), nullable=False),
        sa.CheckConstraint("completed <= ended", name=op.f("ck_service_result_completed_of_ended")),
        sa.ForeignKeyConstraint(
            ["contract_area_id"],
            ["contract_area.id"],
            name=op.f("fk_service_result_contract_area_id"),
        ),
        sa.PrimaryKeyConstraint("contract_area_id", name=op.f("pk_service_result")),
    )
    op.create_table(
        "referral_amendment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("need_code", sa.String(length=100), nullable=True),
        sa.Column("before", Encrypted("referral_amendment.before"), nullable=False),
        sa.Column("after", Encrypted("referral_amendment.after"), nullable=False),
        sa.Column("why", Encrypted("referral_amendment.why"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_referral_amendment_by_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_amendment_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_amendment")),
    )
    op.create_table(
        "referral_draft_service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("contract_area_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "position BETWEEN 2 AND 99", name=op.f("ck_referral_draft_service_after_the_first")
        ),
        sa.ForeignKeyConstraint(
            ["contract_area_id"],
            ["contract_area.id"],
            name=op.f("fk_referral_draft_service_contract_area_id"),
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["referral_draft.id"],
            name=op.f("fk_referral_draft_service_draft_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_draft_service")),
        sa.UniqueConstraint(
            "draft_id",
            "contract_area_id",
            name=op.f("uq_referral_draft_service_draft_id_contract_area_id"),
        ),
        sa.UniqueConstraint(
            "draft_id", "position", name=op.f("uq_referral_draft_service_draft_id_position")
        ),
    )
    op.create_table(
        "referral_early_end",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "agreed",
                "refused",
                "taken_back",
                "lapsed",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "completed_early",
                "needs_met_elsewhere",
                "not_engaged",
                "moved",
                "work_care_or_sickness",
                "returned_to_custody",
                "sentence_expired",
                "sentence_revoked",
                "acquitted",
                "ineligible",
                "mistake",
                "died",
                "other",
                "service_ended",
                "service_closes",
                "transferred",
                name="endreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", Encrypted("referral_early_end.why"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("answer", Encrypted("referral_early_end.answer"), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'refused') = (answer IS NOT NULL)",
            name=op.f("ck_referral_early_end_refused_with_words"),
        ),
        sa.CheckConstraint(
            "(state IN ('agreed', 'refused')) = (answered_by_id IS NOT NULL) AND (answered_by_id IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_referral_early_end_answered_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_referral_early_end_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_referral_early_end_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_referral_early_end_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_early_end_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_early_end")),
    )
    op.create_table(
        "referral_group_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["referral_group.id"], name=op.f("fk_referral_group_meeting_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_group_meeting")),
    )
    op.create_table(
        "referral_group_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_referral_group_member_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["referral_group.id"], name=op.f("fk_referral_group_member_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_group_member_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_group_member")),
    )
    op.create_table(
        "referral_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "probation",
                "provider",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("subject", Encrypted("referral_note.subject"), nullable=True),
        sa.Column("text", Encrypted("referral_note.text"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("acknowledged_by_id", sa.Uuid(), nullable=True),
        sa.Column("acknowledged_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(acknowledged_by_id IS NULL) = (acknowledged_at IS NULL)",
            name=op.f("ck_referral_note_acknowledged_by_somebody"),
        ),
        sa.CheckConstraint(
            "is_urgent OR acknowledged_at IS NULL",
            name=op.f("ck_referral_note_acknowledged_where_urgent"),
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["person.id"], name=op.f("fk_referral_note_acknowledged_by_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_referral_note_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_referral_note_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_note_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_note")),
    )
    op.create_table(
        "referral_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "sent",
                "replaced",
                name="planstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sessions", sa.Integer(), nullable=True),
        sa.Column("begun_by_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'draft') = (sent_at IS NULL) AND (sent_at IS NULL) = (sent_by_id IS NULL)",
            name=op.f("ck_referral_plan_sent_by_somebody"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR sessions IS NOT NULL", name=op.f("ck_referral_plan_sent_whole")
        ),
        sa.CheckConstraint(
            "sessions BETWEEN 1 AND 200", name=op.f("ck_referral_plan_sessions_in_bounds")
        ),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["person.id"], name=op.f("fk_referral_plan_begun_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_plan_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["person.id"], name=op.f("fk_referral_plan_sent_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_plan")),
        sa.UniqueConstraint(
            "referral_id", "version", name=op.f("uq_referral_plan_referral_id_version")
        ),
    )
    op.create_table(
        "referral_reminder_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "mail", "text", name="channel", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("language", Encrypted("referral_reminder_consent.language"), nullable=False),
        sa.Column("address", Encrypted("referral_reminder_consent.address"), nullable=False),
        sa.Column("call", Encrypted("referral_reminder_consent.call"), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_referral_reminder_consent_withdrawn_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["person.id"],
            name=op.f("fk_referral_reminder_consent_recorded_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_reminder_consent_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["person.id"],
            name=op.f("fk_referral_reminder_consent_withdrawn_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_reminder_consent")),
    )
    op.create_table(
        "referral_search_key",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_referral_search_key_referral_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", "referral_id", name=op.f("pk_referral_search_key")),
    )
    op.create_table(
        "referral_write_back",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "referral",
                "attendance",
                name="writebackkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("told_of", sa.BigInteger(), nullable=False),
        sa.Column("happened", sa.String(length=80), nullable=False),
        sa.Column("facts", Encrypted("referral_write_back.facts"), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "delivered",
                "failed",
                name="writebackstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("failure", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "(state = 'pending') = (finished_at IS NULL)",
            name=op.f("ck_referral_write_back_finished_unless_pending"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_write_back_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_write_back")),
        sa.UniqueConstraint("told_of", name=op.f("uq_referral_write_back_told_of")),
    )
    op.create_table(
        "service_trait",
        sa.Column("contract_area_id", sa.Uuid(), nullable=False),
        sa.Column("trait", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_area_id"],
            ["service_profile.contract_area_id"],
            name=op.f("fk_service_trait_contract_area_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contract_area_id", "trait", name=op.f("pk_service_trait")),
    )
    op.create_table(
        "referral_plan_activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("kind_code", sa.String(length=100), nullable=False),
        sa.Column("words", Encrypted("referral_plan_activity.words"), nullable=True),
        sa.Column(
            "doer",
            sa.Enum(
                "caseworker",
                "person",
                "both",
                "partner",
                "another",
                name="doer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "frequency",
            sa.Enum(
                "once",
                "weekly",
                "fortnightly",
                "monthly",
                "as_needed",
                name="frequency",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "method",
            sa.Enum(
                "in_person_office",
                "in_person_other",
                "video",
                "phone",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by_on", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind_code != 'other' OR words IS NOT NULL",
            name=op.f("ck_referral_plan_activity_other_in_words"),
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["referral_outcome.id"],
            name=op.f("fk_referral_plan_activity_outcome_id"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["referral_plan.id"], name=op.f("fk_referral_plan_activity_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_plan_activity")),
        sa.UniqueConstraint(
            "plan_id", "origin_id", name=op.f("uq_referral_plan_activity_plan_id_origin_id")
        ),
    )
    op.create_table(
        "referral_plan_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("text", Encrypted("referral_plan_comment.text"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_referral_plan_comment_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["referral_plan.id"], name=op.f("fk_referral_plan_comment_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_plan_comment")),
    )
    op.create_table(
        "referral_shared_assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column(
            "basis",
            sa.Enum(
                "sentence",
                "agreed",
                "safeguarding",
                name="lawfulbasis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(assessment_id IS NULL) = (basis IS NULL)",
            name=op.f("ck_referral_shared_assessment_shared_on_a_basis"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["referral_assessment.id"],
            name=op.f("fk_referral_shared_assessment_assessment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_referral_shared_assessment_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_shared_assessment_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_shared_assessment")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_referral_shared_assessment_referral_id")),
    )
    op.create_table(
        "referral_concern",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "concern",
                "behaviour",
                name="concernkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", Encrypted("referral_concern.text"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.Column("read_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(read_at IS NULL) = (read_by_id IS NULL)",
            name=op.f("ck_referral_concern_read_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_referral_concern_by_id")),
        sa.ForeignKeyConstraint(
            ["read_by_id"], ["person.id"], name=op.f("fk_referral_concern_read_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_concern_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["referral_session.id"], name=op.f("fk_referral_concern_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_concern")),
    )
    op.create_table(
        "referral_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ahead",
                "moved",
                "cancelled",
                name="reminderkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("posted_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"],
            ["referral_reminder_consent.id"],
            name=op.f("fk_referral_reminder_consent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["referral_session.id"], name=op.f("fk_referral_reminder_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_reminder")),
        sa.UniqueConstraint(
            "session_id", "kind", name=op.f("uq_referral_reminder_session_id_kind")
        ),
    )
    op.create_table(
        "referral_session_addition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("text", Encrypted("referral_session_addition.text"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_referral_session_addition_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["referral_session.id"],
            name=op.f("fk_referral_session_addition_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_session_addition")),
    )
    with op.batch_alter_table("equality_figure", schema=None) as batch_op:
        batch_op.create_index("ix_equality_figure_region", ["region_code"], unique=False)
    with op.batch_alter_table("referral_case_search", schema=None) as batch_op:
        batch_op.create_index("ix_referral_case_search_person", ["person_id", "at"], unique=False)
    with op.batch_alter_table("referral_group", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_group_provider", ["provider_id", "ended_at", "made_at"], unique=False
        )
        batch_op.create_index("ix_referral_group_service", ["contract_area_id"], unique=False)
    with op.batch_alter_table("service_bulletin", schema=None) as batch_op:
        batch_op.create_index("ix_service_bulletin_area", ["contract_area_id"], unique=False)
        batch_op.create_index("ix_service_bulletin_at", ["at"], unique=False)
        batch_op.create_index("ix_service_bulletin_region", ["region_code", "at"], unique=False)
    with op.batch_alter_table("referral_amendment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_amendment_referral", ["referral_id", "at", "id"], unique=False
        )
    with op.batch_alter_table("referral_draft_service", schema=None) as batch_op:
        batch_op.create_index("ix_referral_draft_service_area", ["contract_area_id"], unique=False)
    with op.batch_alter_table("referral_early_end", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_early_end_referral", ["referral_id", "proposed_at"], unique=False
        )
        batch_op.create_index(
            "uq_referral_early_end_open",
            ["referral_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
    with op.batch_alter_table("referral_group_meeting", schema=None) as batch_op:
        batch_op.create_index(
            "uq_referral_group_meeting_moment",
            ["group_id", "starts_at"],
            unique=True,
            sqlite_where=sa.text("cancelled_at IS NULL"),
            postgresql_where=sa.text("cancelled_at IS NULL"),
        )
    with op.batch_alter_table("referral_group_member", schema=None) as batch_op:
        batch_op.create_index("ix_referral_group_member_referral", ["referral_id"], unique=False)
        batch_op.create_index(
            "uq_referral_group_member_now",
            ["group_id", "referral_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
    with op.batch_alter_table("referral_note", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_note_referral", ["referral_id", "at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_referral_note_urgent",
            ["referral_id", "side"],
            unique=False,
            sqlite_where=sa.text("is_urgent AND acknowledged_at IS NULL"),
            postgresql_where=sa.text("is_urgent AND acknowledged_at IS NULL"),
        )
    with op.batch_alter_table("referral_plan", schema=None) as batch_op:
        batch_op.create_index(
            "uq_referral_plan_draft",
            ["referral_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.create_index(
            "uq_referral_plan_sent",
            ["referral_id"],
            unique=True,
            sqlite_where=sa.text("state = 'sent'"),
            postgresql_where=sa.text("state = 'sent'"),
        )
    with op.batch_alter_table("referral_reminder_consent", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_reminder_consent_referral", ["referral_id", "recorded_at"], unique=False
        )
        batch_op.create_index(
            "uq_referral_reminder_consent_now",
            ["referral_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
    with op.batch_alter_table("referral_search_key", schema=None) as batch_op:
        batch_op.create_index("ix_referral_search_key_referral", ["referral_id"], unique=False)
    with op.batch_alter_table("referral_write_back", schema=None) as batch_op:
        batch_op.create_index("ix_referral_write_back_due", ["state", "due_at"], unique=False)
        batch_op.create_index(
            "ix_referral_write_back_referral", ["referral_id", "kind"], unique=False
        )
    with op.batch_alter_table("referral_plan_activity", schema=None) as batch_op:
        batch_op.create_index("ix_referral_plan_activity_outcome", ["outcome_id"], unique=False)
        batch_op.create_index(
            "ix_referral_plan_activity_plan", ["plan_id", "position"], unique=False
        )
    with op.batch_alter_table("referral_plan_comment", schema=None) as batch_op:
        batch_op.create_index("ix_referral_plan_comment_plan", ["plan_id", "at"], unique=False)
    with op.batch_alter_table("referral_concern", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_concern_open",
            ["referral_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.create_index("ix_referral_concern_referral", ["referral_id", "at"], unique=False)
    with op.batch_alter_table("referral_session_addition", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_session_addition_session", ["session_id", "at"], unique=False
        )
    with op.batch_alter_table("referral") as batch_op:
        batch_op.add_column(sa.Column("owner_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("deputy_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("batch_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("copied_from_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("reserve_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("next_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_soon_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("is_indexed", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("has_address", Encrypted("referral.has_address"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("expected_office", Encrypted("referral.expected_office"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("is_unallocated", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("practitioner_role", Encrypted("referral.practitioner_role"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("practitioner_base", Encrypted("referral.practitioner_base"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("team_phone", Encrypted("referral.team_phone"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("before_allocation", Encrypted("referral.before_allocation"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("support_flags", Encrypted("referral.support_flags"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("sentence_status", Encrypted("referral.sentence_status"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("relevant_sentence", Encrypted("referral.relevant_sentence"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("rar_maximum", Encrypted("referral.rar_maximum"), nullable=True)
        )
        batch_op.add_column(sa.Column("settled_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("referral_caseworker") as batch_op:
        batch_op.add_column(sa.Column("organisation_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("referral_clock") as batch_op:
        batch_op.drop_constraint(op.f("ck_referral_clock_clockkind"), type_="check")
        batch_op.add_column(sa.Column("session_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("lapsed", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("escalated_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("referral_draft") as batch_op:
        batch_op.add_column(sa.Column("warned_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("referral_end_report") as batch_op:
        batch_op.add_column(sa.Column("rating", sa.Integer(), nullable=True))
    with op.batch_alter_table("referral_end_report_line") as batch_op:
        batch_op.add_column(
            sa.Column("next_steps", Encrypted("referral_end_report_line.next_steps"), nullable=True)
        )
    with op.batch_alter_table("referral_outcome") as batch_op:
        batch_op.add_column(sa.Column("dropped_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("referral_outcome_position") as batch_op:
        batch_op.add_column(sa.Column("own_position", sa.Integer(), nullable=True))
    with op.batch_alter_table("referral_session") as batch_op:
        batch_op.drop_constraint(op.f("ck_referral_session_concern_in_words"), type_="check")
        batch_op.add_column(sa.Column("meeting_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("minutes", sa.Integer(), nullable=False, server_default="60"))
        batch_op.add_column(sa.Column("office_code", sa.String(length=100), nullable=True))
        batch_op.add_column(
            sa.Column("address", Encrypted("referral_session.address"), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "not_held",
                sa.Enum(
                    "acceptable",
                    "unacceptable",
                    "logistics",
                    name="notheld",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "heard",
                sa.Enum(
                    "before",
                    "after",
                    "nothing",
                    name="heard",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "response",
                sa.Enum(
                    "well",
                    "partly",
                    "hardly",
                    name="response",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("late_reason", Encrypted("referral_session.late_reason"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("responded", Encrypted("referral_session.responded"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("next_steps", Encrypted("referral_session.next_steps"), nullable=True)
        )
        batch_op.add_column(sa.Column("moved_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("moved_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("moved_to_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "asked_by",
                sa.Enum(
                    "provider",
                    "person",
                    name="askedby",
                    native_enum=False,
                    create_constraint=False,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("move_reason", Encrypted("referral_session.move_reason"), nullable=True)
        )
    give_owners(op.get_bind())
    settle_clocks(op.get_bind())
    keep_concerns(op.get_bind())
    with op.batch_alter_table("referral") as batch_op:
        batch_op.alter_column("owner_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_index(batch_op.f("ix_referral_author"))
        batch_op.drop_index(batch_op.f("ix_referral_provider"))
        batch_op.create_index(
            "ix_referral_provider",
            [
                "provider_id",
                "ended_at",
                "sent_at",
                "id",
                "state",
                "next_due_on",
                "ends_soon_on",
                "reference",
                "contract_area_id",
                "is_restricted",
                "placed_at",
            ],
            unique=False,
        )
        batch_op.drop_index(batch_op.f("ix_referral_team"))
        batch_op.create_index(
            "ix_referral_team",
            [
                "organisation_id",
                "delivery_unit_code",
                "ended_at",
                "sent_at",
                "id",
                "state",
                "next_due_on",
                "ends_soon_on",
                "reference",
                "contract_area_id",
                "is_restricted",
                "placed_at",
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_referral_batch",
            ["batch_id"],
            unique=False,
            sqlite_where=sa.text("batch_id IS NOT NULL"),
            postgresql_where=sa.text("batch_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_referral_copied_from",
            ["copied_from_id"],
            unique=False,
            sqlite_where=sa.text("copied_from_id IS NOT NULL"),
            postgresql_where=sa.text("copied_from_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_referral_deputy",
            ["deputy_id", "ended_at", "sent_at"],
            unique=False,
            sqlite_where=sa.text("deputy_id IS NOT NULL"),
            postgresql_where=sa.text("deputy_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_referral_owner", ["owner_id", "ended_at", "sent_at"], unique=False
        )
        batch_op.create_index("ix_referral_placed", ["contract_area_id", "placed_at"], unique=False)
        batch_op.create_index(
            "ix_referral_reserve_from",
            ["reserve_from"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "ix_referral_to_index",
            ["sent_at"],
            unique=False,
            sqlite_where=sa.text("is_indexed = 0"),
            postgresql_where=sa.text("NOT is_indexed"),
        )
        batch_op.create_index(
            "ix_referral_to_reroute",
            ["organisation_id", "delivery_unit_code", "owner_id"],
            unique=False,
            sqlite_where=sa.text("state = 'declined' AND settled_at IS NULL"),
            postgresql_where=sa.text("state = 'declined' AND settled_at IS NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_deputy_id"), "person", ["deputy_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_owner_id"), "person", ["owner_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_copied_from_id"), "referral", ["copied_from_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_settled_was_declined"), "settled_at IS NULL OR state = 'declined'"
        )
    with op.batch_alter_table("referral_caseworker") as batch_op:
        batch_op.alter_column("organisation_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.create_index(
            "uq_referral_caseworker_now",
            ["referral_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_caseworker_organisation_id"),
            "organisation",
            ["organisation_id"],
            ["id"],
        )
    with op.batch_alter_table("referral_clock") as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_clock_due"))
        batch_op.drop_constraint(batch_op.f("uq_referral_clock_referral_id_kind"), type_="unique")
        batch_op.create_index("ix_referral_clock_referral", ["referral_id", "due_on"], unique=False)
        batch_op.create_index(
            "ix_referral_clock_to_escalate",
            ["due_on"],
            unique=False,
            sqlite_where=sa.text(
                "stopped_on IS NULL AND paused_on IS NULL AND escalated_at IS NULL"
            ),
            postgresql_where=sa.text(
                "stopped_on IS NULL AND paused_on IS NULL AND escalated_at IS NULL"
            ),
        )
        batch_op.create_index(
            "uq_referral_clock_kind",
            ["referral_id", "kind"],
            unique=True,
            sqlite_where=sa.text("session_id IS NULL"),
            postgresql_where=sa.text("session_id IS NULL"),
        )
        batch_op.create_index(
            "uq_referral_clock_session",
            ["session_id"],
            unique=True,
            sqlite_where=sa.text("session_id IS NOT NULL"),
            postgresql_where=sa.text("session_id IS NOT NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_clock_session_id"), "referral_session", ["session_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_clock_clockkind"),
            "kind IN ('response', 'contact', 'assessment', 'feedback', 'plan', 'report')",
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_clock_feedback_of_session"),
            "(kind = 'feedback') = (session_id IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_clock_lapsed_is_stopped"), "NOT lapsed OR stopped_on IS NOT NULL"
        )
    with op.batch_alter_table("referral_end_report") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_referral_end_report_rated_one_to_five"), "rating BETWEEN 1 AND 5"
        )
    with op.batch_alter_table("referral_outcome_position") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_referral_outcome_position_own_one_to_five"), "own_position BETWEEN 1 AND 5"
        )
    with op.batch_alter_table("referral_session") as batch_op:
        batch_op.create_index(
            "ix_referral_session_arranger", ["arranged_by_id", "starts_at"], unique=False
        )
        batch_op.create_index(
            "ix_referral_session_cancelled",
            ["starts_at"],
            unique=False,
            sqlite_where=sa.text("cancelled_at IS NOT NULL"),
            postgresql_where=sa.text("cancelled_at IS NOT NULL"),
        )
        batch_op.create_index("ix_referral_session_meeting", ["meeting_id"], unique=False)
        batch_op.create_index("ix_referral_session_starts", ["starts_at"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_referral_session_moved_to_id"), ["moved_to_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_session_moved_to_id"),
            "referral_session",
            ["moved_to_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_session_meeting_id"),
            "referral_group_meeting",
            ["meeting_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_session_moved_by_id"), "person", ["moved_by_id"], ["id"]
        )
        batch_op.drop_column("has_concern")
        batch_op.drop_column("concern")
        batch_op.create_check_constraint(
            op.f("ck_referral_session_address_where_elsewhere"),
            "address IS NULL OR method = 'in_person_other'",
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_session_askedby"), "asked_by IN ('provider', 'person')"
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_session_heard"), "heard IN ('before', 'after', 'nothing')"
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_session_heard_of_absent"), "heard IS NULL OR attendance = 'absent'"
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_session_length"), "minutes BETWEEN 5 AND 480"
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_session_moved_was_not_held"),
            "moved_at IS NULL OR attendance = 'not_held'",
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_session_moved_whole"),
            "(moved_at IS NULL) = (moved_to_id IS NULL) AND (moved_at IS NULL) = (asked_by IS NULL) AND (moved_at IS NULL) = (move_reason IS NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_session_notheld"),
            "not_held IN ('acceptable', 'unacceptable', 'logistics')",
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_session_office_where_at_one"),
            "office_code IS NULL OR method = 'in_person_office'",
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_session_response"), "response IN ('well', 'partly', 'hardly')"
        )
        batch_op.create_check_constraint(
            op.f("ck_referral_session_why_of_not_held"),
            "not_held IS NULL OR attendance = 'not_held'",
        )


def downgrade() -> None:
    # Clocks of plans and of feedback had no room then.
    op.execute("DELETE FROM referral_clock WHERE kind IN ('plan', 'feedback')")

    with op.batch_alter_table("referral_session") as batch_op:
        batch_op.drop_constraint(op.f("ck_referral_session_address_where_elsewhere"), type_="check")
        batch_op.drop_constraint(op.f("ck_referral_session_askedby"), type_="check")
        batch_op.drop_constraint(op.f("ck_referral_session_heard"), type_="check")
        batch_op.drop_constraint(op.f("ck_referral_session_heard_of_absent"), type_="check")
        batch_op.drop_constraint(op.f("ck_referral_session_length"), type_="check")
        batch_op.drop_constraint(op.f("ck_referral_session_moved_was_not_held"), type_="check")
        batch_op.drop_constraint(op.f("ck_referral_session_moved_whole"), type_="check")
        batch_op.drop_constraint(op.f("ck_referral_session_notheld"), type_="check")
        batch_op.drop_constraint(op.f("ck_referral_session_office_where_at_one"), type_="check")
        batch_op.drop_constraint(op.f("ck_referral_session_response"), type_="check")
        batch_op.drop_constraint(op.f("ck_referral_session_why_of_not_held"), type_="check")
        batch_op.add_column(sa.Column("concern", sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column("has_concern", sa.BOOLEAN(), nullable=False, server_default=sa.false())
        )
        batch_op.drop_constraint(batch_op.f("fk_referral_session_moved_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_referral_session_meeting_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_referral_session_moved_to_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_referral_session_moved_to_id"), type_="unique")
        batch_op.drop_index("ix_referral_session_starts")
        batch_op.drop_index("ix_referral_session_meeting")
        batch_op.drop_index(
            "ix_referral_session_cancelled",
            sqlite_where=sa.text("cancelled_at IS NOT NULL"),
            postgresql_where=sa.text("cancelled_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_referral_session_arranger")
        batch_op.drop_column("move_reason")
        batch_op.drop_column("asked_by")
        batch_op.drop_column("moved_to_id")
        batch_op.drop_column("moved_by_id")
        batch_op.drop_column("moved_at")
        batch_op.drop_column("next_steps")
        batch_op.drop_column("responded")
        batch_op.drop_column("late_reason")
        batch_op.drop_column("response")
        batch_op.drop_column("heard")
        batch_op.drop_column("not_held")
        batch_op.drop_column("address")
        batch_op.drop_column("office_code")
        batch_op.drop_column("minutes")
        batch_op.drop_column("meeting_id")
        batch_op.create_check_constraint(
            op.f("ck_referral_session_concern_in_words"), "has_concern = (concern IS NOT NULL)"
        )
    with op.batch_alter_table("referral_outcome_position") as batch_op:
        batch_op.drop_constraint(
            op.f("ck_referral_outcome_position_own_one_to_five"), type_="check"
        )
        batch_op.drop_column("own_position")
    with op.batch_alter_table("referral_outcome") as batch_op:
        batch_op.drop_column("dropped_at")
    with op.batch_alter_table("referral_end_report_line") as batch_op:
        batch_op.drop_column("next_steps")
    with op.batch_alter_table("referral_end_report") as batch_op:
        batch_op.drop_constraint(op.f("ck_referral_end_report_rated_one_to_five"), type_="check")
        batch_op.drop_column("rating")
    with op.batch_alter_table("referral_draft") as batch_op:
        batch_op.drop_column("warned_at")
    with op.batch_alter_table("referral_clock") as batch_op:
        batch_op.drop_constraint(op.f("ck_referral_clock_clockkind"), type_="check")
        batch_op.drop_constraint(op.f("ck_referral_clock_feedback_of_session"), type_="check")
        batch_op.drop_constraint(op.f("ck_referral_clock_lapsed_is_stopped"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_referral_clock_session_id"), type_="foreignkey")
        batch_op.drop_index(
            "uq_referral_clock_session",
            sqlite_where=sa.text("session_id IS NOT NULL"),
            postgresql_where=sa.text("session_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_referral_clock_kind",
            sqlite_where=sa.text("session_id IS NULL"),
            postgresql_where=sa.text("session_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_referral_clock_to_escalate",
            sqlite_where=sa.text(
                "stopped_on IS NULL AND paused_on IS NULL AND escalated_at IS NULL"
            ),
            postgresql_where=sa.text(
                "stopped_on IS NULL AND paused_on IS NULL AND escalated_at IS NULL"
            ),
        )
        batch_op.drop_index("ix_referral_clock_referral")
        batch_op.create_unique_constraint(
            batch_op.f("uq_referral_clock_referral_id_kind"), ["referral_id", "kind"]
        )
        batch_op.create_index(
            batch_op.f("ix_referral_clock_due"), ["stopped_on", "due_on"], unique=False
        )
        batch_op.drop_column("escalated_at")
        batch_op.drop_column("lapsed")
        batch_op.drop_column("session_id")
        batch_op.create_check_constraint(
            op.f("ck_referral_clock_clockkind"),
            "kind IN ('response', 'contact', 'assessment', 'report')",
        )
    with op.batch_alter_table("referral_caseworker") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_referral_caseworker_organisation_id"), type_="foreignkey"
        )
        batch_op.drop_index(
            "uq_referral_caseworker_now",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_column("organisation_id")
    with op.batch_alter_table("referral") as batch_op:
        batch_op.drop_constraint(op.f("ck_referral_settled_was_declined"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_referral_copied_from_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_referral_owner_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_referral_deputy_id"), type_="foreignkey")
        batch_op.drop_index(
            "ix_referral_to_reroute",
            sqlite_where=sa.text("state = 'declined' AND settled_at IS NULL"),
            postgresql_where=sa.text("state = 'declined' AND settled_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_referral_to_index",
            sqlite_where=sa.text("is_indexed = 0"),
            postgresql_where=sa.text("NOT is_indexed"),
        )
        batch_op.drop_index(
            "ix_referral_reserve_from",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index("ix_referral_placed")
        batch_op.drop_index("ix_referral_owner")
        batch_op.drop_index(
            "ix_referral_deputy",
            sqlite_where=sa.text("deputy_id IS NOT NULL"),
            postgresql_where=sa.text("deputy_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_referral_copied_from",
            sqlite_where=sa.text("copied_from_id IS NOT NULL"),
            postgresql_where=sa.text("copied_from_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_referral_batch",
            sqlite_where=sa.text("batch_id IS NOT NULL"),
            postgresql_where=sa.text("batch_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_referral_team")
        batch_op.create_index(
            batch_op.f("ix_referral_team"),
            ["organisation_id", "delivery_unit_code", "sent_at"],
            unique=False,
        )
        batch_op.drop_index("ix_referral_provider")
        batch_op.create_index(
            batch_op.f("ix_referral_provider"), ["provider_id", "sent_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_author"), ["author_id", "sent_at"], unique=False
        )
        batch_op.drop_column("settled_at")
        batch_op.drop_column("rar_maximum")
        batch_op.drop_column("relevant_sentence")
        batch_op.drop_column("sentence_status")
        batch_op.drop_column("support_flags")
        batch_op.drop_column("before_allocation")
        batch_op.drop_column("team_phone")
        batch_op.drop_column("practitioner_base")
        batch_op.drop_column("practitioner_role")
        batch_op.drop_column("is_unallocated")
        batch_op.drop_column("expected_office")
        batch_op.drop_column("has_address")
        batch_op.drop_column("is_indexed")
        batch_op.drop_column("ends_soon_on")
        batch_op.drop_column("next_due_on")
        batch_op.drop_column("reserve_from")
        batch_op.drop_column("copied_from_id")
        batch_op.drop_column("batch_id")
        batch_op.drop_column("deputy_id")
        batch_op.drop_column("owner_id")
    put_concerns_back(op.get_bind())
    op.drop_table("referral_session_addition")
    op.drop_table("referral_reminder")
    op.drop_table("referral_concern")
    op.drop_table("referral_shared_assessment")
    op.drop_table("referral_plan_comment")
    op.drop_table("referral_plan_activity")
    op.drop_table("service_trait")
    op.drop_table("referral_write_back")
    op.drop_table("referral_search_key")
    op.drop_table("referral_reminder_consent")
    op.drop_table("referral_plan")
    op.drop_table("referral_note")
    op.drop_table("referral_group_member")
    op.drop_table("referral_group_meeting")
    op.drop_table("referral_early_end")
    op.drop_table("referral_draft_service")
    op.drop_table("referral_amendment")
    op.drop_table("service_result")
    op.drop_table("service_profile")
    op.drop_table("service_bulletin")
    op.drop_table("referral_group")
    op.drop_table("service_bulletin_reader")
    op.drop_table("referral_write_back_reader")
    op.drop_table("referral_counted")
    op.drop_table("referral_case_search")
    op.drop_table("equality_figure")
    op.drop_table("equality_answer")
