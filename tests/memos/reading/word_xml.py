"""Word files written tag by tag: what python-docx cannot set, and far faster than it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def r(text: str, form: str = "") -> str:
    """A run; `form` is what stands in its properties."""
    properties = f"<w:rPr>{form}</w:rPr>" if form else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def p(content: str = "", *, form: str = "") -> str:
    """A paragraph of runs, or of plain text; `form` is what stands in its properties."""
    inner = content if content.startswith("<") or not content else r(content)
    return f"<w:p><w:pPr>{form}</w:pPr>{inner}</w:p>"


def styled(style: str, content: str) -> str:
    return p(content, form=f'<w:pStyle w:val="{style}"/>')


def item(content: str, number: int, level: int = 0) -> str:
    """A paragraph that Word numbers."""
    return p(content, form=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def tc(content: str = "", *, span: int = 1, form: str = "") -> str:
    """A cell of paragraphs, runs or plain text."""
    inner = content if content.startswith(("<w:p", "<w:tbl", "<w:sdt")) else p(content)
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f"<w:tc><w:tcPr>{spanned}{form}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, form: str = "") -> str:
    """A row of cells, or of their content."""
    inner = "".join(cell if cell.startswith(("<w:tc>", "<w:sdt>")) else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{form}</w:trPr>{inner}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def control(content: str, form: str = "") -> str:
    """A content control around runs, paragraphs, cells or rows."""
    return f"<w:sdt><w:sdtPr>{form}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def tracked(tag: str, content: str) -> str:
    """Runs inside w:ins, w:del, w:moveFrom or w:moveTo."""
    gone = content.replace("<w:t ", "<w:delText ").replace("</w:t>", "</w:delText>")
    inner = gone if tag == "del" else content
    return f'<w:{tag} w:id="9" w:author="A" w:date="2026-01-01T00:00:00Z">{inner}</w:{tag}>'


def field(code: str, result: str) -> str:
    """A complex field: its code and the runs it shows."""
    begin, middle, end = (
        f'<w:r><w:fldChar w:fldCharType="{at}"/></w:r>' for at in ("begin", "separate", "end")
    )
    return f'{begin}<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>{middle}{result}{end}'


def text_box(content: str) -> str:
    """A run with a text box as Word writes it: once for itself and once for older programs."""
    inner = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{inner}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


def note(kind: str, identity: int) -> str:
    """A reference to a footnote or an endnote."""
    return f'<w:r><w:{kind}Reference w:id="{identity}"/></w:r>'


def notes(kind: str, texts: Mapping[int, str]) -> str:
    """The part that holds the notes."""
    inner = "".join(
        f'<w:{kind} w:id="{identity}"><w:p><w:r><w:{kind}Ref/></w:r>{r(" " + text)}</w:p></w:{kind}>'
        if not text.startswith("<")
        else f'<w:{kind} w:id="{identity}">{text}</w:{kind}>'
        for identity, text in texts.items()
    )
    return f"<w:{kind}s {_SPACES}>{inner}</w:{kind}s>"


def numbering(*definitions: str, lists: str = "") -> str:
    """Lists 1, 2, … by their levels (`level`); `lists` holds further w:num."""
    inner = "".join(
        f'<w:abstractNum w:abstractNumId="{at}">{levels}</w:abstractNum>'
        for at, levels in enumerate(definitions, start=1)
    )
    inner += "".join(
        f'<w:num w:numId="{at}"><w:abstractNumId w:val="{at}"/></w:num>'
        for at in range(1, len(definitions) + 1)
    )
    return f"<w:numbering {_SPACES}>{inner}{lists}</w:numbering>"


def level(at: int, form: str, pattern: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def style(identity: str, name: str, form: str) -> str:
    return f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/>{form}</w:style>'


def part(tag: str, content: str) -> str:
    """A part of its own: 'styles', 'hdr', 'ftr', 'comments'."""
    return f"<w:{tag} {_SPACES}>{content}</w:{tag}>"


def packed(body: str, **parts: str) -> bytes:
    """The bytes of a Word file; `parts` by their names: styles, numbering, footnotes, header1, …"""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("word/document.xml", f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>")
        for name, text in parts.items():
            archive.writestr(f"word/{name}.xml", text)
    return raw.getvalue()
