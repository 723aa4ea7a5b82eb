"""What is merely missing from a draft, or does not fit together, page by page."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from lots.models import Lot
from lots.prices.arithmetic import parts_of
from lots.proportionality.arithmetic import least_whole_life, most_whole_life
from lots.proportionality.findings import Finding, Judged, missing
from lots.vocabulary import Level, Paid, PaymentProfile, Route, Task
from marketplace import calendar
from marketplace.web.filters import shown_pounds


def service(judged: Judged) -> Iterator[Finding]:
    """A title, a description and an outcome."""
    lot = judged.lot
    if not lot.title.strip():
        yield missing(Task.SERVICE, _("Give the lot a title."))
    if not lot.summary.strip():
        yield missing(Task.SERVICE, _("Describe what is to be bought."))
    if not lot.outcomes:
        yield missing(Task.SERVICE, _("Choose at least one outcome to be achieved."))


def areas(judged: Judged) -> Iterator[Finding]:
    """Areas that exist, each with places to buy."""
    lot = judged.lot
    if not lot.areas:
        yield missing(Task.AREAS, _("Choose at least one area."))
    if any(not area.places for area in lot.areas):
        yield missing(Task.VOLUMES, _("Enter the places to buy in each area."))
    if any((area.area_code, area.region_code) not in judged.areas for area in lot.areas):
        yield missing(
            Task.AREAS,
            _("An area of this lot is no longer in use."),
            _("Open the page, check the areas and save it."),
        )


def people(judged: Judged) -> Iterator[Finding]:
    """At which points of a sentence people come, and how many are expected."""
    lot = judged.lot
    if not lot.statuses:
        yield missing(
            Task.ELIGIBILITY, _("Choose at which points of a sentence somebody can be referred.")
        )
    if not any((lot.starts_low, lot.starts_medium, lot.starts_high)):
        yield missing(Task.VOLUMES, _("Enter how many people are expected to start in a month."))


def value(judged: Judged) -> Iterator[Finding]:
    """The term, and both values: the whole-life one holds every month and every option."""
    lot = judged.lot
    if not lot.value_net_pence or not lot.value_gross_pence:
        yield missing(Task.VALUE, _("Enter the net value and the whole-life value with VAT."))
    else:
        yield from _whole_life(lot, lot.value_gross_pence)
    if not lot.term_months:
        yield missing(Task.TERM, _("Enter the initial term in months."))


def price(judged: Judged) -> Iterator[Finding]:
    """What is paid for is counted; a grant has one price."""
    lot = judged.lot
    paid = parts_of(lot)
    if Paid.OUTCOME in paid and not any(each.paid_number for each in lot.outcomes):
        yield missing(
            Task.PAYMENT, _("Outcomes are paid for. Enter how many you expect, for one at least.")
        )
    if lot.route == Route.GRANT and (Paid.OUTCOME in paid or len(paid) > 1):
        yield missing(
            Task.PAYMENT,
            _("A grant is paid by its schedule, not by outcomes or in several ways."),
            _("Choose another price, or a contract."),
        )
    afterwards = lot.payment_profile == PaymentProfile.MONTHLY_IN_ARREARS
    if Paid.INSTALMENT in paid and afterwards:
        yield missing(Task.PAYMENT, _("Instalments in advance are not paid afterwards."))


def _whole_life(lot: Lot, gross: int) -> Iterator[Finding]:
    least, most = least_whole_life(lot), most_whole_life(lot)
    if least is not None and gross < least:
        yield missing(
            Task.VALUE,
            _(
                "The whole-life value must be at least %(least)s: net value × (term + "
                "extensions) ÷ term.",
                least=shown_pounds(least),
            ),
        )
    if most is not None and gross > most:
        yield Finding(
            Task.VALUE,
            Level.FLAGS,
            _(
                "The whole-life value is above %(most)s, which the net value comes to with every "
                "extension and VAT.",
                most=shown_pounds(most),
            ),
            _("Check both values, or say in the summary what the rest is for."),
        )


def criteria(judged: Judged) -> Iterator[Finding]:
    """Weights that add up to 100, one of them besides the price."""
    lot = judged.lot
    if not lot.criteria:
        yield missing(Task.CRITERIA, _("Add at least one criterion besides the price."))
    total = (lot.price_weight or 0) + sum(each.weight for each in lot.criteria)
    if lot.price_weight is None or total != 100:
        yield missing(
            Task.CRITERIA,
            _("The weights, with the price’s, add up to %(total)s.", total=total),
            _("They must add up to 100."),
        )


def questions(judged: Judged) -> Iterator[Finding]:
    """A question for each criterion."""
    lot = judged.lot
    if not lot.questions:
        yield missing(Task.QUESTIONS, _("Add at least one question."))
        return
    asked = {question.criterion_id for question in lot.questions}
    for criterion in lot.criteria:
        if criterion.id not in asked:
            yield missing(
                Task.QUESTIONS,
                _("No question asks about “%(criterion)s”.", criterion=criterion.name),
                _("Add one, or remove the criterion."),
            )


def staff(judged: Judged) -> Iterator[Finding]:
    """Whether today's staff may move."""
    if judged.lot.transfer is None:
        yield missing(Task.STAFF, _("Say whether staff of today’s provider may move."))


def dates(judged: Judged) -> Iterator[Finding]:
    """A closing day, and a start after it."""
    lot = judged.lot
    if lot.closes_at is None:
        yield missing(Task.DATES, _("Choose the closing day."))
    if lot.starts_on is None:
        yield missing(Task.DATES, _("Say when the service should start."))
    elif lot.closes_at and lot.starts_on <= calendar.day_of(lot.closes_at):
        yield missing(Task.DATES, _("The service must start after the closing day."))


def expected_opening(lot: Lot) -> Iterator[str]:
    """What the pipeline needs besides: when the lot is expected to open."""
    if lot.opens_on is None:
        yield _("Say when you expect to open it for bids.")


CHECKS = (service, people, areas, value, price, criteria, questions, staff, dates)
TO_PLAN = (service, areas, value)
