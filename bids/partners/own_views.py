"""The partner's own pages: what it is invited to, and its part, which the lead cannot edit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bids.partners import answering, queries
from bids.partners.forms import ConfirmForm
from bids.partners.lifecycle import PARTNER, WITHDRAW_NAME
from bids.partners.mails import MAILED
from bids.partners.models import BidPartner, PartnerState
from bids.partners.parts import loaded, names_of
from bids.partners.permissions import PartnerPermission
from bids.working import edition_of, is_changeable
from lots.shown import names
from marketplace.accounts.throttles import count_try
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor

blueprint = Blueprint(
    "partner_bids", __name__, template_folder="../templates", url_prefix="/partner-bids"
)


@blueprint.get("")
@requires(PartnerPermission.LIST)
def index() -> str:
    """Every bid of others in which the organisation is, was or is asked to be a partner."""
    page = queries.own_parts(actor())
    return render_template(
        "bids/partners/own_index.html", page=page, leads=queries.lead_names(page.items)
    )


@blueprint.get("/<uuid:partner_id>")
@requires(PartnerPermission.SEE)
def show(partner_id: UUID) -> str:
    """The lot, the lead, what is proposed, and what the organisation has confirmed."""
    partner = queries.own_partner(partner_id, actor())
    return render_template("bids/partners/own.html", **_shown(partner))


def _shown(partner: BidPartner) -> dict[str, Any]:
    return {
        "partner": partner,
        "lead": queries.lead_names([partner])[partner.id],
        "proposal": loaded(partner.proposal),
        "part": queries.part_of(partner),
        "names": names(),
        "names_of": names_of,
        "is_open": is_changeable(partner.bid),
        "may": allowed(actor(), PartnerPermission.CONFIRM, partner),
    }


@blueprint.route("/<uuid:partner_id>/confirm", methods=["GET", "POST"])
@requires(PartnerPermission.CONFIRM)
def confirm(partner_id: UUID) -> Any:
    """The own role, areas, share and declarations, confirmed by a person with a second factor."""
    partner = queries.own_partner(partner_id, actor())
    if partner.state != PartnerState.TAKEN_UP or not is_changeable(partner.bid):
        return redirect(url_for("partner_bids.show", partner_id=partner_id), 303)
    form = ConfirmForm()
    form.offer(partner.bid.lot)
    overtaken = False
    if form.validate_on_submit():
        try:
            with write():
                part = form.part(form.declarations.data or [])
                answering.confirm(partner_id, part, edition_of(form), actor())
            flash(_("Your part is confirmed. The lead has been told."), "success")
            return redirect(url_for("partner_bids.show", partner_id=partner_id), 303)
        except Refusal as refusal:
            overtaken = True
            form.form_errors.append(str(refusal.text))
            partner = queries.own_partner(partner_id, actor())
            form.edition.data = str(partner.edition)
    if request.method == "GET":
        form.show(loaded(partner.terms or partner.proposal), partner.edition)
    page = render_template("bids/partners/confirm.html", form=form, **_shown(partner))
    return page, 409 if overtaken else 200


@blueprint.post("/<uuid:partner_id>/take-up")
@requires(PartnerPermission.TAKE_UP)
def take_up(partner_id: UUID) -> Any:
    """Take an invitation up."""
    queries.own_partner(partner_id, actor())
    with write():
        answering.take_up(partner_id, actor())
    flash(_("You have taken the invitation up. Nothing counts before you confirm it."), "success")
    return redirect(url_for("partner_bids.confirm", partner_id=partner_id), 303)


@blueprint.post("/<uuid:partner_id>/decline")
@requires(PartnerPermission.TAKE_UP)
def decline(partner_id: UUID) -> Any:
    """Decline an invitation."""
    queries.own_partner(partner_id, actor())
    with write():
        answering.decline(partner_id, actor())
    flash(_("You have declined. Whoever invited you has been told."), "success")
    return redirect(url_for("partner_bids.index"), 303)


@blueprint.post("/<uuid:partner_id>/change")
@requires(PartnerPermission.CONFIRM)
def change(partner_id: UUID) -> Any:
    """Take the confirmation back, to confirm something else."""
    queries.own_partner(partner_id, actor())
    count_try(MAILED, f"partner:{partner_id}")
    with write():
        answering.change(partner_id, actor())
    flash(_("Change your part below, and confirm it again."), "success")
    return redirect(url_for("partner_bids.confirm", partner_id=partner_id), 303)


@blueprint.route("/<uuid:partner_id>/withdraw", methods=["GET", "POST"])
@requires(PartnerPermission.CONFIRM)
def withdraw(partner_id: UUID) -> Any:
    """Withdraw the organisation's name, after one question."""
    partner = queries.own_partner(partner_id, actor())
    if request.method == "POST":
        with write():
            answering.withdraw(partner_id, actor())
        flash(_("Your name is withdrawn. The lead has been told."), "success")
        return redirect(url_for("partner_bids.show", partner_id=partner_id), 303)
    PARTNER.expect(WITHDRAW_NAME, partner)
    if not is_changeable(partner.bid):
        raise Refusal(_("This lot has closed, so nothing can be changed here any more."))
    return render_template(
        "bids/partners/withdraw.html",
        partner=partner,
        lead=queries.lead_names([partner])[partner.id],
    )
