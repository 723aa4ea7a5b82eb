"""The organisations that take part, and the profile that each enters once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.acting import OrganisationKind
from marketplace.database import Encrypted, classified, db, db_enum, new_id


class LegalForm(StrEnum):
    """What an organisation is in law (domain, section 3)."""

    CHARITY = "charity"
    CIO = "cio"
    CIC = "cic"
    SOCIETY = "society"
    COMPANY = "company"
    PUBLIC_BODY = "public_body"


LEGAL_FORMS = {
    LegalForm.CHARITY: _l("Charity"),
    LegalForm.CIO: _l("Charitable incorporated organisation (CIO)"),
    LegalForm.CIC: _l("Community interest company (CIC)"),
    LegalForm.SOCIETY: _l("Registered society"),
    LegalForm.COMPANY: _l("Company"),
    LegalForm.PUBLIC_BODY: _l("Public body"),
}

# Charities serve the public benefit alone (Charities Act 2011 ss.1-4), community interest companies
# the community's, their assets locked (Companies (Audit, Investigations and Community Enterprise)
# Act 2004 ss.30, 35); public bodies are no part of the sector.
VOLUNTARY_BY_LAW = {
    LegalForm.CHARITY: True,
    LegalForm.CIO: True,
    LegalForm.CIC: True,
    LegalForm.PUBLIC_BODY: False,
}


class IncomeBand(StrEnum):
    """Income of the last finished year, in whole pounds."""

    UNDER_10K = "under_10k"
    TO_100K = "10k_to_100k"
    TO_1M = "100k_to_1m"
    TO_10M = "1m_to_10m"
    OVER_10M = "over_10m"


INCOME_BANDS = {
    IncomeBand.UNDER_10K: _l("Under £10,000"),
    IncomeBand.TO_100K: _l("£10,000 to £100,000"),
    IncomeBand.TO_1M: _l("£100,000 to £1 million"),
    IncomeBand.TO_10M: _l("£1 million to £10 million"),
    IncomeBand.OVER_10M: _l("Over £10 million"),
}

# A small organisation is voluntary with an income under £1m (domain, section 4).
SMALL_BANDS = frozenset({IncomeBand.UNDER_10K, IncomeBand.TO_100K, IncomeBand.TO_1M})


class Organisation(db.Model):
    """An organisation of any kind.

    The profile below `kind` is a provider's; `org_ids` are register numbers as org-id
    ("GB-CHC-1234567"). `region_code` and `area_code` place a region, PCC or prison.
    """

    __tablename__ = "organisation"
    __privacy__ = classified(
        none="id kind name region_code area_code legal_form income_band is_voluntary based_in "
        "contact_email contact_phone website led_by wants_sign_off source is_demonstration "
        "created_at",
        personal="safeguarding_lead data_protection_lead",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[OrganisationKind] = mapped_column(db_enum(OrganisationKind))
    name: Mapped[str] = mapped_column(String(200))
    region_code: Mapped[str | None] = mapped_column(String(20))
    area_code: Mapped[str | None] = mapped_column(String(60))
    legal_form: Mapped[LegalForm | None] = mapped_column(db_enum(LegalForm))
    income_band: Mapped[IncomeBand | None] = mapped_column(db_enum(IncomeBand))
    is_voluntary: Mapped[bool] = mapped_column(default=False)
    based_in: Mapped[str | None] = mapped_column(String(60))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    contact_phone: Mapped[str | None] = mapped_column(String(40))
    website: Mapped[str | None] = mapped_column(String(200))
    led_by: Mapped[str | None] = mapped_column(Text)
    safeguarding_lead: Mapped[str | None] = mapped_column(
        Encrypted("organisation.safeguarding_lead")
    )
    data_protection_lead: Mapped[str | None] = mapped_column(
        Encrypted("organisation.data_protection_lead")
    )
    wants_sign_off: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(20), default="own")
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime | None]

    areas: Mapped[list[OrganisationArea]] = relationship(
        cascade="all, delete-orphan", order_by="OrganisationArea.area_code"
    )

    register_numbers: Mapped[list[RegisterNumber]] = relationship(
        cascade="all, delete-orphan", order_by="RegisterNumber.org_id"
    )
    org_ids: AssociationProxy[list[str]] = association_proxy(
        "register_numbers",
        "org_id",
        creator=lambda org_id: RegisterNumber(id=new_id(), org_id=org_id),
    )

    __table_args__ = (
        CheckConstraint("source IN ('own', 'published')", name="source_known"),
        Index("ix_organisation_kind_name", "kind", "name"),
    )

    @property
    def is_small(self) -> bool:
        """Voluntary, with an income under £1m (domain, section 4)."""
        return self.is_voluntary and self.income_band in SMALL_BANDS


class OrganisationArea(db.Model):
    """One PCC area in which a provider works."""

    __tablename__ = "organisation_area"
    __privacy__ = classified(none="id organisation_id area_code")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    area_code: Mapped[str] = mapped_column(String(60))
    __table_args__ = (
        UniqueConstraint("organisation_id", "area_code"),
        Index("ix_organisation_area_area_code", "area_code"),
    )


class RegisterNumber(db.Model):
    """One number in one register; it belongs to one organisation here."""

    __tablename__ = "register_number"
    __privacy__ = classified(none="id organisation_id org_id")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    org_id: Mapped[str] = mapped_column(String(40), unique=True)
