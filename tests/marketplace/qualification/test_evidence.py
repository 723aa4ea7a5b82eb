"""Where a question asks for a file: chosen, replaced, read by the assessor, hidden from others."""

from io import BytesIO

import pytest
from sqlalchemy import select

from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.files import File
from marketplace.qualification import actions
from marketplace.qualification.outcomes import result_of
from marketplace.qualification.queries import application_for
from tests.support.files import PDF
from tests.support.people import make_person, sign_in
from tests.support.qualification import ask_for_a_file, begun, fill_in


@pytest.fixture
def application_id(by):
    """A draft whose category asks for one file, optional words beside it."""
    ask_for_a_file("women")
    application_id = begun(by, "women")
    fill_in(application_id, by)
    return application_id


def test_a_file_is_chosen_replaced_read_and_taken_away(
    client, charity, by, framework, application_id
):
    assert [each.label for each in result_of(application_for(application_id, by)).missing] == [
        "Your safeguarding policy"
    ]
    sign_in(client, charity)
    page = client.show(f"/qualification/applications/{application_id}/category")
    page = client.show(page.links()["Choose a file"])
    wrong = client.submit(page, "Save the file", file=(BytesIO(b"<script>"), "policy.pdf"))
    assert "policy.pdf" not in client.show(f"/qualification/applications/{application_id}").text
    for name in ("policy.pdf", "newer.pdf"):
        page = client.submit(wrong.page, "Save the file", file=(BytesIO(PDF), name)).page
        wrong = client.get(page.links()["Choose another file, or take it away"])
    assert "newer.pdf" in page.text
    held = db.session.scalars(select(File).order_by(File.uploaded_at)).all()
    assert [each.loose_since is None for each in held] == [False, True]
    address = f"/qualification/applications/{application_id}/files"
    saved = client.get(page.links()["newer.pdf"])
    assert saved.headers["Content-Disposition"].startswith("attachment")
    with write():
        actions.submit_application(application_id, by)
    sign_in(client, framework)
    page = client.show(f"/qualification/applications/{application_id}/decide")
    assert client.get(page.links()["newer.pdf"]).get_data() == PDF
    sign_in(client, make_person(Role.BID_MANAGER))
    assert client.get(saved.request.path).status_code == 404
    assert address in saved.request.path


def test_only_a_question_for_a_file_takes_one(client, charity, by, application_id):
    application = application_for(application_id, by)
    other = next(each.question_id for each in application.answers)
    sign_in(client, charity)
    address = f"/qualification/applications/{application_id}/files/{other}"
    assert client.get(address).status_code == 404


def test_a_file_can_be_taken_away(client, charity, by, application_id):
    sign_in(client, charity)
    page = client.show(f"/qualification/applications/{application_id}/category")
    page = client.show(page.links()["Choose a file"])
    page = client.submit(page, "Save the file", file=(BytesIO(PDF), "policy.pdf")).page
    page = client.show(page.links()["Choose another file, or take it away"])
    client.submit(page, "Take this file away")
    assert db.session.scalars(select(File)).one().loose_since is not None
    assert result_of(application_for(application_id, by)).missing
