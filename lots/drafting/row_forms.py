"""The two pages of a draft that are made of rows: areas with places, criteria with weights."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lots.drafting.forms import PageForm
from lots.forms import choices
from lots.models import Lot
from lots.vocabulary import TIE_RULES, TieRule
from marketplace.areas.queries import areas_on, region_names
from marketplace.clock import today
from marketplace.web.fields import (
    LongTextField,
    RadioField,
    Required,
    TextField,
    WholeNumberField,
    Words,
)

MOST_CRITERIA = 6
WHOLE_REGION = "whole-"


class CriteriaForm(PageForm):
    """What bids are judged by; the rows are `name_1`, `weight_1` and so on."""

    price_weight = WholeNumberField(
        _l("Weight of the price"), [Required(_l("Enter the weight of the price"))], most=100
    )
    tie_rule = RadioField(
        _l("If two bids have the same total, which comes first?"), [Required(_l("Select one"))]
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.tie_rule.choices = choices(TIE_RULES)

    def rows(self) -> list[tuple[Any, Any]]:
        """The (name, weight) fields in order."""
        return [
            (self[f"name_{position}"], self[f"weight_{position}"])
            for position in range(1, MOST_CRITERIA + 1)
        ]

    def fill(self, held: dict[str, Any]) -> None:
        """Show each criterion in its row."""
        super().fill(held)
        for position, name, weight in held["criteria"]:
            self[f"name_{position}"].data = name
            self[f"weight_{position}"].data = weight

    def validate(self, extra_validators: Any = None) -> bool:
        """Rows are whole, and the weights add up to 100."""
        sound = super().validate(extra_validators)
        for name, weight in self.rows():
            if name.data and not weight.data and not weight.errors:
                weight.errors = [_("Enter the weight of “%(name)s”", name=name.data)]
                sound = False
            if weight.data and not name.data:
                name.errors = [_("Name the criterion that has a weight, or remove the weight")]
                sound = False
        total = (self.price_weight.data or 0) + sum(each.data or 0 for _n, each in self.rows())
        if sound and total != 100:
            self.price_weight.errors = [
                _("The weights add up to %(total)s. They must add up to 100.", total=total)
            ]
            sound = False
        return sound

    def values(self) -> dict[str, Any]:
        """The page's values; empty rows are left out."""
        return {
            "price_weight": self.price_weight.data,
            "tie_rule": TieRule(self.tie_rule.data),
            "criteria": [
                (position, name.data, weight.data)
                for position, (name, weight) in enumerate(self.rows(), start=1)
                if name.data
            ],
        }


for _position in range(1, MOST_CRITERIA + 1):
    setattr(CriteriaForm, f"name_{_position}", TextField(_l("Criterion")))
    setattr(
        CriteriaForm,
        f"weight_{_position}",
        WholeNumberField(_l("Weight"), least=1, most=100),
    )


def areas_form(lot: Lot) -> type[PageForm]:
    """The form of the areas page: places for each area in force and for each region whole."""
    names = region_names()
    areas = areas_on(today())
    regions: dict[str, list[str]] = {}
    fields: dict[str, Any] = {}
    for area in areas:
        regions.setdefault(area.region_code, []).append(area.code)
        fields[f"places-{area.code}"] = WholeNumberField(area.label, least=1, most=100_000)
    for code in regions:
        label = _("%(region)s as a whole, not split", region=names[code])
        fields[WHOLE_REGION + code] = WholeNumberField(label, least=1, most=100_000)
    home = lot.lead_buyer.region_code
    order = sorted(regions, key=lambda code: (code != home, names[code]))
    described = {"regions": {code: regions[code] for code in order}, "names": names}
    return type("AreasFormOfToday", (AreasForm,), fields | described)


class AreasForm(PageForm):
    """Where and how many places; made for today's areas by `areas_form`."""

    regions: dict[str, list[str]]
    names: dict[str, str]
    whole_region_reason = LongTextField(
        _l("Why is the region not split into smaller areas?"),
        [Words(200)],
        description=_l(
            "Needed only where a region is bought as a whole. The lot’s page shows this reason."
        ),
    )

    def groups(self) -> list[tuple[str, list[Any], Any]]:
        """(region's name, fields of its areas, field of the whole), the buyer's own first."""
        return [
            (
                self.names[code],
                [self[f"places-{area}"] for area in areas],
                self[WHOLE_REGION + code],
            )
            for code, areas in self.regions.items()
        ]

    def fill(self, held: dict[str, Any]) -> None:
        """Show the places of each area."""
        super().fill(held)
        for region_code, area_code, places in held["areas"]:
            name = f"places-{area_code}" if area_code else WHOLE_REGION + region_code
            if name in self:
                self[name].data = places

    def validate(self, extra_validators: Any = None) -> bool:
        """A region is bought whole or split, never both; whole needs a reason."""
        sound = super().validate(extra_validators)
        for _name, areas, whole in self.groups():
            if whole.data and any(area.data for area in areas):
                whole.errors = [_("Enter places for the whole region or for its areas, not both")]
                sound = False
            if whole.data and not (self.whole_region_reason.data or "").strip():
                self.whole_region_reason.errors = [
                    _("Enter the reason for buying a whole region in one piece")
                ]
                sound = False
        return sound

    def values(self) -> dict[str, Any]:
        """The page's values, in the order in which a lot holds its areas."""
        rows: list[tuple[str, str | None, int]] = []
        for code, areas in self.regions.items():
            split = [(code, area, self[f"places-{area}"].data) for area in sorted(areas)]
            whole = (code, None, self[WHOLE_REGION + code].data)
            rows += [row for row in [*split, whole] if row[2]]
        reason = self.whole_region_reason.data or ""
        return {"whole_region_reason": reason, "areas": sorted(rows, key=lambda row: row[0])}
