"""What every page of a draft does: find the draft, open the form, and meet another's words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots import queries
from lots.drafting import drafts
from lots.drafting.forms import PageForm
from lots.drafting.overtaken import as_read
from lots.models import Lot
from lots.permissions import LotPermission
from lots.vocabulary import EDITABLE
from marketplace.lifecycle import Refusal
from marketplace.permissions import check
from marketplace.web.acting import actor

blueprint = Blueprint("drafting", __name__)


def the_draft(lot_id: UUID) -> Lot:
    """The lot, for whoever drafts it.

    To read a page of one that can no longer be edited is refused; what is sent to it gets its
    answer from the action, with the words on the screen.
    """
    lot = queries.own_lot(lot_id, actor())
    check(actor(), LotPermission.DRAFT, lot)
    if lot.state not in EDITABLE and request.method == "GET":
        raise Refusal(_("This lot has been published or ended, so it can no longer be edited."))
    return lot


def opened(form: PageForm, held: dict[str, Any]) -> None:
    """Show what the page holds, and remember it."""
    form.fill(held)
    form.seen.data = drafts.fingerprint(held)


def overtaken(
    form: PageForm, other: PageForm, held: dict[str, Any], refusal: Refusal
) -> list[tuple[str, str]]:
    """What the other person saved, where it differs; saving once more will replace it."""
    form.form_errors.append(str(refusal.text))
    form.seen.data = drafts.fingerprint(held)
    other.fill(held)
    return as_read(other, unlike=form)


def saved(lot_id: UUID, sentence: str) -> Response:
    """Say so, and go back to the task list."""
    flash(sentence, "success")
    return redirect(url_for("lots.lot", lot_id=lot_id), 303)
