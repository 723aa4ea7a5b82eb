"""The button that sends a draft, and what it has made."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from marketplace.acting import Acting
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals.codes import REFERRAL_STATES, ReferralState
from referrals.drafts.actions import MOST_SERVICES
from referrals.drafts.referral_forms import SendForm
from referrals.permissions import ReferralPermission
from referrals.sending import actions as sending
from referrals.sending.queries import Sent, sent_from, sent_together
from referrals.services.directory import directory_now, listings_of

blueprint = Blueprint("sending", "referrals", template_folder="templates")

MOST_TRIES = 5


@blueprint.post("/referral-drafts/<uuid:draft_id>/send")
@requires(ReferralPermission.REFER)
@sensitive
def send(draft_id: UUID) -> Response:
    """Send it; pressed twice, or repeated by the network, it makes one for each service."""
    form = SendForm()
    services = [_uuid(each) for each in (form.services.data or "").split()[: MOST_SERVICES + 1]]
    if not form.validate() or not 0 < len(set(services)) == len(services) <= MOST_SERVICES:
        raise _incomplete()
    sent = _send(draft_id, services, actor())
    if sent is None:
        flash(_("This draft is no longer there: it was sent or deleted. Your cases are below."))
        return redirect(url_for("my_cases.index"), 303)
    if sent.batch_id is not None:
        return redirect(url_for("sending.together", batch_id=sent.batch_id), 303)
    return redirect(url_for("cases.sent", referral_id=sent.id), 303)


@blueprint.get("/referrals/together/<uuid:batch_id>")
@requires(ReferralPermission.MY_CASES)
@sensitive
def together(batch_id: UUID) -> str:
    """The confirmation after sending one draft to several services."""
    referrals = sent_together(batch_id, actor())
    return render_template(
        "referrals/sending/together.html",
        referrals=referrals,
        services=listings_of([each.contract_area_id for each in referrals], directory_now()),
        states=REFERRAL_STATES,
        waiting=ReferralState.WAITING,
    )


def _incomplete() -> Refusal:
    return Refusal(_("The page was incomplete. Open the draft and send it again."))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise _incomplete() from error


def _send(draft_id: UUID, services: list[UUID], by: Acting) -> Sent | None:
    for _try in range(MOST_TRIES):
        try:
            with write():
                sent = sending.send_referrals(draft_id, services, by)
        except sending.DraftGone:
            return sent_from(draft_id, by)
        except IntegrityError:
            # Chance chose a reference that is taken.
            continue
        return Sent(sent[0], None) if len(sent) == 1 else sent_from(draft_id, by)
    raise Refusal(_("The referral could not be sent. Nothing is lost: send it again."))
