"""What the page of progress says: whose turn it is, what has happened, what can be done now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace import calendar
from marketplace.acting import Acting
from marketplace.permissions import allowed
from referrals.answering.queries import messages_of, working_on
from referrals.cases.page import assessment_of
from referrals.codes import (
    DECLINE_REASONS,
    END_REASONS,
    IN_HAND,
    DeclineReason,
    EndReason,
    ReferralState,
)
from referrals.delivery.models import METHODS
from referrals.frame import CaseAction, Milestone
from referrals.lifecycle import REFERRAL
from referrals.models import MESSAGE_KINDS, Referral
from referrals.options import Option, options_for
from referrals.permissions import ReferralPermission

MOST_OPTIONS = 5


@dataclass(frozen=True)
class Offer:
    """How a step of a referral is offered: its words, its page, and where among the others."""

    label: Any
    endpoint: str
    position: int
    post: bool = False


# Which step comes first is the same for whoever may take it.
OFFERS = {
    "accept": Offer(_l("Accept"), "answering.accept", 10, post=True),
    "reply": Offer(_l("Reply to the question"), "answering.reply", 10),
    "start": Offer(_l("Record the initial assessment"), "delivery.assessment", 20),
    "query": Offer(_l("Ask a question"), "answering.query", 30),
    "decline": Offer(_l("Decline"), "answering.decline", 50),
    "withdraw": Offer(_l("Withdraw"), "answering.withdraw", 95),
    "end_early": Offer(_l("End early"), "answering.end_early", 95),
}


def offers(referral: Referral, by: Acting) -> list[CaseAction]:
    """The steps that this reader may take now, without those that rooms add of themselves."""
    ways = [OFFERS[step.name] for step in REFERRAL.offers(referral, by) if step.name in OFFERS]
    if referral.state == ReferralState.CONCLUDING:
        # Only its report is missing, and that ends the case.
        ways = [each for each in ways if each.endpoint != "answering.end_early"]
    may_assign = referral.state in IN_HAND and allowed(by, ReferralPermission.ASSIGN, referral)
    if may_assign and not working_on(referral.id):
        ways.append(Offer(_("Assign people"), "people_of_case.assign", 15))
    return [
        CaseAction(
            each.label, url_for(each.endpoint, referral_id=referral.id), each.position, each.post
        )
        for each in ways
    ]


def milestones(referral: Referral, by: Acting) -> list[Milestone]:
    """From sending to the end, with every question and reply."""
    dated = (
        (referral.sent_at, _("The referral was sent")),
        (_placed_later(referral), _("A place came free and was given")),
        (referral.accepted_at, _("The provider accepted")),
        (referral.started_at, _("The first meeting was attended")),
    )
    found = [Milestone(at, text) for at, text in dated if at is not None]
    found += [
        Milestone(message.at, f"{MESSAGE_KINDS[message.kind]}, {name}", words=message.text)
        for message, name in messages_of(referral.id)
    ]
    found += _assessed(referral)
    # That a report completed it, the room of endings tells with the report.
    if referral.ended_at is not None and referral.state != ReferralState.COMPLETED:
        found.append(Milestone(referral.ended_at, _ending(referral), words=referral.end_comment))
    return found


def _assessed(referral: Referral) -> list[Milestone]:
    """The initial assessment, with what was found."""
    assessment = assessment_of(referral.id)
    if assessment is None:
        return []
    text = _("The initial assessment was held: %(how)s", how=METHODS[assessment.method])
    day = calendar.start_of(assessment.held_on)
    at = min(max(day, referral.accepted_at or day), assessment.recorded_at)
    return [Milestone(at, text, words=assessment.notes, has_time=False)]


def _placed_later(referral: Referral) -> datetime | None:
    """When a place was given, where the person had to wait for it."""
    placed = referral.placed_at
    return placed if placed and placed > referral.sent_at else None


def _ending(referral: Referral) -> str:
    if referral.decline_reason is not None:
        return _(
            "The provider declined: %(reason)s", reason=DECLINE_REASONS[referral.decline_reason]
        )
    assert referral.end_reason is not None, "ended_why holds it"
    why = END_REASONS[referral.end_reason]
    if referral.state == ReferralState.WITHDRAWN:
        return _("The referral was withdrawn: %(reason)s", reason=why)
    return _("The work ended early: %(reason)s", reason=why)


# Whose turn it is: what the provider reads, and what the practitioner reads.
TURNS = {
    ReferralState.WAITING: (
        _l("The person waits for a place."),
        _l("The person waits for a place. You need do nothing: a place is given by itself."),
    ),
    ReferralState.SENT: (
        _l("Your turn: accept, ask a question, or decline."),
        _l("The provider’s turn: it accepts, asks, or declines. A place is kept meanwhile."),
    ),
    ReferralState.QUERY: (
        _l("The practitioner’s turn: your question waits for a reply. The clocks rest."),
        _l("Your turn: reply to the provider’s question. The place is kept, the clocks rest."),
    ),
    ReferralState.ACCEPTED: (
        _l("Your turn: arrange the first meeting, then record the initial assessment."),
        _l("The provider’s turn: it arranges the first meeting and holds the assessment."),
    ),
    ReferralState.ACTIVE: (
        _l("The work is under way. Record what comes of each session on the same day."),
        _l("The work is under way. You are told at once of what concerns you."),
    ),
    ReferralState.CONCLUDING: (
        _l("Your turn: write the end of service report."),
        _l("The provider’s turn: it writes the end of service report."),
    ),
}


def turn(referral: Referral, *, delivers: bool) -> Any:
    """Whose turn it is, in this reader's words; None once the case has ended."""
    said = TURNS.get(referral.state)
    return said[0 if delivers else 1] if said else None


# What a practitioner does next after each reason; `again` where sending here again makes sense.
AFTER_DECLINE = {
    DeclineReason.NOT_ELIGIBLE: _l(
        "Look for a service that is for this person. Each service says who can be referred."
    ),
    DeclineReason.RISK_TOO_HIGH: _l(
        "Speak to the provider if the risk can be managed, or look for a service with more support."
    ),
    DeclineReason.NEED_NOT_MET_HERE: _l("Look for a service that meets the need you described."),
    DeclineReason.NOT_ENOUGH_INFORMATION: _l(
        "Copy the referral, add what is missing, and send it again."
    ),
    DeclineReason.NO_STAFF: _l(
        "Another service may start sooner. You can also send it here again later."
    ),
    DeclineReason.DUPLICATE: _l(
        "You need do nothing if the earlier referral goes on. Look it up by the person’s CRN."
    ),
}
AFTER_END = {
    EndReason.MOVED: _l("Copy the referral for a service where the person lives now."),
    EndReason.RETURNED_TO_CUSTODY: _l(
        "Copy the referral when a release date is known, so that a place is kept in time."
    ),
    EndReason.INELIGIBLE: _l("Look for a service that is for this person."),
    EndReason.SERVICE_ENDED: _l("Copy the referral for another service."),
}


# After these, a list of other services helps.
ELSEWHERE = (
    DeclineReason.NOT_ELIGIBLE,
    DeclineReason.RISK_TOO_HIGH,
    DeclineReason.NEED_NOT_MET_HERE,
    DeclineReason.NO_STAFF,
    EndReason.INELIGIBLE,
    EndReason.SERVICE_ENDED,
)


def afterwards(referral: Referral) -> Any:
    """What the practitioner can do next after a decline or an end; None where nothing follows."""
    if referral.decline_reason is not None:
        return AFTER_DECLINE[referral.decline_reason]
    return AFTER_END.get(referral.end_reason) if referral.end_reason else None


def elsewhere(referral: Referral) -> list[Option]:
    """Services with a place that fit now, where the reason of the end asks for another one."""
    reason = referral.decline_reason or referral.end_reason
    return options_for(referral)[:MOST_OPTIONS] if reason in ELSEWHERE else []
