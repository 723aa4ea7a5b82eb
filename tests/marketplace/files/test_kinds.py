"""What a file is, is seen in its content; what is not one of the six is refused in plain words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.files import FileKind, Unfit, inspect
from marketplace.files import archives as archives_module
from marketplace.files.kinds import ENDINGS, LONGEST_NAME, UNSAFE, clean_name
from tests.support.files import JPEG, OLD_OFFICE, PDF, SAMPLES, archive, docx, odt, png, xlsx

VBA = '<Override PartName="/x.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
MANIFEST = "META-INF/manifest.xml"


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(Unfit) as refused:
        inspect(name, content)
    return str(refused.value)


@pytest.mark.parametrize("name", SAMPLES)
def test_each_of_the_six_types_is_known_by_its_content(name):
    found = inspect(name, SAMPLES[name])
    assert found.name == name
    assert name.rpartition(".")[2] in ENDINGS[found.kind]
    assert found.content == SAMPLES[name]


def test_a_picture_may_end_in_jpeg_and_any_ending_in_capitals():
    assert inspect("map.jpeg", JPEG).kind is FileKind.JPEG
    assert inspect("POLICY.PDF", PDF).name == "POLICY.PDF"


def test_a_spreadsheet_renamed_to_pdf_is_told_what_it_is():
    said = refusal("staff costs.pdf", xlsx())
    assert "a spreadsheet (XLSX) though its name ends in .pdf" in said
    assert "ends in .xlsx" in said


def test_a_spreadsheet_is_known_whichever_quotes_its_table_of_contents_has():
    part = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    table = f"<Types><Override PartName='/xl/workbook.xml' ContentType='{part}'/></Types>"
    content = archive({"[Content_Types].xml": table, "xl/workbook.xml": "<workbook/>"})
    assert "a spreadsheet (XLSX) though its name ends in .pdf" in refusal("costs.pdf", content)


@pytest.mark.parametrize("content", [xlsx()[:-30], b"PK\x03\x04 nothing"])
def test_a_broken_archive_renamed_to_pdf_is_told_that_it_is_no_pdf(content):
    said = refusal("staff costs.PDF", content)
    assert "not a PDF document though its name ends in .pdf" in said


@pytest.mark.parametrize("name", ["policy.xlsx", "policy", "policy.zip"])
def test_a_broken_office_file_is_said_to_be_damaged(name):
    assert "is damaged" in refusal(name, xlsx()[:-30])


@pytest.mark.parametrize(
    ("name", "content"),
    [("map.docx", png()), ("policy.exe", PDF), ("policy.docm", docx()), ("policy.pdf", odt())],
)
def test_any_name_that_claims_another_type_is_refused(name, content):
    assert f"though its name ends in .{name.rpartition('.')[2]}" in refusal(name, content)


@pytest.mark.parametrize("name", ["policy", "Report 1.2", "", "..", "a.", "budget.2026"])
def test_a_name_without_a_type_gets_the_true_one(name):
    assert inspect(name, PDF).name.endswith(".pdf")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"MZ\x90\0 a program", "not a PDF, DOCX"),
        (b"<html><script>alert(1)</script>", "not a PDF, DOCX"),
        (b"GIF89a", "not a PDF, DOCX"),
        (OLD_OFFICE, "needs a password, or comes from an old version of Office"),
        (archive({"a.txt": "a"}), "not a PDF, DOCX"),
        (odt(kind="spreadsheet"), "not a PDF, DOCX"),
        (archive({"[Content_Types].xml": "<Types/>"}), "not a PDF, DOCX"),
        (docx()[:-30], "is damaged"),
        (b"PK\x03\x04 nothing", "is damaged"),
        (docx({"word/vbaProject.bin": b"\0"}), "carries macros"),
        (docx({"word/VBAPROJECT.BIN": b"\0"}), "carries macros"),
        (docx(types=VBA), "carries macros"),
        (xlsx({"xl/macrosheets/sheet1.xml": "<x/>"}), "carries macros"),
        (odt({"Basic/Standard/Module1.xml": "<x/>"}), "carries macros"),
        (odt({MANIFEST: "<manifest:encryption-data/>"}), "needs a password"),
        (xlsx({f"{number}": "" for number in range(2_001)}), "unpacks to more"),
        (docx({"word/document.xml": bytes(100_000_001)}), "unpacks to more"),
        (docx({"[Content_Types].xml": bytes(1_000_001)}), "unpacks to more"),
    ],
)
def test_what_is_not_taken_gets_a_sentence_that_helps(content, said):
    assert said in refusal("policy.docx", content)


def test_an_entry_behind_a_password_is_refused():
    content = bytearray(docx())
    # The first bit of an entry's flags, in its own header and in the directory (APPNOTE 4.4.4).
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "needs a password" in refusal("policy.docx", bytes(content))


def test_an_entry_that_is_larger_than_it_says_is_damage():
    content = bytearray(docx({"word/large.xml": bytes(3_000_000)}))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    assert "is damaged" in refusal("policy.docx", bytes(content))


def test_another_way_of_packing_is_not_unpacked():
    content = bytearray(docx())
    directory = content.index(b"PK\x01\x02")
    content[directory + 10 : directory + 12] = (14).to_bytes(2, "little")
    assert "not a PDF, DOCX" in refusal("policy.docx", bytes(content))


@given(name=st.text(max_size=300))
def test_a_cleaned_name_is_one_short_line_without_folders(name):
    clean = clean_name(name)
    assert 0 < len(clean) <= LONGEST_NAME
    assert not UNSAFE.search(clean)
    assert not set(clean) & set("\r\n\t\0\u202e")
    assert clean == clean.strip(". ")
    assert clean_name(clean) == clean


@given(stem=st.text(max_size=300), folder=st.sampled_from(["", "C:\\fakepath\\", "../../etc/"]))
def test_a_stored_name_ends_in_its_true_type(stem, folder):
    try:
        found = inspect(f"{folder}{stem}.pdf", PDF)
    except Unfit:
        pytest.fail("a true name was refused")
    assert found.name.lower().endswith(".pdf")
    assert len(found.name) <= LONGEST_NAME
    assert "fakepath" not in found.name


def test_welsh_names_and_apostrophes_are_kept():
    name = "Polisi diogelu’r Tŷ – O'Neill.pdf"
    assert inspect(name, PDF).name == name


@given(data=st.data())
def test_no_damaged_archive_gets_anything_but_a_plain_answer(data):
    content = bytearray(data.draw(st.sampled_from([docx(), xlsx(), odt()])))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        inspect("policy", bytes(content))
    except Unfit as unfit:
        assert str(unfit)


def test_the_bound_on_entries_is_judged_before_the_directory_is_read(monkeypatch):
    monkeypatch.setattr(archives_module, "ZipFile", None)
    content = b"PK\x03\x04" + archives_module.DIRECTORY_ENTRY * 2_001
    assert "unpacks to more" in refusal("policy.docx", content)
