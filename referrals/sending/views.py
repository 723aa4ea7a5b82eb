"""The button that sends a draft."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from marketplace.acting import Acting
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals.drafts.referral_forms import SendForm
from referrals.permissions import ReferralPermission
from referrals.sending import actions as sending
from referrals.sending.queries import sent_with

blueprint = Blueprint("sending", "referrals", template_folder="templates")

MOST_TRIES = 5


@blueprint.post("/referral-drafts/<uuid:draft_id>/send")
@requires(ReferralPermission.REFER)
@sensitive
def send(draft_id: UUID) -> Response:
    """Send it; pressed twice, or repeated by the network, it makes one referral."""
    form = SendForm()
    if not form.validate():
        raise Refusal(_("The page was incomplete. Open the draft and send it again."))
    key = str(_uuid(form.key.data))
    sent = _send(draft_id, _uuid(form.contract_area_id.data), key, actor())
    if sent is None:
        flash(_("This draft is no longer there: it was sent or deleted. Your cases are below."))
        return redirect(url_for("my_cases.index"), 303)
    return redirect(url_for("cases.sent", referral_id=sent), 303)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refusal(_("The page was incomplete. Open the draft and send it again.")) from error


def _send(draft_id: UUID, contract_area_id: UUID, key: str, by: Acting) -> UUID | None:
    for _try in range(MOST_TRIES):
        try:
            with write():
                return sending.send_referral(draft_id, contract_area_id, key, by)
        except sending.DraftGone:
            return sent_with(key, by)
        except IntegrityError:
            # The key was used a moment ago, or chance chose a reference that is taken.
            found = sent_with(key, by)
            if found:
                return found
    raise Refusal(_("The referral could not be sent. Nothing is lost: send it again."))
