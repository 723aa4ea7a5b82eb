"""The pages on where a lot is bought as forms: areas, then places and people expected in each."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from lots.drafting.forms import PageForm
from lots.drafting.rows import Area
from lots.models import Lot
from lots.shown import names
from marketplace.areas.queries import area_names, areas_on, region_names
from marketplace.clock import today
from marketplace.web.fields import (
    CheckboxesField,
    CheckboxField,
    LongTextField,
    SelectChoice,
    WholeNumberField,
    Words,
)
from marketplace.web.pictures import Tile

MOST_STARTS = 100_000
COMPLEXITIES = ("low", "medium", "high")
# What each shade of a tile says.
TILE_WORDS = {0: _l("not chosen"), 2: _l("within a region in one piece"), 4: _l("chosen")}


class AreaChoices(CheckboxesField):
    """Codes of areas or regions; one that is not in force today is named, not just refused."""

    def pre_validate(self, form: Any) -> None:
        offered = {choice.value for choice in self.choices}
        gone = [code for code in self.data or [] if code not in offered]
        if not gone:
            return
        known = area_names() | region_names()
        self.data = [code for code in self.data if code in offered]
        listed = ", ".join(f"“{known.get(code, code[:60])}”" for code in gone[:5])
        raise StopValidation(
            _(
                "Not in use today: %(areas)s. It has been taken out of your choice. Choose the "
                "area that covers it now, and save again.",
                areas=listed,
            )
        )


class AreasForm(PageForm):
    """Where: PCC areas, regions in one piece, or all of England and Wales."""

    national = CheckboxField(_l("All of England and Wales in one piece"))
    regions = AreaChoices(_l("Regions in one piece"))
    areas = AreaChoices(_l("Police and crime commissioner areas"))
    whole_region_reason = LongTextField(
        _l("Why is it not split into smaller areas?"),
        [Words(200)],
        description=_l(
            "Needed only where a region is bought in one piece. The lot’s page shows this reason."
        ),
    )

    def offer(self, lot: Lot) -> None:
        """Today's areas by region, the buyer's own region first."""
        self.gone: list[str] = []
        self.names = region_names()
        self.by_region: dict[str, list[SelectChoice]] = {}
        for area in areas_on(today()):
            held = self.by_region.setdefault(area.region_code, [])
            held.append(SelectChoice(area.code, area.label))
        self.home = home = lot.lead_buyer.region_code
        self.order = sorted(
            self.by_region, key=lambda code: (code != home, self.names.get(code, code))
        )
        self.regions.choices = [SelectChoice(code, self.names[code]) for code in self.order]
        self.areas.choices = [each for code in self.order for each in self.by_region[code]]

    def fill(self, held: dict[str, Any]) -> None:
        """Show what the lot holds; an area that is no longer in use is named apart."""
        super().fill({"whole_region_reason": held["whole_region_reason"]})
        whole = [region for region, area in held["areas"] if area is None]
        self.national.data = bool(whole) and set(whole) >= set(self.order)
        self.regions.data = [] if self.national.data else whole
        self.areas.data = [area for _region, area in held["areas"] if area is not None]
        offered = {choice.value for choice in (*self.areas.choices, *self.regions.choices)}
        chosen = [*self.areas.data, *self.regions.data]
        known = area_names() | self.names
        self.gone = [known.get(code, code) for code in chosen if code not in offered]

    def whole(self) -> list[str]:
        """The codes of the regions that are bought in one piece, as chosen on the screen."""
        return list(self.order) if self.national.data else list(self.regions.data or [])

    def press(self, pressed: str) -> bool:
        """Split the regions in one piece into their areas, and save that."""
        if pressed == "split":
            split = [each.value for code in self.whole() for each in self.by_region.get(code, [])]
            self.areas.data = sorted({*(self.areas.data or []), *split})
            self.regions.data, self.national.data = [], False
        return True

    def validate(self, extra_validators: Any = None) -> bool:
        """Something is chosen; a region is bought in one piece or split; one piece has a reason."""
        sound = super().validate(extra_validators)
        whole = self.whole()
        chosen = set(self.areas.data or [])
        twice = [c for c in whole if any(each.value in chosen for each in self.by_region[c])]
        if sound and not whole and not chosen:
            self.areas.errors = [_("Select at least one area")]
        if twice:
            named = ", ".join(self.names[code] for code in twice)
            self.areas.errors = [
                _("Choose either all of %(region)s or areas in it, not both", region=named)
            ]
        if whole and not (self.whole_region_reason.data or "").strip():
            self.whole_region_reason.errors = [
                _("Split it into areas, or enter the reason for buying it in one piece")
            ]
        return sound and not self.errors

    def values(self) -> dict[str, Any]:
        """The page's values, in the order in which a lot holds its areas."""
        whole: list[Area] = [(code, None) for code in self.whole()]
        split: list[Area] = [
            (code, each.value)
            for code, areas in self.by_region.items()
            for each in areas
            if each.value in (self.areas.data or [])
        ]
        rows = sorted([*whole, *split], key=lambda row: (row[0], row[1] or ""))
        return {"areas": rows, "whole_region_reason": self.whole_region_reason.data or ""}

    def groups(self) -> list[tuple[str, str, list[SelectChoice]]]:
        """(code, name, areas) of each region, the buyer's own first."""
        return [(code, self.names[code], self.by_region[code]) for code in self.order]

    def is_open(self, code: str) -> bool:
        """Whether a region's boxes are unfolded: the buyer's own, and where one is ticked."""
        chosen = self.areas.data or []
        ticked = any(each.value in chosen for each in self.by_region[code])
        return ticked or code == self.home or code in (self.regions.data or [])

    def suggestion(self) -> list[tuple[str, str]]:
        """(region, its areas) for each region that is bought in one piece: the split to make."""
        return [
            (self.names[code], ", ".join(str(each.label) for each in self.by_region[code]))
            for code in self.whole()
        ]

    tile_words = TILE_WORDS

    def tiles(self) -> dict[str, Tile]:
        """The map: chosen, within a region in one piece, or not; a tile leads to its box."""
        chosen, whole = set(self.areas.data or []), set(self.whole())
        found = {}
        for code, areas in self.by_region.items():
            for each in areas:
                shade = 4 if each.value in chosen else 2 if code in whole else 0
                words = str(TILE_WORDS[shade])
                found[each.value] = Tile(str(each.label), words, shade, f"#area-{each.value}")
        return found


def volumes_form(lot: Lot) -> type[PageForm]:
    """The form of places and people expected: one number for each area of the lot."""
    shown = names()
    fields = {
        place_field(each.region_code, each.area_code): WholeNumberField(
            shown.where(each), least=1, most=100_000
        )
        for each in lot.areas
    }
    return type("VolumesFormOfLot", (VolumesForm,), fields)


def place_field(region_code: str, area_code: str | None) -> str:
    """The name of the number of places in one area."""
    return f"places-{area_code}" if area_code else f"whole-{region_code}"


class VolumesForm(PageForm):
    """How many places in each area, and how many people a month; made by `volumes_form`."""

    starts_low = WholeNumberField(_l("Low complexity"), most=MOST_STARTS)
    starts_medium = WholeNumberField(_l("Medium complexity"), most=MOST_STARTS)
    starts_high = WholeNumberField(_l("High complexity"), most=MOST_STARTS)

    def offer(self, lot: Lot) -> None:
        """The lot's areas."""
        self.lot = lot
        self.keys = [(each.region_code, each.area_code) for each in lot.areas]

    def place_fields(self) -> list[Any]:
        """The number of each area."""
        return [self[place_field(*key)] for key in self.keys]

    def start_fields(self) -> list[Any]:
        """The number of each complexity."""
        return [self[f"starts_{each}"] for each in COMPLEXITIES]

    def fill(self, held: dict[str, Any]) -> None:
        """Show the places of each area."""
        super().fill(held)
        for region, area, number in held["places"]:
            name = place_field(region, area)
            if name in self:
                self[name].data = number

    def values(self) -> dict[str, Any]:
        """The page's values."""
        starts = {f"starts_{each}": self[f"starts_{each}"].data for each in COMPLEXITIES}
        places = [(*key, self[place_field(*key)].data) for key in self.keys]
        return starts | {"places": places}
