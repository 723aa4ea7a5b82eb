"""The forms of overrides, of the policy's pages, and of the quiz."""

from __future__ import annotations

from calendar import monthrange
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.models import Lot
from lots.proportionality.models import MarketPolicy
from lots.proportionality.quiz import (
    KINDS,
    READY,
    WHERE,
    Answers,
    Kind,
    Ready,
    Where,
    start_question,
    time_question,
)
from lots.proportionality.vocabulary import RULES, RuleCode
from lots.vocabulary import LEVELS, ROUTES, Level, Route
from marketplace.organisations.models import INCOME_BANDS, IncomeBand
from marketplace.web.fields import (
    DateField,
    Form,
    HiddenField,
    LongTextField,
    MoneyField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    WholeNumberField,
    Words,
)

CAP_ROWS = 6


def _choices(labels: Any) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


class OverrideForm(OnceForm):
    """Why the lot may open against a rule. `seen` marks the finding that the decider read."""

    seen = HiddenField()
    reason = LongTextField(
        _l("Your reason"),
        [Required(_l("Give your reason")), Words(150)],
        description=_l("Everybody reads it on the lot’s page, with your role and the date."),
    )


class NewVersionForm(OnceForm):
    """The next version, begun as a copy."""


class SeenForm(Form):
    """A page of a version; `seen` carries what it held when it was opened."""

    seen = HiddenField()


def _number(label: Any, hint: Any = "", least: int = 1, most: int = 1000) -> WholeNumberField:
    return WholeNumberField(
        label, [Required(_l("Enter a number"))], least=least, most=most, description=hint
    )


def _money(label: Any) -> MoneyField:
    return MoneyField(label, [Required(_l("Enter an amount"))])


def _in_month(day: int | None, month: int | None) -> None:
    # A leap year, so that 29 February counts as a day.
    if day and month and day > monthrange(2024, month)[1]:
        raise ValidationError(_("Enter a day that the month has"))


class NumbersForm(SeenForm):
    """The windows, cut-offs, limits and the calibration of the burden meter."""

    least_window_days = _number(_l("Least time to bid, in working days"), most=250)
    good_window_weeks = _number(_l("Good time to bid, in weeks"), most=52)
    good_window_weeks_short = _number(_l("Good time to bid in short form, in weeks"), most=52)
    good_term_months = _number(_l("Good initial term, in months"), most=120)
    good_mobilisation_weeks = _number(_l("Good time to get ready, in weeks"), most=52)
    short_form_under_pence = _money(_l("Short form under, whole-life value with VAT"))
    covered_from_pence = _money(_l("Covered procurement from, whole-life value with VAT"))
    season_from_month = _number(_l("Closed season: first month"), most=12)
    season_from_day = _number(_l("Closed season: first day"), most=31)
    season_to_month = _number(_l("Closed season: last month"), most=12)
    season_to_day = _number(_l("Closed season: last day"), most=31)
    questions_cut_off_days = _number(_l("Questions end, in working days before closing"), most=60)
    answers_due_days = _number(_l("Answers are due, in working days before closing"), most=60)
    extension_days = _number(_l("Closing after a late answer, in working days"), most=60)
    material_change_days = _number(_l("Closing after a material change, in working days"), most=60)
    correction_days = _number(_l("To correct an opened bid, in working days"), most=20)
    turnover_flag_percent = _number(_l("Turnover is flagged over, % of the yearly value"))
    turnover_block_percent = _number(_l("Turnover keeps closed over, % of the yearly value"))
    low_price_percent = _number(
        _l("Bidders explain a price this far below the net value, in %"), most=99
    )
    most_outcome_percent = _number(
        _l("Payment by outcome keeps closed over, % of the value"), least=0, most=100
    )
    base_minutes = _number(_l("Reading and deciding, in minutes"), least=0, most=6000)
    minutes_per_question = _number(_l("For each question, in minutes"), least=0, most=6000)
    minutes_per_100_words = _number(_l("For each 100 words, in minutes"), least=0, most=6000)
    minutes_per_document = _number(_l("For each document to send, in minutes"), least=0, most=6000)
    minutes_per_demand = _number(_l("For each other demand, in minutes"), least=0, most=6000)
    small_bid_hours = _number(_l("What a small organisation can spare, in hours"))
    hour_pence = _money(_l("What an hour costs"))
    usual_bidders = _number(_l("Bidders expected where the lot does not say"), most=100)

    def validate_answers_due_days(self, field: WholeNumberField) -> None:
        """Answers come after the last question."""
        if (field.data or 0) >= (self.questions_cut_off_days.data or 0):
            raise ValidationError(_("Answers must be due after the questions end"))

    def validate_questions_cut_off_days(self, field: WholeNumberField) -> None:
        """There must be a day left to ask."""
        if (field.data or 0) >= (self.least_window_days.data or 0):
            raise ValidationError(_("Questions must end within the least time to bid"))

    def validate_turnover_block_percent(self, field: WholeNumberField) -> None:
        """The flag comes first."""
        if (field.data or 0) < (self.turnover_flag_percent.data or 0):
            raise ValidationError(_("It must not be under the percentage that is flagged"))

    def validate_season_from_day(self, field: WholeNumberField) -> None:
        """The day is one of its month."""
        _in_month(field.data, self.season_from_month.data)

    def validate_season_to_day(self, field: WholeNumberField) -> None:
        """The day is one of its month."""
        _in_month(field.data, self.season_to_month.data)

    def values(self) -> dict[str, Any]:
        """What was typed."""
        own = ("seen", "csrf_token")
        return {name: field.data for name, field in self._fields.items() if name not in own}


# The numbers' page under headings: (heading, names of fields).
NUMBER_GROUPS = (
    (
        _l("Time to bid"),
        ("least_window_days", "good_window_weeks", "good_window_weeks_short"),
    ),
    (
        _l("Closed season"),
        ("season_from_day", "season_from_month", "season_to_day", "season_to_month"),
    ),
    (
        _l("Questions, answers and changes"),
        (
            "questions_cut_off_days",
            "answers_due_days",
            "extension_days",
            "material_change_days",
            "correction_days",
        ),
    ),
    (
        _l("Value and term"),
        (
            "short_form_under_pence",
            "covered_from_pence",
            "turnover_flag_percent",
            "turnover_block_percent",
            "low_price_percent",
            "most_outcome_percent",
            "good_term_months",
            "good_mobilisation_weeks",
        ),
    ),
    (
        _l("Burden meter"),
        (
            "base_minutes",
            "minutes_per_question",
            "minutes_per_100_words",
            "minutes_per_document",
            "minutes_per_demand",
            "small_bid_hours",
            "hour_pence",
            "usual_bidders",
        ),
    ),
)


def levels_form(policy: MarketPolicy) -> type[SeenForm]:
    """A form with one choice for each rule of a version."""
    choices = _choices(LEVELS)
    made = {
        rule.code: SelectField(
            RULES[RuleCode(rule.code)],
            [Required(_l("Select what this rule does"))],
            choices=choices,
        )
        for rule in policy.rules
    }
    return type("LevelsForm", (SeenForm,), made)


def levels_given(form: SeenForm, policy: MarketPolicy) -> dict[str, Level]:
    """The level chosen for each rule."""
    return {rule.code: Level(form[rule.code].data) for rule in policy.rules}


class PublishForm(Form):
    """From which day on a version holds."""

    valid_from = DateField(_l("From which day on?"), [Required(_l("Enter the day"))])


class _CapsForm(SeenForm):
    """Rows of caps, each whole or empty."""

    def validate(self, extra_validators: Any = None) -> bool:
        """A row with one number needs the other."""
        sound = super().validate(extra_validators)
        for row in range(1, CAP_ROWS + 1):
            pair = [self[f"questions-{row}"], self[f"words-{row}"]]
            typed = [bool(field.raw_data and field.raw_data[0].strip()) for field in pair]
            for field, given in zip(pair, typed, strict=True):
                if any(typed) and not given:
                    field.errors = [_("Enter a number, or leave the whole row empty")]
                    sound = False
        return sound


def caps_form() -> type[SeenForm]:
    """A form with rows of caps; a row is left out by leaving its questions and words empty."""
    routes = [SelectChoice("", _l("Grant or contract")), *_choices(ROUTES)]
    made: dict[str, Any] = {}
    for row in range(1, CAP_ROWS + 1):
        made |= {
            f"route-{row}": SelectField(_l("For"), choices=routes),
            f"under-{row}": MoneyField(_l("Whole-life value under")),
            f"questions-{row}": WholeNumberField(_l("Questions"), least=1, most=100),
            f"words-{row}": WholeNumberField(_l("Words in all"), least=1, most=100_000),
        }
    return type("CapsForm", (_CapsForm,), made)


def fill_caps(form: SeenForm, rows: list[tuple[Any, ...]]) -> None:
    """Show the caps that stand."""
    for row, (route, under, questions, words) in enumerate(rows, start=1):
        form[f"route-{row}"].data = route.value if route else ""
        form[f"under-{row}"].data = under
        form[f"questions-{row}"].data = questions
        form[f"words-{row}"].data = words


def caps_given(form: SeenForm) -> list[tuple[Any, ...]]:
    """The rows that were filled in, in order."""
    rows = []
    for row in range(1, CAP_ROWS + 1):
        questions, words = form[f"questions-{row}"].data, form[f"words-{row}"].data
        if questions and words:
            route = form[f"route-{row}"].data
            rows.append(
                (Route(route) if route else None, form[f"under-{row}"].data, questions, words)
            )
    return rows


class QuizForm(Form):
    """Five questions, asked and answered in the address alone."""

    class Meta(Form.Meta):
        csrf = False

    where = RadioField(
        _l("Do you work in these areas?"), [Required(_l("Select how much you work there"))]
    )
    kind = RadioField(
        _l("Do you do this kind of work?"), [Required(_l("Select whether you do this work"))]
    )
    income = RadioField(
        _l("What is your yearly income?"), [Required(_l("Select your yearly income"))]
    )
    ready = RadioField("", [Required(_l("Select whether you could start"))])
    hours = WholeNumberField(
        "", [Required(_l("Enter how many hours you have"))], least=0, most=10_000
    )

    def __init__(self, lot: Lot):
        super().__init__(request.args)
        self.where.choices = _choices(WHERE)
        self.kind.choices = _choices(KINDS)
        self.income.choices = _choices(INCOME_BANDS)
        self.ready.choices = _choices(READY)
        self.ready.label.text = start_question(lot)
        self.hours.label.text = time_question(lot)

    def answers(self) -> Answers:
        """What was answered."""
        return Answers(
            where=Where(self.where.data),
            kind=Kind(self.kind.data),
            income=IncomeBand(self.income.data),
            ready=Ready(self.ready.data),
            hours=self.hours.data or 0,
        )
