"""Pasting into a status what Word, mail and web pages put on the clipboard, in a real browser."""

# What stands on a clipboard is shown as it stands there.
# ruff: noqa: E501, ISC004

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import ROOT
from tracker.domain.text import Block, Footnote, StatusText, clean, parse

SCRIPT = ROOT / "tracker/web/static/js/paste.js"
PASTE = """([field, html, text]) => {
    const carried = new DataTransfer();
    if (html) carried.setData("text/html", html);
    carried.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true });
    const taken = !field.dispatchEvent(event);
    if (!taken) document.execCommand("insertText", false, text);
    return taken;
}"""


@pytest.fixture(scope="module")
def form(browser: Browser) -> Iterator[Page]:
    """A page with nothing but a status field and the script of the application."""
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.set_content(
        "<!doctype html><meta http-equiv='Content-Security-Policy' content=\"style-src 'self'; img-src 'self'\">"
        "<p id='list'>Se</p><div data-status-text><textarea rows='20' cols='80'></textarea></div>"
    )
    page.add_script_tag(path=SCRIPT)
    yield page
    page.close()
    assert not complaints


def pasted(form: Page, html: str, *, text: str = "", before: str = "", after: str = "") -> str:
    """What the field holds after pasting between `before` and `after`."""
    field = form.locator("textarea")
    field.fill(before + after)
    field.evaluate("(field, place) => { field.focus(); field.setSelectionRange(place, place) }", len(before))
    form.evaluate(PASTE, [field.element_handle(), html, text])
    return field.input_value()


def word(body: str, after: str = "") -> str:
    """A page as Word puts it on the clipboard: styles in comments, fragments, office names."""
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">'
        '<head><meta name=Generator content="Microsoft Word 15"><style><!-- @list l0:level1'
        "{mso-level-number-format:bullet;} p.MsoNormal {margin:0cm;} --></style></head>"
        f"<body lang=DA><!--StartFragment-->{body}<!--EndFragment-->{after}</body></html>"
    )


def word_item(
    text: str, marker: str, *, level: int = 1, place: str = "CxSpMiddle", font: str = "Symbol"
) -> str:
    return (
        f"<p class=MsoListParagraph{place} style='text-indent:-18.0pt;mso-list:l0 level{level} lfo1'>"
        f"<![if !supportLists]><span style='font-family:{font};mso-fareast-font-family:{font}'>"
        f"<span style='mso-list:Ignore'>{marker}<span style='font:7.0pt \"Times New Roman\"'>"
        "&nbsp;&nbsp;&nbsp;&nbsp;\n&nbsp; </span></span></span><![endif]>"
        f"{text}<o:p></o:p></p>\n"
    )


def word_mark(number: int, printed: str = "") -> str:
    return (
        f'<a style=\'mso-footnote-id:ftn{number}\' href="#_ftn{number}" name="_ftnref{number}" title="">'
        "<span class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]>"
        f"<span class=MsoFootnoteReference><span style='font-size:11.0pt'>[{printed or number}]</span></span>"
        "<![endif]></span></span></a>"
    )


def word_notes(*notes: str) -> str:
    inner = "".join(
        f"<div style='mso-element:footnote' id=ftn{number}><p class=MsoFootnoteText>"
        f'<a style=\'mso-footnote-id:ftn{number}\' href="#_ftnref{number}" name="_ftn{number}" title="">'
        f"<span class=MsoFootnoteReference>[{number}]</span></a> {text}<o:p></o:p></p></div>"
        for number, text in enumerate(notes, start=1)
    )
    return f"<div style='mso-element:footnote-list'><br clear=all><hr align=left size=1 width=\"33%\">{inner}</div>"


CASES = {
    "Word: paragraphs, bullets of two levels, text again": (
        word(
            "<p class=MsoNormal>Der er holdt\nto møder.<o:p></o:p></p>"
            + word_item("Et kursus", "·", place="CxSpFirst")
            + word_item("For ledere", "o", level=2, font='"Courier New"')
            + word_item("En måling", "§", level=3, font="Wingdings", place="CxSpLast")
            + "<p class=MsoNormal>Derefter&nbsp;standses.<o:p></o:p></p>"
            + "<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        ),
        "Der er holdt to møder.\n- Et kursus\n- For ledere\n- En måling\nDerefter standses.",
    ),
    "Word: numbers, letters, roman numbers": (
        word(
            word_item("Tredje", "3.", place="CxSpFirst", font="Arial")
            + word_item("Fjerde", "4.")
            + word_item("Et", "a)")
            + word_item("To", "b)")
            + word_item("Ni", "i.")
            + word_item("Ti", "ii.")
            + word_item("Under to", "4.1.")
        ),
        "3. Tredje\n4. Fjerde\n1. Et\n2. To\n1. Ni\n2. Ti\n1. Under to",
    ),
    "Word: headings, a footnote twice the same number as typed, square metres": (
        word(
            "<h2>Hvad der er sket<o:p></o:p></h2>"
            f"<p class=MsoNormal>Tolv{word_mark(1)} rum på 40 m<sup>2</sup>{word_mark(3, '3')}.</p>",
            word_notes("Målt i <b>maj</b>.", "", "Se <i>planen</i>."),
        ),
        "## Hvad der er sket\nTolv¹ rum på 40 m²³.\n¹ Målt i maj.\n³ Se planen.",
    ),
    "Outlook: list paragraphs whose marks of a list are gone": (
        '<div class="WordSection1"><p class="MsoNormal">Hej</p><p class="MsoListParagraph" style="text-indent:-18pt">'
        '<span style="font-family:Symbol">·<span style="font:7pt &quot;Times New Roman&quot;">&nbsp;&nbsp;&nbsp;'
        "&nbsp; </span></span>Et kursus</p><p class='MsoListParagraph'>2)<span>&nbsp;&nbsp;&nbsp; </span>En måling</p></div>",
        "Hej\n- Et kursus\n2. En måling",
    ),
    "Outlook on the web: lists of divs and spans": (
        '<div style="font-family:Calibri"><ul><li style="list-style:disc"><span>Et kursus</span></li>'
        "<li><div>En måling</div></li></ul><div>Slut<br>her</div></div>",
        "- Et kursus\n- En måling\nSlut\nher",
    ),
    "Gmail and Google Docs: a wrapper in bold, a list in a list, notes": (
        '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h1 dir="ltr"><span>Om</span></h1>'
        '<ol start="2"><li dir="ltr" aria-level="1"><p dir="ltr"><span>To</span></p></li><ul><li><p>Under</p></li></ul>'
        '<li><p>Tre<span><span style="font-size:0.6em;vertical-align:super"><a href="#ftnt1" id="ftnt_ref1">[1]</a>'
        '</span></span></p></li></ol></b><hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a> Noten.</p></div>',
        "## Om\n2. To\n- Under\n3. Tre¹\n¹ Noten.",
    ),
    "LibreOffice": (
        '<p>Tekst<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a></p><ul>'
        '<li><p>Punkt</p></li></ul><div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" '
        'name="sdfootnote1sym" href="#sdfootnote1anc">1</a>Noten.</p></div>',
        "Tekst¹\n- Punkt\n¹ Noten.",
    ),
    "A page: headings, nested lists, a table, notes of a wiki": (
        "<h3>Mål</h3><p>Et<sup id=cite_ref-a_1-0><a href='#cite_note-a-ref-1'>[1]</a></sup> mål.</p>"
        "<ol><li>A<ol type=a><li>B</li></ol></li><li value=7>C</li><li>D</li></ol>"
        "<table><tr><th>År</th><td>Antal</td></tr><tr><td>2026</td><td>12</td></tr></table>"
        "<ol><li id=cite_note-a-ref-1><a href='#cite_ref-a_1-0'>↑</a> <span>Kilden.</span></li></ol>",
        "## Mål\nEt¹ mål.\n1. A\n1. B\n7. C\n8. D\nÅr – Antal\n2026 – 12\n¹ Kilden.",
    ),
    "What is hidden, struck out or runs stays out": (
        "<ul><li onclick='x()'>Et<del>gammelt</del><script>window.ran=1</script><style>p{}</style></li>"
        "<li style='display:none'>Skjult</li><li>&lt;b&gt;To<img src=x onerror='window.ran=1'></li></ul>",
        "- Et\n- <b>To",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_stands_on_the_clipboard_is_pasted_as_it_is_typed(form: Page, name: str) -> None:
    html, expected = CASES[name]
    assert pasted(form, html) == expected
    assert form.evaluate("window.ran") is None


def test_a_pasted_note_does_not_take_the_number_of_one_that_stands_there(form: Page) -> None:
    html = word(f"<p class=MsoNormal>Nyt{word_mark(1)}.</p>", word_notes("Ny note."))
    field = pasted(form, html, before="Gammelt¹ og m². ", after="\n¹ Gammel note.")
    assert field == "Gammelt¹ og m². \nNyt³.\n³ Ny note.\n¹ Gammel note."
    assert parse(field).footnotes == (Footnote(3, "Ny note."), Footnote(1, "Gammel note."))


def test_a_list_pasted_into_a_line_stands_below_it_and_can_be_undone(form: Page) -> None:
    assert pasted(form, "<ul><li>Et</li><li>To</li></ul>", before="Før", after="efter") == (
        "Før\n- Et\n- To\nefter"
    )
    form.keyboard.press("Control+z")
    assert form.locator("textarea").input_value() == "Førefter"


def test_text_without_lists_is_pasted_as_the_browser_does_it(form: Page) -> None:
    assert pasted(form, "<p>Et <b>fedt</b> ord</p>", text="Et fedt ord", before="Her: ") == "Her: Et fedt ord"


def test_a_list_copied_from_a_page_with_the_keyboard_is_pasted_with_its_numbers(form: Page) -> None:
    form.locator("#list").evaluate(
        "place => { place.innerHTML = '<h2>Om</h2><ol start=4><li>Et</li><li>To</li></ol>';"
        "getSelection().selectAllChildren(place) }"
    )
    form.keyboard.press("Control+c")
    form.locator("textarea").fill("")
    form.locator("textarea").press("Control+v")
    assert form.locator("textarea").input_value() == "## Om\n4. Et\n5. To"


def test_without_a_script_the_plain_text_of_word_is_understood_when_it_is_sent(browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.set_content("<!doctype html><div data-status-text><textarea></textarea></div>")
        text = "Et.\n·\tKursus\no\tFor ledere\n1.\tFørst\n2)\tSiden[1]\n[1] Noten."
        page.locator("textarea").fill(text)
        sent = page.locator("textarea").input_value()
    assert parse(clean(sent)) == StatusText(
        (
            Block("paragraph", "Et."),
            Block("bullet", "Kursus"),
            Block("bullet", "For ledere"),
            Block("number", "Først", 1),
            Block("number", "Siden¹", 2),
        ),
        (Footnote(1, "Noten."),),
    )
