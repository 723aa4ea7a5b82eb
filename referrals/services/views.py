"""The public pages of the directory; no account is needed."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from flask import Blueprint, g, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from lots.contracts.models import ContractArea
from lots.contracts.places import open_on
from lots.shown import custody_words
from marketplace import clock
from marketplace.database import new_id
from marketplace.observations import observe_empty_search
from marketplace.paging import page_asked
from marketplace.permissions import allowed, public
from marketplace.web.acting import acting
from marketplace.web.fields import SelectChoice
from referrals.eligibility import regions_by_area
from referrals.permissions import ReferralPermission
from referrals.services import fitting, searching
from referrals.services.directory import Directory, described, directory_now, listing
from referrals.services.elsewhere import Pointer, pointers
from referrals.services.fitting import Fitting
from referrals.services.forms import SearchForm
from referrals.services.permissions import ServicePermission
from referrals.services.searching import Filters
from referrals.services.traits import ACCESS, ATTRIBUTES, WAYS

blueprint = Blueprint("services", "referrals", template_folder="templates")

MOST_COMPARED = 4


@blueprint.get("/services")
@public
def index() -> str:
    """Services that take referrals today, by need and area, then by everything else."""
    directory = directory_now()
    form = SearchForm(request.args)
    _offer_drafts(form)
    wanted = form.filters()
    person = _person(directory)
    results = searching.search(directory, wanted, page_asked())
    if not results.listings and results.number == 1 and wanted:
        observe_empty_search(wanted.need, wanted.area, wanted.codes)
    return render_template(
        "referrals/services/index.html",
        form=form,
        results=results,
        wanted=wanted,
        fitting=person,
        elsewhere=_elsewhere(directory, wanted),
        most_compared=MOST_COMPARED,
        access=ACCESS,
        sees_unmet=allowed(acting(), ServicePermission.SEE_UNMET),
        describes=allowed(acting(), ServicePermission.DESCRIBE),
    )


def _offer_drafts(form: SearchForm) -> None:
    by = acting()
    if by is None or not allowed(by, ReferralPermission.REFER):
        return
    for each in fitting.begun(by):
        day = format_date(each.started_at, "d MMMM")
        name = each.name or _("No name yet")
        words = _("%(name)s, begun on %(day)s", name=name, day=day)
        form.draft.choices.append(SelectChoice(str(each.id), words))
        g.sensitive = True


def _person(directory: Directory) -> Fitting | None:
    """The draft that the address names. Raises NotYours where it is not one's own."""
    by, named = acting(), request.args.get("draft", "")
    if by is None or not allowed(by, ReferralPermission.REFER):
        return None
    draft_id = None
    with suppress(ValueError):
        draft_id = UUID(named)
    if draft_id is None:
        return None
    g.sensitive = True
    return fitting.fitting(draft_id, by, directory)


def _elsewhere(directory: Directory, wanted: Filters) -> list[Pointer]:
    if not wanted.need:
        return []
    regions = regions_by_area(directory.today)
    return pointers(directory.today, wanted.need, regions.get(wanted.area or ""))


@blueprint.get("/services/<uuid:contract_area_id>")
@public
def show(contract_area_id: UUID) -> str:
    """One service with its free places, and, for those who may, the way to refer to it."""
    found = listing(contract_area_id)
    by = acting()
    may_describe = allowed(by, ServicePermission.DESCRIBE, contract_area_id)
    return render_template(
        "referrals/services/show.html",
        listing=found,
        takes_referrals=found.offer.takes_referrals(found.directory.today),
        fitting=_person(found.directory),
        may_refer=allowed(by, ReferralPermission.REFER),
        may_describe=may_describe,
        once=new_id().hex,
        **_words(),
    )


@blueprint.get("/services/compare")
@public
def compare() -> str:
    """Up to four services side by side; what is not a service, or is gone, is left out."""
    directory = directory_now()
    chosen: list[UUID] = []
    for each in request.args.getlist("service")[:50]:
        with suppress(ValueError):
            chosen.append(UUID(each))
    chosen = list(dict.fromkeys(chosen))
    shown = described(
        (ContractArea.id.in_(chosen[:MOST_COMPARED]), *open_on(directory.today)),
        directory,
        MOST_COMPARED,
    )
    return render_template(
        "referrals/services/compare.html",
        listings=sorted(shown, key=lambda each: chosen.index(each.id)),
        too_many=len(chosen) > MOST_COMPARED,
        most_compared=MOST_COMPARED,
        fitting=_person(directory),
        without=without,
        **_words(),
    )


def without(contract_area_id: UUID) -> str:
    """The address of the comparison without one of its services."""
    left = [each for each in request.args.getlist("service") if each != str(contract_area_id)]
    draft = request.args.get("draft") or None
    return url_for("services.compare", service=left[:MOST_COMPARED], draft=draft)


@blueprint.get("/services/elsewhere")
@public
def elsewhere() -> str:
    """Everything that is pointed to and not bought here, by need."""
    directory = directory_now()
    every = pointers(clock.today())
    by_need = {
        name: [each for each in every if code in each.needs]
        for code, name in directory.needs.items()
    }
    return render_template("referrals/services/elsewhere.html", by_need=by_need)


def _words() -> dict:
    return {
        "attributes": ATTRIBUTES,
        "access": ACCESS,
        "ways": WAYS,
        "custody_words": custody_words,
    }
