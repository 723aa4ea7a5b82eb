"""A room that holds files, as small as one can be, mounted by the tests of files."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, Response, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from marketplace import files
from marketplace.database import db, write
from marketplace.permissions import signed_in
from marketplace.web.acting import actor
from marketplace.web.fields import Form, Required
from marketplace.web.uploads import takes_files

pages = Blueprint("example_files", __name__, template_folder="templates")


class DocumentForm(Form):
    """One file."""

    document = files.UploadField(_l("Evidence"), [Required(_l("Choose a file"))])


@pages.route("/example/files", methods=["GET", "POST"])
@signed_in
@takes_files
def upload() -> object:
    """Send a file, and see what was sent."""
    form = DocumentForm()
    if form.validate_on_submit():
        with write():
            files.attach(files.receive(form.document.upload, actor()))
        return redirect(url_for("example_files.upload"), 303)
    kept = db.session.scalars(select(files.File)).all()
    return render_template("example_files/upload.html", form=form, kept=kept)


@pages.get("/example/files/<uuid:file_id>")
@signed_in
def download(file_id: UUID) -> Response:
    """Save a file."""
    return files.send(db.session.get_one(files.File, file_id))


def register(app: Flask) -> None:
    """Mount the example."""
    app.register_blueprint(pages)
