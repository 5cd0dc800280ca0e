"""What stands around a memo and is no part of it: letterhead, draft notice, the document's own words.

The words follow the language of the memo, not of the person who downloads it, so they do not go
through the page's translations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from tracker.domain.memo import Head
from tracker.domain.pictures import picture_kind


@dataclass(frozen=True)
class Letterhead:
    """The sender as it stands in the page header of the first page, from the settings.

    `logo` is a PNG, JPEG or SVG file's bytes; its description names the municipality. Office and
    administration are printed only where the memo's own head does not name them.
    """

    municipality: str
    administration: str = ""
    office: str = ""
    logo: bytes | None = None

    def __post_init__(self) -> None:
        if self.logo is not None:
            picture_kind(self.logo)

    def beside(self, head: Head) -> tuple[str, ...]:
        """The lines of the letterhead that the memo's head does not already say."""
        lines = [self.municipality]
        lines += [self.administration] if not head.administration else []
        lines += [self.office] if not head.office else []
        return tuple(line for line in lines if line)

    def description(self, words: Words) -> str:
        """What the logo says to those who do not see it."""
        return f"{words.logo} {self.municipality}"

    def author(self, head: Head) -> str:
        """Who the document's properties name as its author; never empty."""
        return (
            head.administration
            or self.administration
            or head.office
            or self.office
            or self.municipality
            or "–"
        )


@dataclass(frozen=True)
class Notice:
    """A box on the front, and a mark at the head of every page.

    `lead` are its paragraphs and `missing` the list below them. A draft's stands in red, and its mark runs
    across every page as well.
    """

    mark: str
    subject: str
    lead: tuple[str, ...]
    missing: tuple[str, ...]
    draft: bool


@dataclass(frozen=True)
class DraftNotice:
    """Marks the document as a draft on every page; `missing` names each row that lacks approval."""

    missing: tuple[str, ...] = ()

    def said(self, words: Words) -> Notice:
        """What the document says of it."""
        lead = words.missing if self.missing else words.nothing_missing
        return Notice(words.draft, words.draft_subject, (lead,), self.missing, draft=True)


@dataclass(frozen=True)
class EditionNotice:
    """Says on the front which edition this is, in `lead` what it holds, and what is not approved in it."""

    mark: str
    subject: str
    lead: tuple[str, ...]
    missing: tuple[str, ...] = ()

    def said(self, words: Words) -> Notice:
        """What the document says of it."""
        lead = (*self.lead, words.missing if self.missing else words.all_approved)
        return Notice(self.mark, self.subject, lead, self.missing, draft=False)


FrontNotice = DraftNotice | EditionNotice


def said_of(notice: FrontNotice | None, words: Words) -> Notice | None:
    """What the document says of a draft or an edition, if it is one that says so."""
    return None if notice is None else notice.said(words)


@dataclass(frozen=True)
class Words:
    """The words that the document itself adds."""

    locale: str
    draft: str
    draft_subject: str
    missing: str
    nothing_missing: str
    all_approved: str
    date: str
    case_number: str
    recipients: str
    page: str
    of: str
    logo: str
    footnotes: str
    back: str
    table: str
    contents: str


_DANISH = Words(
    locale="da-DK",
    draft="KLADDE",
    draft_subject="Ikke godkendt til udsendelse",
    missing="Følgende er ikke godkendt endnu:",
    nothing_missing="Alle indsatser er godkendt, men udgaven er ikke låst.",
    all_approved="Alle indsatser er godkendt.",
    date="Dato",
    case_number="Sagsnr.",
    recipients="Til",
    page="Side",
    of="af",
    logo="Logo for",
    footnotes="Noter",
    back="Tilbage til teksten fra note",
    table="Indsatser og status",
    contents="Forvaltninger",
)
_ENGLISH = Words(
    locale="en-GB",
    draft="DRAFT",
    draft_subject="Not approved for issue",
    missing="The following are not approved yet:",
    nothing_missing="Every initiative is approved, but the edition is not locked.",
    all_approved="Every initiative is approved.",
    date="Date",
    case_number="Case no.",
    recipients="To",
    page="Page",
    of="of",
    logo="Logo of",
    footnotes="Notes",
    back="Back to the text from note",
    table="Initiatives and status",
    contents="Administrations",
)


def words_of(language: str) -> Words:
    """The words of a memo in `language`; Danish unless it is English."""
    return _ENGLISH if language.lower().startswith("en") else _DANISH


def head_lines(head: Head, words: Words) -> tuple[tuple[str, str], ...]:
    """The head's lines as (kind, printed line), those that say something, in printed order."""
    lines = (
        ("office", head.office, head.office),
        ("administration", head.administration, head.administration),
        ("date", head.date, f"{words.date}: {head.date}"),
        ("case_number", head.case_number, f"{words.case_number}: {head.case_number}"),
        ("recipients", head.recipients, f"{words.recipients}: {head.recipients}"),
    )
    return tuple((kind, line) for kind, value, line in lines if value)


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC, whole seconds. Raises ValueError on a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("created must carry a time zone")
    return moment.astimezone(UTC).replace(microsecond=0)
