"""The bidder's pages for what a lot asks besides answers, and its own files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bids import queries
from bids.attachments import actions
from bids.attachments.downloads import hand_out
from bids.attachments.forms import FileForm, WordsForm, statement_form
from bids.attachments.models import BidFile
from bids.attachments.queries import Asked, asked_in, file_in, sent_file
from bids.attachments.wording import statement
from bids.late import late_page
from bids.lifecycle import SUBMIT
from bids.models import Bid
from bids.permissions import BidPermission
from bids.sealing import OwnCopy
from bids.working import TooLate, TypedMeanwhile, edition_of, is_changeable, is_open
from marketplace import events, files, once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, requires
from marketplace.web.acting import actor
from marketplace.web.fields import Form
from marketplace.web.uploads import takes_files

blueprint = Blueprint(
    "bid_attachments", __name__, template_folder="../templates", url_prefix="/bids"
)


@blueprint.route("/<uuid:bid_id>/asked/<uuid:demand_id>", methods=["GET", "POST"])
@requires(BidPermission.WRITE)
def show(bid_id: UUID, demand_id: UUID) -> Any:
    """One demand: its files, its words or its statement."""
    bid = queries.own_bid(bid_id, actor())
    asked = asked_in(bid, demand_id)
    form = _words_form(asked)
    if not form.validate_on_submit():
        return late_page(bid_id) if _sent_late(bid) else _page(bid_id, demand_id, words_form=form)
    try:
        with write():
            actions.save_words(bid_id, demand_id, _said(asked, form), edition_of(form), actor())
    except TypedMeanwhile as clash:
        form.edition.data = str(clash.edition)
        return _page(bid_id, demand_id, words_form=form, clash=clash), 409
    if not is_open(queries.own_bid(bid_id, actor()).lot):
        return late_page(bid_id)
    flash(_("Saved with your bid."), "success")
    return redirect(url_for("bids.show", bid_id=bid_id), 303)


def _sent_late(bid: Bid) -> bool:
    return request.method == "POST" and not is_changeable(bid)


def _words_form(asked: Asked) -> Form:
    if asked.takes_files:
        return WordsForm(data={"words": asked.words, "edition": str(asked.edition)})
    return statement_form(asked)


def _said(asked: Asked, form: Any) -> str:
    if asked.takes_files:
        return (form.words.data or "").strip()
    return statement(asked.demand) if form.confirmed.data else ""


def _page(
    bid_id: UUID,
    demand_id: UUID,
    *,
    file_form: FileForm | None = None,
    words_form: Form | None = None,
    clash: TypedMeanwhile | None = None,
) -> str:
    """The demand's page; `form` is the one that was sent, so that its errors stand on top."""
    bid = queries.own_bid(bid_id, actor())
    asked = asked_in(bid, demand_id)
    return render_template(
        "bids/attachments/show.html",
        bid=bid,
        asked=asked,
        file_form=file_form or FileForm(formdata=None),
        words_form=words_form or _words_form(asked),
        form=file_form or words_form,
        clash=clash,
        writable=is_changeable(bid),
    )


@blueprint.route("/<uuid:bid_id>/asked/<uuid:demand_id>/file", methods=["GET", "POST"])
@takes_files
@requires(BidPermission.WRITE)
def add(bid_id: UUID, demand_id: UUID) -> Any:
    """Send one file more."""
    bid = queries.own_bid(bid_id, actor())
    asked_in(bid, demand_id)
    if _sent_late(bid):
        return late_page(bid_id)
    form = FileForm()
    upload = _sent(form)
    if upload is None:
        return _page(bid_id, demand_id, file_form=form)
    try:
        with write():
            once.use_up(form.once.data)
            actions.add_file(bid_id, demand_id, upload, actor())
    except TooLate:
        return late_page(bid_id)
    except once.AlreadySent:
        return redirect(url_for("bids.show", bid_id=bid_id), 303)
    except Refusal as refusal:
        form.form_errors.append(str(refusal.text))
        return _page(bid_id, demand_id, file_form=form)
    flash(_("The file is saved with your bid."), "success")
    return redirect(url_for("bids.show", bid_id=bid_id), 303)


@blueprint.route(
    "/<uuid:bid_id>/asked/<uuid:demand_id>/files/<uuid:sent_id>/replace", methods=["GET", "POST"]
)
@takes_files
@requires(BidPermission.WRITE)
def replace(bid_id: UUID, demand_id: UUID, sent_id: UUID) -> Any:
    """Send a file in the place of another."""
    bid = queries.own_bid(bid_id, actor())
    sent = _stands(asked_in(bid, demand_id), sent_id)
    if _sent_late(bid):
        return late_page(bid_id)
    form = FileForm(seen=str(sent.file_id) if sent else "")
    upload = _sent(form)
    if upload is None:
        if sent is None:
            raise NotYours(sent_id)
        return _replace_page(bid_id, demand_id, sent_id, form)
    replaced = actions.Replaced(sent_id, form.seen.data or "")
    try:
        with write():
            once.use_up(form.once.data)
            kept = actions.replace_file(bid_id, demand_id, replaced, upload, actor())
            beside = kept.id != sent_id
    except TooLate:
        return late_page(bid_id)
    except once.AlreadySent:
        return redirect(url_for("bids.show", bid_id=bid_id), 303)
    except Refusal as refusal:
        form.form_errors.append(str(refusal.text))
        return _replace_page(bid_id, demand_id, sent_id, form)
    return _replaced(bid_id, demand_id, beside)


def _stands(asked: Asked, sent_id: UUID) -> BidFile | None:
    return next((each for each in asked.files if each.id == sent_id), None)


def _replace_page(bid_id: UUID, demand_id: UUID, sent_id: UUID, form: FileForm) -> str:
    bid = queries.own_bid(bid_id, actor())
    asked = asked_in(bid, demand_id)
    sent = _stands(asked, sent_id)
    if sent is None:
        return _page(bid_id, demand_id, file_form=form)
    page = {"bid": bid, "sent": sent, "asked": asked, "form": form}
    return render_template("bids/attachments/replace.html", **page)


def _replaced(bid_id: UUID, demand_id: UUID, beside: bool) -> Response:
    if not beside:
        flash(_("The file is replaced."), "success")
        return redirect(url_for("bids.show", bid_id=bid_id), 303)
    flash(
        _(
            "A colleague changed this while you chose your file. Yours stands beside what is "
            "there now: remove what you do not want to submit."
        )
    )
    return redirect(url_for("bid_attachments.show", bid_id=bid_id, demand_id=demand_id), 303)


def _sent(form: FileForm) -> files.Upload | None:
    return form.file.upload if form.validate_on_submit() else None


@blueprint.post("/<uuid:bid_id>/files/<uuid:sent_id>/remove")
@requires(BidPermission.WRITE)
def remove(bid_id: UUID, sent_id: UUID) -> Any:
    """Take a file out of the bid."""
    demand_id = sent_file(queries.own_bid(bid_id, actor()), sent_id).demand_id
    try:
        with write():
            actions.remove_file(bid_id, sent_id, actor())
    except TooLate:
        return late_page(bid_id)
    flash(_("The file is removed."), "success")
    return redirect(url_for("bid_attachments.show", bid_id=bid_id, demand_id=demand_id), 303)


@blueprint.get("/<uuid:bid_id>/files/<uuid:sent_id>")
@requires(BidPermission.WRITE)
def download(bid_id: UUID, sent_id: UUID) -> Any:
    """A file of the working copy, for the bidder itself."""
    return files.send(sent_file(queries.own_bid(bid_id, actor()), sent_id).file)


@blueprint.get("/<uuid:bid_id>/versions/<int:number>/files/<uuid:file_id>")
@requires(BidPermission.WRITE)
def submitted(bid_id: UUID, number: int, file_id: UUID) -> Any:
    """A file of a submitted version, byte for byte what its SHA-256 was computed of."""
    version = queries.own_version(queries.own_bid(bid_id, actor()), number)
    return hand_out(file_in(OwnCopy.of(version.own_copy).read_content(), file_id))


def register(app: Flask) -> None:
    """Serve the pages, and hear of submitted versions, which hold their files from then on."""
    app.register_blueprint(blueprint)
    events.when(app, SUBMIT, actions.hold_files)
