"""The notices behind a release, each as a document of the section that it tells of."""

from __future__ import annotations

from typing import Any

from lots.notices.due import name_of
from lots.notices.models import Notice
from lots.notices.vocabulary import NoticeKind
from lots.releases.values import moment

SECTIONS = {
    NoticeKind.PIPELINE: "planning",
    NoticeKind.ENGAGEMENT: "planning",
    NoticeKind.PLANNED: "planning",
    NoticeKind.AWARD: "awards",
    NoticeKind.DETAILS: "contracts",
    NoticeKind.CONTRACT_CHANGE: "contracts",
    NoticeKind.PERFORMANCE: "contracts",
    NoticeKind.CONTRACT_END: "contracts",
}
# By the standard's own list of documents.
TYPES = {
    "planning": "plannedProcurementNotice",
    "tender": "tenderNotice",
    "awards": "awardNotice",
    "contracts": "contractNotice",
}


def add_notice(body: dict[str, Any], notice: Notice) -> None:
    """Put a notice among the documents of its section; in English, as all of a release."""
    name = SECTIONS.get(notice.kind, "tender")
    section = body.setdefault(name, {})
    if name in ("awards", "contracts"):
        section = section[0]
    title = str(name_of(notice))
    document = {
        "id": str(notice.id),
        "documentType": TYPES[name],
        # A form goes by its number; the market's own notices of grants have none.
        "noticeType": title.split()[0] if notice.is_procurement else None,
        "title": title,
        "datePublished": moment(notice.posted_at),
    }
    section["documents"] = [*section.get("documents", ()), document]
