"""Beginning a draft from an old lot."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from lots.drafting import copying
from lots.drafting.document_forms import CopyForm
from lots.drafting.pages import blueprint
from lots.models import Lot
from lots.permissions import LotPermission
from lots.shown import names
from lots.vocabulary import Source
from marketplace import once
from marketplace.acting import Acting
from marketplace.categories.queries import service_choices
from marketplace.database import write
from marketplace.permissions import allowed, requires
from marketplace.registry import panels
from marketplace.web.acting import actor


@blueprint.get("/lots/copy")
@requires(LotPermission.DRAFT)
def lots_to_copy() -> str:
    """Own and public lots, each with the button that copies it."""
    offered = service_choices()
    asked = request.args.get("service", "")
    service = asked if asked in dict(offered) else ""
    return render_template(
        "lots/drafting/copy.html",
        page=copying.lots_to_copy(actor(), service),
        services=offered,
        service=service,
        names=names(),
        form=CopyForm(formdata=None),
    )


@blueprint.post("/lots/<uuid:lot_id>/copy")
@requires(LotPermission.DRAFT)
def copy(lot_id: UUID) -> Response:
    """Copy one lot into a new draft."""
    form = CopyForm()
    with write():
        lot, dropped = copying.copy_lot(lot_id, actor())
        once.use_up(form.once.data)
        new_id = lot.id
    flash(_("Copied without its dates. Change the title, then go through the pages."), "success")
    if dropped:
        flash(_("Left out, because it is no longer in use: %(names)s", names=", ".join(dropped)))
    return redirect(url_for("lots.lot", lot_id=new_id), 303)


def _panel(lot: Lot, by: Acting | None) -> Any:
    """On a lot's page, the button for whoever may draft."""
    if by is None or lot.source != Source.OWN or not allowed(by, LotPermission.DRAFT):
        return ""
    return Markup(
        render_template(
            "lots/drafting/copy_button.html", lot=lot, copy_form=CopyForm(formdata=None)
        )
    )


def register(app: Flask) -> None:
    """Offer the button on the public page and, once it is published, on the buyer's own."""
    panels(app).setdefault("opportunity", []).append(_panel)
