"""The pages of a panel, of scoring and of moderation."""

from __future__ import annotations

from sqlalchemy import select

from bids.evaluation import panel, queries
from bids.evaluation.vocabulary import Answer
from bids.models import OpenedBid
from marketplace.acting import Role
from marketplace.database import db
from marketplace.observations import Reading
from tests.support.bid_evaluation import funder_of, seated, two_organisations
from tests.support.bids import moderating_competition, opened_competition
from tests.support.people import browser_of, give_role, make_organisation, make_person
from tests.support.statements import statements_sent


def test_an_officer_makes_a_panel_of_two_organisations_and_follows_it(app):
    competition = opened_competition()
    funder = funder_of(competition)
    lil = make_person(Role.EVALUATOR, funder, name="Lil Linden")
    base = f"/evaluations/{competition.evaluation_id}"
    client = browser_of(app, competition.officer)
    page = client.show(f"{base}/panel")
    assert "Garden PCC" in page.text and "first invited to the role" in page.text
    page = client.submit(page, "Add to the panel", person=str(lil.id), lived="y").page
    assert "Garden PCC, lived experience" in page.text
    member = next(
        each for each in queries.get(competition.evaluation_id).panel if each.person_id == lil.id
    )
    seat = f"{base}/panel/{member.id}"
    second = competition.lot.criteria[1]
    page = client.submit(f"{seat}/criteria", "Change the criteria", criteria=[str(second.id)]).page
    assert "For lived experience" in page.text and "until" in page.text
    assert "1 of 2" in client.show(f"{base}/panel").text
    refused = client.submit(f"{base}/panel/due", "Save the day", **_day(1, 1, 2020)).page
    assert "This day is over" in refused.text and 'value="2020"' in refused.html
    assert (
        "3 evaluators have been sent"
        in client.submit(f"{base}/panel", "Remind all who have not finished").page.text
    )
    again = client.show(f"{base}/panel")
    assert "Remind all" not in again.text and "remind them again after that" in again.text
    max_ = make_person(Role.EVALUATOR, competition.buyer, name="Max Maple")
    page = client.submit(f"{seat}/replacement", "Hand the seat over", person=str(max_.id)).page
    assert "Took over from Lil Linden" in page.text
    assert "Taken over by Max Maple" in client.show(f"{base}/panel").text


def _day(day: int, month: int, year: int) -> dict[str, str]:
    return {"due-day": str(day), "due-month": str(month), "due-year": str(year)}


def test_before_the_declaration_only_names_are_shown_and_an_interest_reaches_the_officer(app):
    competition = opened_competition()
    funder = funder_of(competition)
    person, member = seated(competition, funder, answer=None)
    base = f"/evaluations/{competition.evaluation_id}"
    client = browser_of(app, person, funder)
    page = client.show(f"{base}/scores")
    bids = queries.opened_bids(queries.get(competition.evaluation_id))
    for name in queries.bidder_names(bids).values():
        assert name in page.text
    assert "Answer of bid" not in page.text
    asked = client.submit(page, "Continue", conflict="perhaps").page
    assert "Enter what the interest is" in asked.text
    page = client.submit(asked, "Continue", conflict="perhaps", what="I ran a group there").page
    assert "An officer decides" in page.text
    cell = f"{competition.bids[0]}/{competition.criteria()[0]}"
    client.show(f"{base}/scores/{cell}", status=404)
    officer = browser_of(app, competition.officer)
    page = officer.show(f"{base}/panel/{member.id}/interest")
    assert "I ran a group there" in page.text
    officer.submit(page, "Decide", keep="yes", reason="Ten years ago")
    assert "Answer of bid" in client.show(f"{base}/scores/{cell}").text


def test_an_officer_with_a_seat_is_offered_no_step_of_their_own_seat(app):
    competition = opened_competition()
    person, member = seated(competition, competition.buyer, answer=Answer.PERHAPS)
    give_role(person, competition.buyer, Role.COMMISSIONING_OFFICER)
    own, other = (browser_of(app, each) for each in (person, competition.officer))
    path = f"/evaluations/{competition.evaluation_id}/panel/{member.id}"
    steps = ("Decide on the declared interest", "Have somebody take this seat over", "Take off")
    assert not any(step in own.show(path).text for step in steps)
    assert all(step in other.show(path).text for step in steps)
    assert "A declared interest" not in own.show("/").text
    assert "A declared interest" in other.show("/").text


def test_scoring_goes_on_by_itself_in_the_order_chosen_and_shows_no_other_score(app):
    competition, funder, person, _member = two_organisations()
    base = f"/evaluations/{competition.evaluation_id}"
    client = browser_of(app, person, funder)
    page = client.show(f"{base}/scores")
    first, second = (criterion.name for criterion in competition.lot.criteria)
    assert second in page.text and first not in page.text
    page = client.show(page.links()["Score the next one"])
    refused = client.submit(page, "Save and go to the next", score="3").page
    assert "Enter the reason for your score" in refused.text
    page = client.submit(refused, "Save and go to the next", score="3", reason="Zest").page
    assert "1 of 2 scored" in page.text and "Zest" not in page.text
    page = client.submit(page, "Turn these keys off").page
    assert "scoring.js" not in page.html and "Score with the keys 0 to 4" in page.text
    page = client.submit(page, "Save and go to the next", score="0", reason="Empty").page
    page = client.submit(page, "Go criterion by criterion").page
    assert "You score criterion by criterion." in page.text
    assert "Your scores are locked." in client.submit(page, "Lock my scores").page.text
    client.show(f"{base}/scores/{competition.bids[0]}/{competition.criteria()[0]}", status=404)
    client.show(f"{base}/bids/{competition.bids[0]}", status=403)
    assert {each for each in db.session.scalars(select(Reading.person_id))} == {person.id}


def test_many_scores_are_agreed_on_one_page_and_what_is_typed_is_kept(app):
    competition = moderating_competition()
    base = f"/evaluations/{competition.evaluation_id}/moderation"
    client = browser_of(app, competition.officer)
    page = client.show(base)
    assert "4 agreed scores are missing" in page.text
    one, other = competition.bids
    criterion = competition.criteria()[0]
    page = client.show(f"{base}/criteria/{criterion}")
    half = {f"{one}-{criterion}-score": "2", f"{other}-{criterion}-reason": "Only words so far"}
    page = client.submit(page, "Save what is agreed", **half).page
    assert "Only words so far" in page.html and "Select a score" in page.text
    assert not queries.moderated(queries.get(competition.evaluation_id))
    filled = {
        f"{one}-{criterion}-reason": "Fair",
        f"{one}-{criterion}-needed": "Names",
        f"{other}-{criterion}-score": "4",
        f"{other}-{criterion}-reason": "Best of all",
    }
    page = client.submit(page, "Save what is agreed", **filled).page
    assert "2 agreed scores are saved" in page.text
    kept = queries.moderated(queries.get(competition.evaluation_id))
    assert {cell[0]: score.score for cell, score in kept.items()} == {one: 2, other: 4}
    page = client.show(f"{base}/bids/{one}")
    criterion = competition.criteria()[1]
    alone = {f"{one}-{criterion}-score": "4", f"{one}-{criterion}-reason": "Good"}
    page = client.submit(page, "Save what is agreed", **alone).page
    assert "1 agreed score is saved" in page.text and "1 agreed score is missing" in page.text


def test_more_bids_cost_no_further_statement_and_one_page_decrypts_one_bid(app, monkeypatch):
    decrypted: list[str] = []
    content_of = queries.content_of

    def counting(opened: OpenedBid):
        decrypted.append(str(opened.bid_id))
        return content_of(opened)

    monkeypatch.setattr(queries, "content_of", counting)
    few = _statements(app, (9_000_00,), decrypted)
    assert _statements(app, (9_000_00,) * 4, decrypted) == few


def _statements(app, prices, decrypted) -> dict[str, int]:
    """How many statements each page sends, asked for a second time."""
    competition = opened_competition(prices=prices)
    base = f"/evaluations/{competition.evaluation_id}"
    cell = f"{competition.bids[0]}/{competition.criteria()[0]}"
    evaluator = browser_of(app, competition.evaluators[0])
    officer = browser_of(app, competition.officer)
    counted = {}
    for client, path in (
        (evaluator, "scores"),
        (evaluator, f"scores/{cell}"),
        (officer, "panel"),
        (officer, "moderation"),
    ):
        client.show(f"{base}/{path}")
        decrypted.clear()
        with statements_sent() as sent:
            client.show(f"{base}/{path}")
        counted[path.partition("/")[0] + str(path.count("/"))] = len(sent)
        assert len(decrypted) <= 1
    return counted


def test_a_person_of_two_parties_has_one_seat_for_the_first_of_them(app):
    competition = opened_competition()
    funder = funder_of(competition)
    person = make_person(Role.EVALUATOR, funder)
    give_role(person, competition.buyer, Role.EVALUATOR)
    found = panel.free(queries.get(competition.evaluation_id))
    assert [each.organisation_id for each in found if each.id == person.id] == [
        competition.buyer.id
    ]
    assert make_organisation().id not in {each.organisation_id for each in found}
