"""What surrounds the body of the Word document: content types, page headers with logo and mark, footer."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.domain.memo import Memo
from tracker.domain.pictures import picture_kind, png_size
from tracker.memos.writing.docx_body import attribute, paragraph
from tracker.memos.writing.frame import Letterhead, Notice, Words
from tracker.memos.writing.pdf import png_of

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN = "http://schemas.openxmlformats.org"
NAMESPACES = (
    f'xmlns:w="{_OPEN}/wordprocessingml/2006/main" '
    f'xmlns:r="{_OPEN}/officeDocument/2006/relationships" '
    f'xmlns:wp="{_OPEN}/drawingml/2006/wordprocessingDrawing" '
    f'xmlns:a="{_OPEN}/drawingml/2006/main" xmlns:pic="{_OPEN}/drawingml/2006/picture" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
CORE_NAMESPACES = (
    f'xmlns:cp="{_OPEN}/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {
    "document": "document.main",
    "styles": "styles",
    "settings": "settings",
    "footnotes": "footnotes",
    "numbering": "numbering",
    "header1": "header",
    "header2": "header",
    "footer1": "footer",
}
_EMU = 360_000  # English Metric Units in a centimetre
_LOGO_HEIGHT = int(1.6 * _EMU)
_LOGO_WIDEST = 6 * _EMU


@dataclass(frozen=True)
class Logo:
    """The logo's place in the package and its printed size in English Metric Units.

    `drawing` is the SVG that `data` is a picture of, for programs that can show it.
    """

    data: bytes
    extension: str
    width: int
    height: int
    description: str
    drawing: bytes | None = None

    @property
    def files(self) -> dict[str, bytes]:
        """The pictures by their names in the package."""
        drawing = {} if self.drawing is None else {"media/logo.svg": self.drawing}
        return {f"media/logo.{self.extension}": self.data, **drawing}


def logo_of(letterhead: Letterhead, words: Words) -> Logo | None:
    """The letterhead's logo, 1.6 cm high unless that makes it wider than 6 cm."""
    data = letterhead.logo
    if data is None:
        return None
    kind, drawing = picture_kind(data), None
    if kind == "svg":
        data, kind, drawing = png_of(data), "png", data
    width, height = png_size(data) if kind == "png" else _jpeg_size(data)
    scale = min(_LOGO_HEIGHT / height, _LOGO_WIDEST / width)
    size = (int(width * scale), int(height * scale))
    return Logo(data, kind, *size, letterhead.description(words), drawing)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    from docx.image.image import Image

    image = Image.from_blob(data)
    return image.px_width, image.px_height


def content_types(logo: Logo | None) -> str:
    """`[Content_Types].xml`: what each part is."""
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for name, kind in _PARTS.items()
    )
    image = ""
    if logo:
        kind = "jpeg" if logo.extension == "jpg" else logo.extension
        image = f'<Default Extension="{logo.extension}" ContentType="image/{kind}"/>'
        if logo.drawing is not None:
            image += '<Default Extension="svg" ContentType="image/svg+xml"/>'
    return (
        f'{XML}<Types xmlns="{_OPEN}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{image}{overrides}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/docProps/app.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>'
    )


def header_relations(logo: Logo) -> str:
    """The relations by which the first page's header finds the logo: rId1 the picture, rId2 the drawing."""
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{_OPEN}/officeDocument/2006/relationships/image" '
        f'Target="{name}"/>'
        for number, name in enumerate(logo.files, start=1)
    )
    return f'{XML}<Relationships xmlns="{_OPEN}/package/2006/relationships">{found}</Relationships>'


def first_header(letterhead: Letterhead, memo: Memo, *, logo: Logo | None, notice: Notice | None) -> str:
    """The first page's header: the notice's mark, logo, and what the memo does not say of the sender."""
    lines = [paragraph("Letterhead", line) for line in letterhead.beside(memo.head)]
    picture = [_picture(logo)] if logo else []
    return _header([*_mark(notice, number=1), *picture, *lines])


def later_header(memo: Memo, *, notice: Notice | None) -> str:
    """The header of every later page: the memo's title, and the notice's mark."""
    return _header([*_mark(notice, number=2), paragraph("Header", memo.title)])


def footer(words: Words, colophon: str) -> str:
    """The foot of every page: colophon to the left, page of pages to the right."""
    left = paragraph("Footer", colophon).removesuffix("</w:p>")
    tab = f'<w:r><w:tab/><w:t xml:space="preserve">{words.page} </w:t></w:r>'
    pages = f'{_field("PAGE")}<w:r><w:t xml:space="preserve"> {words.of} </w:t></w:r>{_field("NUMPAGES")}'
    return f"{XML}<w:ftr {NAMESPACES}>{left}{tab}{pages}</w:p></w:ftr>"


def _field(code: str) -> str:
    """A field; what is shown until Word has computed it is 1."""
    return f'<w:fldSimple w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _header(paragraphs: list[str]) -> str:
    return f"{XML}<w:hdr {NAMESPACES}>{''.join(paragraphs) or paragraph('Header', '')}</w:hdr>"


def _mark(notice: Notice | None, *, number: int) -> list[str]:
    """An edition's mark as text; a draft's across the page as well, in VML as Word itself writes it."""
    if notice is None:
        return []
    if not notice.draft:
        return [paragraph("NoticeMark", notice.mark)]
    shape = (
        f'<v:shape id="Draft{number}" o:spid="_x0000_s{2048 + number}" type="#_x0000_t136" alt="" '
        'style="position:absolute;margin-left:0;margin-top:0;width:430pt;height:120pt;rotation:315;z-index:-251658752;'
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" o:allowincell="f" '
        'fillcolor="#f0d3d6" stroked="f"><v:fill opacity=".6"/>'
        '<v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt" '
        f"string={attribute(notice.mark)}/></v:shape>"
    )
    text = f'<w:r><w:t xml:space="preserve">{notice.mark}</w:t></w:r>'
    picture = f"<w:r><w:rPr><w:noProof/></w:rPr><w:pict>{_SHAPE_TYPE}{shape}</w:pict></w:r>"
    return [f'<w:p><w:pPr><w:pStyle w:val="DraftMark"/></w:pPr>{text}{picture}</w:p>']


_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
    'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
    '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
    '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
    'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/><v:handles>'
    '<v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles>'
    '<o:lock v:ext="edit" text="t" shapetype="t"/>'
    "</v:shapetype>"
)

# The drawing beside its picture, as Word itself refers to an SVG
_DRAWING = (
    '<a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}"><asvg:svgBlip '
    'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="rId2"/></a:ext>'
)


def _picture(logo: Logo) -> str:
    """The logo, in line with the text, with its description for those who do not see it."""
    described = f'id="1" name="Logo" descr={attribute(logo.description)}'
    extent = f'cx="{logo.width}" cy="{logo.height}"'
    drawing = "" if logo.drawing is None else f"<a:extLst>{_DRAWING}</a:extLst>"
    return (
        '<w:p><w:pPr><w:pStyle w:val="Letterhead"/></w:pPr><w:r><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/><wp:docPr {described}/>'
        f'<a:graphic><a:graphicData uri="{_OPEN}/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f"<pic:cNvPr {described}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>"
        f'<a:blip r:embed="rId1">{drawing}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        '<pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
