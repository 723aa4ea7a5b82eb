"""The forms of changes that are built on what the contract says now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.contracts.changes import queries, terms
from lots.contracts.changes.drafting import open_areas
from lots.contracts.changes.forms import ChangeForm, ExtensionForm, ScopeForm, TermForm
from lots.contracts.changes.models import ChangeKind
from lots.contracts.models import Contract, Side
from lots.contracts.wording import contract_area_name
from lots.funding.parties import BUYER_KINDS
from lots.models import Lot
from lots.vocabulary import WHOLE_PRICE
from marketplace import clock
from marketplace.acting import OrganisationKind
from marketplace.areas.queries import areas_on
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.web.fields import (
    CheckboxesField,
    LongTextField,
    MoneyField,
    Required,
    SelectChoice,
    SelectField,
    WholeNumberField,
)

NOBODY = _l("Nobody")
MOST_PLACES = 100_000
ROLE_LENGTH = 500


def _choices(organisations: Any, without: Any) -> list[SelectChoice]:
    offered: list[Organisation] = [each for each in organisations if each.id not in without]
    return [SelectChoice("", NOBODY), *(SelectChoice(str(e.id), e.name) for e in offered)]


def _with(base: type, fields: Mapping[str, Any]) -> Any:
    """The form with a field for each thing that the contract holds."""
    return type(base.__name__, (base,), dict(fields))


class ValueForm(ChangeForm):
    """Value and price, and who pays which share; shares are the buyer's to propose."""

    value = MoneyField(
        _l("Value over the whole term, net of VAT"),
        [Required(_l("Enter the value over the whole term"))],
        called=_l("The value"),
    )
    price = MoneyField(
        _l("Price for each month or each start, net of VAT"),
        [Required(_l("Enter the price, the one it has now if it stays"))],
        called=_l("The price"),
    )
    new_funder = SelectField(_l("Who else pays a share from now on?"))
    new_share = MoneyField(_l("Its share of the new value"), called=_l("The new share"))

    def __init__(self, contract: Contract, shares: terms.Shares, *, splits: bool, **kwargs):
        super().__init__(**kwargs)
        self.contract, self.splits = contract, splits
        self.listed = list(shares) if splits and len(shares) > 1 else []
        shown = [name for name in ("value", "price") if name in self]
        self.own = (*shown, *(f"share_{n}" for n in range(len(self.listed))))
        self.new_funder.choices = [SelectChoice("", NOBODY)]
        if splits:
            self.own += ("new_funder", "new_share")
            self.new_funder.choices = _choices(queries.others_of(BUYER_KINDS, contract), shares)

    def validate_new_share(self, field: MoneyField) -> None:
        """Whoever joins brings something."""
        if self.new_funder.data and not field.data:
            raise ValidationError(_("Enter the share that it pays"))

    def asked(self) -> dict[str, Any]:
        """Shares only where somebody has split them; else they stay in proportion."""
        said = {each: self[f"share_{n}"].data or 0 for n, each in enumerate(self.listed)}
        if self.splits and self.new_funder.data and self.new_share.data:
            said[UUID(self.new_funder.data)] = self.new_share.data
        value = self.value.data or 0
        if said and self.contract.buyer_id not in said:
            said = {self.contract.buyer_id: value - sum(said.values())} | said
        price = self.price.data if "price" in self else None
        return {"value_pence": value, "price_pence": price, "shares": said or None}


def _value_form(contract: Contract, side: Side) -> ChangeForm:
    shares, splits = terms.shares_of(contract), side == Side.BUYER
    # Where the bid named the whole price, the prices follow from the new value.
    whole = contract.price_basis in WHOLE_PRICE
    fields: dict[str, Any] = {"price": None} if whole else {}
    shown = {}
    for n, (each, pence) in enumerate(shares.items() if splits and len(shares) > 1 else ()):
        label = _("Share of %(name)s in the new value", name=queries.name_of(each))
        fields[f"share_{n}"] = MoneyField(label, [Required(_l("Enter the share"))])
        shown[f"share_{n}"] = pence
    shown |= {"value": contract.value_pence}
    shown |= {} if whole else {"price": terms.price_of(contract)}
    form = _with(ValueForm, fields)
    return form(contract, shares, splits=splits, effective_on=clock.today(), **shown)


class AreasForm(ChangeForm):
    """Areas that leave, and areas of the same regions that join."""

    left = CheckboxesField(_l("Which areas leave the contract?"))
    joined = CheckboxesField(_l("Which areas join it?"))
    places = WholeNumberField(
        _l("Places in each area that joins"), most=MOST_PLACES, called=_l("The places")
    )

    def __init__(self, contract: Contract, **kwargs):
        super().__init__(**kwargs)
        held = open_areas(contract)
        self.cohort = held[0].cohort if held else None
        self.left.choices = [SelectChoice(str(each.id), contract_area_name(each)) for each in held]
        codes = {area.area_code for area in held}
        regions = {area.region_code for area in held} if None not in codes else set()
        offered = [each for each in areas_on(clock.today()) if each.region_code in regions]
        self.region_of = {e.code: e.region_code for e in offered if e.code not in codes}
        self.joined.choices = [
            SelectChoice(each.code, each.label) for each in offered if each.code in self.region_of
        ]
        self.own = ("left", *(("joined", "places") if self.region_of else ()))

    def asked(self) -> dict[str, Any]:
        """Ids of what leaves; region, area and cohort of what joins."""
        codes = self.joined.data or []
        return {
            "left": self.left.data or [],
            "joined": [(self.region_of[code], code, self.cohort) for code in codes],
            "places": self.places.data or 0,
        }


def _areas_form(contract: Contract, side: Side) -> ChangeForm:
    return AreasForm(contract, effective_on=clock.today())


class ContractPlacesForm(ChangeForm):
    """The places that the contract has in each of its areas."""

    def __init__(self, contract: Contract, **kwargs):
        super().__init__(**kwargs)
        self.ids = [str(area.id) for area in open_areas(contract)]
        self.own = tuple(f"places_{n}" for n in range(len(self.ids)))

    def asked(self) -> dict[str, Any]:
        """Places by the area's id."""
        return {
            "places": {key: self[name].data for key, name in zip(self.ids, self.own, strict=True)}
        }


def _places_form(contract: Contract, side: Side) -> ChangeForm:
    fields, shown = {}, {}
    for n, area in enumerate(open_areas(contract)):
        label = _("Places in %(where)s", where=contract_area_name(area))
        needed = [Required(_l("Enter the number of places, 0 if there are none"))]
        fields[f"places_{n}"] = WholeNumberField(label, needed, most=MOST_PLACES)
        shown[f"places_{n}"] = area.contracted_places
    return _with(ContractPlacesForm, fields)(contract, effective_on=clock.today(), **shown)


class PartnersForm(ChangeForm):
    """Promised shares, who leaves, and one who joins."""

    leaving = CheckboxesField(_l("Which partners leave?"))
    new_partner = SelectField(_l("Who joins as a partner?"))
    new_share = MoneyField(
        _l("What the new partner is promised over the term"), called=_l("The new share")
    )
    new_role = LongTextField(_l("What the new partner does"), longest=ROLE_LENGTH)
    new_areas = CheckboxesField(_l("Where the new partner works"))

    def __init__(self, contract: Contract, **kwargs):
        super().__init__(**kwargs)
        now = terms.partners_of(contract)
        self.listed = [each.organisation_id for each in now]
        providers = queries.others_of((OrganisationKind.PROVIDER,), contract)
        self.new_partner.choices = _choices(providers, self.listed)
        self.leaving.choices = [
            SelectChoice(str(each.organisation_id), each.organisation.name) for each in now
        ]
        self.new_areas.choices = [
            SelectChoice(str(area.id), contract_area_name(area)) for area in open_areas(contract)
        ]
        self.own = (
            *(f"share_{n}" for n in range(len(now))),
            *(("leaving",) if now else ()),
            *("new_partner", "new_share", "new_role", "new_areas"),
        )

    def validate_new_role(self, field: LongTextField) -> None:
        """Whoever joins has something to do."""
        if self.new_partner.data and not (field.data or "").strip():
            raise ValidationError(_("Say what the new partner does"))

    def validate_new_share(self, field: MoneyField) -> None:
        """Nothing promised is said as 0."""
        if self.new_partner.data and field.data is None:
            raise ValidationError(_("Enter what the new partner is promised, or 0"))

    def asked(self) -> dict[str, Any]:
        """Promised pence, roles and areas by organisation; who leaves stands in none."""
        leaving = set(self.leaving.data or [])
        promised = {
            each: self[f"share_{n}"].data or 0
            for n, each in enumerate(self.listed)
            if str(each) not in leaving
        }
        roles, areas = {}, {}
        if self.new_partner.data:
            joining = UUID(self.new_partner.data)
            promised[joining] = self.new_share.data or 0
            roles[joining] = self.new_role.data
            areas[joining] = self.new_areas.data or []
        return {"promised": promised, "roles": roles, "areas": areas}


def _partners_form(contract: Contract, side: Side) -> ChangeForm:
    fields, shown = {}, {}
    for n, each in enumerate(terms.partners_of(contract)):
        label = _("Promised to %(name)s over the term", name=each.organisation.name)
        needed = [Required(_l("Enter the share, 0 if there is none"))]
        fields[f"share_{n}"] = MoneyField(label, needed)
        shown[f"share_{n}"] = each.promised_pence
    return _with(PartnersForm, fields)(contract, effective_on=clock.today(), **shown)


def _extension_form(contract: Contract, side: Side) -> ChangeForm:
    lot = db.session.get_one(Lot, contract.lot_id)
    months, _steps = terms.extensions_left(contract, lot)
    return ExtensionForm(effective_on=clock.today(), months=months or None)


def _term_form(contract: Contract, side: Side) -> ChangeForm:
    return TermForm(effective_on=clock.today(), ends_on=contract.ends_on)


def _scope_form(contract: Contract, side: Side) -> ChangeForm:
    now = queries.scope_now(contract)
    form = ScopeForm(effective_on=clock.today(), scope=now)
    form.was = now
    return form


FORMS: dict[ChangeKind, Callable[[Contract, Side], ChangeForm]] = {
    ChangeKind.EXTENSION: _extension_form,
    ChangeKind.VALUE: _value_form,
    ChangeKind.TERM: _term_form,
    ChangeKind.AREAS: _areas_form,
    ChangeKind.PLACES: _places_form,
    ChangeKind.SCOPE: _scope_form,
    ChangeKind.PARTNERS: _partners_form,
}
