"""The fixed words of a lot, each with its label: states, routes, kinds of price, reasons."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class LotState(StrEnum):
    """Where a lot stands (domain, section 4)."""

    DRAFT = "draft"
    PLANNED = "planned"
    APPROVED = "approved"
    OPEN = "open"
    CLOSED = "closed"
    EVALUATING = "evaluating"
    RECOMMENDED = "recommended"
    STANDSTILL = "standstill"
    AWARDED = "awarded"
    CANCELLED = "cancelled"
    NO_AWARD = "no_award"


LOT_STATES = {
    LotState.DRAFT: _l("Draft"),
    LotState.PLANNED: _l("Planned"),
    LotState.APPROVED: _l("Approved, opens at its time"),
    LotState.OPEN: _l("Open for bids"),
    LotState.CLOSED: _l("Closed for bids"),
    LotState.EVALUATING: _l("Being evaluated"),
    LotState.RECOMMENDED: _l("Waiting for a decision"),
    LotState.STANDSTILL: _l("Decided, in standstill"),
    LotState.AWARDED: _l("Awarded"),
    LotState.CANCELLED: _l("Cancelled"),
    LotState.NO_AWARD: _l("Ended without an award"),
}

EDITABLE = (LotState.DRAFT, LotState.PLANNED)
# What has no bids yet, nor keys that could seal one.
BEFORE_OPENING = (*EDITABLE, LotState.APPROVED)
CONCLUDED = (LotState.AWARDED, LotState.CANCELLED, LotState.NO_AWARD)


class Task(StrEnum):
    """The pages of a draft; the value is also the page's address."""

    SERVICE = "service"
    ELIGIBILITY = "eligibility"
    AREAS = "areas"
    VOLUMES = "volumes"
    VALUE = "value"
    ROUTE = "route"
    FUNDERS = "funders"
    PAYMENT = "payment"
    TERM = "term"
    CRITERIA = "criteria"
    QUESTIONS = "questions"
    DEMANDS = "demands"
    TOGETHER = "competition"
    STAFF = "staff"
    TERMS = "terms"
    DOCUMENTS = "documents"
    DATES = "dates"
    SEALING = "sealing"


TASKS = {
    Task.SERVICE: _l("Service and outcomes"),
    Task.ELIGIBILITY: _l("Who it is for"),
    Task.AREAS: _l("Areas"),
    Task.VOLUMES: _l("Places and people expected"),
    Task.VALUE: _l("Value"),
    Task.ROUTE: _l("Grant or contract"),
    Task.FUNDERS: _l("Funders"),
    Task.PAYMENT: _l("Price and payment"),
    Task.TERM: _l("Term"),
    Task.CRITERIA: _l("Criteria and weights"),
    Task.QUESTIONS: _l("Questions"),
    Task.DEMANDS: _l("What else you ask of bidders"),
    Task.TOGETHER: _l("Lots competed for together"),
    Task.STAFF: _l("Staff who may move"),
    Task.TERMS: _l("Terms in plain words"),
    Task.DOCUMENTS: _l("Documents"),
    Task.DATES: _l("Dates"),
    Task.SEALING: _l("Who can open the bids"),
}


class Level(StrEnum):
    """What a broken rule of proportionality does: nothing, a second look, or no opening."""

    OFF = "off"
    FLAGS = "flags"
    BLOCKS = "blocks"


LEVELS = {
    Level.OFF: _l("Not checked"),
    Level.FLAGS: _l("Worth a second look"),
    Level.BLOCKS: _l("Keeps the lot from opening"),
}


class Route(StrEnum):
    """How the money goes out; a grant unless a reason speaks for a contract."""

    GRANT = "grant"
    CONTRACT = "contract"


ROUTES = {Route.GRANT: _l("Grant"), Route.CONTRACT: _l("Contract")}


class PriceBasis(StrEnum):
    """What the price is a price of."""

    MONTHLY_FEE = "monthly_fee"
    PER_START = "per_start"
    PER_OUTCOME = "per_outcome"
    IN_ADVANCE = "in_advance"
    MIXED = "mixed"


PRICE_BASES = {
    PriceBasis.MONTHLY_FEE: _l("A fee for each month"),
    PriceBasis.PER_START: _l("An amount for each person who starts"),
    PriceBasis.IN_ADVANCE: _l("One price, paid in instalments in advance"),
    PriceBasis.PER_OUTCOME: _l("One price, paid by outcomes reached"),
    PriceBasis.MIXED: _l("One price, paid in more than one of these ways"),
}
# A bid for these names the whole price; what is paid for each thing follows from the lot.
WHOLE_PRICE = (PriceBasis.IN_ADVANCE, PriceBasis.PER_OUTCOME, PriceBasis.MIXED)


class Paid(StrEnum):
    """What is paid for."""

    FEE = "monthly_fee"
    START = "start"
    OUTCOME = "outcome"
    INSTALMENT = "instalment"


PAID = {
    Paid.FEE: _l("Monthly fee"),
    Paid.START: _l("People who started"),
    Paid.OUTCOME: _l("Outcomes reached"),
    Paid.INSTALMENT: _l("Instalment in advance"),
}


class PaymentProfile(StrEnum):
    """When the provider is paid; in advance by default for small voluntary ones (policy)."""

    MONTHLY_IN_ADVANCE = "monthly_in_advance"
    MONTHLY_IN_ARREARS = "monthly_in_arrears"
    QUARTERLY_IN_ADVANCE = "quarterly_in_advance"
    UP_FRONT = "up_front"


PAYMENT_PROFILES = {
    PaymentProfile.MONTHLY_IN_ADVANCE: _l("Each month, in advance"),
    PaymentProfile.MONTHLY_IN_ARREARS: _l("Each month, afterwards"),
    PaymentProfile.QUARTERLY_IN_ADVANCE: _l("Each quarter, in advance"),
    PaymentProfile.UP_FRONT: _l("All at the start"),
}


class Transfer(StrEnum):
    """Whether staff of today's provider move to the next one (TUPE Regulations 2006)."""

    NO = "no"
    YES = "yes"
    MAY = "may"


TRANSFERS = {
    Transfer.NO: _l("No: nobody’s job moves"),
    Transfer.YES: _l("Yes: staff will move to the new provider"),
    Transfer.MAY: _l("It may: bidders should take their own advice"),
}


class OnwardSharing(StrEnum):
    """Whether the terms have people's data passed on for purposes other than the service."""

    NONE = "none"
    IMMIGRATION = "immigration"
    BENEFITS = "benefits"
    OTHER = "other"


ONWARD_SHARING = {
    OnwardSharing.NONE: _l("No"),
    OnwardSharing.IMMIGRATION: _l("Yes, for immigration control"),
    OnwardSharing.BENEFITS: _l("Yes, for benefits"),
    OnwardSharing.OTHER: _l("Yes, for something else"),
}


class SentenceStatus(StrEnum):
    """At which point of a sentence a person may be referred."""

    PRE_SENTENCE = "pre_sentence"
    COMMUNITY_ORDER = "community_order"
    SUSPENDED_SENTENCE = "suspended_sentence"
    CUSTODY = "custody"
    LICENCE = "licence"
    SUPERVISION = "post_sentence_supervision"
    ENDED = "sentence_ended"


SENTENCE_STATUSES = {
    SentenceStatus.PRE_SENTENCE: _l("Before sentence (diversion)"),
    SentenceStatus.COMMUNITY_ORDER: _l("Community order"),
    SentenceStatus.SUSPENDED_SENTENCE: _l("Suspended sentence order"),
    SentenceStatus.CUSTODY: _l("In custody, before release"),
    SentenceStatus.LICENCE: _l("On licence"),
    SentenceStatus.SUPERVISION: _l("Post-sentence supervision"),
    SentenceStatus.ENDED: _l("After the sentence has ended"),
}


class CustodyClocks(StrEnum):
    """From when the first meeting and the assessment are counted for somebody in custody."""

    AT_SENDING = "at_sending"
    AT_RELEASE = "at_release"


CUSTODY_CLOCKS = {
    CustodyClocks.AT_SENDING: _l("From the day the person has a place, also in prison"),
    CustodyClocks.AT_RELEASE: _l("From the day of release"),
}
MOST_CUSTODY_DAYS = 365


class Demand(StrEnum):
    """What a lot may ask of bidders besides answers; several are barred or watched by rules."""

    TURNOVER = "turnover"
    CERTIFICATE = "certificate"
    INSURANCE = "insurance"
    AUDITED_ACCOUNTS = "audited_accounts"
    NAMED_AUTHORITY = "named_authority"
    DOCUMENT = "document"


DEMANDS = {
    Demand.TURNOVER: _l("A yearly turnover"),
    Demand.CERTIFICATE: _l("A certificate or accreditation"),
    Demand.INSURANCE: _l("Insurance before the award"),
    Demand.AUDITED_ACCOUNTS: _l("Audited accounts"),
    Demand.NAMED_AUTHORITY: _l("Experience with a named authority"),
    Demand.DOCUMENT: _l("A document to send with the bid"),
}


class DocumentKind(StrEnum):
    """What a document of a lot is."""

    SPECIFICATION = "specification"
    TERMS = "terms"
    STAFF_COSTS = "staff_costs"
    OTHER = "other"


DOCUMENT_KINDS = {
    DocumentKind.SPECIFICATION: _l("Specification"),
    DocumentKind.TERMS: _l("Terms of the contract or grant"),
    DocumentKind.STAFF_COSTS: _l("Anonymised staff-cost sheet"),
    DocumentKind.OTHER: _l("Something else"),
}


class TieRule(StrEnum):
    """Which of two bids with the same total comes first; published with the lot."""

    HIGHER_QUALITY = "higher_quality"
    LOWER_PRICE = "lower_price"


TIE_RULES = {
    TieRule.HIGHER_QUALITY: _l("The bid with the higher quality score"),
    TieRule.LOWER_PRICE: _l("The bid with the lower price"),
}


class Source(StrEnum):
    """Whether a lot was run here, or loaded from the published awards."""

    OWN = "own"
    PUBLISHED = "published"


class EndReason(StrEnum):
    """Why a lot was cancelled or ended without an award."""

    NEED_CHANGED = "need_changed"
    MONEY_WITHDRAWN = "money_withdrawn"
    ERROR_IN_TERMS = "error_in_terms"
    BOUGHT_ELSEWHERE = "bought_elsewhere"
    NO_BIDS = "no_bids"
    NO_SUITABLE_BID = "no_suitable_bid"
    OTHER = "other"


END_REASONS = {
    EndReason.NEED_CHANGED: _l("The need has changed"),
    EndReason.MONEY_WITHDRAWN: _l("The money is no longer there"),
    EndReason.ERROR_IN_TERMS: _l("There was an error in the terms"),
    EndReason.BOUGHT_ELSEWHERE: _l("The service is being bought in another way"),
    EndReason.NO_BIDS: _l("Nobody bid"),
    EndReason.NO_SUITABLE_BID: _l("No bid met the requirements"),
    EndReason.OTHER: _l("Another reason"),
}


class ValueBand(StrEnum):
    """The size of a lot, by the net value of its initial term."""

    UNDER_30 = "under-30"
    FROM_30 = "30-100"
    FROM_100 = "100-500"
    FROM_500 = "500-1000"
    FROM_1000 = "over-1000"


VALUE_BANDS = {
    ValueBand.UNDER_30: _l("Under £30,000"),
    ValueBand.FROM_30: _l("£30,000 to £99,999"),
    ValueBand.FROM_100: _l("£100,000 to £499,999"),
    ValueBand.FROM_500: _l("£500,000 to £999,999"),
    ValueBand.FROM_1000: _l("£1 million and over"),
}
# Pence, the first included and the second not; None is no limit.
BAND_LIMITS: dict[ValueBand, tuple[int, int | None]] = {
    ValueBand.UNDER_30: (0, 3_000_000),
    ValueBand.FROM_30: (3_000_000, 10_000_000),
    ValueBand.FROM_100: (10_000_000, 50_000_000),
    ValueBand.FROM_500: (50_000_000, 100_000_000),
    ValueBand.FROM_1000: (100_000_000, None),
}
