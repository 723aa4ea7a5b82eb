"""Statements of money: of a contract, of a provider, and of whoever pays; on screen and as CSV."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from lots.contracts import queries as contracts
from lots.contracts.books import actions, queries
from lots.contracts.books.permissions import BooksPermission
from lots.contracts.books.queries import Books
from lots.contracts.books.showing import HEADER, as_table, statement
from marketplace.database import write
from marketplace.payments.models import ACCOUNT_KINDS
from marketplace.payments.periods import PeriodForm, offered
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor
from marketplace.web.tables import csv_file

blueprint = Blueprint("books", "lots", template_folder="templates")


@blueprint.get("/statements")
@requires(BooksPermission.SEE)
def index() -> str:
    """Every statement that this person may read."""
    by = actor()
    return render_template(
        "lots/contracts/books/index.html",
        page=contracts.contracts_of(by),
        reads_as=queries.reads_as(by),
        organisation_id=by.organisation_id,
    )


@blueprint.get("/contracts/<uuid:contract_id>/statement")
@requires(BooksPermission.SEE)
def contract(contract_id: UUID) -> Any:
    """What moved under one contract, for both sides and the auditor."""
    by = actor()
    shown = contracts.contract(contract_id, by)
    _lot, buyer, provider = contracts.parties(shown)
    sees_funders = queries.sees_funders(by, shown)
    return _page(
        "contract",
        queries.books_of_contract(shown, by),
        contract=shown,
        buyer=buyer,
        provider=provider,
        fundings=queries.fundings(shown) if sees_funders else [],
        reads_funders=allowed(by, BooksPermission.SEE_FUNDERS, buyer),
        reads_provider=allowed(by, BooksPermission.SEE_PROVIDERS, provider),
        to_give_back=queries.to_give_back(shown) if sees_funders else [],
        may_give_back=allowed(by, BooksPermission.GIVE_BACK),
        csv=_csv_of("contract", contract_id=contract_id),
    )


@blueprint.get("/contracts/<uuid:contract_id>/statement.csv")
@requires(BooksPermission.SEE)
def contract_csv(contract_id: UUID) -> Response:
    """The same for a spreadsheet."""
    by = actor()
    shown = contracts.contract(contract_id, by)
    return _csv(shown.reference, queries.books_of_contract(shown, by))


@blueprint.get("/statements/providers/<uuid:organisation_id>")
@requires(BooksPermission.SEE_PROVIDERS)
def provider(organisation_id: UUID) -> Any:
    """What a provider was owed and paid under all its contracts."""
    shown = queries.organisation(organisation_id, BooksPermission.SEE_PROVIDERS, actor())
    return _page(
        "organisation",
        queries.books_of_provider(shown),
        title=_("What %(name)s was owed and paid", name=shown.name),
        lead=_("Under all contracts and grants that it leads."),
        csv=_csv_of("provider", organisation_id=organisation_id),
    )


@blueprint.get("/statements/providers/<uuid:organisation_id>.csv")
@requires(BooksPermission.SEE_PROVIDERS)
def provider_csv(organisation_id: UUID) -> Response:
    """The same for a spreadsheet."""
    shown = queries.organisation(organisation_id, BooksPermission.SEE_PROVIDERS, actor())
    return _csv("provider", queries.books_of_provider(shown))


@blueprint.get("/statements/funders/<uuid:organisation_id>")
@requires(BooksPermission.SEE_FUNDERS)
def funder(organisation_id: UUID) -> Any:
    """What an organisation has promised, owed and paid, under its own and others' contracts."""
    shown = queries.organisation(organisation_id, BooksPermission.SEE_FUNDERS, actor())
    return _page(
        "organisation",
        queries.books_of_funder(shown),
        title=_("What %(name)s pays for", name=shown.name),
        lead=_("Under its own contracts and grants, and its shares of others’. With VAT."),
        csv=_csv_of("funder", organisation_id=organisation_id),
    )


@blueprint.get("/statements/funders/<uuid:organisation_id>.csv")
@requires(BooksPermission.SEE_FUNDERS)
def funder_csv(organisation_id: UUID) -> Response:
    """The same for a spreadsheet."""
    shown = queries.organisation(organisation_id, BooksPermission.SEE_FUNDERS, actor())
    return _csv("funder", queries.books_of_funder(shown))


def _page(name: str, books: Books, **more: Any) -> Any:
    form = PeriodForm(request.args)
    is_valid = form.validate()
    page = render_template(
        f"lots/contracts/books/{name}.html",
        form=form,
        offered=offered(),
        statement=statement(books, form.period(), actor()) if is_valid else None,
        kinds=ACCOUNT_KINDS,
        **more,
    )
    return page if is_valid else (page, 400)


def _csv_of(name: str, **whose: Any) -> str:
    """Where the same page is a table, for the same days."""
    first, last = request.args.get("first"), request.args.get("last")
    return url_for(f"books.{name}_csv", **whose, first=first, last=last)


def _csv(name: str, books: Books) -> Response:
    form = PeriodForm(request.args)
    if not form.validate():
        return Response(str((form.first.errors or form.last.errors)[0]), 400, mimetype="text/plain")
    period = form.period()
    return csv_file(
        f"statement-{name}-{period.first}-{period.last}.csv".lower(),
        HEADER,
        as_table(books, period),
    )


@blueprint.post("/contributions/<uuid:contribution_id>/give-back")
@requires(BooksPermission.GIVE_BACK)
def give_back(contribution_id: UUID) -> Answer:
    """A funder has been given its part of what came back."""
    contract_id = queries.contribution_of_buyer(contribution_id, actor()).funding.contract_id
    with write():
        actions.give_back(contribution_id, actor())
    flash(_("Recorded as given back."), "success")
    return redirect(url_for("books.contract", contract_id=contract_id), 303)


def register(app: Flask) -> None:
    """Serve these pages."""
    app.register_blueprint(blueprint)
