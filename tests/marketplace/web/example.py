"""A page with every kind of field and furniture, mounted by the tests of the web shell."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import insert
from wtforms import FieldList, FormField
from wtforms import Form as PlainForm

from marketplace import clock
from marketplace.database import db, write
from marketplace.files import FileKind, UploadField
from marketplace.lifecycle import Refusal
from marketplace.once import UsedKey
from marketplace.paging import Page
from marketplace.permissions import NotYours, Refused, public
from marketplace.web.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    EmailField,
    Form,
    HiddenField,
    LongTextField,
    MoneyField,
    PasswordField,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    TextField,
    TimeField,
    WholeNumberField,
    Words,
)
from marketplace.web.headers import sensitive
from marketplace.web.pictures import Bar, Tile, bounds, legend, step

pages = Blueprint("example", __name__, template_folder="templates")


class ShareForm(PlainForm):
    """One funder's share, within the list of shares."""

    amount = MoneyField(_l("Share"), [Required(_l("Enter the share"))])


class ExampleForm(Form):
    """One of everything."""

    title = TextField(_l("Name of the service"), [Required(_l("Enter the name of the service"))])
    contact = EmailField(_l("Email address"))
    aims = LongTextField(_l("What should it achieve?"), [Words(20)], called=_l("Aims"))
    value = MoneyField(_l("Value for a year"), [Required(_l("Enter the value for a year"))])
    places = WholeNumberField(_l("Places"), least=1, most=500)
    closes_on = DateField(_l("When does it close?"), called=_l("Closing date"))
    closes_at = TimeField(_l("Closing time"))
    route = RadioField(
        _l("Route"),
        [Required(_l("Select a route"))],
        choices=[SelectChoice("grant", _l("Grant")), SelectChoice("contract", _l("Contract"))],
        hints={"grant": _l("Paid up front, one page of reporting")},
    )
    cohorts = CheckboxesField(
        _l("Who is it for?"),
        choices=[SelectChoice("women", _l("Women")), SelectChoice("young", _l("18 to 25"))],
    )
    region = SelectField(
        _l("Region"),
        choices=[SelectChoice("", _l("Choose a region")), SelectChoice("G", "South West")],
    )
    sheet = UploadField(_l("Staff cost sheet"), kinds=[FileKind.PDF, FileKind.XLSX])
    secret = PasswordField(_l("Password"))
    agreed = CheckboxField(_l("I confirm"), [Required(_l("Tick to confirm"))])
    origin = HiddenField()
    shares = FieldList(FormField(ShareForm), min_entries=1)


@pages.route("/example", methods=["GET", "POST"])
@public
def form() -> object:
    """The form, and after it the banner."""
    form = ExampleForm()
    if form.validate_on_submit():
        flash(_("Saved"), "success")
        return redirect(url_for("example.form"))
    return render_template("example/form.html", form=form)


@pages.get("/example/furniture")
@public
def furniture() -> str:
    """Lists, tags, pages and pictures."""
    bars = [Bar("Women", 39), Bar("Education, training and employment", 21), Bar("Finance", 3)]
    figures = {"kent": 12, "cumbria": 2, "avon-and-somerset": 31, "durham": 8, "dorset": 0}
    limits = bounds(figures.values())
    tiles = {
        code: Tile(code, str(figure), step(figure, limits), "/cookies")
        for code, figure in figures.items()
    } | {"metropolitan": Tile("London", "", elsewhere=True)}
    return render_template(
        "example/furniture.html",
        page=Page([], 4, 12, 290),
        bars=bars,
        tiles=tiles,
        legend=legend(limits),
    )


@pages.get("/example/person")
@public
@sensitive
def person() -> str:
    """A page about a person."""
    return render_template("example/person.html")


@pages.get("/api/example/<kind>")
@pages.get("/example/raise/<kind>")
@public
def fail(kind: str) -> str:
    """Every error that a view may raise."""
    from sqlalchemy.exc import OperationalError

    if kind in ("overtaken", "broken"):
        _break_a_constraint(kind)
    raise {
        "refusal": Refusal("The closing date has passed"),
        "refused": Refused(),
        "not-yours": NotYours(),
        "database": OperationalError("select", {}, Exception("gone: secret value")),
        "crash": RuntimeError("secret value"),
    }[kind]


def _break_a_constraint(kind: str) -> None:
    key = UsedKey(key="secret value", used_at=clock.technical_now())
    with write():
        db.session.add(key)
        db.session.flush()
        twice = {"key": key.key, "used_at": key.used_at if kind == "overtaken" else None}
        db.session.execute(insert(UsedKey).values(twice))


def register(app: Flask) -> None:
    """Mount the example."""
    app.register_blueprint(pages)
