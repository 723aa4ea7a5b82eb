"""The page that a mailed invitation opens, for whoever holds the link."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask import url_for as to
from flask_babel import gettext as _

from bids.partners import answering, queries
from bids.partners.models import BidPartner, PartnerState
from bids.partners.parts import loaded, names_of
from bids.partners.permissions import PartnerPermission, is_partner
from bids.working import is_changeable
from lots.shown import names
from marketplace.database import write
from marketplace.lifecycle import AlreadyChanged
from marketplace.permissions import allowed, public
from marketplace.web.acting import acting

blueprint = Blueprint(
    "partner_invitations",
    __name__,
    template_folder="../templates",
    url_prefix="/partner-invitations",
)


@blueprint.get("/<token>")
@public
def show(token: str) -> Any:
    """Who invites to which lot and what is proposed; nothing happens by opening it."""
    partner = queries.invited_with(token)
    if partner is None:
        return _over(_("It may have been typed wrong. Open the link in the mail again."))
    by = acting()
    if by is not None and is_partner(by, partner):
        return redirect(to("partner_bids.show", partner_id=partner.id), 303)
    if partner.state != PartnerState.INVITED:
        return _over(answering.answered(partner))
    if not is_changeable(partner.bid):
        return _over(_("Bids for this lot have closed, so the invitation has run out."))
    return _unkept(_page(partner, token), 200)


def _page(partner: BidPartner, token: str) -> str:
    by = acting()
    return render_template(
        "bids/partners/invitation.html",
        partner=partner,
        invitation_token=token,
        lead=queries.lead_names([partner])[partner.id],
        proposal=loaded(partner.proposal),
        names=names(),
        names_of=names_of,
        by=by,
        may=allowed(by, PartnerPermission.TAKE_UP),
        is_lead=by is not None and by.organisation_id == partner.bidder_id,
    )


def _over(sentence: str) -> Response:
    return _unkept(render_template("bids/partners/invitation_over.html", sentence=sentence), 410)


def _unkept(page: str, status: int) -> Response:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/<token>")
@public
def answer(token: str) -> Any:
    """Take the invitation up for the organisation acted for, or decline it."""
    if queries.invited_with(token) is None:
        return _over(_("It may have been typed wrong. Open the link in the mail again."))
    try:
        if request.form.get("then") == "decline":
            with write():
                answering.decline_with(token)
            flash(_("You have declined. Whoever invited you has been told."), "success")
            return redirect("/", 303)
        by = acting()
        if by is None or not allowed(by, PartnerPermission.TAKE_UP):
            # The page says what is needed first.
            return redirect(to("partner_invitations.show", token=token), 303)
        with write():
            partner_id = answering.take_up_with(token, by)
    except AlreadyChanged as overtaken:
        return _over(str(overtaken.text))
    flash(_("You have taken the invitation up. Nothing counts before you confirm it."), "success")
    return redirect(to("partner_bids.confirm", partner_id=partner_id), 303)
