"""What docs/sealing.md tells a bidder to type gives the figure of the receipt."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from marketplace.acting import Role
from tests.support.bids import bid_as_stored, bidder, submitted_bid
from tests.support.lots import make_open_lot
from tests.support.people import make_person, sign_in

GUIDE = (Path(__file__).parents[2] / "docs" / "sealing.md").read_text()
COMMANDS = re.findall(r"^\| (Linux|Mac|Windows) \| `([^`]+)` \|$", GUIDE, re.M)


def test_the_guide_has_a_command_for_each_kind_of_computer():
    assert [system for system, _command in COMMANDS] == ["Linux", "Mac", "Windows"]
    assert all("bid-LOT-1.json" in command for _system, command in COMMANDS)


@pytest.mark.parametrize("part", ["", "/price"])
@pytest.mark.parametrize(("system", "command"), COMMANDS)
def test_the_documented_command_gives_the_figure_of_the_receipt(
    app, client, missing, tmp_path, system, command, part
):
    program, *arguments = command.split()
    if shutil.which(program) is None:
        if system != "Linux":
            pytest.skip(f"{program} is a program of {system}")
        missing(f"{program} is not installed")
    organisation, _person = bidder()
    bid_id = submitted_bid(make_open_lot(), organisation)
    sign_in(client, make_person(Role.BID_MANAGER, organisation))
    sent = client.get(f"/bids/{bid_id}/versions/1{part}")
    (tmp_path / "bid-LOT-1.json").write_bytes(sent.data)
    done = subprocess.run(
        [program, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    version = bid_as_stored(bid_id).latest
    content = json.loads(client.get(f"/bids/{bid_id}/versions/1").data)
    expected = content["price_sha256"] if part else version.sha256
    assert expected in done.stdout
    assert expected in client.show(f"/bids/{bid_id}/receipt").text
