"""Signing in, organisations and their people, qualification, and what is open to all."""

from tests.rules.answers.people import (
    BIDDERS,
    BIDDERS_ELSEWHERE,
    BOTH,
    EVERYBODY,
    GET,
    POST,
    PROVIDER_PEOPLE,
    PROVIDER_PEOPLE_ELSEWHERE,
    SIGNED_IN,
    Row,
    group,
)

ROWS = [
    # Open to all: the law asks for no account to see what is bought, and courts need the directory.
    Row("home.front", GET, None, EVERYBODY),
    Row("pages.accessibility", GET, None, EVERYBODY),
    Row("pages.cookies", GET, None, EVERYBODY),
    Row("pages.privacy", GET, None, EVERYBODY),
    Row("health.live", GET, None, EVERYBODY),
    Row("health.ready", GET, None, EVERYBODY),
    Row("health.jobs_running", GET, None, EVERYBODY),
    Row("market.report", GET, None, EVERYBODY),
    Row("market.open_data", GET, None, EVERYBODY),
    Row("market.as_csv", GET, None, EVERYBODY),
    Row("open_data.index", GET, None, EVERYBODY),
    Row("open_data.awards_csv", GET, None, EVERYBODY),
    Row("open_data.grants_json", GET, None, EVERYBODY),
    Row("open_data.grants_csv", GET, None, EVERYBODY),
    Row("opportunities.opportunities", GET, None, EVERYBODY),
    Row("opportunities.opportunity", GET, "open lot", EVERYBODY),
    Row("opportunities.opportunity", GET, "awarded lot", EVERYBODY),
    Row("services.index", GET, None, EVERYBODY),
    Row("services.show", GET, "service", EVERYBODY),
    Row("registration.register", BOTH, None, EVERYBODY),
    Row("registration.registered", GET, None, EVERYBODY),
    # In demonstration mode only.
    Row("demonstration.clock", GET, None, EVERYBODY),
    Row("demonstration.move", POST, None, EVERYBODY),
    Row("demonstration.mails", GET, None, EVERYBODY),
    # Signing in, and one's own account.
    Row("accounts.sign_in", BOTH, None, EVERYBODY),
    Row("accounts.demonstration_sign_in", POST, None, EVERYBODY),
    Row("accounts.link", BOTH, None, EVERYBODY),
    Row("accounts.link_sent", GET, None, EVERYBODY),
    Row("accounts.use_link", BOTH, "link", EVERYBODY),
    Row("accounts.new_password", BOTH, "link for a new password", EVERYBODY),
    Row("accounts.invitation", BOTH, "invitation", EVERYBODY),
    Row("accounts.sign_out", POST, None, SIGNED_IN),
    Row("accounts.second_factor", BOTH, None, SIGNED_IN),
    Row("accounts.recovery_code", BOTH, None, SIGNED_IN),
    Row("accounts.confirm", BOTH, None, SIGNED_IN),
    Row("account.set_up", BOTH, None, SIGNED_IN),
    Row("account.switch", BOTH, None, SIGNED_IN),
    Row("account.overview", GET, None, SIGNED_IN),
    Row("account.name", BOTH, None, SIGNED_IN),
    Row("account.password", BOTH, None, SIGNED_IN),
    Row("account.recovery_codes", BOTH, None, SIGNED_IN),
    Row("account.end_session", POST, "session of another", SIGNED_IN),
    Row("account.end_other_sessions", POST, None, SIGNED_IN),
    # Organisations and their people.
    Row("organisations.all", GET, None, group("administrator")),
    Row("organisations.new", BOTH, None, group("administrator")),
    Row("organisations.profile", GET, None, PROVIDER_PEOPLE | PROVIDER_PEOPLE_ELSEWHERE),
    Row(
        "organisations.change",
        BOTH,
        None,
        BIDDERS | BIDDERS_ELSEWHERE | group("service manager, other service manager"),
    ),
    Row(
        "people.own",
        GET,
        None,
        group("bid manager, service manager, director, administrator")
        | group("other bid manager, other service manager, other director"),
    ),
    *(
        Row(
            endpoint,
            methods,
            "provider",
            group("bid manager, service manager, administrator"),
            group("director, other bid manager, other service manager, other director"),
        )
        for endpoint, methods in (
            ("people.people", GET),
            ("people.invite", BOTH),
            ("people.roles", BOTH),
            ("people.withdraw_invitation", POST),
            ("people.withdraw_role", POST),
        )
    ),
    *(
        Row(
            endpoint,
            methods,
            "region",
            group("director, administrator"),
            group(
                "bid manager, service manager, other bid manager, other service manager, "
                "other director"
            ),
        )
        for endpoint, methods in (("people.people", GET), ("people.invite", BOTH))
    ),
    Row("people.close_account", POST, "provider", group("administrator")),
    Row("people.reopen_account", POST, "provider", group("administrator")),
    Row("people.reset_second_factor", POST, "provider", group("administrator")),
]
