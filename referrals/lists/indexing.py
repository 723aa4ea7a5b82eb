"""The keys by which a search finds a case, made by a job after sending and after changes.

Each team and each contract has keys of its own, so that the same name has other keys elsewhere
(decision 0037). A case that was just sent is found by its whole CRN and reference meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, not_, select

from lots.contracts.models import ContractArea
from marketplace.database import db, tables, write
from marketplace.keyring import keyring
from referrals.lists.folding import prefixes
from referrals.lists.models import SearchKey
from referrals.models import Referral
from referrals.waiting import SOON

# Short on purpose: so that a stored key stands for many prefixes, and proves none.
KEY_BYTES = 3
BATCH = 50
MOST_AT_ONCE = 2000


def team_scope(organisation_id: UUID, delivery_unit_code: str) -> str:
    """The name of the keys of a team: a delivery unit of a region."""
    return f"team:{organisation_id}:{delivery_unit_code}"


def contract_scope(contract_id: UUID) -> str:
    """The name of the keys of a contract."""
    return f"contract:{contract_id}"


def keys(scope: str, terms: Iterable[str]) -> set[int]:
    """The keys of these prefixes in this scope."""
    ring = keyring()
    purpose = f"case_search:{scope}"
    return {int.from_bytes(ring.lookup_hash(purpose, term)[:KEY_BYTES]) for term in terms}


def soon_from(complete_by: date) -> date:
    """The Monday from which a case with this completion date counts as ending soon."""
    begins = complete_by - SOON
    return begins - timedelta(days=begins.weekday())


def index_cases(now: datetime) -> int:
    """The job: make the keys of what was sent or changed; returns of how many cases."""
    done = 0
    while done < MOST_AT_ONCE:
        with write():
            found = _next_batch()
            for referral, contract_id in found:
                _index(referral, contract_id)
        if not found:
            break
        done += len(found)
    return done


def _next_batch() -> Sequence[tuple[Referral, UUID]]:
    rows = db.session.execute(
        select(Referral, ContractArea.contract_id)
        .join(ContractArea, ContractArea.id == Referral.contract_area_id)
        .where(not_(Referral.is_indexed))
        .order_by(Referral.sent_at)
        .limit(BATCH)
        .with_for_update(of=Referral, skip_locked=True)
    )
    return [(row[0], row[1]) for row in rows]


def _index(referral: Referral, contract_id: UUID) -> None:
    terms = prefixes(referral.name, referral.crn)
    team = team_scope(referral.organisation_id, referral.delivery_unit_code)
    made = keys(team, terms) | keys(contract_scope(contract_id), terms)
    tables().execute(delete(SearchKey).where(SearchKey.referral_id == referral.id))
    rows = [{"key": key, "referral_id": referral.id} for key in sorted(made)]
    if rows:
        tables().execute(insert(SearchKey.__table__), rows)
    referral.ends_soon_on = soon_from(date.fromisoformat(referral.complete_by))
    referral.is_indexed = True
