"""The pages of amendments: what can be changed, changing it, and what was changed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask_babel import gettext as _

from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.observations import observe_read
from marketplace.permissions import NotYours, allowed, check, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries as cases
from referrals.amending import actions, queries
from referrals.amending.answers import told
from referrals.amending.asking import Together, shown, validated
from referrals.amending.forms import WhyForm
from referrals.amending.permissions import AmendPermission
from referrals.amending.topics import PLACE, RISK, Topic
from referrals.answering.steps import Answer, back_to, refused_page
from referrals.frame import render_case
from referrals.models import Referral
from referrals.permissions import ReferralPermission

blueprint = Blueprint("amending", "referrals", template_folder="templates")
PAGE = "amending.index"


@blueprint.get("/cases/<uuid:referral_id>/changes")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def index(referral_id: UUID) -> str:
    """What was changed after sending; the risk is told of here, and read on its own page."""
    by = actor()
    referral = cases.case(referral_id, by)
    observe_read("referral", referral_id, by)
    may_amend = referral.ended_at is None and allowed(by, AmendPermission.AMEND, referral)
    return render_case(
        "referrals/amending/index.html",
        referral,
        by,
        found=queries.changes_of(referral),
        topics=queries.topics_of(referral) if may_amend else [],
    )


@blueprint.get("/cases/<uuid:referral_id>/risk/changes")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def risk(referral_id: UUID) -> str:
    """What the risk information said before; reading it is recorded as reading the risk."""
    by = actor()
    referral = cases.case(referral_id, by)
    observe_read("referral_risk", referral_id, by)
    return render_case(
        "referrals/amending/risk.html",
        referral,
        by,
        found=queries.changes_of(referral, risk=True),
    )


@blueprint.route("/cases/<uuid:referral_id>/change/<topic>", methods=["GET", "POST"])
@blueprint.route("/cases/<uuid:referral_id>/change/<topic>/<need>", methods=["GET", "POST"])
@requires(AmendPermission.AMEND)
@sensitive
def change(referral_id: UUID, topic: str, need: str | None = None) -> Answer:
    """Answer the questions of one topic anew, and say why."""
    by = actor()
    referral = cases.case(referral_id, by)
    check(by, AmendPermission.AMEND, referral)
    chosen, label = _topic(referral, topic, need)
    why, answers = WhyForm(), told(referral)
    forms = shown(referral, chosen, answers, by)
    together = Together([*(form for _question, form in forms), why])
    try:
        actions.refuse_topic(referral, chosen)
        if request.method == "POST":
            said = validated(referral, chosen, answers, forms, by)
            if why.validate() and said is not None:
                with write():
                    actions.amend(
                        referral_id, chosen, said, why.why.data or "", why.seen.data or "", by
                    )
                return back_to(referral_id, _("It is changed. The provider is told."), PAGE)
        else:
            why.seen.data = actions.seen_of(answers, chosen)
    except Refusal as refusal:
        return refused_page(referral_id, refusal, together)
    kind = "referral_risk" if chosen.name == RISK else "referral"
    observe_read(kind, referral_id, by)
    return render_case(
        "referrals/amending/change.html",
        referral,
        by,
        label=label,
        asks_of_prison=chosen.name == PLACE,
        forms=[form for _question, form in forms],
        why=why,
        form=together,
    )


def _topic(referral: Referral, name: str, need: str | None) -> tuple[Topic, str]:
    for each, label in queries.topics_of(referral):
        if (each.name, each.need) == (name, need):
            return each, label
    raise NotYours()
