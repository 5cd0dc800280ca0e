"""Memos to write: one by hand with everything in it, and any number made up by hypothesis."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime

from hypothesis import strategies as st

from tracker.domain.memo import Head, Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote, clean, mark
from tracker.memos.writing import Letterhead

CREATED = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
LETTERHEAD = Letterhead("Eksempelby Kommune")


def paragraph(text: str) -> Block:
    return Block("paragraph", text)


LONG = (
    paragraph("Arbejdet begyndte i foråret og omfatter nu alle skoler i to bydele¹."),
    Block("heading", "Hvad der er sket"),
    *(
        paragraph(
            f"Afsnit {number}. " + " ".join(["Medarbejderne mødes hver måned og deler erfaringer."] * 12)
        )
        for number in range(1, 11)
    ),
    Block("heading", "Hvad der følger"),
    Block("bullet", "Et kursus for ledere i efteråret"),
    Block("bullet", "En måling af effekten²"),
    paragraph("Derefter tages stilling i tre trin:"),
    Block("number", "Udvalget drøfter målingen", 1),
    Block("number", "Forvaltningen skriver et forslag", 2),
    Block("number", "Forslaget sendes i høring", 3),
    paragraph(
        'Rummet er 40 m³. Her er </w:t></w:r><w:p> ingen opmærkning; #eval("1") & {{ 7*7 }} er heller ikke.'
    ),
)

MEMO = Memo(
    title="Årlig status på planen for trygge fællesskaber 2027",
    head=Head(
        office="Kontor for Trivsel",
        administration="Skoleforvaltningen",
        date="3. marts 2027",
        case_number="2027-0042",
        recipients="Byrådet",
    ),
    intro=("Planen bestemmer, at der hvert år gøres status.", "Status ses i tabellen herunder."),
    tables=(
        Table(
            "Tabel 1. Indsatser i perioden 2026-27 under to forvaltninger.",
            (
                Section(
                    "Skoleforvaltningen",
                    (
                        Row(1, "Mentorer til nye elever", (paragraph("Der er 12 mentorer i gang."),)),
                        Row(2, "Samtaler om tro og livssyn i 7.-9. klasse", LONG),
                    ),
                    ("Indsatser", "Status"),
                ),
                Section(
                    "Fritidsforvaltningen",
                    (Row(3, "Åbne haller", (paragraph("Hallerne åbnede 1. maj 2026."),)),),
                ),
            ),
        ),
    ),
    footnotes=(Footnote(1, "Se planens side 4."), Footnote(2, "Målingen gentages i 2029.")),
)


def many_rows(count: int) -> Memo:
    """A memo of one section with `count` rows of some 450 characters."""
    text = (
        "Indsatsen følger sin plan, og der er holdt møder med skoler, klubber og foreninger om næste skridt. "
        * 4
    )
    rows = tuple(
        Row(
            number,
            f"Indsats nummer {number} med en titel af almindelig længde",
            (paragraph(f"{number}: {text.strip()}"),),
        )
        for number in range(1, count + 1)
    )
    return Memo("Mange indsatser", tables=(Table("Tabel 1. Mange.", (Section("Skoleforvaltningen", rows),)),))


SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">
<defs><path id="p" d="M0 0h40v20H0z"/></defs>
<use href="#p" fill="#17324d"/></svg>"""


def png(width: int = 40, height: int = 20) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + bytes((23, 50, 77)) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


# --- any memo -------------------------------------------------------------------------------------

_LETTERS = "abcdefghijklmnopqrstuvwxyzæøåABCÆØÅéüßłĸжθ𝒜漢🙂<>&\"'{}#$*_\\/@"
# What people paste without seeing it, and what other programs would take for something else.
_ODD = [
    "\u202ebagvendt\u202c",
    "\u2067ret\u2069",
    "\u200fal\u200e",
    "nul\u200bbredde",
    "\u200d\u200c",
    "a\u0301e\u0308",
    "A\u030angstro\u0308m",
    "x\u0327\u0301",
    "👩\u200d👩\u200d👧🏽",
    "🇬🇱",
    "\ufeff",
    "\u2060",
    "=1+1",
    '=HYPERLINK("x")',
    "+45",
    "-5 %",
    "@SUM(A1)",
    "＝1",
    "</w:t></w:r><w:p>",
    "]]>",
    "{{7*7}}",
    "1.",
    "a)",
    "[1]",
    "[^9]",
    "o",
    "•",
    "10¹²³",
    "\x00",
    "\x1b[31m",
    "\ufffe",
    "\ud800",
    "\x85",
    "\u2028",
    "\x0b",
]
_WORD = st.one_of(st.text(_LETTERS, min_size=1, max_size=12), st.sampled_from(_ODD))


def _typed(words: list[str]) -> str:
    """A line as the product holds it after somebody typed these words."""
    return " ".join(clean(" ".join(words)).split())


_FIRST = st.sampled_from(
    ["Ord", "Ord", "=SUM(A1)", "+45 er", "-5 % er", "@navn er", "\u202aVenstre", "\u200bNul"]
)
_LINE = st.builds(
    lambda first, words: _typed([first, *words, "slut."]), _FIRST, st.lists(_WORD, min_size=3, max_size=12)
)
_HEADING = st.lists(_WORD, min_size=1, max_size=4).map(lambda words: _typed(["Om", *words, "alt"]))


@st.composite
def _blocks(draw: st.DrawFn) -> tuple[Block, ...]:
    """Blocks that begin and end with a paragraph; a sub-heading always has text below it."""
    blocks = [paragraph(draw(_LINE))]
    for kind in draw(st.lists(st.sampled_from(["paragraph", "bullet", "number", "heading"]), max_size=4)):
        if kind == "number":
            start = draw(st.integers(1, 9))
            length = draw(st.integers(1, 3))
            blocks += [Block("number", draw(_LINE), start + step) for step in range(length)]
        elif kind == "heading":
            blocks.append(Block("heading", draw(_HEADING)))
        else:
            blocks.append(Block("bullet" if kind == "bullet" else "paragraph", draw(_LINE)))
        blocks.append(paragraph(draw(_LINE)))
    return tuple(blocks)


@st.composite
def memos(draw: st.DrawFn) -> Memo:
    """A memo as an office could write it: one status table, numbers and footnotes continuous."""
    number = notes = 0
    sections = []
    for place in range(draw(st.integers(1, 3))):
        rows = []
        for _ in range(draw(st.integers(1, 4))):
            number += 1
            blocks = draw(_blocks())
            if draw(st.booleans()):
                notes += 1
                first = blocks[0]
                blocks = (Block(first.kind, f"{first.text}{mark(notes)}"), *blocks[1:])
            rows.append(Row(number, draw(_HEADING), blocks))
        header = draw(st.sampled_from([("Indsats", "Status"), ("Indsatser", "Status")]))
        sections.append(Section(f"{'ABC'[place]}-forvaltningen", tuple(rows), header))
    return Memo(
        title="Status på " + draw(_HEADING),
        head=Head(
            office=draw(st.sampled_from(["Kontor for Trivsel", "Center for Fællesskab"])),
            administration=draw(st.sampled_from(["", "Skoleforvaltningen"])),
            date=draw(st.sampled_from(["", "3. marts 2027"])),
            case_number=draw(st.sampled_from(["", "2027-0042"])),
            recipients=draw(st.sampled_from(["", "Byrådet"])),
        ),
        intro=tuple(draw(st.lists(_LINE, max_size=3))),
        tables=(Table("Tabel 1. " + draw(_LINE), tuple(sections)),),
        footnotes=tuple(Footnote(one, draw(_LINE)) for one in range(1, notes + 1)),
    )
