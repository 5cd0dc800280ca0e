"""Cases of what Word does to text: changes, controls, boxes, counted numbers, fields, signs, notes."""

from __future__ import annotations

from tests.memos.reading.word_cases import HEADER, NUMBERING, SAID, Case, F, S, case, name, one
from tests.memos.reading.word_xml import (
    control,
    field,
    item,
    level,
    note,
    notes,
    numbering,
    p,
    part,
    r,
    styled,
    tbl,
    tc,
    text_box,
    tr,
    tracked,
)

TEXT: dict[str, Case] = {}

TEXT["ins/del/move"] = case(
    tbl(
        HEADER,
        name(S),
        tr(
            tc(p(r("1. Men") + tracked("ins", r("tor")) + tracked("del", r("tal")) + r("er"))),
            tc(p(tracked("moveFrom", r("Væk. ")) + r("Her. ") + tracked("moveTo", r("Væk.")))),
        ),
    ),
    one([(1, "Mentorer", "Her. Væk.")]),
)
TEXT["deleted row"] = case(
    tbl(
        HEADER,
        name(S),
        tr("1. A", "Et."),
        tr(
            tc(p(tracked("del", r("2. Gammel")))),
            tc(p(tracked("del", r("Udgår.")))),
            form='<w:del w:id="1" w:author="A"/>',
        ),
        tr("2. B", "To."),
    ),
    one([(1, "A", "Et."), (2, "B", "To.")]),
)
TEXT["deleted row, text plain"] = case(
    tbl(
        HEADER,
        name(S),
        tr("1. A", "Et."),
        tr("2. Gammel", "Udgår.", form='<w:del w:id="1" w:author="A"/>'),
        tr("2. B", "To."),
    ),
    one([(1, "A", "Et."), (2, "B", "To.")]),
)
TEXT["deleted paragraph mark"] = case(
    tbl(
        HEADER,
        name(S),
        tr(
            "1. A",
            tc(p("Første halvdel ", form='<w:rPr><w:del w:id="3" w:author="A"/></w:rPr>') + p("og anden.")),
        ),
    ),
    one([(1, "A", "Første halvdel og anden.")]),
)
TEXT["sdt everywhere"] = case(
    control(
        tbl(
            HEADER,
            name(S),
            control(tr(control(tc("1. A")), control(tc(p(control(r("Et."))))))),
            tr(tc(control(p("2. B"))), tc(control(control(p("To."))))),
        )
    ),
    one([(1, "A", "Et."), (2, "B", "To.")]),
)
TEXT["placeholder"] = case(
    tbl(
        HEADER, name(S), tr("1. A", tc(p(control(r("Klik her for at skrive tekst."), "<w:showingPlcHdr/>"))))
    ),
    one([(1, "A", "")]),
    left=["Klik her for at skrive tekst."],
)
TEXT["text box in status"] = case(
    tbl(HEADER, name(S), tr("1. A", tc(p(r("Et.") + text_box(p("Boks.")))))), one([(1, "A", "Et.\nBoks.")])
)
TEXT["nested box"] = case(
    tbl(HEADER, name(S), tr("1. A", tc(p(r("Et.") + text_box(p(r("Boks.") + text_box(p("Inderst.")))))))),
    one([(1, "A", "Et.\nBoks.\nInderst.")]),
)
TEXT["head in box"] = case(
    p(text_box(p("Dato: 3. marts 2026") + p("Sagsnr. 2026-17"))) + tbl(HEADER, name(S), tr("1. A", "Et.")),
    one([(1, "A", "Et.")]),
)
TEXT["nested table in status"] = case(
    tbl(HEADER, name(S), tr("1. A", tc(p("Et.") + tbl(tr("År", "Antal"), tr("2025", "12")) + p()))),
    one([(1, "A", None)]),
)
TEXT["whole in layout table"] = case(
    tbl(tr(tc(p("Ramme") + tbl(HEADER, name(S), tr("1. A", "Et."), tr("2. B", "To.")) + p()))),
    one([(1, "A", "Et."), (2, "B", "To.")]),
)
for lab, nid in (("dot", 1), ("Nr.", 2), ("zero", 5), ("override", 21)):
    base = 5 if nid == 21 else 1
    TEXT[f"auto number {lab}"] = case(
        tbl(HEADER, name(S), tr(tc(item("A", nid)), "Et."), tr(tc(item("B", nid)), "To.")),
        one([(base, "A", "Et."), (base + 1, "B", "To.")]),
        numbering=NUMBERING,
    )
TEXT["auto number column"] = case(
    tbl(
        tr("Nr.", "Indsats", "Status"),
        name(S, 3),
        tr(tc(item("", 2)), "A", "Et."),
        tr(tc(item("", 2)), "B", "To."),
    ),
    one([(1, "A", "Et."), (2, "B", "To.")]),
    numbering=NUMBERING,
)
TEXT["auto number style"] = case(
    tbl(HEADER, name(S), tr(tc(styled("Counted", "A")), "Et."), tr(tc(styled("Counted", "B")), "To.")),
    one([(1, "A", "Et."), (2, "B", "To.")]),
    numbering=NUMBERING,
)
TEXT["auto restart"] = case(
    tbl(
        HEADER,
        name(S),
        tr(tc(item("A", 1)), "Et."),
        tr(tc(item("B", 1)), "To."),
        name(F),
        tr(tc(item("C", 20)), "Tre."),
    ),
    [(S, [(1, "A", "Et."), (2, "B", "To.")]), (F, [(1, "C", "Tre.")])],
    numbering=NUMBERING,
)
TEXT["auto letters"] = case(
    tbl(HEADER, name(S), tr(tc(item("Alfa", 3)), SAID), tr(tc(item("Beta", 3)), SAID)),
    one([(1, "Alfa", SAID), (2, "Beta", SAID)]),
    numbering=NUMBERING,
)
TEXT["auto roman"] = case(
    tbl(HEADER, name(S), tr(tc(item("Alfa", 4)), SAID), tr(tc(item("Beta", 4)), SAID)),
    one([(1, "Alfa", SAID), (2, "Beta", SAID)]),
    numbering=NUMBERING,
)
TEXT["auto two levels: name and title"] = case(
    tbl(
        HEADER,
        tr(tc(item(S, 2), span=2)),
        tr(tc(item("Alfa", 2, 1)), SAID),
        tr(tc(item("Beta", 2, 1)), SAID),
        tr(tc(item(F, 2), span=2)),
        tr(tc(item("Gamma", 2, 1)), SAID),
    ),
    [(S, [(1, "Alfa", SAID), (2, "Beta", SAID)]), (F, [(3, "Gamma", SAID)])],
    numbering=NUMBERING,
)
TEXT["style by pStyle"] = case(
    tbl(HEADER, name(S), tr(tc(styled("Kept", "A")), "Et."), tr(tc(styled("Kept", "B")), "To.")),
    one([(1, "A", "Et."), (2, "B", "To.")]),
    numbering=numbering(
        level(0, "decimal", "%1."),
        level(0, "bullet", "-") + level(1, "decimal", "%2.", '<w:pStyle w:val="Kept"/>'),
    ),
)
TEXT["numStyleLink"] = case(
    tbl(HEADER, name(S), tr(tc(item("A", 2)), "Et."), tr(tc(item("B", 2)), "To.")),
    one([(1, "A", "Et."), (2, "B", "To.")]),
    numbering=numbering(
        '<w:styleLink w:val="L"/>' + level(0, "decimal", "%1."), '<w:numStyleLink w:val="L"/>'
    ),
)
TEXT["status list restart"] = case(
    tbl(
        HEADER,
        name(S),
        tr("1. A", tc(item("x", 1) + item("y", 1))),
        tr("2. B", tc(item("z", 20) + item("b", 6) + item("c", 3))),
    ),
    one([(1, "A", "1. x\n2. y"), (2, "B", "1. z\n- b\na) c")]),
    numbering=NUMBERING,
)
TEXT["fields"] = case(
    p(r("Tabel ") + field("SEQ Tabel \\* ARABIC", r("1")) + r(". Indsatser i 2026."))
    + tbl(
        HEADER,
        name(S),
        tr(
            "1. A",
            tc(
                p(
                    r("Se ")
                    + field("HYPERLINK x", r("siden"))
                    + r(" og nr. ")
                    + field("REF _1 \\r", r("4"))
                    + r(".")
                )
            ),
        ),
        tr("2. B", "To."),
    ),
    one([(1, "A", "Se siden og nr. 4."), (2, "B", "To.")]),
)
NEST = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>'
    + field("DOCPROPERTY x", r("kode"))
    + '<w:r><w:instrText> = "a" "b"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    + r("svaret")
    + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
TEXT["nested field"] = case(
    tbl(HEADER, name(S), tr("1. A", tc(p(r("Her er ") + NEST + r("."))))), one([(1, "A", "Her er svaret.")])
)
TEXT["signs"] = case(
    tbl(
        HEADER,
        name(S),
        tr(
            tc(p("<w:r><w:t>1.</w:t><w:tab/><w:t>A</w:t><w:ptab/><w:t>B</w:t></w:r>")),
            tc(
                p(
                    "<w:r><w:t>e</w:t><w:noBreakHyphen/><w:t>læ</w:t><w:softHyphen/><w:t>ring</w:t><w:br/><w:t>to</w:t>"
                    '<w:cr/><w:t>tre </w:t><w:sym w:font="Symbol" w:char="2265"/><w:t> fire</w:t></w:r>'
                )
            ),
        ),
    ),
    one([(1, "A B", "e-læring\nto\ntre ≥ fire")]),
)
TEXT["bad sym"] = case(
    tbl(HEADER, name(S), tr("1. A", tc(p('<w:r><w:sym w:font="X" w:char="zz"/><w:t>Et.</w:t></w:r>')))),
    one([(1, "A", "Et.")]),
)
TEXT["hidden"] = case(
    tbl(
        HEADER,
        name(S),
        tr("1. A", tc(p(r("Et.") + r(" Skjult.", '<w:rStyle w:val="Hid"/>')))),
        tr("2. Skjult", "Skjult.", form="<w:hidden/>"),
        tr("2. B", "To."),
    ),
    one([(1, "A", "Et."), (2, "B", "To.")]),
)
TEXT["comments"] = case(
    tbl(
        HEADER,
        name(S),
        tr(
            "1. A",
            tc(
                p(
                    '<w:commentRangeStart w:id="0"/>'
                    + r("Et.")
                    + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
                )
            ),
        ),
    ),
    one([(1, "A", "Et.")]),
    left=["Er det rigtigt?"],
    comments=part(
        "comments", '<w:comment w:id="0" w:author="B"><w:p>' + r("Er det rigtigt?") + "</w:p></w:comment>"
    ),
)
TEXT["notes"] = case(
    tbl(
        HEADER,
        name(S),
        tr("1. A", tc(p(r("Målt") + note("footnote", 5) + r(" og talt") + note("endnote", 2) + r(".")))),
        tr("2. B", tc(p(r("Igen") + note("footnote", 5) + r(" og ny") + note("footnote", 1) + r(".")))),
    ),
    one([(1, "A", "Målt¹ og talt²."), (2, "B", "Igen¹ og ny³.")]),
    [(1, "Fem."), (2, "Slut."), (3, "En.")],
    footnotes=notes("footnote", {1: "En.", 5: "Fem."}),
    endnotes=notes("endnote", {2: "Slut."}),
)
TEXT["note of deleted mark"] = case(
    tbl(HEADER, name(S), tr("1. A", tc(p(r("Et") + tracked("del", r("x") + note("footnote", 1)) + r("."))))),
    one([(1, "A", "Et.")]),
    [],
    footnotes=notes("footnote", {1: "Forældreløs note.", 2: "<w:p>" + r("Ubrugt.") + "</w:p>"}),
)
TEXT["deleted in note"] = case(
    tbl(HEADER, name(S), tr("1. A", tc(p(r("Et") + note("footnote", 1) + r("."))))),
    one([(1, "A", "Et¹.")]),
    [(1, "Noten.")],
    left=["gamle"],
    footnotes=notes(
        "footnote",
        {
            1: "<w:p><w:r><w:footnoteRef/></w:r>"
            + r(" Noten")
            + tracked("del", r("gamle"))
            + r(".")
            + "</w:p>"
        },
    ),
)
