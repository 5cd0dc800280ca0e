"""Cases of rows and tables that only what stands around them explains."""

from __future__ import annotations

from tests.memos.reading.word_cases import (
    BOLD,
    GOES_ON,
    HEADER,
    NUMBERING,
    RESTART,
    SAID,
    STYLES,
    TITLE,
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
    packed,
    r,
    styled,
    tbl,
    tc,
    tr,
    tracked,
)

MORE: dict[str, Case] = {}

MULTI = numbering(
    level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2"),
    level(0, "bullet", "·") + level(1, "bullet", "o"),
)
MORE["two levels, other names"] = case(
    tbl(
        HEADER,
        tr(tc(item("Kultur og Fritid", 1), span=2)),
        tr(tc(item("Alfa", 1, 1)), SAID),
        tr(tc(item("Beta", 1, 1)), SAID),
        tr(tc(item("Teknik og Miljø", 1), span=2)),
        tr(tc(item("Gamma", 1, 1)), SAID),
    ),
    [("Kultur og Fritid", [(1, "Alfa", SAID), (2, "Beta", SAID)]), ("Teknik og Miljø", [(3, "Gamma", SAID)])],
    numbering=MULTI,
)
MORE["odd numbers in a column"] = case(
    tbl(
        tr("Nr.", "Indsats", "Status"),
        name("1. Kultur og Fritid", 3),
        tr("1.1", "Alfa", SAID),
        tr("1.2", "Beta", SAID),
        name("2. Teknik og Miljø", 3),
        tr("2.1", "Gamma", SAID),
    ),
    [("Kultur og Fritid", [(1, "Alfa", SAID), (2, "Beta", SAID)]), ("Teknik og Miljø", [(3, "Gamma", SAID)])],
)
MORE["number in number column, name in title column"] = case(
    tbl(
        tr("Nr.", "Indsats", "Status"),
        tr("1", tc(p(r("Kultur og Fritid", BOLD))), ""),
        tr("1.1", "Alfa", SAID),
        tr("1.2", "Beta", SAID),
        tr("2", tc(p(r("Teknik og Miljø", BOLD))), ""),
        tr("2.1", "Gamma", SAID),
    ),
    [("Kultur og Fritid", [(1, "Alfa", SAID), (2, "Beta", SAID)]), ("Teknik og Miljø", [(3, "Gamma", SAID)])],
)
MORE["note in title and name"] = case(
    tbl(
        HEADER,
        tr(tc(p(r(S) + note("footnote", 1)), span=2)),
        tr(tc(p(r("1. A") + note("footnote", 2))), "Et."),
    ),
    [(S + "¹", [(1, "A²", "Et.")])],
    [(1, "En."), (2, "To.")],
    footnotes=notes("footnote", {1: "En.", 2: "To."}),
)
MORE["break after number"] = case(
    tbl(
        HEADER,
        name(S),
        tr(tc(p("<w:r><w:t>1.</w:t><w:br/><w:t>Alfa</w:t></w:r>")), "Et."),
        tr(tc(p("<w:r><w:t>2.</w:t><w:br/><w:t>Beta</w:t></w:r>")), "To."),
    ),
    one([(1, "Alfa", "Et."), (2, "Beta", "To.")]),
)
MORE["long header"] = case(
    tbl(
        tr("Indsatsens nr. og titel", "Status på indsatsen (oktober 2025)"),
        name(S),
        tr("1. A", "Et."),
        tr("2. B", "To."),
    ),
    one([(1, "A", "Et."), (2, "B", "To.")]),
)
MORE["no header"] = case(
    tbl(name(S), tr("1. A", "Et."), tr("2. B", "To.")), one([(1, "A", "Et."), (2, "B", "To.")])
)
MORE["checkbox column"] = case(
    tbl(
        tr("Nr.", "Indsats", "Afsluttet", "Status"),
        name(S, 4),
        tr("1", "A", tc(p(control(r("☒")))), "Et."),
        tr("2", "B", tc(p(control(r("☐")))), "To."),
    ),
    one([(1, "A", "Et."), (2, "B", "To.")]),
)
MORE["number, administration, title, status"] = case(
    tbl(
        tr("Nr.", "Forvaltning", "Indsats", "Status"),
        tr("1", S, "A", "Et."),
        tr("2", S, "B", "To."),
        tr("3", F, "C", "Tre."),
    ),
    [(S, [(1, "A", "Et."), (2, "B", "To.")]), (F, [(3, "C", "Tre.")])],
)
MORE["table cut in two"] = case(
    tbl(HEADER, name(S), tr("Alfa", SAID), tr("Beta", SAID))
    + p()
    + tbl(tr("Gamma", SAID), tr("Delta", SAID)),
    one([(1, "Alfa", SAID), (2, "Beta", SAID), (3, "Gamma", SAID), (4, "Delta", SAID)]),
)
MORE["caption without stop"] = case(
    p(r("Tabel 1 Indsatser under kommunens forvaltninger", BOLD)) + tbl(HEADER, name(S), tr("1. A", "Et.")),
    one([(1, "A", "Et.")]),
)
MORE["numbered heading title"] = case(
    tbl(
        HEADER,
        name(S),
        tr(
            tc(
                p(
                    "A",
                    form='<w:pStyle w:val="H2"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>',
                )
            ),
            "Et.",
        ),
    ),
    one([(1, "A", "Et.")]),
    numbering=MULTI,
)
MORE["sublist"] = case(
    tbl(HEADER, name(S), tr("1. A", tc(p("Trin:") + item("x", 2) + item("y", 2, 1) + item("z", 2)))),
    one([(1, "A", "Trin:\n- x\n- y\n- z")]),
    numbering=MULTI,
)
MORE["deleted table"] = case(
    tbl(
        tr(
            tc(p(tracked("del", r("Gammel")))),
            tc(p(tracked("del", r("Tabel")))),
            form='<w:del w:id="1" w:author="A"/>',
        )
    )
    + tbl(HEADER, name(S), tr("1. A", "Et.")),
    one([(1, "A", "Et.")]),
)
MORE["table in a moved block"] = case(
    "<w:moveToRangeStart w:id='1'/>"
    + tbl(HEADER, name(S), tr("1. A", "Et."))
    + "<w:moveToRangeEnd w:id='1'/>",
    one([(1, "A", "Et.")]),
)
MORE["inserted row"] = case(
    tbl(
        HEADER,
        name(S),
        tr("1. A", "Et."),
        tr(
            tc(p(tracked("ins", r("2. B")))),
            tc(p(tracked("ins", r("To.")))),
            form='<w:ins w:id="1" w:author="A"/>',
        ),
    ),
    one([(1, "A", "Et."), (2, "B", "To.")]),
)
MORE["section name in sdt dropdown"] = case(
    tbl(HEADER, tr(tc(p(control(r(S), "<w:dropDownList/>")), span=2)), tr("1. A", "Et.")),
    one([(1, "A", "Et.")]),
)
MORE["page-repeated header by hand"] = case(
    tbl(HEADER, name(S), tr("1. A", "Et."), HEADER, tr("2. B", "To.")),
    one([(1, "A", "Et."), (2, "B", "To.")]),
)
MORE["name with forts."] = case(
    tbl(HEADER, name(S), tr("1. A", "Et."), name(S + " (fortsat)"), HEADER, tr("2. B", "To.")),
    one([(1, "A", "Et."), (2, "B", "To.")]),
)
MORE["lone name left cell no merge no bold other name"] = case(
    tbl(HEADER, tr("Kultur og Fritid", ""), tr("1. A", "Et."), tr("Teknik og Miljø", ""), tr("2. B", "To.")),
    [("Kultur og Fritid", [(1, "A", "Et.")]), ("Teknik og Miljø", [(2, "B", "To.")])],
)
MORE["shaded name in all bold titles"] = case(
    tbl(
        HEADER, name("Kultur og Fritid"), tr(tc(p(r("1. A", BOLD))), "Et."), tr(tc(p(r("2. B", BOLD))), "To.")
    ),
    [("Kultur og Fritid", [(1, "A", "Et."), (2, "B", "To.")])],
)
MORE["empty table rows"] = case(
    tbl(HEADER, name(S), tr("", ""), tr("1. A", "Et."), tr("", ""), tr("2. B", "To.")),
    one([(1, "A", "Et."), (2, "B", "To.")]),
)
MORE["automatic number in empty paragraph before title"] = case(
    tbl(HEADER, name(S), tr(tc(item("", 1) + p("Alfa")), SAID), tr(tc(item("", 1) + p("Beta")), SAID)),
    one([(1, "Alfa", SAID), (2, "Beta", SAID)]),
    numbering=MULTI,
)
MORE["status over two rows with gridBefore"] = case(
    tbl(
        HEADER,
        name(S),
        tr("1. A", "Et."),
        tr("Et mere.", form='<w:gridBefore w:val="1"/>'),
        tr("2. B", "To."),
    ),
    one([(1, "A", "Et.\nEt mere."), (2, "B", "To.")]),
)
MORE["numbers with letters"] = case(
    tbl(HEADER, name(S), tr("1a. Alfa", SAID), tr("1b. Beta", SAID), tr("2. Gamma", SAID)),
    one([(1, "Alfa", SAID), (2, "Beta", SAID), (3, "Gamma", SAID)]),
)
MORE["footnote marker typed superscript in sdt"] = case(
    tbl(HEADER, name(S), tr("1. A", tc(p(r("Målt") + r("1", '<w:vertAlign w:val="superscript"/>') + r(".")))))
    + p(r("1", '<w:vertAlign w:val="superscript"/>') + r(" Noten.")),
    one([(1, "A", "Målt¹.")]),
    [(1, "Noten.")],
)
MORE["some numbers with letters"] = case(
    tbl(
        HEADER,
        name(S),
        tr("1. Alfa", SAID),
        tr("2a. Beta", SAID),
        tr("2b. Gamma", SAID),
        tr("4. Delta", SAID),
    ),
    one([(1, "Alfa", SAID), (2, "Beta", SAID), (3, "Gamma", SAID), (4, "Delta", SAID)]),
    left=["2a.", "2b."],
)
MORE["counted letters and names with numbers"] = case(
    tbl(
        HEADER,
        tr(tc(item("Teknik og Miljø", 2), span=2)),
        tr(tc(item("Alfa", 2, 1)), SAID),
        tr(tc(item("Kultur og Fritid", 2), span=2)),
        tr(tc(item("Beta", 2, 1)), SAID),
    ),
    [("Teknik og Miljø", [(1, "Alfa", SAID)]), ("Kultur og Fritid", [(2, "Beta", SAID)])],
    numbering=NUMBERING,
)
MORE["one row with a number of parts"] = case(
    styled("H2", "2. " + F) + tbl(HEADER, tr("2.1 Alfa", SAID)), [(F, [(1, "Alfa", SAID)])]
)
MORE["unknown words above numbered rows"] = case(
    tbl(tr("Løfte", "Det er der sket"), name("Teknik og Miljø"), tr("1. Alfa", "Et."), tr("2. Beta", "To.")),
    [("Teknik og Miljø", [(1, "Alfa", "Et."), (2, "Beta", "To.")])],
)
MORE["unknown words, one of the tables long"] = case(
    styled("H2", S)
    + tbl(tr("Løfte", "Det er der sket"), tr("Alfa", SAID))
    + styled("H2", F)
    + tbl(tr("Løfte", "Det er der sket"), tr("Beta", SAID), tr("Gamma", SAID)),
    [(S, [(1, "Alfa", SAID)]), (F, [(2, "Beta", SAID), (3, "Gamma", SAID)])],
)
MORE["only the first table has a header"] = case(
    styled("H2", S)
    + tbl(tr("Nr.", "Indsats", tc("Status", span=2)), tr("1", "Alfa", "Et.", "Et mere."))
    + styled("H2", "Teknik og Miljø")
    + tbl(tr("2", "Beta", "To.", "To mere.")),
    [(S, [(1, "Alfa", "Et.\nEt mere.")]), ("Teknik og Miljø", [(2, "Beta", "To.\nTo mere.")])],
)
MORE["a table of words after the statuses"] = case(
    tbl(HEADER, name(S), tr("1. Alfa", SAID), tr("2. Beta", SAID))
    + p("Bilag 2: Ord i notatet")
    + tbl(tr("Frivillig", SAID), tr("Mentor", SAID)),
    one([(1, "Alfa", SAID), (2, "Beta", SAID)]),
)
MORE["lead under a first name like the others"] = case(
    styled("H2", "Teknik og Miljø")
    + p("Herunder er samlet de indsatser, som forvaltningen har i planen.")
    + tbl(HEADER, tr("1. Alfa", SAID))
    + styled("H2", F)
    + tbl(HEADER, tr("2. Beta", SAID)),
    [("Teknik og Miljø", [(1, "Alfa", SAID)]), (F, [(2, "Beta", SAID)])],
)
MORE["bold title without status among merged names"] = case(
    tbl(HEADER, name("Teknik og Miljø"), tr("Alfa", SAID), tr(tc(p(r("Beta", BOLD))), ""), tr("Gamma", SAID)),
    [("Teknik og Miljø", [(1, "Alfa", SAID), (2, "Beta", ""), (3, "Gamma", SAID)])],
)
MORE["name in the column of numbers"] = case(
    tbl(
        tr("Nr.", "Indsats", tc("Status", span=2)),
        tr("Teknik og Miljø", "", "", ""),
        tr("1", "Alfa", "Et.", "Mere."),
        tr("2", "Beta", tc("To.", span=2)),
    ),
    [("Teknik og Miljø", [(1, "Alfa", "Et.\nMere."), (2, "Beta", "To.")])],
)
MORE["the same name once more"] = case(
    styled("H2", S)
    + tbl(HEADER, tr("1. Alfa", SAID))
    + styled("H2", S + " – fortsat")
    + tbl(HEADER, tr("2. Beta", SAID)),
    one([(1, "Alfa", SAID), (2, "Beta", SAID)]),
)
MORE["title in bold above a table that begins with its header"] = Case(
    packed(
        p("Kontor for Trivsel")
        + tbl(tr("Dato", "3. marts 2026"), tr("Sagsnr.", "2026-17"))
        + p(r(TITLE, BOLD))
        + tbl(HEADER, name(S), tr("1. Alfa", SAID)),
        styles=STYLES,
    ),
    one([(1, "Alfa", SAID)]),
    None,
    (),
)
MORE["line above the header and the names"] = case(
    tbl(
        name("Overblik over planen"),
        HEADER,
        name("Teknik og Miljø"),
        tr("1. Alfa", SAID),
        name(F),
        tr("2. Beta", ""),
    ),
    [("Teknik og Miljø", [(1, "Alfa", SAID)]), (F, [(2, "Beta", "")])],
)
MORE["title without status or number between names in bold"] = case(
    tbl(
        HEADER,
        tr(tc(p(r(S, BOLD))), ""),
        tr("Alfa", SAID),
        tr("Beta", ""),
        tr("Gamma", SAID),
        tr(tc(p(r("Teknik og Miljø", BOLD))), ""),
        tr("Delta", ""),
    ),
    [(S, [(1, "Alfa", SAID), (2, "Beta", ""), (3, "Gamma", SAID)]), ("Teknik og Miljø", [(4, "Delta", "")])],
)
MORE["lead and a first title without status"] = case(
    styled("H2", "1. " + S)
    + p("Forvaltningen har en indsats i planen, som ikke er begyndt.")
    + tbl(HEADER, tr("1 Alfa", ""), tr("2 Beta", SAID), tr("3 Gamma", SAID)),
    one([(1, "Alfa", ""), (2, "Beta", SAID), (3, "Gamma", SAID)]),
)
MORE["a small table run into the next"] = case(
    tbl(tr("Post", "Beløb"), tr("Løn", "250"), HEADER, name(S), tr("Alfa", SAID), tr("Beta", SAID)),
    one([(1, "Alfa", SAID), (2, "Beta", SAID)]),
    left=["Post | Beløb", "Løn | 250"],
)
MORE["words on no list over two columns, beside the administrations"] = case(
    tbl(
        tr("Ansvarlig forvaltning", "Løfte", tc("Det er der sket", span=2)),
        tr(tc("Teknik og Miljø", form=RESTART), "Alfa", SAID, "Mere."),
        tr(tc(form=GOES_ON), "Beta", tc(SAID, span=2)),
        tr(tc("Kultur og Fritid", form=RESTART), "Gamma", SAID, "Mere."),
    ),
    [
        ("Teknik og Miljø", [(1, "Alfa", SAID + "\nMere."), (2, "Beta", SAID)]),
        ("Kultur og Fritid", [(3, "Gamma", SAID + "\nMere.")]),
    ],
)
