"""What the cases of Word files share: the front, the styles, and how a case is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.memos.reading.word_xml import level, numbering, p, packed, part, style, styled, tc, tr

Rows = Sequence[tuple[int, str, str | None]]


@dataclass(frozen=True)
class Case:
    """`notes` is None where it does not matter; `left_out` is what must be among what was left out."""

    data: bytes
    sections: Sequence[tuple[str, Rows]]
    notes: Sequence[tuple[int, str]] | None
    left_out: Sequence[str]


SAID = "Der er holdt tolv møder med borgerne i byen, og ordningen fortsætter."
TITLE = "Status på planen 2026"
S = "Skoleforvaltningen"
F = "Fritidsforvaltningen"
NUMBERING = numbering(
    level(0, "decimal", "%1."),
    level(0, "decimal", "Nr. %1:") + level(1, "decimal", "%1.%2"),
    level(0, "lowerLetter", "%1)"),
    level(0, "upperRoman", "%1."),
    level(0, "decimalZero", "%1."),
    level(0, "bullet", "·"),
    lists='<w:num w:numId="20"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    '<w:num w:numId="21"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
    + level(0, "decimal", "%1)", start=5)
    + "</w:lvlOverride></w:num>",
)
BOLD = "<w:b/>"
RESTART = '<w:vMerge w:val="restart"/>'
GOES_ON = "<w:vMerge/>"
STYLES = part(
    "styles",
    style("T", "Title", "")
    + style("C", "caption", "")
    + style("H2", "heading 2", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>')
    + style("toc1", "toc 1", "")
    + style("Counted", "Indsatstitel", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
    + style("Kept", "Indsatstitel 2", '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>')
    + '<w:style w:type="character" w:styleId="Hid"><w:name w:val="Hid"/><w:rPr><w:vanish/></w:rPr></w:style>',
)
FRONT = (
    p("Kontor for Trivsel")
    + styled("T", TITLE)
    + p("Dette notat giver en status over alle planens indsatser i år.")
)
HEADER = tr("Indsats", "Status")


def name(text: str, width: int = 2) -> str:
    return tr(tc(text, span=width))


def one(rows: Rows) -> list[tuple[str, Rows]]:
    return [(S, rows)]


def case(
    body: str,
    sections: Sequence[tuple[str, Rows]],
    wanted_notes: Sequence[tuple[int, str]] | None = None,
    left: Sequence[str] = (),
    **parts: str,
) -> Case:
    """A case whose body stands below the usual front; `parts` as `packed` takes them."""
    return Case(packed(FRONT + body, **{"styles": STYLES, **parts}), sections, wanted_notes, left)
