"""What the partners still owe a bid, and the voluntary share that its lot asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from bids.models import Bid
from bids.partners.models import TAKES_PART, BidPartner, PartnerState
from bids.partners.parts import names_of
from bids.partners.queries import part_of, partners_of, still_named
from bids.tasks import Task
from lots.funding.arithmetic import split
from lots.prices.arithmetic import whole
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.web.filters import shown_date, shown_pounds

PAGE = "bid_partners.index"


def tasks_of(bid: Bid) -> list[Task]:
    """A line for each partner, one for those who left, and one for the voluntary share."""
    partners = partners_of(bid)
    lines = [_of(bid, partner) for partner in partners]
    lines += [_gone(bid, partner) for partner in still_named(bid) if partner not in partners]
    if not lines:
        lines = [_line(bid, _("Partners"), None, _("No partners. Name some if you want to."))]
    voluntary = _voluntary(bid, partners)
    return [*lines, voluntary] if voluntary else lines


def _line(bid: Bid, label: str, problem: str | None, hint: str | None, who: str = "") -> Task:
    return Task(
        label,
        PAGE,
        problem,
        hint,
        {"bid_id": bid.id},
        who=who or None,
    )


def _of(bid: Bid, partner: BidPartner) -> Task:
    name = partner.name
    state = partner.state
    if state == PartnerState.CONFIRMED:
        day = shown_date(partner.confirmed_at)
        return _line(bid, name, None, _("Confirmed its part on %(day)s.", day=day))
    # What is missing is mailed too, so that it names nobody; the line's label does.
    if state == PartnerState.INVITED:
        problem = _("A partner has not taken up its invitation.")
    elif state == PartnerState.TAKEN_UP:
        problem = _("A partner has not confirmed its part.")
    elif state == PartnerState.DECLINED:
        problem = _("A partner has declined. Go on without it, or invite another.")
    else:
        return _gone(bid, partner)
    waits = state in (PartnerState.INVITED, PartnerState.TAKEN_UP)
    return _line(bid, name, problem, None, name if waits else "")


def _gone(bid: Bid, partner: BidPartner) -> Task:
    if partner.state == PartnerState.REMOVED:
        hint = _(
            "You took it off after submitting. The submitted version still names it: submit again."
        )
        return _line(bid, partner.name, None, hint)
    if not partner.named:
        problem = _("A partner has withdrawn its name. Go on without it, or invite another.")
    else:
        problem = _(
            "A partner withdrew its name on %(day)s, and the submitted version still names it. Go "
            "on without it and submit again.",
            day=shown_date(partner.left_at),
        )
    return _line(bid, partner.name, problem, None)


def _voluntary(bid: Bid, partners: list[BidPartner]) -> Task | None:
    asked = bid.lot.voluntary_share_percent
    if not asked:
        return None
    label = _("Voluntary organisations’ share")
    sharing = sharing_of(bid, partners)
    if sharing is None:
        hint = _("The lot asks for %(asked)s%%. Enter the price first.", asked=asked)
        return _line(bid, label, None, hint)
    facts = {
        "asked": asked,
        "has": shown_pounds(sharing.voluntary_pence),
        "total": shown_pounds(sharing.total_pence),
        "percent": sharing.voluntary_percent,
    }
    if sharing.voluntary_pence * 100 >= sharing.total_pence * asked:
        return _line(
            bid,
            label,
            None,
            _("%(has)s of %(total)s (%(percent)s%%); the lot asks for %(asked)s%%.", **facts),
        )
    problem = _(
        "At least %(asked)s%% of the price must go to voluntary organisations. Now it is %(has)s "
        "of %(total)s (%(percent)s%%). Give voluntary partners a larger share.",
        **facts,
    )
    return _line(bid, label, problem, None)


@dataclass(frozen=True)
class Share:
    """Somebody's share of the price over the initial term, in pence."""

    name: str
    pence: int
    is_voluntary: bool
    is_lead: bool = False
    is_confirmed: bool = True


@dataclass(frozen=True)
class Sharing:
    """The price over the initial term, shared out; the lead's share is the rest."""

    total_pence: int
    shares: tuple[Share, ...]

    @property
    def voluntary_pence(self) -> int:
        """What goes to voluntary organisations; a rest below nothing counts for nobody."""
        return sum(max(each.pence, 0) for each in self.shares if each.is_voluntary)

    @property
    def voluntary_percent(self) -> int:
        """In whole percent, rounded down."""
        return self.voluntary_pence * 100 // self.total_pence if self.total_pence else 0

    @property
    def over_pence(self) -> int:
        """By how much the partners' shares exceed the price."""
        return max(-self.shares[0].pence, 0)

    @property
    def percents(self) -> list[int]:
        """Each share in whole percent of all of them; together a hundred."""
        return split(100, [max(each.pence, 0) for each in self.shares])


def sharing_of(bid: Bid, partners: Iterable[BidPartner]) -> Sharing | None:
    """Who of the bid's partners gets what of the price as it stands; None before there is one."""
    total = whole(bid.lot, int(bid.price_pence)) if bid.price_pence else None
    if total is None:
        return None
    parts = [each for each in partners if each.state in TAKES_PART]
    pence = {part.id: part_of(part).pence for part in parts}
    ids = {bid.bidder_id, *(part.organisation_id for part in parts)}
    found = select(Organisation).where(Organisation.id.in_(ids - {None}))
    known = {each.id: each for each in db.session.scalars(found)}
    lead = known[bid.bidder_id]
    rest = total - sum(pence.values())
    shares = [Share(lead.name, rest, lead.is_voluntary, is_lead=True)]
    for part in parts:
        organisation = known.get(part.organisation_id) if part.organisation_id else None
        is_voluntary = organisation is not None and organisation.is_voluntary
        is_confirmed = part.state == PartnerState.CONFIRMED
        shares.append(Share(part.name, pence[part.id], is_voluntary, is_confirmed=is_confirmed))
    return Sharing(total, tuple(shares))


def document_of(bid: Bid) -> list[tuple[str, list[str]]]:
    """The partners for the downloaded document: a heading with its lines each."""
    found = []
    for partner in partners_of(bid):
        part = part_of(partner)
        lines = [
            part.role,
            _("Areas: %(areas)s", areas=", ".join(names_of(part.areas))),
            _("Share over the term: %(pounds)s", pounds=shown_pounds(part.pence)),
        ]
        if partner.state != PartnerState.CONFIRMED:
            lines.append(_("Not confirmed"))
        found.append((_("Partner: %(name)s", name=partner.name), lines))
    return found
