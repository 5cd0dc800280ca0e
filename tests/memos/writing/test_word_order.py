"""The Word file keeps to the order that Word insists on, which calls a file broken that does not."""

# The sequences stand as the standard gives them.
# ruff: noqa: E501

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

import pytest
from lxml import etree

from tests.memos.writing.samples import CREATED, MEMO, SVG
from tracker.memos.writing import DraftNotice, Letterhead, write_docx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

# ECMA-376 part 1, the sequences of wml.xsd: what may stand in an element, in this order.
ORDER = {
    name: words.split()
    for name, words in {
        "styles": "docDefaults latentStyles style",
        "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat"
        " locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
        "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd"
        " tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi"
        " adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection"
        " textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
        "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof"
        " snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText"
        " vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
        "pBdr": "top left bottom right between bar",
        "numPr": "ilvl numId",
        "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc"
        " tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
        "tblBorders": "top left start bottom right end insideH insideV",
        "tblCellMar": "top left start bottom right end",
        "tbl": "bookmarkStart bookmarkEnd tblPr tblGrid tr",
        "tr": "tblPrEx trPr tc",
        "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
        "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType"
        " pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
        "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
        "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
        "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
        "num": "abstractNumId lvlOverride",
        "lvlOverride": "startOverride lvl",
        "settings": "writeProtection view zoom mirrorMargins stylePaneFormatFilter documentProtection defaultTabStop"
        " autoHyphenation evenAndOddHeaders characterSpacingControl footnotePr endnotePr compat docVars rsids"
        " themeFontLang clrSchemeMapping decimalSymbol listSeparator",
        "inline": "extent effectExtent docPr cNvGraphicFramePr graphic",
        "pic": "nvPicPr blipFill spPr",
        "coreProperties": "title creator lastModifiedBy language created modified contentStatus",
    }.items()
}
FIRST = {"p": "pPr", "r": "rPr", "tc": "tcPr"}


@pytest.fixture(scope="module")
def parts() -> dict[str, etree._Element]:
    """Every part of a draft with everything in it, by name."""
    data = write_docx(
        MEMO,
        letterhead=Letterhead("Eksempelby Kommune", logo=SVG),
        created=CREATED,
        draft=DraftNotice(("2. Samtaler",)),
        colophon="1. udgave",
    )
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]
        return {name: etree.fromstring(package.read(name)) for name in names}


def elements(parts: dict[str, etree._Element]) -> Iterator[tuple[str, etree._Element]]:
    for name, root in parts.items():
        for element in root.iter():
            yield name, element


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def test_children_stand_in_the_order_of_the_schema(parts: dict[str, etree._Element]) -> None:
    checked = Counter[str]()
    for part, element in elements(parts):
        kind, children = local(element), [local(child) for child in element]
        if kind in FIRST and FIRST[kind] in children:
            assert children.index(FIRST[kind]) == 0, (part, kind, children)
        if kind not in ORDER:
            continue
        unknown = set(children) - set(ORDER[kind])
        assert not unknown, (part, kind, unknown)
        assert children == sorted(children, key=ORDER[kind].index), (part, kind, children)
        checked[kind] += 1
    assert set(ORDER) - set(checked) == set()


def test_a_cell_ends_with_a_paragraph_and_the_body_with_its_section(parts: dict[str, etree._Element]) -> None:
    document = parts["word/document.xml"]
    assert local(document[0][-1]) == "sectPr"
    assert local(document[0][-2]) == "p"
    assert {local(cell[-1]) for cell in document.iter(f"{W}tc")} == {"p"}
    rows = {len(row.findall(f"{W}tc")) for row in document.iter(f"{W}tr")}
    assert rows == {len(document.find(f".//{W}tblGrid"))}


def test_every_id_is_unique_and_everything_named_is_there(parts: dict[str, etree._Element]) -> None:
    styles = [one.get(f"{W}styleId") for one in parts["word/styles.xml"].iter(f"{W}style")]
    lists = [one.get(f"{W}numId") for one in parts["word/numbering.xml"].iter(f"{W}num")]
    notes = [one.get(f"{W}id") for one in parts["word/footnotes.xml"].iter(f"{W}footnote")]
    shapes = [one.get("id") for _, one in elements(parts) if local(one) in {"docPr", "shape"}]
    for ids in (styles, lists, notes, shapes):
        assert len(ids) == len(set(ids))
    named = {one.get(f"{W}val") for _, one in elements(parts) if re.search("(p|r|tbl)Style$", local(one))}
    assert named | {
        one.get(f"{W}val") for _, one in elements(parts) if local(one) in {"basedOn", "next"}
    } <= set(styles)
    used = {one.get(f"{W}val") for one in parts["word/document.xml"].iter(f"{W}numId")}
    assert used <= set(lists)
    called = {one.get(f"{W}id") for one in parts["word/document.xml"].iter(f"{W}footnoteReference")}
    assert called <= set(notes)


def test_every_relation_leads_to_a_part(parts: dict[str, etree._Element]) -> None:
    for part, relations in (("document", "document.xml"), ("header1", "header1.xml")):
        found = parts[f"word/_rels/{relations}.rels"]
        ids = {one.get("Id") for one in found}
        root = parts[f"word/{part}.xml"]
        asked = {value for one in root.iter() for name, value in one.attrib.items() if name.startswith(R)}
        assert asked <= ids
    targets = {f"word/{one.get('Target')}" for one in parts["word/_rels/document.xml.rels"]}
    assert targets <= set(parts)
