"""Which cases of a notice still want a decision, on its page and on the front page."""

from __future__ import annotations

from flask import current_app

from lots.contracts.continuity import cases, room
from lots.contracts.continuity.models import ActKind
from marketplace import clock
from marketplace.database import new_id, write
from tests.support.continuity import give_notice
from tests.support.contracts import make_live_contract
from tests.support.people import sign_in


def late_ones(by):
    with current_app.test_request_context():
        return [item.text for item in room.waits_for(by) if "late decision" in item.text]


def test_what_a_later_notice_asks_about_is_not_late_under_the_earlier_one(sides, client):
    person, manager = sides.people["contract_manager"], sides.contract_manager
    contract = make_live_contract(sides.charity, buyer=sides.region, area_codes=("kent", "sussex"))
    kent = contract.areas[0].id
    suspended = give_notice(contract.id, manager, ActKind.SUSPENSION, kent)
    with write():
        cases.list_open(suspended, [cases.OpenCase(kent, new_id(), person.id)])
        clock.set_offset(29 * 86400)
    assert len(late_ones(manager)) == 1
    sign_in(client, person)
    page = f"/contracts/continuity/{suspended.id}"
    assert "It cannot take effect while 1 case has no decision" in client.show(page).text
    give_notice(contract.id, manager, ActKind.AREA_LOSS, kent)
    assert late_ones(manager) == []
    shown = client.show(page).text
    assert "None is needed any more" in shown
    assert "cannot take effect" not in shown and "Late" not in shown
