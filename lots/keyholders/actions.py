"""Choosing who holds parts of a lot's key, and making the codes. None commits."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from nacl.public import PrivateKey

from lots.actions import locked, remember_editor
from lots.keyholders import codes, queries
from lots.keyholders.models import MOST, KeyHolder
from lots.keyholders.permissions import KeyPermission
from lots.models import Lot
from lots.vocabulary import BEFORE_OPENING, EDITABLE
from marketplace import audit, clock, outbox
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check


class WrongCode(Refusal):
    """The code typed is not this holder's."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This is not your opening code for this lot. Compare it with what you wrote down, "
                "letter by letter. Every lot has its own code."
            )
        )


def choose_splitting(lot_id: UUID, splits: bool, by: Acting) -> None:
    """Divide the lot's key among people, or keep it with the service; until the lot is approved.

    Keeping it with the service lets all its holders and their codes go.
    """
    lot = _arranged(lot_id, by)
    if lot.splits_key == splits:
        return
    lot.splits_key = splits
    if not splits:
        for each in queries.holders_of(lot.id):
            db.session.delete(each)
    audit.record("lot:key_splitting", subject=lot, by=by, facts={"splits": splits})


def add_holder(lot_id: UUID, person_id: UUID, by: Acting) -> KeyHolder:
    """Choose one of the lead buyer's officers or decision-makers, and tell them.

    Raises Refusal for anybody else, and beyond four.
    """
    lot = _arranged(lot_id, by)
    chosen = queries.holders_of(lot.id)
    person = next((each for each in queries.eligible(lot) if each.id == person_id), None)
    if not lot.splits_key or person is None or person_id in {each.person_id for each in chosen}:
        raise Refusal(_("Choose an officer or decision-maker who does not hold a part yet."))
    free = sorted(set(range(1, MOST + 1)) - {each.position for each in chosen})
    if not free:
        raise Refusal(_("%(most)s people hold a part already. Take somebody off first.", most=MOST))
    holder = KeyHolder(lot_id=lot.id, person_id=person.id, position=free[0])
    db.session.add(holder)
    audit.record("key_holder:chosen", subject=holder, by=by, facts={"person": person.id})
    outbox.post(
        "lots/keyholders/mail/chosen.txt",
        to=person.email,
        subject_id=lot.id,
        facts={"lot_id": lot.id, "reference": lot.reference, "title": lot.title},
    )
    return holder


def remove_holder(lot_id: UUID, holder_id: UUID, by: Acting) -> None:
    """Take somebody off; their code is worth nothing any more."""
    _arranged(lot_id, by)
    holder = db.session.get(KeyHolder, holder_id)
    if holder is None or holder.lot_id != lot_id:
        raise NotYours(holder_id)
    audit.record("key_holder:taken_off", subject=holder, by=by, facts={"person": holder.person_id})
    db.session.delete(holder)


def make_code(lot_id: UUID, by: Acting) -> str:
    """A new opening code for this holder, in place of any before; only its public half is kept."""
    holder = _own(lot_id, by)
    code = codes.fresh_code()
    key = codes.key_of(code, holder.id)
    if key is None:
        raise ValueError("a fresh code is a code")
    holder.public_key = bytes(key.public_key)
    holder.made_at = clock.now()
    holder.confirmed_at = None
    audit.record("key_holder:code_made", subject=holder, by=by)
    return code


def confirm_code(lot_id: UUID, code: str, by: Acting) -> None:
    """The holder has typed the code in again, so it was written down. Raises WrongCode."""
    holder = _own(lot_id, by)
    own_key(holder, code)
    holder.confirmed_at = clock.now()
    audit.record("key_holder:code_confirmed", subject=holder, by=by)


def own_key(holder: KeyHolder, code: str) -> PrivateKey:
    """The private key behind a holder's code. Raises WrongCode."""
    key = codes.fits(code, holder.id, holder.public_key)
    if key is None:
        raise WrongCode()
    return key


def _arranged(lot_id: UUID, by: Acting) -> Lot:
    """A lot whose holders may be chosen; who chooses has written in it, and does not publish it."""
    lot = locked(lot_id)
    check(by, KeyPermission.CHOOSE_HOLDERS, lot)
    if lot.state not in EDITABLE:
        raise Refusal(
            _(
                "Who can open the bids is settled once a lot is approved or open. While it is only "
                "approved, the approval can be taken back first."
            )
        )
    remember_editor(lot, by)
    return lot


def _own(lot_id: UUID, by: Acting) -> KeyHolder:
    lot = locked(lot_id)
    check(by, KeyPermission.MAKE_CODE, lot)
    holder = queries.holder(lot_id, by.person_id)
    if holder is None:
        raise NotYours(lot_id)
    if lot.state not in BEFORE_OPENING:
        raise Refusal(_("The lot has opened: its key is divided and codes cannot change any more."))
    return holder
