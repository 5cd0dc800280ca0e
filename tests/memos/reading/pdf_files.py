"""PDFs to read, set by Typst in many shapes from one memo of our own words."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace

import typst

from tracker.domain.memo import Head, Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote

_SOURCE = r"""
#let memo = json(bytes(sys.inputs.memo))
#let shape = json(bytes(sys.inputs.shape))
#set page(
  paper: "a4", flipped: shape.landscape, margin: (x: 2.2cm, top: 2.6cm, bottom: 2.4cm),
  header: if shape.running != "" { text(size: 8pt, shape.running) },
  footer: context {
    if shape.footer == "number" { align(center, counter(page).display()) }
    if shape.footer == "of" {
      [#shape.colophon #h(1fr) Side #counter(page).display() af #counter(page).final().first()]
    }
  },
  background: if shape.watermark != "" {
    rotate(-50deg, text(size: 110pt, fill: luma(230), shape.watermark))
  },
)
#set text(font: shape.font, size: shape.size * 1pt, lang: "da", hyphenate: shape.hyphenate)
#set par(justify: shape.justify, leading: 0.6em, spacing: shape.spacing * 1em)
#set footnote.entry(gap: 0.4em)
#show footnote.entry: set text(size: 8pt)
#show super: it => text(baseline: -0.45em, size: 0.62em, it.body)
#set super(typographic: false)
#let marked(t) = {
  for piece in t.split("{") {
    let at = piece.position("}")
    if at == none { piece } else {
      let number = piece.slice(0, at)
      footnote(numbering: (..) => number, memo.notes.at(number))
      piece.slice(at + 1)
    }
  }
}
#let cell(groups) = for g in groups {
  if g.kind == "bullet" { list(marker: [#shape.bullet], ..g.lines.map(marked)) }
  else if g.kind == "number" { enum(start: g.start, ..g.lines.map(marked)) }
  else if g.kind == "heading" { par(strong(marked(g.lines.first()))) }
  else { par(marked(g.lines.first())) }
}
#for line in memo.head { block(spacing: 0.5em, line) }
#v(1em)
#text(size: shape.size * 1.5pt, weight: "bold", memo.title)
#for p in memo.intro { par(marked(p)) }
#let strokes = (
  "all": 0.5pt, "none": none,
  "level": (x, y) => (top: 0.5pt, bottom: 0.5pt),
  "inner": (x, y) => (left: if x > 0 { 0.5pt }, top: if y > 0 { 0.5pt }),
  "columns": (x, y) => (x: 0.5pt, top: if y == 0 { 0.5pt }),
).at(shape.rules)
#let header(s) = s.header.map(w => table.cell(strong(w)))
#let rows(s) = s.rows.map(r => r.map(c => if type(c) == str { par(marked(c)) } else { cell(c) })).flatten()
#let set-table(..cells) = table(
  columns: shape.widths.map(w => if w == 0 { auto } else { w * 1fr }),
  stroke: strokes, inset: (x: 5pt, y: shape.inset * 1pt), align: left + top,
  fill: if shape.shaded { (x, y) => if y == 0 { luma(220) } },
  ..cells,
)
#for t in memo.tables {
  if t.caption != "" { block(above: 1.2em, below: 0.8em, emph(t.caption)) }
  if shape.sections == "rows" {
    let named(s) = table.cell(colspan: shape.widths.len(), strong(s.name))
    set-table(..t.sections.map(s => (named(s), ..header(s), ..rows(s))).flatten())
  } else {
    for s in t.sections {
      block(above: 1.2em, below: 0.6em, sticky: true, text(size: 1.15em, weight: "bold", s.name))
      if shape.again { set-table(table.header(..header(s)), ..rows(s)) }
      else { set-table(..header(s), ..rows(s)) }
    }
  }
}
"""


@dataclass(frozen=True)
class Shape:
    """How a memo is set. `number`: how rows are numbered; `column`: in a column of their own.

    `extra` puts columns of (word, text) without room in the memo before the status.
    """

    rules: str = "all"
    number: str = "{}. "
    sections: str = "rows"
    header: tuple[str, str] = ("Indsats", "Status")
    widths: tuple[int, ...] = (2, 3)
    extra: tuple[str, str] | None = None
    font: str = "Libertinus Serif"
    size: float = 10
    landscape: bool = False
    hyphenate: bool = False
    justify: bool = False
    spacing: float = 1.1
    inset: float = 4
    bullet: str = "•"
    running: str = ""
    footer: str = ""
    colophon: str = ""
    watermark: str = ""
    shaded: bool = False
    again: bool = False
    head: tuple[str, ...] = field(
        default=(
            "Kontor for Trivsel", "Skoleforvaltningen", "Dato: 3. marts 2027",
            "Sagsnr. 2027-0012345", "Til: Byrådet",
        )
    )  # fmt: skip


HEAD = Head("Kontor for Trivsel", "Skoleforvaltningen", "3. marts 2027", "2027-0012345", "Byrådet")


def typeset(memo: Memo, shape: Shape) -> bytes:
    """The memo as a PDF of that shape."""
    data = {
        "title": memo.title,
        "head": shape.head,
        "intro": [_braced(text) for text in memo.intro],
        "notes": {str(note.number): note.text for note in memo.footnotes},
        "tables": [
            {"caption": table.caption, "sections": [_section(section, shape) for section in table.sections]}
            for table in memo.tables
        ],
    }
    pdf = typst.compile(
        _SOURCE.encode(),
        sys_inputs={"memo": json.dumps(data), "shape": json.dumps(asdict(shape))},
        ignore_system_fonts=shape.font == "Libertinus Serif",
    )
    assert isinstance(pdf, bytes)
    return pdf


def _section(section: Section, shape: Shape) -> dict[str, object]:
    header: list[str] = list(section.header)
    if shape.extra:
        header.insert(1, shape.extra[0])
    if shape.number == "column":
        header.insert(0, "Nr.")
    return {"name": section.name, "header": header, "rows": [_row(row, shape) for row in section.rows]}


def _row(row: Row, shape: Shape) -> list[object]:
    typed = "" if shape.number == "column" else shape.number.format(row.number)
    cells: list[object] = [_braced(typed + row.title), _groups(row.blocks)]
    if shape.extra:
        cells.insert(1, shape.extra[1])
    return [str(row.number), *cells] if shape.number == "column" else cells


def _groups(blocks: tuple[Block, ...]) -> list[dict[str, object]]:
    groups: list[dict[str, object]] = []
    for block in blocks:
        if block.kind in {"bullet", "number"} and groups and groups[-1]["kind"] == block.kind:
            lines = groups[-1]["lines"]
            assert isinstance(lines, list)
            lines.append(_braced(block.text))
        else:
            groups.append({"kind": block.kind, "start": block.number or 0, "lines": [_braced(block.text)]})
    return groups


def _braced(text: str) -> str:
    """Footnote marks as the template takes them."""
    for digit, number in zip("¹²³", "123", strict=True):
        text = text.replace(digit, f"{{{number}}}")
    return text


def paragraph(text: str) -> Block:
    return Block("paragraph", text)


_SENTENCES = (
    "Der er uddannet tolv mentorer, som hver mødes med to elever om ugen på skolernes biblioteker.",
    "Samtalerne blev holdt i foråret 2026 med ni klubber, og de unge fortæller, at de gerne vil tale om tro.",
    "Evalueringen viser, at deltagerne bruger det, de har lært, og at 80 pct. vil anbefale kurset til andre.",
    "Hallerne har været åbne hver lørdag siden den 1. august, og der kommer flest drenge.",
    "Indsatsen er forsinket, fordi der ikke kunne findes lokaler i bydelen inden sommerferien.",
    "Byrådet afsatte 250.000 kr. i 2025-2026 til arbejdet, der løber til udgangen af 2027.",
)
_TITLES = (
    "Mentorordning for nye elever på byens gymnasier og erhvervsskoler",
    "Samtaler om tro og livssyn i klubber og foreninger",
    "Kursus for ledere om mangfoldighed",
    "Åbne haller i weekenden for unge uden forening",
    "Brobyggere i boligområder med mange nye borgere, der ikke kender kommunens tilbud",
)


def _text(at: int, sentences: int) -> str:
    return " ".join(_SENTENCES[(at + step) % len(_SENTENCES)] for step in range(sentences))


def sample(*, rows: int = 9, first: int = 1, header: tuple[str, str] = ("Indsats", "Status")) -> Memo:
    """A memo of two sections and some pages: lists, sub-headings, footnotes, a row longer than a page."""
    numbers = range(first, first + rows)
    made = [
        Row(number, _TITLES[number % 5], (paragraph(_text(number, 2 + number % 3)),)) for number in numbers
    ]
    made[1] = replace(
        made[1],
        blocks=(
            paragraph("Arbejdet følger planen¹. Der er tre spor i arbejdet:"),
            Block("bullet", "Besøg på skoler og i klubber, hvor de unge mødes efter skoletid hver dag"),
            Block("bullet", "Et kursus for ledere"),
            paragraph(_text(3, 2)),
        ),
    )
    made[2] = replace(
        made[2],
        blocks=(
            paragraph(_text(4, 3)),
            Block("heading", "Hvad der er sket"),
            *(paragraph(_text(step, 4)) for step in range(5)),
            Block("number", "Udvalget drøfter målingen", 1),
            Block("number", "Forvaltningen skriver et forslag", 2),
            paragraph("Målingen gentages²."),
        ),
    )
    half = rows // 2 + 1
    sections = (
        Section("Skoleforvaltningen", tuple(made[:half]), header),
        Section("Fritids- og Kulturforvaltningen", tuple(made[half:]), header),
    )
    return Memo(
        "Årlig status på planen for trygge fællesskaber 2027",
        HEAD,
        (
            "Planen bestemmer, at der hvert år gøres status over alle indsatser, og at den forelægges.",
            "Status ses i tabellen herunder.",
        ),
        (Table("Tabel 1. Indsatser i perioden 2026-27 under to forvaltninger.", sections),),
        (Footnote(1, "Se planens side 4 og bilaget om metoden."), Footnote(2, "Målingen gentages i 2029.")),
    )
