"""The public register: who is qualified today, found by what they do and where they work."""

import csv
from io import StringIO

import pytest

from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.organisations.models import Organisation, OrganisationArea
from marketplace.web.tables import csv_file, harmless
from tests.support.people import acting_as, make_organisation, make_person
from tests.support.qualification import qualify, submitted
from tests.support.statements import statements_sent


def listed(name, area="kent", service="womens-services"):
    organisation = make_organisation(name=name, based_in=area, legal_form="cio")
    with write():
        db.session.add(OrganisationArea(organisation_id=organisation.id, area_code=area))
    qualify(organisation, service)
    return organisation


def test_found_by_category_area_region_and_the_beginning_of_the_name(client):
    listed("Llais Menywod’s O’Brien Trust", "gwent")
    listed("Harbour House", "kent", "accommodation")
    for query, found, not_found in (
        ("", "Harbour House", "Nobody"),
        ("?category=women", "O’Brien", "Harbour"),
        ("?area=kent", "Harbour House", "O’Brien"),
        ("?region=D", "O’Brien", "Harbour"),
        ("?name=harb", "Harbour House", "O’Brien"),
        ("?name=%25", "No organisation fits", "Harbour"),
        ("?category=women&area=kent", "No organisation fits", "O’Brien"),
        ("?category=nonsense&page=99", "No organisation fits", "O’Brien"),
    ):
        text = client.show(f"/qualified{query}").text
        assert found in text, query
        assert not_found not in text.replace("Name begins with", ""), query


def test_an_organisations_page_shows_public_facts_and_the_words_it_published(client):
    person = make_person(Role.BID_MANAGER)
    by = acting_as(person)
    submitted(by, "women", judged=False)
    page = client.show(f"/qualified/{by.organisation_id}")
    assert "What do you do in this field, and for whom?" in page.text
    assert "We visit people at home." in page.text
    assert "Charitable incorporated organisation" in page.text
    for hidden in ("Do you check the people", "ground for exclusion", person.name):
        assert hidden not in page.text


def test_whoever_is_not_qualified_has_no_page(client):
    organisation = make_organisation()
    assert client.get(f"/qualified/{organisation.id}").status_code == 404


def test_the_files_hold_what_the_page_shows_and_no_formula(client):
    listed("=HYPERLINK(“x”)")
    listed("Harbour House", service="accommodation")
    answer = client.get("/qualified.csv?category=women", follow_redirects=True)
    rows = list(csv.DictReader(StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row["name"] for row in rows] == ["'=HYPERLINK(“x”)"]
    assert rows[0]["areas"] == "Kent"
    assert "attachment" in answer.headers["Content-Disposition"]
    found = client.get("/open-data/register.json?area=kent").get_json()["organisations"]
    assert {each["name"] for each in found} == {"=HYPERLINK(“x”)", "Harbour House"}


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1+1", "-1\n=2", "-x", "-", "@x", "\t=1"])
def test_what_begins_a_formula_is_text(cell):
    assert harmless(cell) == f"'{cell}"


def test_other_cells_stay_as_they_are(app):
    assert [harmless(each) for each in ("O’Brien", None, 12, "a=b")] == ["O’Brien", "", "12", "a=b"]
    assert [harmless(each) for each in (-12, "-3.40")] == ["-12", "-3.40"], "sums are added up"
    with app.test_request_context():
        text = csv_file("x.csv", ["a"], [["Siân, “yes”"]]).get_data(as_text=True)
    assert text == '\ufeffa\r\n"Siân, “yes”"\r\n'


def test_script_in_a_name_is_only_text(client):
    organisation = listed("<script>alert(1)</script>")
    for path in ("/qualified", f"/qualified/{organisation.id}"):
        assert "<script>alert(1)" not in client.get(path).get_data(as_text=True)


def test_as_many_statements_for_many_as_for_few(client):
    listed("A first")
    client.get("/qualified")
    few = {path: count(client, path) for path in ("/qualified", "/open-data/register.csv")}
    for number in range(12):
        listed(f"Further {number}", "gwent")
    assert {path: count(client, path) for path in few} == few
    assert db.session.query(Organisation).count() >= 13


def count(client, path):
    with statements_sent() as sent:
        client.get(path)
    return len(sent)
