"""The directory for everybody, how services are described, and what was looked for in vain."""

from tests.rules.answers.people import BOTH, EVERYBODY, GET, Row, group

ROWS = [
    Row("services.compare", GET, None, EVERYBODY),
    Row("services.elsewhere", GET, None, EVERYBODY),
    Row("open_referral.services", GET, None, EVERYBODY),
    Row("open_referral.service", GET, "service", EVERYBODY),
    Row("service_profiles.index", GET, None, group("service manager, other service manager")),
    # Whoever delivers elsewhere is not to know that there is anything to describe.
    Row(
        "service_profiles.edit",
        BOTH,
        "service",
        group("service manager"),
        group("other service manager"),
    ),
    Row(
        "unmet_need.index",
        GET,
        None,
        group(
            "commissioning officer, conflicted officer, partnered officer, contract manager, "
            "director, team manager, pcc commissioner lead, buyer commissioner lead, "
            "pcc decision maker, buyer decision maker, framework manager, "
            "other commissioning officer, other contract manager, other director, "
            "other team manager, other pcc commissioner lead, other pcc decision maker"
        ),
    ),
]
