"""What a service can say of itself by ticking: for whom it is made, access, ways of working.

Each is one row of `ServiceTrait`, so that the directory can be filtered by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l


class Trait(StrEnum):
    """One thing a service offers."""

    WOMEN_ONLY_SPACE = "women_only_space"
    WORKER_SEX_CHOICE = "worker_sex_choice"
    TRAUMA_INFORMED = "trauma_informed"
    NEURODIVERSITY = "neurodiversity"
    VETERANS = "veterans"
    DOMESTIC_ABUSE = "domestic_abuse"
    STEP_FREE = "step_free"
    ACCESSIBLE_TOILET = "accessible_toilet"
    HEARING_LOOP = "hearing_loop"
    SIGN_LANGUAGE = "sign_language"
    EASY_READ = "easy_read"
    QUIET_ROOM = "quiet_room"
    ONE_TO_ONE = "one_to_one"
    GROUP = "group"
    PHONE = "phone"
    VIDEO = "video"
    HOME_VISITS = "home_visits"
    PROBATION_OFFICE = "probation_office"
    REACH_IN = "reach_in"


ATTRIBUTES = {
    Trait.WOMEN_ONLY_SPACE: _l("Women-only space"),
    Trait.WORKER_SEX_CHOICE: _l("The worker’s sex can be chosen"),
    Trait.TRAUMA_INFORMED: _l("Trauma-informed"),
    Trait.NEURODIVERSITY: _l("Made for neurodivergent people too"),
    Trait.VETERANS: _l("Work with veterans"),
    Trait.DOMESTIC_ABUSE: _l("Work with people who lived through domestic abuse"),
}
ACCESS = {
    Trait.STEP_FREE: _l("Step-free"),
    Trait.ACCESSIBLE_TOILET: _l("Accessible toilet"),
    Trait.HEARING_LOOP: _l("Hearing loop"),
    Trait.SIGN_LANGUAGE: _l("British Sign Language"),
    Trait.EASY_READ: _l("Easy Read papers"),
    Trait.QUIET_ROOM: _l("A quiet room"),
}
WAYS = {
    Trait.ONE_TO_ONE: _l("One-to-one"),
    Trait.GROUP: _l("In a group"),
    Trait.PHONE: _l("By phone"),
    Trait.VIDEO: _l("By video"),
    Trait.HOME_VISITS: _l("At the person’s home"),
    Trait.PROBATION_OFFICE: _l("At a probation office"),
}
CUSTODY = {Trait.REACH_IN: _l("Goes into prisons")}
LABELS = ATTRIBUTES | ACCESS | WAYS | CUSTODY

LANGUAGE = "language-"
ENGLISH, WELSH = "en", "cy"
# By code of the Unicode locale data, which names each in the reader's language.
LANGUAGES = (
    ENGLISH,
    WELSH,
    *("ar", "bn", "bg", "fa", "fr", "gu", "hi", "hu", "it", "ku", "lt", "pl", "ps", "pt", "pa"),
    *("ro", "ru", "sk", "so", "es", "sq", "ti", "tr", "uk", "ur", "vi", "yo", "zh"),
)


def language_names() -> dict[str, str]:
    """The languages that can be named, by code, in the reader's language and its order."""
    locale = get_locale() or Locale("en")
    named = {code: locale.languages.get(code, code) for code in LANGUAGES}
    first = {code: named.pop(code) for code in (ENGLISH, WELSH)}
    return first | dict(sorted(named.items(), key=lambda each: each[1]))


def of_language(code: str) -> str:
    """What is stored for a language that is spoken."""
    return LANGUAGE + code


def languages_of(traits: Iterable[str]) -> list[str]:
    """The codes of the languages among what is stored."""
    return [each.removeprefix(LANGUAGE) for each in traits if each.startswith(LANGUAGE)]
