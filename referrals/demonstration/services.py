"""How the demonstration's services describe themselves, and what was looked for in vain."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lots.contracts.models import Contract, ContractArea
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, days_ago, key_of, on_the_day
from marketplace.observations import EmptySearch, observe_empty_search
from referrals import results
from referrals.services import profiles
from referrals.services.models import Meeting, ServiceProfile
from referrals.services.profiles import Said
from referrals.services.traits import Trait, of_language

DESCRIBED = timedelta(days=30)
WOMEN = {
    Trait.WOMEN_ONLY_SPACE,
    Trait.WORKER_SEX_CHOICE,
    Trait.TRAUMA_INFORMED,
    Trait.DOMESTIC_ABUSE,
}
ALWAYS = {Trait.ONE_TO_ONE, Trait.PHONE, of_language("en")}
VARIED = (
    {Trait.STEP_FREE, Trait.GROUP, Trait.REACH_IN, of_language("pl")},
    {Trait.STEP_FREE, Trait.HEARING_LOOP, Trait.ACCESSIBLE_TOILET, Trait.VETERANS},
    {Trait.VIDEO, Trait.NEURODIVERSITY, Trait.QUIET_ROOM, Trait.EASY_READ, of_language("ro")},
    {Trait.HOME_VISITS, Trait.PROBATION_OFFICE, Trait.TRAUMA_INFORMED, Trait.STEP_FREE},
)
WORDS = {
    "accommodation": "A worker looks with the person for a room or a flat, goes along to viewings "
    "and to the council, and stays in touch for the first weeks after moving in.",
    "womens-services": "A women’s centre with tea, a creche and people who listen. Help with "
    "money, home, family and court, at the woman’s own pace.",
    "personal-wellbeing": "Weekly meetings about sleep, family, friends and free time. Groups in "
    "the afternoon, alone where somebody prefers it.",
    "ete": "From the first letter of application to the first month in the job, with employers "
    "who know about convictions and want people anyway.",
}
ADDRESSES = (("12 Station Road", "NE99 1AA"), ("The Old Library, Bridge Street", "DL99 2BB"))
# Need, area, how often, and what else was ticked.
IN_VAIN = (
    ("restorative-justice", "gwent", 4, ()),
    ("cognitive-and-behavioural-change", "northumbria", 6, ()),
    ("dependency-and-recovery", "northumbria", 9, ("step_free",)),
    ("dependency-and-recovery", "durham", 5, ("language-pl",)),
    ("accommodation", "cleveland", 3, ("cohort-women", "reach_in")),
    ("finance-benefit-debt", "west-yorkshire", 7, ()),
)


def build() -> None:
    """Most services are described; results are counted; some searches found nothing."""
    _describe()
    results.count(clock.judged_now())
    if db.session.scalar(select(EmptySearch.id).limit(1)) is None:
        _look_in_vain()


def _describe() -> None:
    rows = db.session.execute(
        select(ContractArea.id, ContractArea.opened_at, Contract.service_code, Contract.provider_id)
        .join(Contract, Contract.id == ContractArea.contract_id)
        .outerjoin(ServiceProfile, ServiceProfile.contract_area_id == ContractArea.id)
        .where(
            Contract.is_demonstration,
            ContractArea.opened_at.is_not(None),
            ServiceProfile.contract_area_id.is_(None),
        )
        .order_by(ContractArea.region_code, ContractArea.area_code, Contract.service_code)
    ).all()
    for number, (area_id, opened_at, service_code, provider_id) in enumerate(rows):
        if opened_at is None or number % 6 == 5:
            continue
        manager = acting_for(key_of(provider_id), Role.SERVICE_MANAGER)
        moment = max(opened_at, clock.judged_now() - DESCRIBED)
        with write(), on_the_day(moment):
            said = _said(number, service_code)
            profiles.describe(area_id, said, profiles.seen(Said()), manager)


def _said(number: int, service_code: str) -> Said:
    women = service_code == "womens-services"
    traits = ALWAYS | VARIED[number % len(VARIED)] | (WOMEN if women else set())
    address, postcode = ADDRESSES[number % 2]
    shown = not women and number % 3 != 2
    ahead = timedelta(days=4 + 3 * (number % 5))
    return Said(
        next_start_on=clock.today() + DESCRIBED + ahead if number % 2 else None,
        meeting=Meeting.SHOWN if shown else Meeting.WITHHELD if women else Meeting.NONE,
        address_line=address if shown else "",
        town="Sampletown" if shown else "",
        postcode=postcode if shown else "",
        reach_in="The prison nearest to the area, each Tuesday" if Trait.REACH_IN in traits else "",
        description=WORDS.get(service_code, ""),
        traits=tuple(sorted(traits)),
    )


def _look_in_vain() -> None:
    for at, (need, area, times, wanted) in enumerate(IN_VAIN):
        for number in range(times):
            with on_the_day(days_ago(3 + at * 5 + number * 31)):
                observe_empty_search(need, area, wanted)
