"""Who acts: the roles, the kinds of organisation, and the value that every action is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l


class OrganisationKind(StrEnum):
    """The kinds of organisation that take part (domain, section 2)."""

    PROVIDER = "provider"
    REGION = "region"
    PCC = "pcc"
    OTHER_BUYER = "other_buyer"
    PRISON = "prison"
    NATIONAL = "national"


ORGANISATION_KINDS = {
    OrganisationKind.PROVIDER: _l("Provider"),
    OrganisationKind.REGION: _l("Probation region"),
    OrganisationKind.PCC: _l("Police and crime commissioner"),
    OrganisationKind.OTHER_BUYER: _l("Other buyer"),
    OrganisationKind.PRISON: _l("Prison"),
    OrganisationKind.NATIONAL: _l("National framework team"),
}


class Role(StrEnum):
    """What a person may do for an organisation."""

    BID_MANAGER = "bid_manager"
    FINANCE = "finance"
    TRUSTEE = "trustee"
    SERVICE_MANAGER = "service_manager"
    CASEWORKER = "caseworker"
    COMMISSIONING_OFFICER = "commissioning_officer"
    EVALUATOR = "evaluator"
    CONTRACT_MANAGER = "contract_manager"
    DIRECTOR = "director"
    PRACTITIONER = "practitioner"
    TEAM_MANAGER = "team_manager"
    EQUALITIES_MANAGER = "equalities_manager"
    COMMISSIONER_LEAD = "commissioner_lead"
    DECISION_MAKER = "decision_maker"
    PRISON_PRACTITIONER = "prison_practitioner"
    FRAMEWORK_MANAGER = "framework_manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLES = {
    Role.BID_MANAGER: _l("Bid manager"),
    Role.FINANCE: _l("Finance"),
    Role.TRUSTEE: _l("Trustee sign-off"),
    Role.SERVICE_MANAGER: _l("Service manager"),
    Role.CASEWORKER: _l("Caseworker"),
    Role.COMMISSIONING_OFFICER: _l("Commissioning officer"),
    Role.EVALUATOR: _l("Evaluator"),
    Role.CONTRACT_MANAGER: _l("Contract manager"),
    Role.DIRECTOR: _l("Regional Probation Director"),
    Role.PRACTITIONER: _l("Probation practitioner"),
    Role.TEAM_MANAGER: _l("Team manager"),
    Role.EQUALITIES_MANAGER: _l("Equalities manager"),
    Role.COMMISSIONER_LEAD: _l("Co-commissioner lead"),
    Role.DECISION_MAKER: _l("Decision-maker"),
    Role.PRISON_PRACTITIONER: _l("Prison offender manager"),
    Role.FRAMEWORK_MANAGER: _l("Framework manager"),
    Role.AUDITOR: _l("Auditor"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

ROLES_OF_KIND = {
    OrganisationKind.PROVIDER: (
        Role.BID_MANAGER,
        Role.FINANCE,
        Role.TRUSTEE,
        Role.SERVICE_MANAGER,
        Role.CASEWORKER,
    ),
    OrganisationKind.REGION: (
        Role.COMMISSIONING_OFFICER,
        Role.EVALUATOR,
        Role.CONTRACT_MANAGER,
        Role.DIRECTOR,
        Role.PRACTITIONER,
        Role.TEAM_MANAGER,
        Role.EQUALITIES_MANAGER,
    ),
    OrganisationKind.PCC: (Role.COMMISSIONER_LEAD, Role.EVALUATOR, Role.DECISION_MAKER),
    OrganisationKind.OTHER_BUYER: (Role.COMMISSIONER_LEAD, Role.EVALUATOR, Role.DECISION_MAKER),
    OrganisationKind.PRISON: (Role.PRISON_PRACTITIONER,),
    OrganisationKind.NATIONAL: (Role.FRAMEWORK_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR),
}

SEES_PEOPLE = frozenset(
    {
        Role.SERVICE_MANAGER,
        Role.CASEWORKER,
        Role.PRACTITIONER,
        Role.TEAM_MANAGER,
        Role.PRISON_PRACTITIONER,
    }
)


@dataclass(frozen=True)
class Acting:
    """A signed-in person acting for one organisation, as read at the start of the request.

    `second_factor_at` is the technical moment of the last second factor in this session, None
    where only the first was given.
    """

    person_id: UUID
    name: str
    organisation_id: UUID
    organisation_name: str
    organisation_kind: OrganisationKind
    region_code: str | None
    roles: frozenset[Role]
    session_id: UUID | None = None
    second_factor_at: datetime | None = None

    def has(self, *roles: Role) -> bool:
        """Whether any of these roles is held for the organisation acted for."""
        return not self.roles.isdisjoint(roles)
