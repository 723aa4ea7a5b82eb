"""The lead's pages: its partners, inviting one, changing what it proposes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bids import queries as bids
from bids.models import Bid
from bids.partners import actions, queries
from bids.partners.checklist import sharing_of
from bids.partners.forms import BY_MAIL, InviteForm, ProposalForm
from bids.partners.mails import INVITED, MAILED
from bids.partners.models import TAKES_PART
from bids.partners.parts import loaded, names_of
from bids.permissions import BidPermission
from bids.working import edition_of, is_changeable
from marketplace import once
from marketplace.accounts.throttles import count_try
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import requires
from marketplace.web.acting import actor

blueprint = Blueprint(
    "bid_partners", __name__, template_folder="../templates", url_prefix="/bids/<uuid:bid_id>"
)


@blueprint.get("/partners")
@requires(BidPermission.WRITE)
def index(bid_id: UUID) -> str:
    """Every partner with what is proposed and confirmed, and who gets what of the price."""
    bid = bids.own_bid(bid_id, actor())
    partners = queries.partners_of(bid)
    return render_template(
        "bids/partners/index.html",
        bid=bid,
        rows=[
            (partner, loaded(partner.proposal), queries.part_of(partner)) for partner in partners
        ],
        still_named=[each for each in queries.still_named(bid) if each not in partners],
        names_of=names_of,
        sharing=sharing_of(bid, partners),
        writable=is_changeable(bid),
        takes_part=TAKES_PART,
    )


@blueprint.route("/partners/new", methods=["GET", "POST"])
@requires(BidPermission.WRITE)
def new(bid_id: UUID) -> Any:
    """Find an organisation by name, or name an address, and propose a part.

    The search is sent like the form: no address and no history names an organisation.
    """
    bid = bids.own_bid(bid_id, actor())
    form = InviteForm()
    form.offer(bid.lot)
    name = (form.name.data or "").strip()
    form.find(queries.found_by_name(name, bid.bidder_id) if name else [])
    if not is_changeable(bid):
        return _new_page(form, bid, False)
    if request.method == "GET" or request.form.get("then") == "find":
        searched = request.method == "POST" and form.name.validate(form)
        return _new_page(form, bid, searched)
    if form.validate():
        count_try(INVITED, str(bid_id))
        try:
            with write():
                once.use_up(form.once.data)
                _invite(bid_id, form)
            flash(_("The invitation is on its way."), "success")
            return redirect(url_for("bid_partners.index", bid_id=bid_id), 303)
        except once.AlreadySent:
            return redirect(url_for("bid_partners.index", bid_id=bid_id), 303)
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
            bid = bids.own_bid(bid_id, actor())
    return _new_page(form, bid, True)


def _invite(bid_id: UUID, form: InviteForm) -> None:
    organisation_id = form.organisation_id()
    if organisation_id is not None:
        actions.invite_organisation(bid_id, organisation_id, form.part(), actor())
    else:
        name, email = form.name.data or "", form.email.data or ""
        actions.invite_address(bid_id, name, email, form.part(), actor())


def _new_page(form: InviteForm, bid: Bid, searched: bool) -> str:
    return render_template(
        "bids/partners/new.html",
        form=form,
        bid=bid,
        searched=searched,
        by_mail=BY_MAIL,
        writable=is_changeable(bid),
    )


@blueprint.route("/partners/<uuid:partner_id>", methods=["GET", "POST"])
@requires(BidPermission.WRITE)
def partner(bid_id: UUID, partner_id: UUID) -> Any:
    """One partner: what is proposed, to be changed; and going on without it."""
    bid = bids.own_bid(bid_id, actor())
    shown = queries.of_bid(bid, partner_id)
    form = ProposalForm()
    form.offer(bid.lot)
    overtaken = False
    if is_changeable(bid) and form.validate_on_submit():
        count_try(MAILED, f"lead:{partner_id}")
        try:
            with write():
                actions.propose(bid_id, partner_id, form.part(), edition_of(form), actor())
            flash(_("The proposal is changed, and the partner is asked to confirm it."), "success")
            return redirect(url_for("bid_partners.index", bid_id=bid_id), 303)
        except Refusal as refusal:
            overtaken = True
            form.form_errors.append(str(refusal.text))
            bid = bids.own_bid(bid_id, actor())
            shown = queries.of_bid(bid, partner_id)
            form.edition.data = str(shown.edition)
    proposal = loaded(shown.proposal)
    if request.method == "GET":
        form.show(proposal, shown.edition)
    page = render_template(
        "bids/partners/partner.html",
        form=form,
        bid=bid,
        partner=shown,
        part=queries.part_of(shown),
        proposal=proposal,
        names_of=names_of,
        writable=is_changeable(bid),
        takes_part=shown.state in TAKES_PART,
    )
    return page, 409 if overtaken else 200


@blueprint.post("/partners/<uuid:partner_id>/invite-again")
@requires(BidPermission.WRITE)
def invite_again(bid_id: UUID, partner_id: UUID) -> Any:
    """Mail an invitation anew."""
    queries.of_bid(bids.own_bid(bid_id, actor()), partner_id)
    count_try(INVITED, str(bid_id))
    with write():
        actions.invite_again(bid_id, partner_id, actor())
    flash(_("The invitation is on its way again. The link in the earlier mail is dead."), "success")
    return redirect(url_for("bid_partners.partner", bid_id=bid_id, partner_id=partner_id), 303)


@blueprint.post("/partners/<uuid:partner_id>/remove")
@requires(BidPermission.WRITE)
def remove(bid_id: UUID, partner_id: UUID) -> Any:
    """Go on without a partner."""
    queries.of_bid(bids.own_bid(bid_id, actor()), partner_id)
    with write():
        actions.remove(bid_id, partner_id, actor())
    flash(_("You go on without this partner."), "success")
    return redirect(url_for("bid_partners.index", bid_id=bid_id), 303)
