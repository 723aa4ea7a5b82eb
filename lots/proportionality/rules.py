"""The rules on what is asked of bidders and on the terms (domain, section 4).

Each is a pure function of the lot and the policy, and finds a breach at most once.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from lots.models import Lot
from lots.prices.arithmetic import parts_of
from lots.proportionality.findings import Finding, Judged, broken
from lots.proportionality.vocabulary import RuleCode
from lots.vocabulary import (
    ONWARD_SHARING,
    Demand,
    DocumentKind,
    OnwardSharing,
    Paid,
    Route,
    Transfer,
)
from marketplace.web.filters import shown_pounds


def yearly_pence(lot: Lot) -> int | None:
    """The net value of the initial term for each of its years, in pence, rounded down."""
    if not lot.value_net_pence or not lot.term_months:
        return None
    return lot.value_net_pence * 12 // lot.term_months


def caps(judged: Judged) -> Iterator[Finding]:
    """At most so many questions and words for a lot of this value."""
    lot = judged.lot
    if not lot.value_gross_pence:
        return
    cap = judged.policy.cap_for(lot.route, lot.value_gross_pence)
    asked = len(lot.questions)
    words = sum(question.word_limit for question in lot.questions)
    if asked > cap.questions:
        yield broken(
            RuleCode.QUESTIONS,
            _(
                "%(asked)s questions are too many for this value: at most %(most)s.",
                asked=asked,
                most=cap.questions,
            ),
            _("Remove or join questions."),
            over=asked - cap.questions,
        )
    if words > cap.words:
        yield broken(
            RuleCode.WORDS,
            _(
                "The word limits add up to %(words)s, too many for this value: at most %(most)s.",
                words=f"{words:,}",
                most=f"{cap.words:,}",
            ),
            _("Lower the word limits."),
            over=words - cap.words,
        )


def turnover(judged: Judged) -> Iterator[Finding]:
    """A turnover asked for, against the yearly value."""
    yearly = yearly_pence(judged.lot)
    asked = max((each.least_pence or 0 for each in judged.lot.demands), default=0)
    if not yearly or not asked:
        return
    policy = judged.policy
    blocked = asked * 100 > yearly * policy.turnover_block_percent
    if not blocked and asked * 100 <= yearly * policy.turnover_flag_percent:
        return
    yield broken(
        RuleCode.TURNOVER_TWICE if blocked else RuleCode.TURNOVER,
        _(
            "A turnover of %(asked)s is asked for, with a yearly value of %(yearly)s.",
            asked=shown_pounds(asked),
            yearly=shown_pounds(yearly),
        ),
        _("Ask for no more than the yearly value, or ask how the service will be paid for."),
        # Rounded up, so that nothing over the limit reads as the limit itself.
        percent=-(-asked * 100 // yearly),
    )


BARRED = {
    Demand.INSURANCE: RuleCode.INSURANCE,
    Demand.AUDITED_ACCOUNTS: RuleCode.AUDITED_ACCOUNTS,
    Demand.NAMED_AUTHORITY: RuleCode.NAMED_AUTHORITY,
}


def barred(judged: Judged) -> Iterator[Finding]:
    """What must not be asked of bidders at all."""
    texts = {
        Demand.INSURANCE: (
            _("Insurance is asked for before the award."),
            _("Ask for it from the winner, before the service starts."),
        ),
        Demand.AUDITED_ACCOUNTS: (
            _("Audited accounts are asked for."),
            _("Ask for accounts in the form that the law asks of each organisation."),
        ),
        Demand.NAMED_AUTHORITY: (
            _("Experience with a named authority is asked for."),
            _("Ask for experience of the work, wherever it was gained."),
        ),
    }
    asked = {each.kind for each in judged.lot.demands}
    for kind, code in BARRED.items():
        if kind in asked:
            text, instead = texts[kind]
            yield broken(code, text, instead)


def certificates(judged: Judged) -> Iterator[Finding]:
    """Certificates without "or equivalent, or a plan to get there"."""
    bare = [
        each.text.strip()
        for each in judged.lot.demands
        if each.kind == Demand.CERTIFICATE and not each.or_equivalent
    ]
    if bare:
        yield broken(
            RuleCode.CERTIFICATE,
            _(
                "Only the certificate itself is accepted: %(names)s.",
                names=", ".join(name or _("not named") for name in bare),
            ),
            _("Accept an equivalent, or a plan to get there."),
            **{name.casefold(): 1 for name in bare},
        )


def split(judged: Judged) -> Iterator[Finding]:
    """A whole region in one piece needs a reason."""
    lot = judged.lot
    whole = sum(area.area_code is None for area in lot.areas)
    if whole and not lot.whole_region_reason.strip():
        covered = judged.policy.is_covered(lot)
        yield broken(
            RuleCode.NOT_SPLIT_COVERED if covered else RuleCode.NOT_SPLIT,
            _("The lot covers a whole region in one piece."),
            _("Split it by police and crime commissioner area, or give the reason to publish."),
            regions=whole,
        )


def term(judged: Judged) -> Iterator[Finding]:
    """A short term, and little time to get ready."""
    lot, policy = judged.lot, judged.policy
    if lot.term_months and lot.term_months < policy.good_term_months:
        yield broken(
            RuleCode.SHORT_TERM,
            ngettext(
                "The initial term is %(num)s month; %(good)s months or more are better.",
                "The initial term is %(num)s months; %(good)s months or more are better.",
                lot.term_months,
                good=policy.good_term_months,
            ),
            _("Choose a longer initial term, with a break clause where the money is not sure."),
            months_short=policy.good_term_months - lot.term_months,
        )
    weeks = lot.mobilisation_weeks
    if weeks is not None and weeks < policy.good_mobilisation_weeks:
        yield broken(
            RuleCode.MOBILISATION,
            ngettext(
                "There is %(num)s week between the award and the start; %(good)s are better.",
                "There are %(num)s weeks between the award and the start; %(good)s are better.",
                weeks,
                good=policy.good_mobilisation_weeks,
            ),
            _("Start later, or let the service grow into its places over the first months."),
            weeks_short=policy.good_mobilisation_weeks - weeks,
        )


def route(judged: Judged) -> Iterator[Finding]:
    """Grant first: a contract needs a reason."""
    if judged.lot.route == Route.CONTRACT and not judged.lot.contract_reason.strip():
        yield broken(
            RuleCode.CONTRACT_REASON,
            _("A contract needs a reason, which the lot’s page shows."),
            _("Give the reason, or choose a grant."),
        )


def speaking(judged: Judged) -> Iterator[Finding]:
    """Terms that forbid the provider to speak, or pass people's data on."""
    lot = judged.lot
    if lot.forbids_speaking:
        yield broken(
            RuleCode.GAGGING,
            _("The terms forbid the provider to speak in public."),
            _("Take the clause out. Duties of confidence about people stay without it."),
            forbidden=1,
        )
    sharing = lot.onward_sharing or OnwardSharing.NONE
    if sharing is not OnwardSharing.NONE:
        yield broken(
            RuleCode.ONWARD_SHARING,
            _(
                "People’s data is passed on for something else than the service: %(purpose)s.",
                purpose=ONWARD_SHARING[sharing],
            ),
            _("Take it out, or ask each person before anything is passed on."),
            **{sharing.value: 1},
        )


def plain_words(judged: Judged) -> Iterator[Finding]:
    """Publicity and data duties, in plain words before bidding."""
    if not (judged.lot.publicity_terms or "").strip():
        yield broken(
            RuleCode.PUBLICITY,
            _("Nothing says what the provider may and must say in public."),
            _("Say it in a sentence or two; “no duties” is an answer too."),
        )
    if not (judged.lot.data_terms or "").strip():
        yield broken(
            RuleCode.DATA_DUTIES,
            _("Nothing says what data the provider records, and who sees it."),
            _("Say it in a sentence or two."),
        )


def staff(judged: Judged) -> Iterator[Finding]:
    """Where staff may move: what they cost, and who bears the liabilities."""
    lot = judged.lot
    if lot.transfer not in (Transfer.YES, Transfer.MAY):
        return
    if all(document.kind != DocumentKind.STAFF_COSTS for document in lot.documents):
        yield broken(
            RuleCode.STAFF_COSTS,
            _("Staff may move, and there is no staff-cost sheet."),
            _("Ask today’s provider for an anonymised one and add it to the documents."),
        )
    if not (lot.transfer_liabilities or "").strip():
        yield broken(
            RuleCode.STAFF_LIABILITIES,
            _("Staff may move, and nothing says who bears the liabilities."),
            _("Say who pays for what dates from before the move."),
        )


def outcome_payment(judged: Judged) -> Iterator[Finding]:
    """No more than a small part of the value waits for outcomes."""
    percent = parts_of(judged.lot).get(Paid.OUTCOME, 0)
    most = judged.policy.most_outcome_percent
    if percent > most:
        yield broken(
            RuleCode.OUTCOME_PAYMENT,
            _(
                "%(percent)s%% of the value is paid by outcomes reached: at most %(most)s%%.",
                percent=percent,
                most=most,
            ),
            _("Pay more of it by the month, by starts or in advance."),
            percent=percent,
        )


CHECKS = (
    split,
    route,
    term,
    caps,
    turnover,
    barred,
    certificates,
    staff,
    speaking,
    plain_words,
    outcome_payment,
)
