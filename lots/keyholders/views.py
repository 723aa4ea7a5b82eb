"""Who can open a lot's bids, and the codes of those who hold a part of the key."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from lots import queries as lot_queries
from lots.keyholders import actions, checking, permissions, queries
from lots.keyholders.forms import PEOPLE, SERVICE, CodeForm, HolderForm, MakeCodeForm, SplittingForm
from lots.keyholders.models import FEWEST, MOST, KeyHolder
from lots.keyholders.permissions import KeyPermission
from lots.keyholders.throttles import count_code
from lots.models import Lot
from lots.vocabulary import BEFORE_OPENING, EDITABLE
from marketplace import once
from marketplace.acting import Acting
from marketplace.database import write
from marketplace.permissions import NotYours, allowed, check, requires
from marketplace.registry import panels
from marketplace.web.acting import actor
from marketplace.web.fields import SelectChoice

blueprint = Blueprint("keyholders", __name__, template_folder="../templates")


@blueprint.get("/lots/<uuid:lot_id>/key-holders")
@requires(KeyPermission.SEE_HOLDERS)
def show(lot_id: UUID) -> str:
    """Who keeps the key, and how far the codes are."""
    return _page(_seen(lot_id))


def _seen(lot_id: UUID) -> Lot:
    lot = lot_queries.own_lot(lot_id, actor())
    check(actor(), KeyPermission.SEE_HOLDERS, lot)
    return lot


def _page(
    lot: Lot, splitting: SplittingForm | None = None, adding: HolderForm | None = None
) -> str:
    chosen = queries.holders_of(lot.id)
    may_choose = lot.state in EDITABLE and allowed(actor(), KeyPermission.CHOOSE_HOLDERS, lot)
    sent = splitting or adding
    if splitting is None:
        splitting = SplittingForm(formdata=None, kept=PEOPLE if lot.splits_key else SERVICE)
    return render_template(
        "lots/keyholders/show.html",
        lot=lot,
        form=sent,
        holders=chosen,
        able=queries.able(lot),
        may_choose=may_choose,
        is_before_opening=lot.state in BEFORE_OPENING,
        splitting=splitting,
        adding=adding or _adding(lot, chosen),
        fewest=FEWEST,
        full=len(chosen) >= MOST,
        me=actor().person_id,
    )


def _adding(lot: Lot, chosen: list[KeyHolder], sent: bool = False) -> HolderForm:
    form = HolderForm() if sent else HolderForm(formdata=None)
    taken = {each.person_id for each in chosen}
    form.person.choices = [
        SelectChoice("", _("Choose a person")),
        *(
            SelectChoice(str(person.id), person.name)
            for person in queries.eligible(lot)
            if person.id not in taken
        ),
    ]
    return form


@blueprint.post("/lots/<uuid:lot_id>/key-holders")
@requires(KeyPermission.CHOOSE_HOLDERS)
def choose(lot_id: UUID) -> str | Response:
    """Divide the key among people, or keep it with the service."""
    lot = _seen(lot_id)
    form = SplittingForm()
    if not form.validate_on_submit():
        return _page(lot, splitting=form)
    with write():
        actions.choose_splitting(lot_id, form.kept.data == PEOPLE, actor())
    flash(_("Saved."), "success")
    return redirect(url_for("keyholders.show", lot_id=lot_id), 303)


@blueprint.post("/lots/<uuid:lot_id>/key-holders/add")
@requires(KeyPermission.CHOOSE_HOLDERS)
def add(lot_id: UUID) -> str | Response:
    """Choose one more person."""
    lot = _seen(lot_id)
    form = _adding(lot, queries.holders_of(lot_id), sent=True)
    if not form.validate_on_submit():
        return _page(lot, adding=form)
    with write():
        actions.add_holder(lot_id, UUID(form.person.data), actor())
    flash(_("Chosen. We have written to them."), "success")
    return redirect(url_for("keyholders.show", lot_id=lot_id), 303)


@blueprint.post("/lots/<uuid:lot_id>/key-holders/<uuid:holder_id>/remove")
@requires(KeyPermission.CHOOSE_HOLDERS)
def remove(lot_id: UUID, holder_id: UUID) -> Response:
    """Take somebody off."""
    _seen(lot_id)
    with write():
        actions.remove_holder(lot_id, holder_id, actor())
    flash(_("Taken off. Their code opens nothing any more."), "success")
    return redirect(url_for("keyholders.show", lot_id=lot_id), 303)


@blueprint.route("/lots/<uuid:lot_id>/opening-code", methods=["GET", "POST"])
@requires(KeyPermission.MAKE_CODE)
def code(lot_id: UUID) -> str | Response:
    """Make one's own code, shown once, or type it in again to confirm that it is written down."""
    lot = _seen(lot_id)
    holder = _own(lot_id)
    form = CodeForm()
    to_confirm = holder.public_key is not None and holder.confirmed_at is None
    if to_confirm and form.validate_on_submit():
        count_code(lot_id, actor())
        try:
            with write():
                actions.confirm_code(lot_id, form.code.data or "", actor())
        except actions.WrongCode as wrong:
            form.code.errors = [str(wrong.text)]
        else:
            flash(_("Your code is confirmed. Keep it where only you find it."), "success")
            return redirect(url_for("keyholders.show", lot_id=lot_id), 303)
        lot, holder = _seen(lot_id), _own(lot_id)
    return _code_page(lot, holder, form)


@blueprint.post("/lots/<uuid:lot_id>/opening-code/make")
@requires(KeyPermission.MAKE_CODE)
def make(lot_id: UUID) -> str:
    """The new code, in this answer only: it is stored nowhere and shown on no page again."""
    _seen(lot_id)
    with write():
        fresh = actions.make_code(lot_id, actor())
        once.use_up(MakeCodeForm().once.data)
    return _code_page(_seen(lot_id), _own(lot_id), CodeForm(formdata=None), fresh)


def _own(lot_id: UUID) -> KeyHolder:
    holder = queries.holder(lot_id, actor().person_id)
    if holder is None:
        raise NotYours(lot_id)
    return holder


def _code_page(lot: Lot, holder: KeyHolder, form: CodeForm, fresh: str | None = None) -> str:
    return render_template(
        "lots/keyholders/code.html",
        lot=lot,
        holder=holder,
        form=form,
        making=MakeCodeForm(formdata=None),
        fresh=fresh,
    )


def _public_panel(lot: Lot, by: Acting | None) -> Markup | str:
    """Bidders read that nobody at the service can open their bids alone."""
    if not lot.splits_key:
        return ""
    return Markup(render_template("lots/keyholders/panel.html", lot=lot))


def _buyers_panel(lot: Lot, by: Acting | None) -> Markup | str:
    if not lot.splits_key or not allowed(by, KeyPermission.SEE_HOLDERS, lot):
        return ""
    return Markup(render_template("lots/keyholders/panel.html", lot=lot, buyers=True))


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    checking.register(app)
    app.register_blueprint(blueprint)
    panels(app).setdefault("opportunity", []).append(_public_panel)
    panels(app).setdefault("lot", []).append(_buyers_panel)
