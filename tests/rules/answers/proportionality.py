"""Rules set aside, the market's policy, the check while drafting, and the quiz."""

from tests.rules.answers.people import (
    BOTH,
    DECIDERS_ELSEWHERE,
    DRAFTERS_ELSEWHERE,
    EVERYBODY,
    GET,
    OFFICERS,
    POST,
    Row,
    group,
)

MANAGER = group("framework manager")

ROWS = [
    # Only the decider of the lot's own buyer sets a rule aside; the other deciders do not know it.
    Row("overrides.override", BOTH, "lot against a rule", group("director"), DECIDERS_ELSEWHERE),
    Row("overrides.withdraw", POST, "rule set aside", group("director"), DECIDERS_ELSEWHERE),
    Row("checking.check", POST, "draft lot", OFFICERS, DRAFTERS_ELSEWHERE),
    Row("checking.check_question", POST, "draft lot", OFFICERS, DRAFTERS_ELSEWHERE),
    # The market's policy belongs to the framework team.
    Row("policies.policies", GET, None, MANAGER | group("auditor")),
    Row("policies.policy", GET, "draft of the policy", MANAGER | group("auditor")),
    Row("policies.start", POST, "policy in force", MANAGER),
    Row("policies.numbers", BOTH, "draft of the policy", MANAGER),
    Row("policies.rules", BOTH, "draft of the policy", MANAGER),
    Row("policies.caps", BOTH, "draft of the policy", MANAGER),
    Row("policies.publish", BOTH, "draft of the policy", MANAGER),
    Row("policies.discard", POST, "draft of the policy", MANAGER),
    # Nobody needs an account to ask whether a lot is worth it.
    Row("quiz.worth_it", GET, "open lot", EVERYBODY),
]
