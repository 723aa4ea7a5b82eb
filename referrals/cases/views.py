"""The pages of one case: how far it is, what was said of it, and its risk information."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from marketplace import clock
from marketplace.observations import observe_read
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import clocks, queries, waiting
from referrals.answering.queries import working_on
from referrals.cases import page as case_page
from referrals.cases import progress
from referrals.codes import ReferralState
from referrals.frame import OTHERS_FROM, actions_of, milestones_of, render_case
from referrals.models import CLOCK_KINDS
from referrals.permissions import ReferralPermission

blueprint = Blueprint("cases", "referrals", template_folder="templates")


@blueprint.get("/cases/<uuid:referral_id>")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def show(referral_id: UUID) -> str:
    """One case, for both sides; reading it is recorded."""
    by = actor()
    referral = queries.case(referral_id, by)
    observe_read("referral", referral_id, by)
    is_waiting = referral.state == ReferralState.WAITING
    is_late = is_waiting and waiting.date_has_passed(referral.complete_by, clock.today())
    is_practitioner = allowed(by, ReferralPermission.REPLY, referral)
    actions = actions_of(referral, by)
    main = actions[0] if actions and actions[0].position < OTHERS_FROM else None
    return render_case(
        "referrals/cases/show.html",
        referral,
        by,
        case=case_page.load(referral),
        main=main,
        others=actions[1:] if main else actions,
        milestones=milestones_of(referral, by),
        turn=progress.turn(referral, delivers=not is_practitioner),
        working=working_on(referral_id),
        afterwards=progress.afterwards(referral) if is_practitioner else None,
        elsewhere=progress.elsewhere(referral) if is_practitioner else [],
        waits=waiting.explain(referral) if is_waiting else None,
        is_late=is_late,
    )


@blueprint.get("/cases/<uuid:referral_id>/details")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def details(referral_id: UUID) -> str:
    """What was said of the person and the referral; reading it is recorded."""
    by = actor()
    referral = queries.case(referral_id, by)
    observe_read("referral", referral_id, by)
    return render_case("referrals/cases/details.html", referral, by, case=case_page.load(referral))


@blueprint.get("/cases/<uuid:referral_id>/risk")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def risk(referral_id: UUID) -> str:
    """The risk information, apart from the case; reading it is recorded on its own."""
    by = actor()
    referral = queries.case(referral_id, by)
    observe_read("referral_risk", referral_id, by)
    return render_template(
        "referrals/cases/risk.html", referral=referral, risk=case_page.risk_of(referral)
    )


@blueprint.get("/cases/<uuid:referral_id>/sent")
@requires(ReferralPermission.MY_CASES)
@sensitive
def sent(referral_id: UUID) -> str:
    """The confirmation after sending."""
    by = actor()
    referral = queries.case(referral_id, by)
    observe_read("referral", referral_id, by)
    is_waiting = referral.state == ReferralState.WAITING
    return render_template(
        "referrals/cases/sent.html",
        referral=referral,
        standing=waiting.explain(referral) if is_waiting else None,
        dues=[] if is_waiting else clocks.clocks_of(referral_id),
        kinds=CLOCK_KINDS,
    )
