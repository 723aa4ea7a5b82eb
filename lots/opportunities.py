"""The public side of a lot: what is open and planned, and everything about one lot."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, render_template, request
from flask_babel import lazy_gettext as _l

from lots import queries
from lots.queries import SHOWS, Show, Wanted
from lots.shown import names, shown_state, time_left
from marketplace.areas.queries import area_choices, region_choices
from marketplace.categories.queries import service_choices
from marketplace.permissions import public
from marketplace.registry import NavigationEntry, navigation, panels
from marketplace.web.acting import acting

blueprint = Blueprint("opportunities", __name__, template_folder="templates")


@blueprint.get("/opportunities")
@public
def opportunities() -> str:
    """Open and planned lots for everybody; concluded ones on request."""
    choices = {"service": service_choices(), "region": region_choices(), "area": area_choices()}
    wanted = Wanted(_show(), **{name: _asked(name, offered) for name, offered in choices.items()})
    return render_template(
        "lots/opportunities.html",
        page=queries.opportunities(wanted),
        wanted=wanted,
        shows=SHOWS,
        choices=choices,
        names=names(),
    )


def _show() -> Show:
    asked = request.args.get("show", "")
    return Show(asked) if asked in Show._value2member_map_ else Show.BIDDABLE


def _asked(name: str, offered: list[tuple[str, str]]) -> str:
    asked = request.args.get(name, "")
    return asked if any(asked == code for code, _label in offered) else ""


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
