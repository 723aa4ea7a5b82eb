"""Contracts and grants in life; competitions; releases"""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from marketplace.append_only import statements
from marketplace.database import Encrypted, UTCDateTime

revision = "0011_in_life"
down_revision = "0010_written_together"


ID = sa.Uuid()
CONTRACT = sa.table(
    "contract",
    sa.column("id", ID),
    sa.column("text", sa.Text()),
    sa.column("text_hash", sa.String()),
    sa.column("signed_at", UTCDateTime()),
)
SIGNED_TEXT = sa.table(
    "signed_text",
    sa.column("id", ID),
    sa.column("contract_id", ID),
    sa.column("number", sa.Integer()),
    sa.column("text", sa.Text()),
    sa.column("text_hash", sa.String()),
    sa.column("signed_at", UTCDateTime()),
)


def keep_signed_texts(connection: sa.Connection) -> None:
    """What was signed is kept from now on where nothing alters it."""
    signed = sa.select(
        CONTRACT.c.id, CONTRACT.c.text, CONTRACT.c.text_hash, CONTRACT.c.signed_at
    ).where(CONTRACT.c.signed_at.is_not(None), CONTRACT.c.text != "")
    rows = [
        {
            "id": uuid4(),
            "contract_id": contract,
            "number": 0,
            "text": text,
            "text_hash": text_hash,
            "signed_at": signed_at,
        }
        for contract, text, text_hash, signed_at in connection.execute(signed)
    ]
    if rows:
        connection.execute(sa.insert(SIGNED_TEXT), rows)


def keep_buyers(connection: sa.Connection) -> None:
    """A notice until now belonged to its lot, and so to the lot's lead buyer."""
    connection.execute(
        sa.text(
            "UPDATE notice SET "
            "buyer_id = (SELECT lead_buyer_id FROM lot WHERE lot.id = notice.lot_id), "
            "is_procurement = (SELECT route = 'contract' FROM lot WHERE lot.id = notice.lot_id)"
        )
    )


def upgrade() -> None:
    op.create_table(
        "release_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_release_head_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_head")),
    )
    op.create_table(
        "release_process",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "market",
                "competition",
                "lot",
                name="processkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("ocid", sa.String(length=120), nullable=True),
        sa.Column("releases", sa.Integer(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'market') = (subject_id IS NULL)",
            name=op.f("ck_release_process_subject_of_its_kind"),
        ),
        sa.CheckConstraint("releases >= 0", name=op.f("ck_release_process_releases_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_process")),
        sa.UniqueConstraint("ocid", name=op.f("uq_release_process_ocid")),
        sa.UniqueConstraint("reference", name=op.f("uq_release_process_reference")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_release_process_subject_id")),
    )
    op.create_table(
        "competition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("lead_buyer_id", sa.Uuid(), nullable=False),
        sa.Column("most_lots", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("most_lots >= 1", name=op.f("ck_competition_limit_of_one_or_more")),
        sa.ForeignKeyConstraint(
            ["lead_buyer_id"], ["organisation.id"], name=op.f("fk_competition_lead_buyer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competition")),
        sa.UniqueConstraint("reference", name=op.f("uq_competition_reference")),
    )
    op.create_table(
        "release_record",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("compiled", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_id"], ["release_process.id"], name=op.f("fk_release_record_process_id")
        ),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_release_record")),
        sa.UniqueConstraint("number", name=op.f("uq_release_record_number")),
    )
    op.create_table(
        "contract_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "value",
                "term",
                "extension",
                "areas",
                "places",
                "scope",
                "partners",
                name="changekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "in_force",
                "withdrawn",
                "refused",
                name="changestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column(
            "proposed_side",
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
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("agreed_at", UTCDateTime(), nullable=True),
        sa.Column("in_force_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("refused_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'in_force') = (in_force_at IS NOT NULL)",
            name=op.f("ck_contract_change_in_force_when"),
        ),
        sa.CheckConstraint(
            "(state IN ('withdrawn', 'refused')) = (closed_at IS NOT NULL)",
            name=op.f("ck_contract_change_closed_when"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_contract_change_has_reason")),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'in_force') OR agreed_at IS NOT NULL",
            name=op.f("ck_contract_change_agreed_when"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_contract_change_number_positive")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_change_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_contract_change_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_change")),
        sa.UniqueConstraint(
            "contract_id", "number", name=op.f("uq_contract_change_contract_id_number")
        ),
    )
    op.create_table(
        "contract_month",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("kept_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "starts >= 0 AND expected >= 0", name=op.f("ck_contract_month_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_month_contract_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_month")),
        sa.UniqueConstraint(
            "contract_id", "month", name=op.f("uq_contract_month_contract_id_month")
        ),
    )
    op.create_table(
        "contract_partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("promised_pence", sa.BigInteger(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "promised_pence >= 0", name=op.f("ck_contract_partner_promise_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_partner_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_contract_partner_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_partner")),
        sa.UniqueConstraint(
            "contract_id",
            "organisation_id",
            name=op.f("uq_contract_partner_contract_id_organisation_id"),
        ),
    )
    op.create_table(
        "contract_share",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("pence >= 0", name=op.f("ck_contract_share_share_not_negative")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_share_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contract_share_organisation_id")
        ),
        sa.PrimaryKeyConstraint("contract_id", "organisation_id", name=op.f("pk_contract_share")),
    )
    op.create_table(
        "grant_instalment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "owed",
                "recorded",
                "void",
                name="instalmentstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owed_at", UTCDateTime(), nullable=True),
        sa.Column("recorded_at", UTCDateTime(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'recorded') = (recorded_by_id IS NOT NULL)",
            name=op.f("ck_grant_instalment_recorded_by_somebody"),
        ),
        sa.CheckConstraint("pence > 0", name=op.f("ck_grant_instalment_pence_positive")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_grant_instalment_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_grant_instalment_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_instalment")),
        sa.UniqueConstraint(
            "contract_id", "number", name=op.f("uq_grant_instalment_contract_id_number")
        ),
    )
    op.create_table(
        "grant_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "wanted",
                "sent",
                "accepted",
                name="reportstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("text", Encrypted("grant_report.text"), nullable=False),
        sa.Column("unspent_pence", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "sent_back_because", Encrypted("grant_report.sent_back_because"), nullable=False
        ),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("returned_at", UTCDateTime(), nullable=True),
        sa.Column("returned_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_at IS NOT NULL)",
            name=op.f("ck_grant_report_accepted_when"),
        ),
        sa.CheckConstraint(
            "returned_at IS NULL OR (state = 'accepted' AND unspent_pence > 0)",
            name=op.f("ck_grant_report_returned_what_was_unspent"),
        ),
        sa.CheckConstraint(
            "state = 'wanted' OR sent_at IS NOT NULL", name=op.f("ck_grant_report_sent_when")
        ),
        sa.CheckConstraint("unspent_pence >= 0", name=op.f("ck_grant_report_unspent_not_negative")),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["person.id"], name=op.f("fk_grant_report_accepted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_grant_report_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["returned_by_id"], ["person.id"], name=op.f("fk_grant_report_returned_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["person.id"], name=op.f("fk_grant_report_sent_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_report")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_grant_report_contract_id")),
    )
    op.create_table(
        "radar_notice",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("band IN (18, 12, 9)", name=op.f("ck_radar_notice_band_known")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_radar_notice_contract_id")
        ),
        sa.PrimaryKeyConstraint("contract_id", "ends_on", "band", name=op.f("pk_radar_notice")),
    )
    op.create_table(
        "renewal_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "extend",
                "recompete",
                "grant",
                "stop",
                name="choice",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "lot_id IS NULL OR choice IN ('recompete', 'grant')",
            name=op.f("ck_renewal_decision_lot_of_new"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_renewal_decision_has_reason")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_renewal_decision_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_renewal_decision_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_renewal_decision_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_decision")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_renewal_decision_lot_id")),
    )
    op.create_table(
        "signed_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_signed_text_says_something")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_signed_text_number_not_negative")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_signed_text_contract_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_text")),
        sa.UniqueConstraint(
            "contract_id", "number", name=op.f("uq_signed_text_contract_id_number")
        ),
    )
    op.create_table(
        "change_party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum(
                "buyer",
                "provider",
                "funder",
                "region",
                "partner",
                name="capacity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
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
            nullable=True,
        ),
        sa.Column("name", Encrypted("change_party.name"), nullable=True),
        sa.Column("text_hash", sa.String(length=64), nullable=True),
        sa.Column("signed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (person_id IS NULL) AND (signed_at IS NULL) = (text_hash IS NULL)",
            name=op.f("ck_change_party_signed_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["contract_change.id"], name=op.f("fk_change_party_change_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_change_party_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_change_party_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_party")),
        sa.UniqueConstraint(
            "change_id", "organisation_id", name=op.f("uq_change_party_change_id_organisation_id")
        ),
        sa.UniqueConstraint(
            "change_id", "person_id", name=op.f("uq_change_party_change_id_person_id")
        ),
    )
    op.create_table(
        "continuity_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("contract_area_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "ending",
                "suspension",
                "area_loss",
                "emergency",
                name="actkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "provider_withdraws",
                "performance",
                "funding",
                "need_changed",
                "reorganised",
                "staffing",
                "expires",
                "insolvency",
                "safeguarding",
                "other",
                name="actreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "noticed",
                "completed",
                "cancelled",
                "resumed",
                "replaced",
                name="actstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("notice_at", UTCDateTime(), nullable=True),
        sa.Column("notice_by_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("late_told_at", UTCDateTime(), nullable=True),
        sa.Column("completed_at", UTCDateTime(), nullable=True),
        sa.Column("cancelled_at", UTCDateTime(), nullable=True),
        sa.Column(
            "cancel_reason",
            sa.Enum(
                "resolved",
                "agreed",
                "not_confirmed",
                "mistake",
                name="cancelreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("resumed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL) AND (cancelled_at IS NULL) = (cancel_reason IS NULL)",
            name=op.f("ck_continuity_act_cancelled_with_reason"),
        ),
        sa.CheckConstraint(
            "kind != 'area_loss' OR contract_area_id IS NOT NULL",
            name=op.f("ck_continuity_act_area_loss_has_area"),
        ),
        sa.CheckConstraint(
            "kind IN ('suspension', 'area_loss') OR contract_area_id IS NULL",
            name=op.f("ck_continuity_act_contract_ends_whole"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'cancelled', 'replaced') OR (notice_at IS NOT NULL AND due_at IS NOT NULL)",
            name=op.f("ck_continuity_act_notice_was_given"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('completed', 'resumed') OR completed_at IS NOT NULL",
            name=op.f("ck_continuity_act_completed_when"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_area_id"],
            ["contract_area.id"],
            name=op.f("fk_continuity_act_contract_area_id"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_continuity_act_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_by_id"], ["person.id"], name=op.f("fk_continuity_act_notice_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_continuity_act_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_continuity_act")),
    )
    op.create_table(
        "contract_area_partner",
        sa.Column("contract_area_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "places >= 0", name=op.f("ck_contract_area_partner_places_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["contract_area_id"],
            ["contract_area.id"],
            name=op.f("fk_contract_area_partner_contract_area_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["contract_partner.id"],
            name=op.f("fk_contract_area_partner_partner_id"),
        ),
        sa.PrimaryKeyConstraint(
            "contract_area_id", "partner_id", name=op.f("pk_contract_area_partner")
        ),
    )
    op.create_table(
        "contract_figure",
        sa.Column("contract_month_id", sa.Uuid(), nullable=False),
        sa.Column(
            "indicator",
            sa.Enum(
                "contact",
                "assessment",
                "attended",
                "report",
                "distance",
                name="indicator",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("numerator", sa.Integer(), nullable=False),
        sa.Column("denominator", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_contract_figure_people_not_negative")),
        sa.CheckConstraint(
            "0 <= numerator AND numerator <= denominator",
            name=op.f("ck_contract_figure_part_of_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_month_id"],
            ["contract_month.id"],
            name=op.f("fk_contract_figure_contract_month_id"),
        ),
        sa.PrimaryKeyConstraint("contract_month_id", "indicator", name=op.f("pk_contract_figure")),
    )
    op.create_table(
        "partner_payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "stated",
                "confirmed",
                "disputed",
                name="paymentstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stated_by_id", sa.Uuid(), nullable=False),
        sa.Column("stated_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("disputed_by_id", sa.Uuid(), nullable=True),
        sa.Column("disputed_at", UTCDateTime(), nullable=True),
        sa.Column("dispute", Encrypted("partner_payment.dispute"), nullable=True),
        sa.CheckConstraint(
            "(state = 'confirmed') = (confirmed_at IS NOT NULL)",
            name=op.f("ck_partner_payment_confirmed_by_somebody"),
        ),
        sa.CheckConstraint(
            "state <> 'disputed' OR (disputed_at IS NOT NULL AND dispute IS NOT NULL)",
            name=op.f("ck_partner_payment_disputed_with_reason"),
        ),
        sa.CheckConstraint("pence >= 0", name=op.f("ck_partner_payment_payment_not_negative")),
        sa.CheckConstraint(
            "confirmed_by_id <> stated_by_id", name=op.f("ck_partner_payment_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_partner_payment_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["disputed_by_id"], ["person.id"], name=op.f("fk_partner_payment_disputed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["contract_partner.id"], name=op.f("fk_partner_payment_partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["stated_by_id"], ["person.id"], name=op.f("fk_partner_payment_stated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_payment")),
        sa.UniqueConstraint(
            "partner_id", "month", name=op.f("uq_partner_payment_partner_id_month")
        ),
    )
    op.create_table(
        "price_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "agreed",
                "closed",
                name="reviewstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "direction",
            sa.Enum(
                "over",
                "under",
                name="direction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("last_month", sa.Date(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'agreed') = (change_id IS NOT NULL)",
            name=op.f("ck_price_review_agreed_by_change"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at IS NULL)", name=op.f("ck_price_review_ended_when")
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR reason <> '' OR ended_by_id IS NULL",
            name=op.f("ck_price_review_closed_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["contract_change.id"], name=op.f("fk_price_review_change_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_price_review_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_price_review_ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_review")),
        sa.UniqueConstraint(
            "contract_id", "last_month", name=op.f("uq_price_review_contract_id_last_month")
        ),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("position > 0", name=op.f("ck_release_position_positive")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_release_contract_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_release_lot_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_release_notice_id")),
        sa.ForeignKeyConstraint(
            ["process_id"], ["release_process.id"], name=op.f("fk_release_process_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("process_id", "position", name=op.f("uq_release_process_id_position")),
    )
    op.create_table(
        "continuity_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("contract_area_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_ref", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("escalated_at", UTCDateTime(), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "transfer",
                "early_close",
                "run_off",
                "ended",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("target_contract_area_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(target_contract_area_id IS NOT NULL) = (decision IS NOT NULL AND decision = 'transfer')",
            name=op.f("ck_continuity_case_transfer_has_target"),
        ),
        sa.CheckConstraint(
            "decision IS NULL OR decision = 'ended' OR decided_by_id IS NOT NULL",
            name=op.f("ck_continuity_case_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_continuity_case_decided_when"),
        ),
        sa.ForeignKeyConstraint(
            ["act_id"], ["continuity_act.id"], name=op.f("fk_continuity_case_act_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_area_id"],
            ["contract_area.id"],
            name=op.f("fk_continuity_case_contract_area_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_continuity_case_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_continuity_case_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["target_contract_area_id"],
            ["contract_area.id"],
            name=op.f("fk_continuity_case_target_contract_area_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_continuity_case")),
        sa.UniqueConstraint("act_id", "case_ref", name=op.f("uq_continuity_case_act_id_case_ref")),
        sa.UniqueConstraint("act_id", "number", name=op.f("uq_continuity_case_act_id_number")),
    )
    op.create_table(
        "continuity_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("contract_area_id", sa.Uuid(), nullable=False),
        sa.Column("released_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["act_id"], ["continuity_act.id"], name=op.f("fk_continuity_hold_act_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_area_id"],
            ["contract_area.id"],
            name=op.f("fk_continuity_hold_contract_area_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_continuity_hold")),
        sa.UniqueConstraint(
            "act_id", "contract_area_id", name=op.f("uq_continuity_hold_act_id_contract_area_id")
        ),
    )
    op.create_table(
        "release_number",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_number_release_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_release_number")),
        sa.UniqueConstraint("release_id", name=op.f("uq_release_number_release_id")),
    )
    with op.batch_alter_table("competition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_competition_lead_buyer_id"), ["lead_buyer_id"], unique=False
        )
    with op.batch_alter_table("contract_change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_contract_change_state_effective_on", ["state", "effective_on"], unique=False
        )
        batch_op.create_index(
            "one_open_change",
            ["contract_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'agreed')"),
            postgresql_where=sa.text("state IN ('proposed', 'agreed')"),
        )
    with op.batch_alter_table("contract_partner", schema=None) as batch_op:
        batch_op.create_index("ix_contract_partner_organisation", ["organisation_id"], unique=False)
    with op.batch_alter_table("contract_share", schema=None) as batch_op:
        batch_op.create_index("ix_contract_share_organisation", ["organisation_id"], unique=False)
    with op.batch_alter_table("grant_instalment", schema=None) as batch_op:
        batch_op.create_index("ix_grant_instalment_due", ["state", "due_on"], unique=False)
    with op.batch_alter_table("grant_report", schema=None) as batch_op:
        batch_op.create_index("ix_grant_report_due", ["state", "due_on"], unique=False)
    with op.batch_alter_table("renewal_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_renewal_decision_contract_id"), ["contract_id"], unique=False
        )
        batch_op.create_index(
            "one_decision",
            ["contract_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
    with op.batch_alter_table("change_party", schema=None) as batch_op:
        batch_op.create_index(
            "ix_change_party_organisation", ["organisation_id", "signed_at"], unique=False
        )
    with op.batch_alter_table("continuity_act", schema=None) as batch_op:
        batch_op.create_index("ix_continuity_act_contract", ["contract_id", "state"], unique=False)
        batch_op.create_index(
            "ix_continuity_act_effective", ["state", "effective_on"], unique=False
        )
        batch_op.create_index(
            "uq_continuity_act_ends_contract",
            ["contract_id"],
            unique=True,
            sqlite_where=sa.text(
                "kind IN ('ending', 'emergency') AND state IN ('proposed', 'noticed')"
            ),
            postgresql_where=sa.text(
                "kind IN ('ending', 'emergency') AND state IN ('proposed', 'noticed')"
            ),
        )
    with op.batch_alter_table("contract_area_partner", schema=None) as batch_op:
        batch_op.create_index("ix_contract_area_partner_partner", ["partner_id"], unique=False)
    with op.batch_alter_table("partner_payment", schema=None) as batch_op:
        batch_op.create_index("ix_partner_payment_state", ["state", "partner_id"], unique=False)
    with op.batch_alter_table("price_review", schema=None) as batch_op:
        batch_op.create_index(
            "one_open_review",
            ["contract_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_release_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_release_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_release_notice_id"), ["notice_id"], unique=False)
    with op.batch_alter_table("continuity_case", schema=None) as batch_op:
        batch_op.create_index(
            "ix_continuity_case_area", ["contract_area_id", "decision"], unique=False
        )
        batch_op.create_index("ix_continuity_case_due", ["decision", "due_at"], unique=False)
        batch_op.create_index("ix_continuity_case_ref", ["case_ref"], unique=False)
    with op.batch_alter_table("continuity_hold", schema=None) as batch_op:
        batch_op.create_index(
            "uq_continuity_hold_area",
            ["contract_area_id"],
            unique=True,
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        )
    with op.batch_alter_table("release_number", schema=None) as batch_op:
        batch_op.create_index("ix_release_number_year_number", ["year", "number"], unique=False)
    with op.batch_alter_table("contract") as batch_op:
        batch_op.add_column(sa.Column("terminated_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("contract_area") as batch_op:
        batch_op.drop_constraint(op.f("ck_contract_area_places_within_contract"), type_="check")
        batch_op.add_column(sa.Column("stopped_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("lot") as batch_op:
        batch_op.add_column(sa.Column("standstill_paused_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("standstill_days_left", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("end_note", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("competition_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("market_policy") as batch_op:
        batch_op.add_column(
            sa.Column("correction_days", sa.Integer(), nullable=False, server_default="3")
        )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint(op.f("ck_notice_noticekind"), type_="check")
        batch_op.drop_constraint(op.f("ck_notice_noticestate"), type_="check")
        batch_op.drop_constraint(op.f("ck_notice_sent_has_moment"), type_="check")
        batch_op.add_column(sa.Column("contract_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("buyer_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("is_procurement", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("problems", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("ocid", sa.String(length=120), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("platform_down_at", UTCDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("sandbox_rejects", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    keep_buyers(op.get_bind())
    keep_signed_texts(op.get_bind())
    with op.batch_alter_table("contract") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_contract_terminated_when"),
            "(state = 'terminated') = (terminated_at IS NOT NULL)",
        )
    with op.batch_alter_table("contract_area") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_contract_area_places_within_contract"),
            "places <= contracted_places OR (wanted_places IS NOT NULL AND wanted_places <= contracted_places)",
        )
    with op.batch_alter_table("claim") as batch_op:
        batch_op.create_index("ix_claim_recorded_at", ["recorded_at"], unique=False)
    with op.batch_alter_table("lot") as batch_op:
        batch_op.create_index("ix_lot_route", ["route"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_competition_id"), ["competition_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_lot_competition_id"), "competition", ["competition_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_pause_whole"),
            "(standstill_paused_at IS NULL) = (standstill_days_left IS NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_lot_paused_has_no_end"),
            "standstill_paused_at IS NULL OR standstill_ends_on IS NULL",
        )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.alter_column("buyer_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column("lot_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_index(
            "ix_notice_buyer_id_posted_at", ["buyer_id", "posted_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_notice_contract_id"), ["contract_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_notice_contract_id"), "contract", ["contract_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_notice_buyer_id"), "organisation", ["buyer_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_notice_noticekind"),
            "kind IN ('pipeline', 'engagement', 'planned', 'opening', 'change', 'transparency', 'award', 'details', 'payments_compliance', 'performance', 'contract_change', 'contract_end', 'ending', 'market_intention', 'market_set_up', 'market_change', 'market_end', 'payments')",
        )
        batch_op.create_check_constraint(
            op.f("ck_notice_noticestate"),
            "state IN ('incomplete', 'to_send', 'sent', 'accepted', 'rejected')",
        )
        batch_op.create_check_constraint(
            op.f("ck_notice_sent_has_moment"),
            "state IN ('incomplete', 'to_send') OR sent_at IS NOT NULL",
        )
    for table in ("contract_month", "signed_text", "contract_figure", "release", "release_number"):
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("release_number")
    op.drop_table("continuity_hold")
    op.drop_table("continuity_case")
    op.drop_table("release")
    op.drop_table("price_review")
    op.drop_table("partner_payment")
    op.drop_table("contract_figure")
    op.drop_table("contract_area_partner")
    op.drop_table("continuity_act")
    op.drop_table("change_party")
    op.drop_table("signed_text")
    op.drop_table("renewal_decision")
    op.drop_table("radar_notice")
    op.drop_table("grant_report")
    op.drop_table("grant_instalment")
    op.drop_table("contract_share")
    op.drop_table("contract_partner")
    op.drop_table("contract_month")
    op.drop_table("contract_change")
    op.drop_table("release_record")
    op.drop_table("release_process")
    op.drop_table("release_head")
    # What had no room then cannot go back.
    op.execute(
        "DELETE FROM notice WHERE lot_id IS NULL "
        "OR kind NOT IN ('planned', 'opening', 'change', 'ending')"
    )
    op.execute("UPDATE notice SET state = 'to_send' WHERE state = 'incomplete'")

    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint(op.f("ck_notice_noticekind"), type_="check")
        batch_op.drop_constraint(op.f("ck_notice_noticestate"), type_="check")
        batch_op.drop_constraint(op.f("ck_notice_sent_has_moment"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_notice_buyer_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_notice_contract_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_notice_contract_id"))
        batch_op.drop_index("ix_notice_buyer_id_posted_at")
        batch_op.alter_column("lot_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("sandbox_rejects")
        batch_op.drop_column("platform_down_at")
        batch_op.drop_column("ocid")
        batch_op.drop_column("problems")
        batch_op.drop_column("is_procurement")
        batch_op.drop_column("buyer_id")
        batch_op.drop_column("contract_id")
        batch_op.create_check_constraint(
            op.f("ck_notice_noticekind"), "kind IN ('planned', 'opening', 'change', 'ending')"
        )
        batch_op.create_check_constraint(
            op.f("ck_notice_noticestate"), "state IN ('to_send', 'sent', 'accepted', 'rejected')"
        )
        batch_op.create_check_constraint(
            op.f("ck_notice_sent_has_moment"), "state = 'to_send' OR sent_at IS NOT NULL"
        )
    with op.batch_alter_table("claim") as batch_op:
        batch_op.drop_index("ix_claim_recorded_at")
    with op.batch_alter_table("market_policy") as batch_op:
        batch_op.drop_column("correction_days")
    with op.batch_alter_table("lot") as batch_op:
        batch_op.drop_constraint(op.f("ck_lot_pause_whole"), type_="check")
        batch_op.drop_constraint(op.f("ck_lot_paused_has_no_end"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_lot_competition_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_lot_competition_id"))
        batch_op.drop_index("ix_lot_route")
        batch_op.drop_column("competition_id")
        batch_op.drop_column("end_note")
        batch_op.drop_column("standstill_days_left")
        batch_op.drop_column("standstill_paused_at")
    # Places above the contract fall as cases end; then there was no such state.
    op.execute(
        "UPDATE contract_area SET contracted_places = places WHERE places > contracted_places"
    )
    with op.batch_alter_table("contract_area") as batch_op:
        batch_op.drop_constraint(op.f("ck_contract_area_places_within_contract"), type_="check")
        batch_op.drop_column("stopped_at")
        batch_op.create_check_constraint(
            op.f("ck_contract_area_places_within_contract"), "places <= contracted_places"
        )
    with op.batch_alter_table("contract") as batch_op:
        batch_op.drop_constraint(op.f("ck_contract_terminated_when"), type_="check")
        batch_op.drop_column("terminated_at")
    op.drop_table("competition")
