"""One draft for two services, and what was sent from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from lots.contracts.models import ContractArea
from marketplace.acting import Acting
from marketplace.database import db, write
from marketplace.organisations.models import Organisation
from referrals.drafted import ReferralDraft
from referrals.drafts import actions as drafts
from referrals.models import Referral
from referrals.sending import actions as sending
from tests.support.contracts import make_live_contract
from tests.support.people import make_organisation
from tests.support.referrals import finished_answers, make_draft

OF_ONE_SERVICE = ("needs", "rar-days", "outcomes-", "complexity-")


def second_service(region: Organisation) -> UUID:
    """A service of another provider in Kent, with one place."""
    rival = make_organisation(name="Second Trust", contact_email="in@second.example")
    return make_live_contract(rival, buyer=region, places=1).areas[0].id


def draft_for_two(first: UUID, second: UUID, by: Acting) -> ReferralDraft:
    """A draft for both services with every question answered."""
    plain = finished_answers()
    own = {slug: each for slug, each in plain.items() if slug.startswith(OF_ONE_SERVICE)}
    draft = make_draft(first, by, plain)
    with write():
        drafts.add_service(draft.id, second, by)
        drafts.save_answers(draft.id, {f"{slug}~2": each for slug, each in own.items()}, by)
    return draft


def add(world: Any) -> None:
    """`cases sent together`: two referrals that the author sent from one draft."""
    first = world.things["service"]["contract_area_id"]
    area = db.session.get_one(ContractArea, first)
    region = db.session.get_one(Organisation, area.contract.buyer_id)
    by = world.by("author")
    second = second_service(region)
    draft = draft_for_two(first, second, by)
    with write():
        sent = sending.send_referrals(draft.id, [first, second], by)
    batch_id = db.session.get_one(Referral, sent[0]).batch_id
    world.things["cases sent together"] = {"batch_id": batch_id}
