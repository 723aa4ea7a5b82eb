"""The reviewed table: who gets which answer at each endpoint.

Written from the domain and reviewed line by line; never computed from the policy under test. Each
row names an endpoint with its methods, the thing its address names (see `tests/support/world.py`),
who gets through, and from whom the thing is hidden (404). Everybody else who is signed in is
refused (403), and visitors are asked to sign in. One endpoint may have several rows, one for each
thing. A new endpoint fails the test until it has a row here.

People are named by their role in the organisations that the thing belongs to: region Kent, Surrey
and Sussex, its PCC, prison and provider; "other" ones hold the same role in another organisation
of the kind, in another area.
"""

from tests.rules.answers import (
    bid_attachments,
    bid_compliance,
    bid_evaluation,
    bid_finder,
    bid_library,
    bid_partners,
    bid_submitting,
    bid_writing,
    books,
    bulletins,
    buying,
    cases,
    challenges,
    claims,
    competition,
    continuity,
    contract_changes,
    contracts,
    drafting,
    drafts,
    equality,
    funding,
    ground,
    handing,
    keyholders,
    life,
    lists,
    notices,
    paying,
    pipeline,
    plans,
    proportionality,
    qualification,
    questions,
    referrals,
    sending,
    services,
    sessions,
    stripe,
    together,
)
from tests.rules.answers.people import Row

TABLE = [
    *ground.ROWS,
    *handing.ROWS,
    *books.ROWS,
    *bulletins.ROWS,
    *buying.ROWS,
    *cases.ROWS,
    *bid_attachments.ROWS,
    *bid_compliance.ROWS,
    *bid_evaluation.ROWS,
    *bid_finder.ROWS,
    *bid_library.ROWS,
    *bid_partners.ROWS,
    *bid_writing.ROWS,
    *bid_submitting.ROWS,
    *challenges.ROWS,
    *claims.ROWS,
    *competition.ROWS,
    *continuity.ROWS,
    *contract_changes.ROWS,
    *contracts.ROWS,
    *drafting.ROWS,
    *drafts.ROWS,
    *equality.ROWS,
    *funding.ROWS,
    *keyholders.ROWS,
    *life.ROWS,
    *lists.ROWS,
    *notices.ROWS,
    *paying.ROWS,
    *pipeline.ROWS,
    *plans.ROWS,
    *proportionality.ROWS,
    *qualification.ROWS,
    *questions.ROWS,
    *referrals.ROWS,
    *sending.ROWS,
    *services.ROWS,
    *sessions.ROWS,
    *stripe.ROWS,
    *together.ROWS,
]

__all__ = ["TABLE", "Row"]
