"""Who takes part in the demonstration: invented organisations and people, as plain data.

No register number, address or name here belongs to anybody; every organisation says in its name
that it is a demonstration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from marketplace.acting import OrganisationKind, Role
from marketplace.organisations.models import IncomeBand, LegalForm

MARK = "(demonstration)"


@dataclass(frozen=True)
class Cast:
    """One invented organisation: its people as (name, roles), and what it applied to qualify for.

    `applies` are category codes; the application of an organisation with `pending` is undecided.
    """

    key: str
    kind: OrganisationKind
    name: str
    people: tuple[tuple[str, tuple[Role, ...]], ...]
    facts: dict[str, Any] = field(default_factory=dict)
    areas: tuple[str, ...] = ()
    applies: tuple[str, ...] = ()
    pending: bool = False

    @property
    def full_name(self) -> str:
        """The name with the mark of the demonstration."""
        return f"{self.name} {MARK}"


def _region(key: str, code: str, name: str, *people: tuple[str, tuple[Role, ...]]) -> Cast:
    facts = {"region_code": code}
    return Cast(key, OrganisationKind.REGION, f"{name} region", people, facts)


def _provider(
    key: str,
    name: str,
    form: LegalForm,
    income: IncomeBand,
    areas: tuple[str, ...],
    applies: tuple[str, ...],
    *people: tuple[str, tuple[Role, ...]],
    pending: bool = False,
    **facts: Any,
) -> Cast:
    slug = name.lower().replace(" & ", "-").replace(" ", "-")
    about = {
        "legal_form": form,
        "income_band": income,
        "is_voluntary": form != LegalForm.COMPANY,
        "based_in": areas[0],
        "contact_email": f"hello@{slug}.example",
    }
    kind = OrganisationKind.PROVIDER
    return Cast(key, kind, name, people, about | facts, areas, applies, pending)


WELLBEING = (
    "emotional-wellbeing",
    "family-and-significant-others",
    "lifestyle-and-associates",
    "social-inclusion",
)

REGIONS = (
    _region(
        "north-east",
        "A",
        "North East",
        ("Joanna Whitlock", (Role.COMMISSIONING_OFFICER,)),
        ("Marcus Oyelaran", (Role.DIRECTOR,)),
        ("Helen D’Arcy", (Role.CONTRACT_MANAGER,)),
        ("Farida Aziz", (Role.EVALUATOR,)),
        ("Colin Reed", (Role.EVALUATOR,)),
        ("Daniel Fairweather", (Role.PRACTITIONER,)),
        ("Ngozi Eze", (Role.PRACTITIONER,)),
        ("Ruth Halloran", (Role.TEAM_MANAGER,)),
        ("Imran Qureshi", (Role.EQUALITIES_MANAGER,)),
    ),
    _region(
        "yorkshire",
        "C",
        "Yorkshire and the Humber",
        ("Beth Ogden", (Role.COMMISSIONING_OFFICER,)),
        ("Stuart Lacey", (Role.DIRECTOR,)),
        ("Yasmin Noor", (Role.CONTRACT_MANAGER,)),
        ("Peter O’Shea", (Role.EVALUATOR,)),
        ("Grace Tembo", (Role.EVALUATOR,)),
        ("Lucy Brannigan", (Role.PRACTITIONER,)),
    ),
    _region(
        "wales",
        "D",
        "Wales",
        ("Gwenllian ap Huw", (Role.COMMISSIONING_OFFICER,)),
        ("Rhys Morgan-Lloyd", (Role.DIRECTOR,)),
        ("Eleri Pugh", (Role.CONTRACT_MANAGER,)),
        ("Owain Bevan", (Role.EVALUATOR,)),
        ("Myfanwy Tudor", (Role.EVALUATOR,)),
        ("Siân O’Brien-Rhys", (Role.PRACTITIONER,)),
    ),
)

# Who of one organisation also holds a role in another, and so can switch between the two.
SECOND_SEATS = (("commissioner", "Nadia Hussain", "north-east", Role.EVALUATOR),)

OTHERS = (
    Cast(
        "commissioner",
        OrganisationKind.PCC,
        "Northumbria commissioner",
        (
            ("Alistair Munro", (Role.COMMISSIONER_LEAD,)),
            ("Cora Blythe", (Role.DECISION_MAKER,)),
            ("Nadia Hussain", (Role.EVALUATOR,)),
        ),
        {"region_code": "A", "area_code": "northumbria"},
    ),
    Cast(
        "funder",
        OrganisationKind.OTHER_BUYER,
        "Tyne Community Fund",
        (
            ("Beatrice Lowe", (Role.COMMISSIONER_LEAD,)),
            ("Amir Sadiq", (Role.DECISION_MAKER,)),
            ("Dale Robson", (Role.EVALUATOR,)),
        ),
        {"region_code": "A"},
    ),
    Cast(
        "prison",
        OrganisationKind.PRISON,
        "HMP Saltmarsh",
        (("Keith Vaughan", (Role.PRISON_PRACTITIONER,)),),
        {"region_code": "A"},
    ),
    Cast(
        "national",
        OrganisationKind.NATIONAL,
        "National framework team",
        (
            ("Amara Okafor", (Role.FRAMEWORK_MANAGER,)),
            ("Priya Raghunathan", (Role.AUDITOR,)),
            ("Tom Ashdown", (Role.ADMINISTRATOR,)),
        ),
    ),
)

PROVIDERS = (
    _provider(
        "harbour",
        "Harbour Lights",
        LegalForm.CIO,
        IncomeBand.TO_100K,
        ("northumbria", "durham"),
        ("accommodation", "women", *WELLBEING),
        ("Maggie O’Dowd", (Role.BID_MANAGER, Role.SERVICE_MANAGER)),
        ("Sade Akande", (Role.CASEWORKER,)),
        ("Len Proctor", (Role.TRUSTEE, Role.FINANCE)),
        org_ids=["GB-CHC-9900001"],
    ),
    _provider(
        "rising",
        "Women Rising Together",
        LegalForm.CHARITY,
        IncomeBand.TO_1M,
        ("cleveland", "northumbria", "durham"),
        ("women",),
        ("Zoe Lister", (Role.BID_MANAGER,)),
        ("Rosa Delgado", (Role.SERVICE_MANAGER,)),
        ("Chloe Nkemelu", (Role.CASEWORKER,)),
        ("Ann-Marie Doyle", (Role.CASEWORKER,)),
        ("Jean Thornbury", (Role.TRUSTEE, Role.FINANCE)),
        org_ids=["GB-CHC-9900002"],
        led_by="Half of our trustees and most of our staff have been on probation themselves.",
    ),
    _provider(
        "second-street",
        "Second Street Homes",
        LegalForm.SOCIETY,
        IncomeBand.TO_10M,
        ("west-yorkshire", "humberside", "northumbria", "durham", "cleveland"),
        ("accommodation", "education-training-employment"),
        ("Patrick Nolan", (Role.BID_MANAGER, Role.FINANCE)),
        ("Hannah Sykes", (Role.SERVICE_MANAGER,)),
        ("Dev Solanki", (Role.CASEWORKER,)),
        ("Moira Flint", (Role.TRUSTEE,)),
        org_ids=["GB-COH-99000003"],
    ),
    _provider(
        "oak",
        "Oak & Anchor Trust",
        LegalForm.CHARITY,
        IncomeBand.TO_10M,
        ("south-yorkshire", "west-yorkshire", "humberside", "north-yorkshire"),
        ("accommodation", *WELLBEING),
        ("Edith Camara", (Role.BID_MANAGER,)),
        ("Simon Grove", (Role.SERVICE_MANAGER,)),
        ("Leila Haddad", (Role.CASEWORKER,)),
        ("Tariq Bashir", (Role.CASEWORKER,)),
        ("Noel Sutcliffe", (Role.TRUSTEE, Role.FINANCE)),
        org_ids=["GB-CHC-9900004", "GB-COH-99000004"],
    ),
    _provider(
        "pont",
        "Pont Newydd",
        LegalForm.CIC,
        IncomeBand.TO_1M,
        ("south-wales", "gwent", "dyfed-powys"),
        ("accommodation", "education-training-employment", *WELLBEING),
        ("Catrin Llewelyn", (Role.BID_MANAGER, Role.SERVICE_MANAGER)),
        ("Iwan Ellis", (Role.CASEWORKER,)),
        ("Nerys Bowen", (Role.TRUSTEE, Role.FINANCE)),
        org_ids=["GB-COH-99000005"],
    ),
    _provider(
        "kestrel",
        "Kestrel Rehabilitation",
        LegalForm.COMPANY,
        IncomeBand.OVER_10M,
        ("west-midlands", "south-wales", "north-wales", "northumbria", "west-yorkshire"),
        ("accommodation", "education-training-employment", "women", *WELLBEING),
        ("Rupert Hale", (Role.BID_MANAGER,)),
        ("Donna Price", (Role.SERVICE_MANAGER,)),
        ("Jamal Wright", (Role.CASEWORKER,)),
        ("Fiona Carver", (Role.FINANCE,)),
        ("Gordon Pike", (Role.TRUSTEE,)),
        org_ids=["GB-COH-99000006"],
    ),
    _provider(
        "peer-steps",
        "Peer Steps",
        LegalForm.CIO,
        IncomeBand.UNDER_10K,
        ("gwent",),
        WELLBEING,
        ("Kayleigh Moss", (Role.BID_MANAGER, Role.SERVICE_MANAGER)),
        ("Morgan Tripp", (Role.CASEWORKER,)),
        ("Ade Balogun", (Role.TRUSTEE, Role.FINANCE)),
        pending=True,
    ),
)

EVERYBODY = (*REGIONS, *OTHERS, *PROVIDERS)
