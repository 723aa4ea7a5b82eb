"""The fixed words of the policy: its states, its rules by name, and where rules come from."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from lots.vocabulary import Task


class PolicyState(StrEnum):
    """Where a version of the policy stands."""

    DRAFT = "draft"
    PUBLISHED = "published"


POLICY_STATES = {
    PolicyState.DRAFT: _l("Draft"),
    PolicyState.PUBLISHED: _l("Published"),
}


class Basis(StrEnum):
    """Whether a rule is law or the market's own policy."""

    POLICY = "policy"
    STATUTE = "statute"


BASES = {Basis.POLICY: _l("Policy"), Basis.STATUTE: _l("Law")}


class RuleCode(StrEnum):
    """Every rule of the proportionality check (domain, section 4)."""

    QUESTIONS = "questions"
    WORDS = "words"
    TURNOVER = "turnover"
    TURNOVER_TWICE = "turnover_twice"
    INSURANCE = "insurance"
    AUDITED_ACCOUNTS = "audited_accounts"
    NAMED_AUTHORITY = "named_authority"
    CERTIFICATE = "certificate"
    WINDOW_LEAST = "window_least"
    WINDOW_GOOD = "window_good"
    CLOSING_TIME = "closing_time"
    CLOSED_SEASON = "closed_season"
    NOT_SPLIT = "not_split"
    NOT_SPLIT_COVERED = "not_split_covered"
    SHORT_TERM = "short_term"
    MOBILISATION = "mobilisation"
    CONTRACT_REASON = "contract_reason"
    GAGGING = "gagging"
    ONWARD_SHARING = "onward_sharing"
    PUBLICITY = "publicity"
    DATA_DUTIES = "data_duties"
    STAFF_COSTS = "staff_costs"
    STAFF_LIABILITIES = "staff_liabilities"
    FUND_OVER_BUDGET = "fund_over_budget"
    OUTCOME_PAYMENT = "outcome_payment"


RULES = {
    RuleCode.QUESTIONS: _l("Number of questions"),
    RuleCode.WORDS: _l("Words in all"),
    RuleCode.TURNOVER: _l("Turnover over the yearly value"),
    RuleCode.TURNOVER_TWICE: _l("Turnover over twice the yearly value"),
    RuleCode.INSURANCE: _l("Insurance before the award"),
    RuleCode.AUDITED_ACCOUNTS: _l("Audited accounts"),
    RuleCode.NAMED_AUTHORITY: _l("Experience with a named authority"),
    RuleCode.CERTIFICATE: _l("Certificates without an equivalent"),
    RuleCode.WINDOW_LEAST: _l("Least time to bid"),
    RuleCode.WINDOW_GOOD: _l("Good time to bid"),
    RuleCode.CLOSING_TIME: _l("Closing at noon on a working day"),
    RuleCode.CLOSED_SEASON: _l("Closing in the closed season"),
    RuleCode.NOT_SPLIT: _l("Whole region in one piece"),
    RuleCode.NOT_SPLIT_COVERED: _l("Whole region in one piece, covered procurement"),
    RuleCode.SHORT_TERM: _l("Short initial term"),
    RuleCode.MOBILISATION: _l("Short time to get ready"),
    RuleCode.CONTRACT_REASON: _l("Contract instead of a grant"),
    RuleCode.GAGGING: _l("Terms that forbid speaking"),
    RuleCode.ONWARD_SHARING: _l("Passing people’s data on"),
    RuleCode.PUBLICITY: _l("Publicity duties in plain words"),
    RuleCode.DATA_DUTIES: _l("Data duties in plain words"),
    RuleCode.STAFF_COSTS: _l("Staff-cost sheet where staff may move"),
    RuleCode.STAFF_LIABILITIES: _l("Who bears the costs where staff may move"),
    RuleCode.FUND_OVER_BUDGET: _l("More than the fund has left"),
    RuleCode.OUTCOME_PAYMENT: _l("Payment by outcome"),
}

# The page of a draft that puts right what a rule finds.
TASK_OF = {
    RuleCode.QUESTIONS: Task.QUESTIONS,
    RuleCode.WORDS: Task.QUESTIONS,
    RuleCode.TURNOVER: Task.DEMANDS,
    RuleCode.TURNOVER_TWICE: Task.DEMANDS,
    RuleCode.INSURANCE: Task.DEMANDS,
    RuleCode.AUDITED_ACCOUNTS: Task.DEMANDS,
    RuleCode.NAMED_AUTHORITY: Task.DEMANDS,
    RuleCode.CERTIFICATE: Task.DEMANDS,
    RuleCode.WINDOW_LEAST: Task.DATES,
    RuleCode.WINDOW_GOOD: Task.DATES,
    RuleCode.CLOSING_TIME: Task.DATES,
    RuleCode.CLOSED_SEASON: Task.DATES,
    RuleCode.NOT_SPLIT: Task.AREAS,
    RuleCode.NOT_SPLIT_COVERED: Task.AREAS,
    RuleCode.SHORT_TERM: Task.TERM,
    RuleCode.MOBILISATION: Task.TERM,
    RuleCode.CONTRACT_REASON: Task.ROUTE,
    RuleCode.GAGGING: Task.TERMS,
    RuleCode.ONWARD_SHARING: Task.TERMS,
    RuleCode.PUBLICITY: Task.TERMS,
    RuleCode.DATA_DUTIES: Task.TERMS,
    RuleCode.STAFF_COSTS: Task.STAFF,
    RuleCode.STAFF_LIABILITIES: Task.STAFF,
    RuleCode.FUND_OVER_BUDGET: Task.FUNDERS,
    RuleCode.OUTCOME_PAYMENT: Task.PAYMENT,
}
