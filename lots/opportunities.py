"""The public side of a lot: what is open and planned, and everything about one lot."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, render_template, request
from flask_babel import lazy_gettext as _l

from lots import queries
from lots.shown import names, shown_state, time_left
from lots.wanted import SHOWS, asked, choices
from marketplace.permissions import public
from marketplace.registry import NavigationEntry, navigation, panels
from marketplace.web.acting import acting

blueprint = Blueprint("opportunities", __name__, template_folder="templates")


@blueprint.get("/opportunities")
@public
def opportunities() -> str:
    """Open and planned lots for everybody; concluded ones on request."""
    offered = choices()
    wanted = asked(request.args, offered)
    return render_template(
        "lots/opportunities.html",
        page=queries.opportunities(wanted),
        wanted=wanted,
        shows=SHOWS,
        choices=offered,
        names=names(),
    )


@blueprint.get("/opportunities/<uuid:lot_id>")
@public
def opportunity(lot_id: UUID) -> str:
    """One lot with everything needed to decide whether to bid."""
    lot = queries.opportunity(lot_id)
    shown = [panel(lot, acting()) for panel in panels().get("opportunity", ())]
    return render_template("lots/opportunity.html", lot=lot, names=names(), panels=shown)


def register(app: Flask) -> None:
    """Serve the public pages, with their menu entry."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(lot_time_left=time_left, lot_state=shown_state)
    navigation(app).append(
        NavigationEntry(_l("Opportunities"), "opportunities.opportunities", None, 10)
    )
