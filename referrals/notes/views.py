"""The pages of the notes of a case: reading them, writing one, acknowledging an urgent one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import once
from marketplace.acting import Acting
from marketplace.database import write
from marketplace.observations import observe_read
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.answering.steps import Answer, back_to, step_page
from referrals.codes import ReferralState
from referrals.frame import render_case
from referrals.models import Referral
from referrals.notes import actions
from referrals.notes.forms import MAIL, URGENT, NoteForm
from referrals.notes.permissions import NotePermission, side_of
from referrals.notes.queries import NOTES, notes_of
from referrals.permissions import ReferralPermission

blueprint = Blueprint("notes", "referrals", template_folder="templates")
PAGE = "notes.index"


@blueprint.get("/cases/<uuid:referral_id>/notes")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def index(referral_id: UUID) -> str:
    """The notes, the newest first; reading them is recorded, so that both sides know."""
    by = actor()
    referral = queries.case(referral_id, by)
    found = notes_of(referral, by)
    observe_read(NOTES, referral_id, by)
    return render_case(
        "referrals/notes/index.html",
        referral,
        by,
        found=found,
        mine=side_of(by),
        is_new=lambda note: found.is_new(note, by),
        may_write=may_write(referral, by),
    )


def may_write(referral: Referral, by: Acting) -> bool:
    """Whether this person can write a note that the other side reads."""
    is_read = referral.ended_at is None and referral.state != ReferralState.WAITING
    return is_read and allowed(by, NotePermission.WRITE, referral)


@blueprint.route("/cases/<uuid:referral_id>/notes/new", methods=["GET", "POST"])
@requires(NotePermission.WRITE)
@sensitive
def new(referral_id: UUID) -> Answer:
    """Write a note; sent twice, it is there once."""
    by = actor()
    check(by, NotePermission.WRITE, queries.case(referral_id, by))
    return step_page(
        referral_id,
        NoteForm(),
        lambda form, by: _write(referral_id, form, by),
        _("Add the note"),
        _("The note is added."),
        actions.refuse_note,
        PAGE,
    )


def _write(referral_id: UUID, form: NoteForm, by: Acting) -> None:
    once.use_up(form.once.data)
    tells = form.tells.data
    actions.write_note(
        referral_id,
        form.text.data or "",
        by,
        form.subject.data or "",
        is_urgent=tells == URGENT,
        sends_mail=tells == MAIL,
    )


@blueprint.post("/cases/<uuid:referral_id>/notes/<uuid:note_id>/acknowledge")
@requires(NotePermission.ACKNOWLEDGE)
@sensitive
def acknowledge(referral_id: UUID, note_id: UUID) -> Response:
    """Say that an urgent note was read."""
    with write():
        actions.acknowledge(referral_id, note_id, actor())
    return back_to(referral_id, _("The other side can see that you have read it."), PAGE)
