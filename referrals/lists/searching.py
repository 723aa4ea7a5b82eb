"""Finding a case again by how a name, CRN or reference begins, over encrypted data.

Keyed prefixes lead to cases among those that the searcher may see; each is decrypted and compared
before it is shown. That somebody searched is recorded, and never for what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import CompoundSelect, Select, select, union

from lots.contracts.models import Contract, ContractArea
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db, observe
from referrals.drafts.queries import crn_hash
from referrals.lists import folding
from referrals.lists.indexing import contract_scope, keys, team_scope
from referrals.lists.models import CaseSearch, SearchKey
from referrals.lists.rows import COLUMNS, CaseRow, case_rows
from referrals.lists.scopes import sight, together
from referrals.models import NamedPerson, Referral
from referrals.permissions import PROVIDERS, belongs_to, confirmed_units, delivered_by

SIZE = 25
# So many cases are looked at, newest first, and compared; who is not among them types on.
MOST_COMPARED = 150
REFERENCE_LENGTH = 8


@dataclass(frozen=True)
class Found:
    """The newest cases found; `more` says that there may be others."""

    rows: Sequence[CaseRow]
    more: bool


def search(typed: str, by: Acting) -> Found:
    """The cases this person may see whose name, CRN or reference begins so; and records it."""
    seen = sight(by)
    found = together(seen, Referral.id, [Referral.id.in_(_candidates(typed, by))], MOST_COMPARED)
    rows = db.session.execute(
        COLUMNS.where(Referral.id.in_(select(*found.c)))
        .order_by(Referral.sent_at.desc(), Referral.id)
        .limit(MOST_COMPARED)
    ).all()
    hits = [row for row in rows if folding.matches(typed, row.name, row.crn, row.reference)]
    more = len(hits) > SIZE or len(rows) == MOST_COMPARED
    result = Found(case_rows(hits[:SIZE]), more)
    _record(by, len(result.rows))
    return result


def _candidates(typed: str, by: Acting) -> Select | CompoundSelect:
    plain = "".join(typed.split()).upper()
    parts: list[Select] = [select(Referral.id).where(Referral.crn_hash == crn_hash(plain))]
    scopes = _scopes(by)
    parts += [_with_all(terms, scopes) for terms in folding.sought(typed)]
    if plain.isascii() and plain.isalnum() and len(plain) <= REFERENCE_LENGTH:
        last = plain.ljust(REFERENCE_LENGTH, "Z")
        parts.append(select(Referral.id).where(Referral.reference.between(plain, last)))
    candidates = union(*parts).cte()
    return select(*candidates.c)


def _with_all(terms: Sequence[str], scopes: Sequence[str]) -> Select:
    found = [
        select(SearchKey.referral_id).where(
            SearchKey.key.in_({key for scope in scopes for key in keys(scope, [term])})
        )
        for term in terms
    ]
    first, *rest = found
    return first.where(*(SearchKey.referral_id.in_(each) for each in rest))


def _scopes(by: Acting) -> list[str]:
    """Whose keys this person searches by: their contracts', or their team's and own cases'."""
    if by.has(*PROVIDERS):
        theirs = (
            select(ContractArea.contract_id)
            .join(Contract, Contract.id == ContractArea.contract_id)
            .where(delivered_by(by.organisation_id))
            .distinct()
        )
        return [contract_scope(each) for each in db.session.scalars(theirs)]
    units = union(
        confirmed_units(by),
        select(Referral.delivery_unit_code).where(
            belongs_to(by.person_id), Referral.organisation_id == by.organisation_id
        ),
        select(Referral.delivery_unit_code)
        .join(NamedPerson, NamedPerson.referral_id == Referral.id)
        .where(
            NamedPerson.person_id == by.person_id, Referral.organisation_id == by.organisation_id
        ),
    )
    return [team_scope(by.organisation_id, each) for each in db.session.scalars(units)]


def _record(by: Acting, found: int) -> None:
    at = clock.now()
    with observe() as session:
        session.add(
            CaseSearch(
                at=at, person_id=by.person_id, organisation_id=by.organisation_id, found=found
            )
        )
