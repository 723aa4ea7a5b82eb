"""Worth bidding for you? Asked and answered without an account; nothing is stored."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, render_template, request

from lots import queries
from lots.proportionality.burden import burden_of
from lots.proportionality.forms import QuizForm
from lots.proportionality.quiz import FITS, readings, verdict
from lots.shown import names
from marketplace.permissions import public

blueprint = Blueprint("quiz", __name__)


@blueprint.get("/opportunities/<uuid:lot_id>/worth-it")
@public
def worth_it(lot_id: UUID) -> str:
    """Five questions, and what the answers say about this lot."""
    lot = queries.opportunity(lot_id)
    form = QuizForm(lot)
    called, found = names(), None
    if request.args.keys() & form._fields.keys() and form.validate():
        found = readings(lot, form.answers(), burden_of(lot))
    return render_template(
        "lots/proportionality/worth_it.html",
        lot=lot,
        form=form,
        found=found,
        verdict=verdict(found) if found else "",
        fits=FITS,
        areas=", ".join(called.where(area) for area in lot.areas),
        service=called.services.get(lot.service_code, lot.service_code),
    )


def register(app: Flask) -> None:
    """Serve the quiz."""
    app.register_blueprint(blueprint)
