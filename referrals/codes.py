"""The coded answers of a referral: states, reasons and choices, each with its words."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class ReferralState(StrEnum):
    """Where a referral stands (domain, section 8); drafts are kept apart from sent ones."""

    WAITING = "waiting"
    SENT = "sent"
    QUERY = "query"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    CONCLUDING = "concluding"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


REFERRAL_STATES = {
    ReferralState.WAITING: _l("On the waiting list"),
    ReferralState.SENT: _l("Sent, waiting for an answer"),
    ReferralState.QUERY: _l("Question from the provider"),
    ReferralState.ACCEPTED: _l("Accepted"),
    ReferralState.ACTIVE: _l("Being delivered"),
    ReferralState.CONCLUDING: _l("End report to write"),
    ReferralState.COMPLETED: _l("Completed"),
    ReferralState.ENDED_EARLY: _l("Ended early"),
    ReferralState.DECLINED: _l("Declined"),
    ReferralState.WITHDRAWN: _l("Withdrawn"),
}

# Those that hold a place; only these count against a service's limit.
HOLDING = (
    ReferralState.SENT,
    ReferralState.QUERY,
    ReferralState.ACCEPTED,
    ReferralState.ACTIVE,
    ReferralState.CONCLUDING,
)
OPEN = (ReferralState.WAITING, *HOLDING)
TO_ANSWER = (ReferralState.SENT, ReferralState.QUERY)
IN_DELIVERY = (ReferralState.ACCEPTED, ReferralState.ACTIVE, ReferralState.CONCLUDING)
# In these states somebody can be met: from the acceptance until the sessions are finished.
IN_HAND = (ReferralState.ACCEPTED, ReferralState.ACTIVE)
ENDED = (
    ReferralState.COMPLETED,
    ReferralState.ENDED_EARLY,
    ReferralState.DECLINED,
    ReferralState.WITHDRAWN,
)


class Complexity(StrEnum):
    """How much support a need takes."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


COMPLEXITIES = {
    Complexity.LOW: _l("Low"),
    Complexity.MEDIUM: _l("Medium"),
    Complexity.HIGH: _l("High"),
}
COMPLEXITY_HINTS = {
    Complexity.LOW: _l("Manages mostly alone; needs advice or help with one thing"),
    Complexity.MEDIUM: _l("Needs regular support with several things"),
    Complexity.HIGH: _l("Needs intensive support; several needs make each other worse"),
}


class Priority(StrEnum):
    """Why somebody goes before others on a waiting list; set by the practitioner."""

    HARM_TO_OTHERS = "harm_to_others"
    HARM_TO_SELF = "harm_to_self"
    NO_ADDRESS = "no_address"
    RECALL_LIKELY = "recall_likely"
    NONE = "none"


PRIORITIES = {
    Priority.HARM_TO_OTHERS: _l("Risk of serious harm to others is rising"),
    Priority.HARM_TO_SELF: _l("Risk of harm to themselves"),
    Priority.NO_ADDRESS: _l("No safe place to stay"),
    Priority.RECALL_LIKELY: _l("Recall or breach is likely without support"),
    Priority.NONE: _l("No, the usual order is right"),
}
# Smaller goes first; the order of the waiting list starts with it.
PRIORITY_RANKS = {
    Priority.HARM_TO_OTHERS: 1,
    Priority.HARM_TO_SELF: 1,
    Priority.NO_ADDRESS: 2,
    Priority.RECALL_LIKELY: 2,
    Priority.NONE: 9,
}


class DeclineReason(StrEnum):
    """Why a provider declines; the practitioner is told."""

    NOT_ELIGIBLE = "not_eligible"
    RISK_TOO_HIGH = "risk_too_high"
    NEED_NOT_MET_HERE = "need_not_met_here"
    NOT_ENOUGH_INFORMATION = "not_enough_information"
    NO_STAFF = "no_staff"
    DUPLICATE = "duplicate"


DECLINE_REASONS = {
    DeclineReason.NOT_ELIGIBLE: _l("The person is not eligible for this service"),
    DeclineReason.RISK_TOO_HIGH: _l("The risk cannot be managed in this service"),
    DeclineReason.NEED_NOT_MET_HERE: _l("This service does not meet the need described"),
    DeclineReason.NOT_ENOUGH_INFORMATION: _l("There is too little information to start safely"),
    DeclineReason.NO_STAFF: _l("There are not enough staff to start in time"),
    DeclineReason.DUPLICATE: _l("The person is already referred to this service"),
}


class EndReason(StrEnum):
    """Why a practitioner takes a referral back or closes it early, or the system ends a wait."""

    COMPLETED_EARLY = "completed_early"
    NEEDS_MET_ELSEWHERE = "needs_met_elsewhere"
    NOT_ENGAGED = "not_engaged"
    MOVED = "moved"
    WORK_CARE_OR_SICKNESS = "work_care_or_sickness"
    RETURNED_TO_CUSTODY = "returned_to_custody"
    SENTENCE_EXPIRED = "sentence_expired"
    SENTENCE_REVOKED = "sentence_revoked"
    ACQUITTED = "acquitted"
    INELIGIBLE = "ineligible"
    MISTAKE = "mistake"
    DIED = "died"
    OTHER = "other"
    SERVICE_ENDED = "service_ended"
    SERVICE_CLOSES = "service_closes"
    TRANSFERRED = "transferred"


END_REASONS = {
    EndReason.COMPLETED_EARLY: _l("The work was done sooner than planned"),
    EndReason.NEEDS_MET_ELSEWHERE: _l("Needs met in another way"),
    EndReason.NOT_ENGAGED: _l("The person did not engage"),
    EndReason.MOVED: _l("Moved out of the area"),
    EndReason.WORK_CARE_OR_SICKNESS: _l("Work, caring commitments or sickness"),
    EndReason.RETURNED_TO_CUSTODY: _l("Returned to custody"),
    EndReason.SENTENCE_EXPIRED: _l("The sentence has ended"),
    EndReason.SENTENCE_REVOKED: _l("The sentence was revoked"),
    EndReason.ACQUITTED: _l("Acquitted on appeal"),
    EndReason.INELIGIBLE: _l("Not eligible for the service"),
    EndReason.MISTAKE: _l("Sent by mistake, or twice"),
    EndReason.DIED: _l("The person died"),
    EndReason.OTHER: _l("Another change of circumstances"),
    EndReason.SERVICE_ENDED: _l("The service ended before a place came free"),
    EndReason.SERVICE_CLOSES: _l("The service ends, and nothing else is needed"),
    EndReason.TRANSFERRED: _l("Moved to another service"),
}
# Nobody chooses these on an ordinary day: the system says them, or a decision about continuity.
GIVEN_BY_SYSTEM = (EndReason.SERVICE_ENDED, EndReason.SERVICE_CLOSES, EndReason.TRANSFERRED)


class Sex(StrEnum):
    """As recorded by probation; some services are for women only."""

    FEMALE = "female"
    MALE = "male"


SEXES = {Sex.FEMALE: _l("Female"), Sex.MALE: _l("Male")}


class Whereabouts(StrEnum):
    """Where the person is now."""

    COMMUNITY = "community"
    CUSTODY = "custody"


WHEREABOUTS = {Whereabouts.COMMUNITY: _l("In the community"), Whereabouts.CUSTODY: _l("In prison")}


class ReleaseUnknown(StrEnum):
    """Why no release date can be given."""

    REMAND = "remand"
    PAROLE = "parole"
    RECALL = "recall"
    RECENT = "recent"


RELEASE_UNKNOWNS = {
    ReleaseUnknown.REMAND: _l("On remand"),
    ReleaseUnknown.PAROLE: _l("Waiting for a Parole Board decision"),
    ReleaseUnknown.RECALL: _l("Recalled, no release decided"),
    ReleaseUnknown.RECENT: _l("Just arrived; not calculated yet"),
}


class SentenceStatus(StrEnum):
    """Under what the person is supervised or held."""

    COMMUNITY_ORDER = "community_order"
    SUSPENDED = "suspended"
    LICENCE = "licence"
    POST_SENTENCE = "post_sentence"
    PRISON = "prison"
    REMAND = "remand"


SENTENCE_STATUSES = {
    SentenceStatus.COMMUNITY_ORDER: _l("Community order"),
    SentenceStatus.SUSPENDED: _l("Suspended sentence order"),
    SentenceStatus.LICENCE: _l("On licence"),
    SentenceStatus.POST_SENTENCE: _l("Post-sentence supervision"),
    SentenceStatus.PRISON: _l("In prison, sentenced"),
    SentenceStatus.REMAND: _l("On remand"),
}


class HasAddress(StrEnum):
    """Whether somebody in prison will have an address on release."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


ADDRESS_KNOWN = {
    HasAddress.YES: _l("Yes"),
    HasAddress.NO: _l("No, the person will be homeless"),
    HasAddress.UNKNOWN: _l("Not known yet"),
}


class RiskFlag(StrEnum):
    """What the provider must plan for, before anything is said in words."""

    CHILDREN = "children"
    KNOWN_ADULT = "known_adult"
    PUBLIC = "public"
    STAFF = "staff"
    DOMESTIC_ABUSE = "domestic_abuse"
    SEXUAL_HARM = "sexual_harm"
    FIRE = "fire"
    MAPPA = "mappa"
    SELF_HARM = "self_harm"
    SUICIDE = "suicide"
    HOSTEL = "hostel"
    VULNERABLE = "vulnerable"


RISK_FLAGS = {
    RiskFlag.CHILDREN: _l("Risk to children"),
    RiskFlag.KNOWN_ADULT: _l("Risk to a known adult"),
    RiskFlag.PUBLIC: _l("Risk to the public"),
    RiskFlag.STAFF: _l("Risk to staff"),
    RiskFlag.DOMESTIC_ABUSE: _l("Domestic abuse"),
    RiskFlag.SEXUAL_HARM: _l("Sexual harm"),
    RiskFlag.FIRE: _l("Fire setting"),
    RiskFlag.MAPPA: _l("Managed under MAPPA"),
    RiskFlag.SELF_HARM: _l("Self-harm"),
    RiskFlag.SUICIDE: _l("Suicide"),
    RiskFlag.HOSTEL: _l("Coping in custody or a hostel"),
    RiskFlag.VULNERABLE: _l("Vulnerable to harm by others"),
}


class SupportNeed(StrEnum):
    """What else a provider plans for."""

    PHYSICAL_HEALTH = "physical_health"
    MENTAL_HEALTH = "mental_health"
    LEARNING = "learning"
    AUTISM_ADHD = "autism_adhd"
    SUBSTANCES = "substances"
    READING = "reading"
    NO_PHONE = "no_phone"
    TRAVEL = "travel"
    TRAUMA = "trauma"


SUPPORT_NEEDS = {
    SupportNeed.PHYSICAL_HEALTH: _l("Physical health"),
    SupportNeed.MENTAL_HEALTH: _l("Mental health"),
    SupportNeed.LEARNING: _l("Learning disability or difficulty"),
    SupportNeed.AUTISM_ADHD: _l("Autism or ADHD"),
    SupportNeed.SUBSTANCES: _l("Alcohol or drugs"),
    SupportNeed.READING: _l("Reading and writing"),
    SupportNeed.NO_PHONE: _l("No phone or internet"),
    SupportNeed.TRAVEL: _l("Travel is hard or costly"),
    SupportNeed.TRAUMA: _l("Trauma"),
}


class AccessNeed(StrEnum):
    """What makes a service usable for somebody."""

    STEP_FREE = "step_free"
    HEARING = "hearing"
    LARGE_PRINT = "large_print"
    EASY_READ = "easy_read"
    QUIET = "quiet"
    WOMEN_ONLY = "women_only"
    WORKER_SEX = "worker_sex"


ACCESS_NEEDS = {
    AccessNeed.STEP_FREE: _l("Step-free rooms"),
    AccessNeed.HEARING: _l("Hearing loop or sign language"),
    AccessNeed.LARGE_PRINT: _l("Large print or screen reader"),
    AccessNeed.EASY_READ: _l("Easy read, or told rather than written"),
    AccessNeed.QUIET: _l("A quiet place"),
    AccessNeed.WOMEN_ONLY: _l("A women-only space"),
    AccessNeed.WORKER_SEX: _l("A worker of a certain sex"),
}


class TimeOfWeek(StrEnum):
    """When somebody with commitments cannot come."""

    MORNINGS = "mornings"
    AFTERNOONS = "afternoons"
    EVENINGS = "evenings"
    WEEKENDS = "weekends"
    SCHOOL_HOLIDAYS = "school_holidays"


TIMES_OF_WEEK = {
    TimeOfWeek.MORNINGS: _l("Weekday mornings"),
    TimeOfWeek.AFTERNOONS: _l("Weekday afternoons"),
    TimeOfWeek.EVENINGS: _l("Weekday evenings"),
    TimeOfWeek.WEEKENDS: _l("Weekends"),
    TimeOfWeek.SCHOOL_HOLIDAYS: _l("School holidays"),
}
