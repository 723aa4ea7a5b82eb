"""The field's own validator over what this product publishes, without a network."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from libcoveocds.api import ocds_json_output
from libcoveocds.config import LibCoveOCDSConfig

from lots.releases.merging import release_schema

FIXTURES = Path(__file__).parents[1] / "fixtures" / "ocds"
PACKAGES = ("release-package-schema.json", "record-package-schema.json")
# The validator asks for it; what is published here has no versioned releases.
VERSIONED = "versioned-release-validation-schema.json"
LINKS = ("additional_fields", {"path": "", "field": "links", "usage_count": 1})
DRAFT = "http://json-schema.org/draft-04/schema#"


@cache
def _standard() -> bytes:
    """The standard as the validator reads it: an archive with the schemas in one folder."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("standard/", "")
        file.writestr("standard/schema/release-schema.json", json.dumps(release_schema()))
        file.writestr(f"standard/schema/{VERSIONED}", json.dumps({"$schema": DRAFT}))
        # Closed lists are held by the schema itself; the validator wants to see one all the same.
        tags = release_schema()["properties"]["tag"]["items"]["enum"]
        rows = "\n".join(["Code,Title", *(f"{tag},{tag}" for tag in tags)])
        file.writestr("standard/schema/codelists/releaseTag.csv", rows)
        for name in PACKAGES:
            file.writestr(f"standard/schema/{name}", (FIXTURES / name).read_text())
    return archive.getvalue()


def findings(package: dict[str, Any]) -> list[Any]:
    """What the validator says of a package of releases or of records; empty where all is well.

    The extensions are merged into the schema that it is given, so it is not told to fetch them.
    """
    offline = {name: value for name, value in package.items() if name != "extensions"}
    config = LibCoveOCDSConfig({"standard_zip": _standard(), "context": "api"})
    said = ocds_json_output(json_data=offline, lib_cove_ocds_config=config)
    found: list[Any] = list(said["validation_errors"])
    for name in ("additional_fields", "additional_closed_codelist_values", "deprecated_fields"):
        found += [(name, each) for each in said.get(name) or ()]
    # Pages are linked as the field does it; the standard's package has no name for it.
    found = [each for each in found if each != LINKS]
    for name in ("structure_warnings", "conformance_errors", "additional_checks"):
        found += [(name, each) for each in (said.get(name) or {}).items() if each[1]]
    return found
