"""Cases of rarer ways of counting, changes to cells, controls around rows, and other blanks."""

from __future__ import annotations

from tests.memos.reading.word_cases import (
    BOLD,
    HEADER,
    NUMBERING,
    SAID,
    Case,
    F,
    S,
    case,
    name,
    one,
)
from tests.memos.reading.word_xml import (
    control,
    item,
    level,
    note,
    notes,
    numbering,
    p,
    r,
    styled,
    tbl,
    tc,
    tr,
    tracked,
)

OTHER: dict[str, Case] = {}
_LISTS = numbering(
    level(0, "decimal", "%1.", start=30),
    level(0, "upperLetter", "%1.") + level(1, "decimal", "%1.%2", "<w:isLgl/>"),
    level(0, "decimal", "%1.") + level(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>'),
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><mc:AlternateContent><mc:Choice Requires="w14">'
    '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback>'
    '<w:numFmt w:val="decimalZero"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1"/></w:lvl>',
    level(0, "decimal", "Indsats nr. %1 –"),
    level(0, "ordinal", "%1"),
)
_ROWS = [(30, "Alfa", SAID), (31, "Beta", SAID)]


def counted(number: int) -> str:
    """A table whose two titles are items of a list."""
    return tbl(HEADER, name(S), tr(tc(item("Alfa", number)), SAID), tr(tc(item("Beta", number)), SAID))


OTHER["start 30"] = case(counted(1), one(_ROWS), numbering=_LISTS)
OTHER["isLgl"] = case(
    tbl(
        HEADER, tr(tc(item(S, 2), span=2)), tr(tc(item("Alfa", 2, 1)), SAID), tr(tc(item("Beta", 2, 1)), SAID)
    ),
    one([(1, "Alfa", SAID), (2, "Beta", SAID)]),
    numbering=_LISTS,
)
OTHER["lvlRestart 0"] = case(
    tbl(
        HEADER,
        tr(tc(item(S, 3), span=2)),
        tr(tc(item("Alfa", 3, 1)), SAID),
        tr(tc(item(F, 3), span=2)),
        tr(tc(item("Beta", 3, 1)), SAID),
    ),
    [(S, [(1, "Alfa", SAID)]), (F, [(2, "Beta", SAID)])],
    numbering=_LISTS,
)
OTHER["custom format"] = case(counted(4), one([(1, "Alfa", SAID), (2, "Beta", SAID)]), numbering=_LISTS)
OTHER["Indsats nr."] = case(counted(5), one([(1, "Alfa", SAID), (2, "Beta", SAID)]), numbering=_LISTS)
OTHER["ordinal"] = case(counted(6), one([(1, "Alfa", SAID), (2, "Beta", SAID)]), numbering=_LISTS)
OTHER["del in ins"] = case(
    tbl(HEADER, name(S), tr(tc(p(tracked("ins", r("1. Al") + tracked("del", r("xx")) + r("fa")))), SAID)),
    one([(1, "Alfa", SAID)]),
)
OTHER["note in ins and link"] = case(
    tbl(
        HEADER,
        name(S),
        tr(
            "1. Alfa",
            tc(
                p(
                    r("Målt")
                    + tracked("ins", note("footnote", 3))
                    + r(".")
                    + '<w:hyperlink w:anchor="x">'
                    + r(" Se")
                    + note("footnote", 2)
                    + "</w:hyperlink>"
                )
            ),
        ),
    ),
    one([(1, "Alfa", "Målt¹. Se²")]),
    [(1, "C."), (2, "B.")],
    footnotes=notes("footnote", {2: "B.", 3: "C."}),
)
OTHER["inserted cell"] = case(
    tbl(HEADER, name(S), tr("1. Alfa", tc(SAID, form='<w:cellIns w:id="1" w:author="A"/>'))),
    one([(1, "Alfa", SAID)]),
)
OTHER["deleted cell"] = case(
    tbl(
        tr("Indsats", tc(p(tracked("del", r("Frist"))), form='<w:cellDel w:id="1" w:author="A"/>'), "Status"),
        name(S, 3),
        tr("1. Alfa", tc(p(tracked("del", r("Juni"))), form='<w:cellDel w:id="1" w:author="A"/>'), SAID),
        tr("2. Beta", tc(p(tracked("del", r("Juli"))), form='<w:cellDel w:id="1" w:author="A"/>'), SAID),
    ),
    one([(1, "Alfa", SAID), (2, "Beta", SAID)]),
)
OTHER["moved paragraph"] = case(
    tbl(
        HEADER,
        name(S),
        tr(
            "1. Alfa",
            tc(p(tracked("moveFrom", r("Flyttet."))) + p("Et.") + p(tracked("moveTo", r("Flyttet.")))),
        ),
    ),
    one([(1, "Alfa", "Et.\nFlyttet.")]),
)
OTHER["repeating section"] = case(
    tbl(HEADER, name(S), control(control(tr("1. Alfa", SAID)) + control(tr("2. Beta", SAID)))),
    one([(1, "Alfa", SAID), (2, "Beta", SAID)]),
)
OTHER["customXml rows"] = case(
    tbl(HEADER, name(S), "<w:customXml w:element='x'>" + tr("1. Alfa", SAID) + "</w:customXml>"),
    one([(1, "Alfa", SAID)]),
)
OTHER["hidden mark"] = case(
    tbl(HEADER, name(S), tr("1. Alfa", tc(p("Et.", form="<w:rPr><w:vanish/></w:rPr>") + p("To.")))),
    one([(1, "Alfa", None)]),
)
OTHER["figure space and narrow space"] = case(
    tbl(HEADER, name(S), tr("1.\u2007Alfa", SAID), tr("2.\u202fBeta", SAID)),
    one([(1, "Alfa", SAID), (2, "Beta", SAID)]),
)
OTHER["U+2010 and U+2011"] = case(
    tbl(HEADER, name(S), tr("1. E\u2010læring", "Skole\u2011hjem er nu i gang i alle klasser.")),
    one([(1, "E\u2010læring", "Skole\u2011hjem er nu i gang i alle klasser.")]),
)
OTHER["dropdown section in column"] = case(
    tbl(
        tr("Nr.", "Forvaltning", "Indsats", "Status"),
        tr("1", tc(p(control(r(S), "<w:dropDownList/>"))), "Alfa", SAID),
        tr("2", tc(p(control(r(F), "<w:dropDownList/>"))), "Beta", SAID),
    ),
    [(S, [(1, "Alfa", SAID)]), (F, [(2, "Beta", SAID)])],
)
OTHER["status is list only"] = case(
    tbl(HEADER, name(S), tr("1. Alfa", tc(item("x", 6) + item("y", 6)))),
    one([(1, "Alfa", "- x\n- y")]),
    numbering=NUMBERING,
)
OTHER["bold lead in status"] = case(
    tbl(HEADER, name(S), tr("1. Alfa", tc(p(r("Status: ", BOLD) + r("Der er gang i det."))))),
    one([(1, "Alfa", "Status: Der er gang i det.")]),
)
OTHER["name with note and number"] = case(
    tbl(HEADER, tr(tc(p(r(S) + note("footnote", 1)), span=2)), tr("1. Alfa", SAID)),
    [(S + "¹", [(1, "Alfa", SAID)])],
    footnotes=notes("footnote", {1: "N."}),
)
OTHER["header with note"] = case(
    tbl(
        tr("Indsats", tc(p(r("Status") + note("footnote", 1)))),
        name(S),
        tr("1. Alfa", SAID),
        tr("2. Beta", "Et."),
    ),
    one([(1, "Alfa", SAID), (2, "Beta", "Et.")]),
    footnotes=notes("footnote", {1: "N."}),
)
OTHER["header in two rows of words"] = case(
    tbl(
        tr("Nr.", tc("Indsats", span=2), "Status"),
        tr("", "Navn", "Ansvarlig", ""),
        name(S, 4),
        tr("1", "Alfa", "Bo", SAID),
        tr("2", "Beta", "Bo", SAID),
    ),
    one([(1, "Alfa", SAID), (2, "Beta", SAID)]),
)
OTHER["three tables kinds"] = case(
    styled("C", "Tabel 1. Status")
    + tbl(HEADER, name(S), tr("1. Alfa", SAID))
    + styled("C", "Tabel 2. Ufinansierede indsatser")
    + tbl(HEADER, name(S), tr("2. Beta", SAID))
    + styled("C", "Tabel 3. Nye forslag")
    + tbl(HEADER, name(F), tr("3. Gamma", SAID)),
    one([(1, "Alfa", SAID)]),
)
OTHER["title cell with description"] = case(
    tbl(
        HEADER,
        name(S),
        tr(tc(p(r("1. Alfa", BOLD)) + p("Formålet er at give flere unge en mentor.")), SAID),
        tr(tc(p(r("2. Beta", BOLD)) + p("Formålet er at holde hallen åben.")), SAID),
    ),
    one(
        [
            (1, "Alfa Formålet er at give flere unge en mentor.", SAID),
            (2, "Beta Formålet er at holde hallen åben.", SAID),
        ]
    ),
)
OTHER["old pict box beside"] = case(
    p(
        "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
        + p("Sagsnr. 2026-17")
        + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    + tbl(HEADER, name(S), tr("1. Alfa", SAID)),
    one([(1, "Alfa", SAID)]),
)
OTHER["group of boxes"] = case(
    p(
        "<w:r><mc:AlternateContent><mc:Choice Requires='wpg'><w:drawing><g><wps:txbx><w:txbxContent>"
        + p("Dato: 3. marts 2026")
        + "</w:txbxContent></wps:txbx><wps:txbx><w:txbxContent>"
        + p("Sagsnr. 2026-17")
        + "</w:txbxContent></wps:txbx></g></w:drawing></mc:Choice>"
        + "<mc:Fallback><w:pict><v:textbox><w:txbxContent>"
        + p("Dato: 3. marts 2026")
        + "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    + tbl(HEADER, name(S), tr("1. Alfa", SAID)),
    one([(1, "Alfa", SAID)]),
)
OTHER["a card for each initiative"] = case(
    styled("H2", S)
    + tbl(tr("Indsats", "1. Alfa"), tr("Status", SAID))
    + tbl(tr("Indsats", "2. Beta"), tr("Status", "Et."))
    + styled("H2", "Teknik og Miljø")
    + tbl(tr("Indsats", "3. Gamma"), tr("Status", SAID)),
    [(S, [(1, "Alfa", SAID), (2, "Beta", "Et.")]), ("Teknik og Miljø", [(3, "Gamma", SAID)])],
)
OTHER["cards in one table with numbers and more"] = case(
    tbl(
        name("Teknik og Miljø"),
        *(tr("Nr.:", "1"), tr("Indsats:", "Alfa"), tr("Ansvarlig:", "Bo"), tr("Status 2025:", SAID)),
        *(tr("Nr.:", "2"), tr("Indsats:", "Beta"), tr("Ansvarlig:", ""), tr("Status 2025:", "")),
        name(F),
        *(tr("Nr.:", "3"), tr("Indsats:", "Gamma"), tr("Ansvarlig:", "Bo"), tr("Status 2025:", SAID)),
    ),
    [("Teknik og Miljø", [(1, "Alfa", SAID), (2, "Beta", "")]), (F, [(3, "Gamma", SAID)])],
)
