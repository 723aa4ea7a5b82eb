"""What open data there is, and the files of awards and grants, for everybody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, jsonify, render_template, request
from flask_babel import lazy_gettext as _l

from lots.opendata import grants
from lots.opendata.published import published_awards, published_grants
from lots.opendata.tables import AWARD_COLUMNS, award_row
from lots.pipeline import feeds
from lots.releases import queries as releases
from lots.releases.packages import LICENCE
from marketplace import clock
from marketplace.permissions import public
from marketplace.registry import NavigationEntry, navigation
from marketplace.web.kept import kept
from marketplace.web.tables import csv_file

blueprint = Blueprint("open_data", __name__, template_folder="../templates")


@blueprint.get("/open-data")
@public
def index() -> str:
    """What there is, under which licence, how to cite it, and how often it changes."""
    return render_template(
        "lots/opendata/index.html",
        licence=LICENCE,
        page_size=feeds.PAGE,
        release_page=releases.PAGE,
        years=releases.years(),
        prefix=grants.prefix(),
        award_columns=AWARD_COLUMNS,
        grant_columns=tuple(grants.COLUMNS),
        today=clock.today(),
    )


@blueprint.get("/open-data/360giving.json")
@public
def grants_json() -> Any:
    """Every grant, by the 360Giving standard."""
    return kept(jsonify(grants.package(published_grants())))


@blueprint.get("/open-data/360giving.csv")
@public
def grants_csv() -> Any:
    """Every grant as a table, by the 360Giving standard."""
    rows = grants.rows(published_grants())
    return kept(csv_file("360giving.csv", tuple(grants.COLUMNS), rows))


@blueprint.get("/open-data/awards.csv")
@public
def awards_csv() -> Any:
    """Every published award, of May 2021 and of this service."""
    tag = f"awards-{releases.newest()}"
    # Whoever has it is told so before anything is read.
    answer = (
        Response()
        if request.if_none_match.contains(tag)
        else csv_file("awards.csv", AWARD_COLUMNS, map(award_row, published_awards()))
    )
    answer.set_etag(tag)
    return kept(answer)


def register(app: Flask) -> None:
    """Serve the data, with the way to it at the foot of every page."""
    app.register_blueprint(blueprint)
    entry = NavigationEntry(_l("Open data"), "open_data.index", at_foot=True)
    navigation(app).append(entry)
