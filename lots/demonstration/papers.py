"""Small documents for the demonstration's lots: one page of plain text as PDF."""

from __future__ import annotations

from lots.drafting.documents import add_document
from lots.models import Lot
from lots.vocabulary import DocumentKind
from marketplace.acting import Acting
from marketplace.files import inspect

STAFF_COSTS = (
    "Posts that may move to the new provider (no names)",
    "",
    "Post                      Hours   Pay a year   Years   Pension",
    "Women's worker             37.0   GBP 27,400     6     local government",
    "Women's worker             30.0   GBP 22,200     2     workplace, 5%",
    "Centre coordinator         37.0   GBP 31,900     9     local government",
)
SPECIFICATION = (
    "What the service does, in one page",
    "",
    "A woman is met within five working days of her referral, where she chooses.",
    "One worker stays with her. The centre is open four days a week and one evening.",
    "No session is missed for want of a bus fare or childcare.",
)
PAPERS = {
    "women-cleveland": (
        (DocumentKind.SPECIFICATION, "Specification", SPECIFICATION),
        (DocumentKind.STAFF_COSTS, "Anonymised staff-cost sheet", STAFF_COSTS),
    ),
    "homes-north-wales": ((DocumentKind.STAFF_COSTS, "Anonymised staff-cost sheet", STAFF_COSTS),),
}


def add_papers(key: str, lot: Lot, by: Acting) -> None:
    """Put this lot's documents to it."""
    for kind, title, lines in PAPERS.get(key, ()):
        upload = inspect(f"{kind.value.replace('_', '-')}.pdf", one_page(lines))
        add_document(lot.id, upload, title, kind, by)


def one_page(lines: tuple[str, ...]) -> bytes:
    """A PDF of one page (ISO 32000: header, objects, cross-reference table, trailer)."""
    shown = "".join(f"({_escaped(line)}) Tj T* " for line in lines)
    stream = f"BT /F1 11 Tf 60 780 Td 16 TL {shown}ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    body, offsets = "%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + end).encode("ascii")


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
