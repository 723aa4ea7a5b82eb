"""What the lead paid a partner for a month: stated, corrected, confirmed or disputed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts.models import Contract
from lots.contracts.partners import mails
from lots.contracts.partners.dues import owed_by_month
from lots.contracts.partners.lifecycle import CONFIRM, CORRECT, DISPUTE, PAYMENT
from lots.contracts.partners.models import ContractPartner, PartnerPayment, PaymentState
from lots.contracts.partners.permissions import PartnersPermission
from marketplace import audit, calendar, clock
from marketplace.acting import Acting
from marketplace.calendar import months_later
from marketplace.database import db, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import check


def months_to_state(contract: Contract, partner: ContractPartner) -> list[date]:
    """The months for which a payment can be stated, the latest first.

    Those in which it took part while the contract was live, also once it has left, and those for
    which it is owed something (in advance, or after the end).
    """
    owed = set(owed_by_month([partner.id]).get(partner.id, ()))
    return sorted(owed | _months_of_part(contract, partner), reverse=True)


def _months_of_part(contract: Contract, partner: ContractPartner) -> set[date]:
    if contract.live_at is None:
        return set()
    first = max(calendar.day_of(contract.live_at), partner.joined_on).replace(day=1)
    last = min(clock.today(), contract.ends_on).replace(day=1)
    if partner.removed_at is not None:
        last = min(last, calendar.day_of(partner.removed_at).replace(day=1))
    months = set()
    while first <= last:
        months.add(first)
        first = months_later(first, 1)
    return months


def state_payment(
    partner_id: UUID, month: date, pence: int, by: Acting, paid_on: date | None = None
) -> PartnerPayment:
    """State what the partner was paid for a month (its first day), and on which day.

    A later statement corrects it. Raises Refused, Refusal for a month outside its part or a day
    still ahead, AlreadyChanged once it was confirmed.
    """
    partner = _partner(partner_id)
    check(by, PartnersPermission.STATE, partner.contract)
    if month not in months_to_state(partner.contract, partner):
        raise Refusal(_("Choose a month in which the partner took part, up to this one."))
    if paid_on is not None and paid_on > clock.today():
        raise Refusal(_("State a payment once it has been made, not before."))
    found = db.session.scalars(
        select(PartnerPayment)
        .where(PartnerPayment.partner_id == partner_id, PartnerPayment.month == month)
        .with_for_update()
    ).one_or_none()
    facts = {
        "pence": pence,
        "paid_on": paid_on,
        "stated_by_id": by.person_id,
        "stated_at": clock.now(),
    }
    if found is not None:
        _correct(found, facts, by)
        return found
    payment = PartnerPayment(id=new_id(), partner=partner, month=month, **facts)
    db.session.add(payment)
    db.session.flush()
    audit.record("partner_payment:stated", subject=payment, by=by, facts={"month": month})
    mails.to_partner(payment)
    return payment


def _partner(partner_id: UUID) -> ContractPartner:
    return db.session.get_one(
        ContractPartner,
        partner_id,
        with_for_update={"of": ContractPartner},
        populate_existing=True,
    )


def _correct(payment: PartnerPayment, facts: dict[str, Any], by: Acting) -> None:
    if payment.state == PaymentState.CONFIRMED:
        raise AlreadyChanged(
            _("The partner has confirmed this month, so what was stated for it stays.")
        )
    same = (payment.pence, payment.paid_on) == (facts["pence"], facts["paid_on"])
    if payment.state == PaymentState.STATED and same:
        raise AlreadyChanged(_("This was already stated."))
    PAYMENT.take(CORRECT, payment, by, facts=facts)
    mails.to_partner(payment)


def confirm(payment_id: UUID, seen_pence: int, by: Acting) -> PartnerPayment:
    """The partner has been paid exactly what it saw stated.

    Raises Refused, AlreadyChanged, or Refusal where the lead has corrected it meanwhile, and for
    whoever has stated it.
    """
    payment = _seen(payment_id, seen_pence, by)
    if payment.stated_by_id == by.person_id:
        raise Refusal(
            _("You stated this payment for the lead. Somebody else of the partner must confirm it.")
        )
    facts = {"confirmed_by_id": by.person_id, "confirmed_at": clock.now()}
    PAYMENT.take(CONFIRM, payment, by, facts=facts)
    return payment


def dispute(payment_id: UUID, seen_pence: int, why: str, by: Acting) -> PartnerPayment:
    """The partner was not paid what it saw stated; the lead is told and can correct it.

    Raises Refused, AlreadyChanged, or Refusal where the lead has corrected it meanwhile.
    """
    payment = _seen(payment_id, seen_pence, by)
    now = clock.now()
    facts = {"disputed_by_id": by.person_id, "disputed_at": now, "dispute": why}
    PAYMENT.take(DISPUTE, payment, by, facts=facts)
    mails.to_lead(payment)
    return payment


def _seen(payment_id: UUID, seen_pence: int, by: Acting) -> PartnerPayment:
    payment = db.session.get_one(
        PartnerPayment, payment_id, with_for_update=True, populate_existing=True
    )
    check(by, PartnersPermission.ANSWER, payment)
    if payment.pence != seen_pence:
        raise Refusal(_("The lead has corrected this amount. Read it again, then answer."))
    return payment
