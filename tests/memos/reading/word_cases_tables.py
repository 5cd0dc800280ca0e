"""Cases of how tables are shaped and what stands around them."""

from __future__ import annotations

from tests.memos.reading.word_cases import (
    BOLD,
    GOES_ON,
    HEADER,
    NUMBERING,
    RESTART,
    SAID,
    Case,
    F,
    S,
    case,
    name,
    one,
)
from tests.memos.reading.word_xml import field, item, p, part, r, styled, tbl, tc, tr

TABLES: dict[str, Case] = {}

TABLES["hMerge"] = case(
    tbl(
        HEADER,
        tr(tc(S, form='<w:hMerge w:val="restart"/>'), tc(form="<w:hMerge/>")),
        tr("1. A", "Et."),
        tr(tc("Center for Idræt", form='<w:hMerge w:val="restart"/>'), tc(form="<w:hMerge/>")),
        tr("2. B", "To."),
    ),
    [(S, [(1, "A", "Et.")]), ("Center for Idræt", [(2, "B", "To.")])],
)
TABLES["header over number and title"] = case(
    tbl(tr(tc("Indsats", span=2), "Status"), name(S, 3), tr("1.", "Alfa", "Et."), tr("2.", "Beta", "To.")),
    one([(1, "Alfa", "Et."), (2, "Beta", "To.")]),
)
TABLES["status over two"] = case(
    tbl(
        tr("Indsats", tc("Status", span=2)),
        name(S, 3),
        tr("1. Alfa", "Et.", "Et mere."),
        tr("2. Beta", tc("To.", span=2)),
    ),
    one([(1, "Alfa", "Et.\nEt mere."), (2, "Beta", "To.")]),
)
TABLES["status over two with years"] = case(
    tbl(
        tr(tc("Indsats", form=RESTART), tc("Status", span=2)),
        tr(tc("", form=GOES_ON), "2025", "2026"),
        name(S, 3),
        tr("1. Alfa", "Et.", "Et mere."),
        tr("2. Beta", tc("To.", span=2)),
    ),
    one([(1, "Alfa", "Et.\nEt mere."), (2, "Beta", "To.")]),
)
TABLES["status in two columns"] = case(
    tbl(
        tr("Indsats", "Status 2025", "Status 2026"),
        name(S, 3),
        tr("1. Alfa", SAID, SAID + " Nu."),
        tr("2. Beta", SAID, SAID + " To."),
    ),
    one([(1, "Alfa", None), (2, "Beta", None)]),
)
TABLES["status and next"] = case(
    tbl(
        tr("Indsats", "Status", "Det videre arbejde"),
        name(S, 3),
        tr("1. Alfa", SAID, "Mere."),
        tr("2. Beta", SAID, "Mere to."),
    ),
    one([(1, "Alfa", SAID), (2, "Beta", SAID)]),
)
TABLES["empty status"] = case(
    tbl(HEADER, name(S), tr("1. A", ""), tr("2. B", "Se nr. 4."), tr("3. C", ""), tr("4. D", "Fire.")),
    one([(1, "A", ""), (2, "B", "Se nr. 4."), (3, "C", ""), (4, "D", "Fire.")]),
)
TABLES["empty status unnumbered bold"] = case(
    tbl(
        HEADER,
        name(S),
        tr(tc(p(r("Alfa", BOLD))), SAID),
        tr(tc(p(r("Beta", BOLD))), ""),
        tr(tc(p(r("Gamma", BOLD))), SAID),
    ),
    one([(1, "Alfa", SAID), (2, "Beta", ""), (3, "Gamma", SAID)]),
)
TABLES["empty status bold numbered"] = case(
    tbl(
        HEADER,
        name(S),
        tr(tc(p(r("1. Alfa", BOLD))), SAID),
        tr(tc(p(r("2. Beta", BOLD))), ""),
        tr(tc(p(r("3. Gamma", BOLD))), SAID),
    ),
    one([(1, "Alfa", SAID), (2, "Beta", ""), (3, "Gamma", SAID)]),
)
TABLES["empty status number column"] = case(
    tbl(
        tr("Nr.", "Indsats", "Status"),
        name(S, 3),
        tr("1", "Alfa", SAID),
        tr("2", "Beta", ""),
        tr("3", "Gamma", SAID),
    ),
    one([(1, "Alfa", SAID), (2, "Beta", ""), (3, "Gamma", SAID)]),
)
TABLES["number column as bare title"] = case(
    tbl(tr("", "Indsats", "Status"), name(S, 3), tr("1.", "Alfa", SAID), tr("2.", "Beta", SAID)),
    one([(1, "Alfa", SAID), (2, "Beta", SAID)]),
)
TABLES["section column merged"] = case(
    tbl(
        tr("Forvaltning", "Indsats", "Status"),
        tr(tc(S, form=RESTART), "1. A", "Et."),
        tr(tc(form=GOES_ON), "2. B", "To."),
        tr(F, "3. C", "Tre."),
    ),
    [(S, [(1, "A", "Et."), (2, "B", "To.")]), (F, [(3, "C", "Tre.")])],
)
TABLES["section column, no word"] = case(
    tbl(
        tr("", "Indsats", "Status"),
        tr(tc(S, form=RESTART), "1. A", "Et."),
        tr(tc(form=GOES_ON), "2. B", "To."),
        tr(F, "3. C", "Tre."),
    ),
    [(S, [(1, "A", "Et."), (2, "B", "To.")]), (F, [(3, "C", "Tre.")])],
)
TABLES["section column, ansvarlig"] = case(
    tbl(
        tr("Ansvarlig", "Indsats", "Status"),
        tr(S, "1. A", "Et."),
        tr(S, "2. B", "To."),
        tr(F, "3. C", "Tre."),
    ),
    [(S, [(1, "A", "Et."), (2, "B", "To.")]), (F, [(3, "C", "Tre.")])],
)
TABLES["section column, last"] = case(
    tbl(
        tr("Indsats", "Status", "Ansvarlig forvaltning"),
        tr("1. A", "Et.", S),
        tr("2. B", "To.", S),
        tr("3. C", "Tre.", F),
    ),
    [(S, [(1, "A", "Et."), (2, "B", "To.")]), (F, [(3, "C", "Tre.")])],
)
TABLES["multi row initiative"] = case(
    tbl(
        HEADER,
        name(S),
        tr(tc("1. A", form=RESTART), "Et."),
        tr(tc(form=GOES_ON), "Et to."),
        tr("2. B", "To."),
    ),
    one([(1, "A", "Et.\nEt to."), (2, "B", "To.")]),
)
TABLES["caption below"] = case(
    tbl(HEADER, name(S), tr("1. A", "Et."))
    + styled("C", "Tabel 1. Indsatser i 2026.")
    + tbl(HEADER, name(F), tr("2. B", "To."))
    + styled("C", "Tabel 2. Ufinansierede indsatser."),
    one([(1, "A", "Et.")]),
)
TABLES["contents before"] = case(
    styled("toc1", "Skoleforvaltningen\t1")
    + styled("toc1", "Fritidsforvaltningen\t2")
    + tbl(tr("Indhold", "Side"), tr(S, "1"), tr(F, "2"))
    + tbl(HEADER, name(S), tr("1. A", "Et.")),
    one([(1, "A", "Et.")]),
)
TABLES["economy before"] = case(
    p("Økonomi i alt")
    + tbl(tr("Indsats", "Budget"), tr("1. A", "250.000 kr."), tr("2. B", "100.000 kr."))
    + p("Tabel 2. Status")
    + tbl(HEADER, name(S), tr("1. A", "Et."), tr("2. B", "To.")),
    one([(1, "A", "Et."), (2, "B", "To.")]),
)
TABLES["economy before 3"] = case(
    tbl(
        tr("Initiativ", "2025", "2026", form="<w:tblHeader/>"),
        tr("1. A", "250", "300"),
        tr("2. B", "100", "200"),
    )
    + tbl(HEADER, name(S), tr("1. A", "Et."), tr("2. B", "To.")),
    one([(1, "A", "Et."), (2, "B", "To.")]),
)
TABLES["overview before"] = case(
    tbl(tr("Nr.", "Indsats", "Status"), tr("1", "A", "Grøn"), tr("2", "B", "Gul"))
    + tbl(tr("Nr.", "Indsats", "Status"), name(S, 3), tr("1", "A", SAID), tr("2", "B", SAID)),
    one([(1, "A", SAID), (2, "B", SAID)]),
)
TABLES["overview2 before"] = case(
    tbl(tr("Nr.", "Indsats", "Forvaltning"), tr("1", "A", S), tr("2", "B", S))
    + tbl(tr("Nr.", "Indsats", "Status"), name(S, 3), tr("1", "A", SAID), tr("2", "B", SAID)),
    one([(1, "A", SAID), (2, "B", SAID)]),
)
TABLES["annex after"] = case(
    tbl(HEADER, name(S), tr("1. A", SAID), tr("2. B", SAID))
    + p("Bilag 1. Økonomi")
    + tbl(tr("Indsats", "Beløb", "Bemærkning"), tr("A", "200", "Ok"), tr("B", "300", ""))
    + p("Bilag 2: Deltagere")
    + tbl(tr("Navn", "Titel"), tr("Bo", "Chef")),
    one([(1, "A", SAID), (2, "B", SAID)]),
)
TABLES["annex after 2"] = case(
    tbl(HEADER, name(S), tr("1. A", SAID), tr("2. B", SAID))
    + p("Bilag: økonomi fordelt på indsatser")
    + tbl(tr("Nr.", "Indsats", "Økonomi"), tr("1", "A", "Der er afsat 200 kr."), tr("2", "B", "300 kr.")),
    one([(1, "A", SAID), (2, "B", SAID)]),
)
LAND = '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/></w:sectPr>'
TABLES["landscape, one table each"] = case(
    p(form=LAND)
    + styled("H2", S)
    + tbl(HEADER, tr("1. A", SAID))
    + p(form=LAND)
    + styled("H2", F)
    + tbl(HEADER, tr("2. B", SAID)),
    [(S, [(1, "A", SAID)]), (F, [(2, "B", SAID)])],
)
TABLES["numbered headings"] = case(
    item(S, 1) + tbl(HEADER, tr("1. A", SAID)) + item(F, 1) + tbl(HEADER, tr("2. B", SAID)),
    [(S, [(1, "A", SAID)]), (F, [(2, "B", SAID)])],
    numbering=NUMBERING,
)
TABLES["typed numbered headings"] = case(
    styled("H2", "1. " + S)
    + tbl(HEADER, tr("1. A", SAID))
    + styled("H2", "2. " + F)
    + tbl(HEADER, tr("2. B", SAID)),
    [(S, [(1, "A", SAID)]), (F, [(2, "B", SAID)])],
)
TABLES["heading and lead between"] = case(
    styled("H2", S)
    + p("Forvaltningen har to indsatser i planen, som begge er i gang nu.")
    + tbl(HEADER, tr("1. A", SAID))
    + styled("H2", F)
    + p("Forvaltningen har en indsats i planen, som er i gang nu.")
    + tbl(HEADER, tr("2. B", SAID)),
    [(S, [(1, "A", SAID)]), (F, [(2, "B", SAID)])],
)
TABLES["multi paragraph title"] = case(
    tbl(HEADER, name(S), tr(tc(p("1. Første del") + p("anden del") + p("tredje del")), "Et.")),
    one([(1, "Første del anden del tredje del", "Et.")]),
)
TABLES["number own paragraph"] = case(
    tbl(HEADER, name(S), tr(tc(p("1.") + p("Alfa")), "Et."), tr(tc(p("2.") + p("Beta")), "To.")),
    one([(1, "Alfa", "Et."), (2, "Beta", "To.")]),
)
TABLES["head in header"] = case(
    tbl(HEADER, name(S), tr("1. A", "Et.")),
    one([(1, "A", "Et.")]),
    header1=part("hdr", tbl(tr("Sagsnr.", "2026-17"), tr("Dato", "3. marts 2026"))),
    footer1=part("ftr", p(r("Side ") + field("PAGE", r("1")))),
)
TABLES["math"] = case(
    tbl(
        HEADER,
        name(S),
        tr("1. A", tc(p(r("Det er ") + "<m:oMath><m:r><m:t>x=2</m:t></m:r></m:oMath>" + r(".")))),
    ),
    one([(1, "A", "Det er x=2.")]),
)
TABLES["altcontent in paragraph"] = case(
    tbl(
        HEADER,
        name(S),
        tr(
            "1. A",
            tc(
                p(
                    "<mc:AlternateContent><mc:Choice Requires='wps'>"
                    + r("Et.")
                    + "</mc:Choice><mc:Fallback>"
                    + r("Et.")
                    + "</mc:Fallback></mc:AlternateContent>"
                )
            ),
        ),
    ),
    one([(1, "A", "Et.")]),
)
G = '<w:rtl w:val="0"/>'
TABLES["google"] = case(
    p(r("Status pr. forvaltning", G + '<w:b w:val="1"/>'))
    + tbl(
        tr(tc(p(r("Indsats", G + '<w:b w:val="1"/>'))), tc(p(r("Status", G + '<w:b w:val="1"/>')))),
        tr(tc(p(r(S, G + '<w:b w:val="1"/>')), span=2)),
        tr(tc(p(r("1. A", G))), tc(p(r("Et.", G)))),
    ),
    one([(1, "A", "Et.")]),
    styles=part("styles", ""),
)
TABLES["ruby"] = case(
    tbl(
        HEADER,
        name(S),
        tr(
            "1. A",
            tc(
                p(
                    "<w:r><w:ruby><w:rt>"
                    + r("op")
                    + "</w:rt><w:rubyBase>"
                    + r("Et.")
                    + "</w:rubyBase></w:ruby></w:r>"
                )
            ),
        ),
    ),
    one([(1, "A", None)]),
)
