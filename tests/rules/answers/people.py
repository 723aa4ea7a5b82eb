"""Who is meant: groups of people by name, and one line of the reviewed table."""

from __future__ import annotations

from dataclasses import dataclass

EVERYBODY = frozenset({"everybody, signed in or not"})
SIGNED_IN = frozenset({"everybody signed in"})
GET, POST, BOTH = "GET", "POST", "GET POST"


def group(names: str) -> frozenset[str]:
    """People by their names, commas between."""
    return frozenset(name.strip() for name in names.split(","))


NOBODY: frozenset[str] = frozenset()
# Of the region that owns the things. The conflicted officer is also a trustee of a bidder, the
# partnered officer one of a partner that every bid names; the seated evaluator sits on the panel of
# the evaluation in scoring.
OFFICERS = group("commissioning officer, conflicted officer, partnered officer")
EVALUATORS = group("evaluator, seated evaluator")
# Of the provider that bids, delivers and claims.
BIDDERS = group("bid manager, trustee")
WRITERS = BIDDERS | group("finance")
CASEWORKERS = group("caseworker, assigned")
DELIVERING = CASEWORKERS | group("service manager")
# Of probation: the case's author and who shares the author's delivery unit; those named matter
# for the restricted case only.
TEAM = group("author, team mate, team manager")
# Everybody with such a role elsewhere, funders and other buyers too.
DRAFTERS_ELSEWHERE = group(
    "other commissioning officer, pcc commissioner lead, buyer commissioner lead, "
    "other pcc commissioner lead"
)
DECIDERS_ELSEWHERE = group(
    "other director, pcc decision maker, buyer decision maker, other pcc decision maker"
)
EVALUATORS_ELSEWHERE = group("other evaluator, pcc evaluator, buyer evaluator, other pcc evaluator")
MANAGERS_ELSEWHERE = group(
    "other contract manager, pcc commissioner lead, buyer commissioner lead, "
    "other pcc commissioner lead"
)
BIDDERS_ELSEWHERE = group("other bid manager, other trustee")
WRITERS_ELSEWHERE = BIDDERS_ELSEWHERE | group("other finance")
DELIVERING_ELSEWHERE = group("other service manager, other caseworker")
PRISONS = group("prison practitioner, other prison practitioner")
REFERRERS_NOT_OF_CASE = group("practitioner, named, other practitioner") | PRISONS
PROBATION_NOT_OF_CASE = REFERRERS_NOT_OF_CASE | group("other team manager")

LOT_READERS = OFFICERS | EVALUATORS | group("contract manager, director, auditor")
LOT_READERS_ELSEWHERE = (
    DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE | EVALUATORS_ELSEWHERE | group("other contract manager")
)
EVALUATION_ELSEWHERE = DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE | EVALUATORS_ELSEWHERE
CONTRACT_BUYERS = OFFICERS | group("contract manager, director")
CONTRACT_PROVIDERS = group("bid manager, trustee, finance, service manager")
CONTRACT_ELSEWHERE = (
    DRAFTERS_ELSEWHERE
    | DECIDERS_ELSEWHERE
    | group(
        "other contract manager, other bid manager, other trustee, other finance, "
        "other service manager"
    )
)
PROVIDER_PEOPLE = CONTRACT_PROVIDERS | CASEWORKERS
PROVIDER_PEOPLE_ELSEWHERE = group(
    "other bid manager, other trustee, other finance, other service manager, other caseworker"
)
CASE_READERS = TEAM | DELIVERING
CASE_READERS_ELSEWHERE = PROBATION_NOT_OF_CASE | DELIVERING_ELSEWHERE
# The author, those named, the provider's manager and the caseworker on it; nobody else of both.
RESTRICTED_READERS = group("author, named, service manager, assigned")
NOT_OF_RESTRICTED = (CASE_READERS | CASE_READERS_ELSEWHERE) - RESTRICTED_READERS


@dataclass(frozen=True)
class Row:
    """One reviewed line. `nothing` are those whose request is answered and changes nothing."""

    endpoint: str
    methods: str
    thing: str | None
    yes: frozenset[str]
    hidden: frozenset[str] = NOBODY
    nothing: frozenset[str] = NOBODY

    def expected(self, who: str) -> str:
        """The answer this person gets: yes, nothing, no, hidden, or sign in."""
        if self.yes == EVERYBODY:
            return "yes"
        if who == "visitor":
            return "sign in"
        if self.yes == SIGNED_IN or who in self.yes:
            return "yes"
        if who in self.nothing:
            return "nothing"
        return "hidden" if who in self.hidden else "no"
