"""How this room joins the application."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _

from bids.lifecycle import SUBMIT
from bids.partners import answering, link_views, opening, own_views, permissions, views
from bids.partners.lifecycle import PARTNER
from bids.partners.models import PartnerState
from bids.partners.permissions import PartnerPermission
from bids.partners.queries import parts_to_answer
from bids.working import accepts
from lots.lifecycle import CANCEL, CLOSE
from marketplace import clock, events, registry
from marketplace.acting import Acting
from marketplace.lifecycle import lifecycles
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem


def waiting_for(by: Acting) -> list[WaitingItem]:
    """What the organisation has to answer or to confirm in others' bids."""
    if not allowed(by, PartnerPermission.LIST):
        return []
    now = clock.now()
    sentences = {
        PartnerState.INVITED: _("You are invited to be a partner in a bid for “%(title)s”"),
        PartnerState.TAKEN_UP: _("Confirm your part in a bid for “%(title)s”"),
    }
    return [
        WaitingItem(
            sentences[part.state] % {"title": part.bid.lot.title},
            url_for("partner_bids.show", partner_id=part.id),
        )
        for part in parts_to_answer(by)
        if accepts(part.bid.lot, now)
    ]


def register(app: Flask) -> None:
    """Serve the pages of lead and partner, and hear of submissions and closings."""
    permissions.register(app)
    lifecycles(app).append(PARTNER)
    for pages in (views, own_views, link_views):
        app.register_blueprint(pages.blueprint)
    registry.waiting(app).append(waiting_for)
    events.when(app, SUBMIT, answering.note_named)
    # Whoever was invited is told before the address is erased.
    events.when(app, CANCEL, opening.tell_ended)
    for step in (CLOSE, CANCEL):
        events.when(app, step, opening.forget_addresses)
