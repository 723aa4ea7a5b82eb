"""The public side of a lot: what is open and planned, and everything about one lot."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, render_template, request
from flask_babel import lazy_gettext as _l

from lots import queries
from lots.competition import queries as competition
from lots.competition.permissions import CompetitionPermission
from lots.competition.question_views import asking_open
from lots.competition.views import rows_of
from lots.competition.vocabulary import CHANGE_KINDS
from lots.models import Lot
from lots.shown import names, public_state, shown_state, time_left
from lots.vocabulary import LotState
from lots.wanted import SHOWS, asked, choices, unknown
from marketplace import clock
from marketplace.areas.queries import area_names, areas_on
from marketplace.permissions import allowed, public
from marketplace.registry import NavigationEntry, navigation, panels
from marketplace.web.acting import acting
from marketplace.web.pictures import Tile

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
        unknown=unknown(request.args, offered),
        shows=SHOWS,
        choices=offered,
        names=names(),
    )


@blueprint.get("/opportunities/<uuid:lot_id>")
@public
def opportunity(lot_id: UUID) -> str:
    """One lot with everything needed to decide whether to bid."""
    lot = queries.opportunity(lot_id)
    by = acting()
    return render_template(
        "lots/opportunity.html",
        lot=lot,
        names=names(),
        first=[panel(lot, by) for panel in panels().get("opportunity_first", ())],
        panels=[panel(lot, by) for panel in panels().get("opportunity", ())],
        tiles=_tiles(lot),
        answers=competition.published(lot.id),
        waiting=competition.count_waiting(lot.id) if lot.state == LotState.OPEN else 0,
        changes=competition.changes_made(lot.id),
        change_kinds=CHANGE_KINDS,
        rows_of=rows_of,
        may_ask=asking_open(lot) and (by is None or allowed(by, CompetitionPermission.ASK)),
    )


def _tiles(lot: Lot) -> dict[str, Tile]:
    """Every area of the country, those of the lot shaded; a whole region shades all of its own."""
    regions = {area.region_code for area in lot.areas if area.area_code is None}
    codes = {area.area_code for area in lot.areas}
    bought = {
        area.code: area.code in codes or area.region_code in regions
        for area in areas_on(clock.today())
    }
    labels = area_names()
    return {
        code: Tile(labels[code], "", 5 if here else 0, elsewhere=False)
        for code, here in bought.items()
    }


def register(app: Flask) -> None:
    """Serve the public pages, with their menu entry."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        lot_time_left=time_left, lot_state=shown_state, public_state=public_state
    )
    navigation(app).append(
        NavigationEntry(_l("Opportunities"), "opportunities.opportunities", None, 10)
    )
