"""A change to a contract, who must sign it, and the shares in which a contract is now paid."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.contracts.models import Contract, Side
from marketplace.acting import Role
from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.organisations.models import Organisation


class ChangeKind(StrEnum):
    """What a change is about; one change is about one thing."""

    VALUE = "value"
    TERM = "term"
    EXTENSION = "extension"
    AREAS = "areas"
    PLACES = "places"
    SCOPE = "scope"
    PARTNERS = "partners"


CHANGE_KINDS = {
    ChangeKind.EXTENSION: _l("Extension"),
    ChangeKind.VALUE: _l("Value and price"),
    ChangeKind.TERM: _l("Last day"),
    ChangeKind.AREAS: _l("Areas"),
    ChangeKind.PLACES: _l("Places in the contract"),
    ChangeKind.SCOPE: _l("What is delivered"),
    ChangeKind.PARTNERS: _l("Partners"),
}


class ChangeState(StrEnum):
    """Where a change stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


CHANGE_STATES = {
    ChangeState.PROPOSED: _l("To be signed"),
    ChangeState.AGREED: _l("Signed, in force on its day"),
    ChangeState.IN_FORCE: _l("In force"),
    ChangeState.WITHDRAWN: _l("Withdrawn"),
    ChangeState.REFUSED: _l("Refused"),
}
OPEN = (ChangeState.PROPOSED, ChangeState.AGREED)


class Capacity(StrEnum):
    """Why an organisation must sign a change."""

    BUYER = "buyer"
    PROVIDER = "provider"
    FUNDER = "funder"
    REGION = "region"
    PARTNER = "partner"


CAPACITIES = {
    Capacity.BUYER: _l("Buyer"),
    Capacity.PROVIDER: _l("Provider"),
    Capacity.FUNDER: _l("Pays a share"),
    Capacity.REGION: _l("Region that the lot reaches into"),
    Capacity.PARTNER: _l("Partner"),
}


class ContractChange(db.Model):
    """One change of one kind; `before` and `after` hold what it replaces and what it sets.

    `reason` is published once the change is in force; `refused_because` is between the parties.
    """

    __tablename__ = "contract_change"
    __privacy__ = classified(
        none="id contract_id number kind state before after reason effective_on text text_hash "
        "proposed_by_id proposed_side proposed_at agreed_at in_force_at closed_at refused_because"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    kind: Mapped[ChangeKind] = mapped_column(db_enum(ChangeKind))
    state: Mapped[ChangeState] = mapped_column(db_enum(ChangeState), default=ChangeState.PROPOSED)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    effective_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text, default="")
    text_hash: Mapped[str] = mapped_column(String(64), default="")
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_side: Mapped[Side] = mapped_column(db_enum(Side))
    proposed_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    in_force_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    refused_because: Mapped[str | None] = mapped_column(Text)

    @property
    def is_open(self) -> bool:
        """Whether it still keeps another from being proposed."""
        return self.state in OPEN

    contract: Mapped[Contract] = relationship()
    parties: Mapped[list[ChangeParty]] = relationship(order_by="ChangeParty.position")

    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("(state = 'in_force') = (in_force_at IS NOT NULL)", name="in_force_when"),
        CheckConstraint(
            "state NOT IN ('agreed', 'in_force') OR agreed_at IS NOT NULL", name="agreed_when"
        ),
        CheckConstraint(
            "(state IN ('withdrawn', 'refused')) = (closed_at IS NOT NULL)", name="closed_when"
        ),
        # Two at once would each be computed from terms that the other replaces.
        Index(
            "one_open_change",
            "contract_id",
            unique=True,
            sqlite_where=sql_text("state IN ('proposed', 'agreed')"),
            postgresql_where=sql_text("state IN ('proposed', 'agreed')"),
        ),
        Index("ix_contract_change_state_effective_on", "state", "effective_on"),
    )


class ChangeParty(db.Model):
    """An organisation that must sign a change, and its signature once it has been given."""

    __tablename__ = "change_party"
    __privacy__ = classified(
        none="id change_id organisation_id capacity position person_id role text_hash signed_at",
        personal="name",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    change_id: Mapped[UUID] = mapped_column(ForeignKey("contract_change.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    capacity: Mapped[Capacity] = mapped_column(db_enum(Capacity))
    position: Mapped[int]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role | None] = mapped_column(db_enum(Role))
    name: Mapped[str | None] = mapped_column(Encrypted("change_party.name"))
    text_hash: Mapped[str | None] = mapped_column(String(64))
    signed_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("change_id", "organisation_id"),
        UniqueConstraint("change_id", "person_id"),
        CheckConstraint(
            "(signed_at IS NULL) = (person_id IS NULL)"
            " AND (signed_at IS NULL) = (text_hash IS NULL)",
            name="signed_whole",
        ),
        Index("ix_change_party_organisation", "organisation_id", "signed_at"),
    )


class ContractShare(db.Model):
    """One organisation's share of a contract's value once a change has set it; pence, net.

    A contract without rows is paid in the shares of its lot.
    """

    __tablename__ = "contract_share"
    __privacy__ = classified(none="contract_id organisation_id pence")
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    pence: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("pence >= 0", name="share_not_negative"),
        Index("ix_contract_share_organisation", "organisation_id"),
    )
