"""Headings and tables → a Word document. The only importer of python-docx."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell

from courseapp.documents.docx_file import Section

FONT = "Arial"
INK = RGBColor(0x00, 0x32, 0x3B)
SHADE = "DBEFF4"
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 29.7, 21.0, 2.0
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(
    *, title: str, lead: str, sections: Sequence[Section], notes: Sequence[str], foot: str, at: datetime
) -> bytes:
    """The document: A4 across, in Norwegian, header rows marked as such so that they repeat and are read aloud."""
    made = docx.Document()
    _set_up(made, title, lead, at)
    made.add_heading(_plain(title), level=1)
    made.add_paragraph(_plain(lead))
    for one in sections:
        made.add_heading(_plain(one.heading), level=2)
        if one.above:
            made.add_paragraph(_plain(one.above)).paragraph_format.keep_with_next = True
        if one.rows:
            _table(made, one)
        if one.below:
            made.add_paragraph(_plain(one.below))
    for note in notes:
        made.add_paragraph(_plain(note), style="List Bullet")
    made.sections[0].footer.paragraphs[0].text = _plain(foot)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def _set_up(made: Document, title: str, author: str, at: datetime) -> None:
    page = made.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(PAGE_WIDTH), Cm(PAGE_HEIGHT)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN)
    known, moment = made.core_properties, at.astimezone(UTC).replace(tzinfo=None)
    known.title, known.author, known.language, known.comments = _plain(title), _plain(author), "nb-NO", ""
    known.created = known.modified = moment
    for name, size in (("Normal", 10.5), ("Heading 1", 20), ("Heading 2", 14)):
        style = made.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:ascii"), FONT)
        fonts.set(qn("w:hAnsi"), FONT)
        if name != "Normal":
            style.font.color.rgb = INK
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "nb-NO")
    made.styles["Normal"].element.get_or_add_rPr().append(language)


def _table(made: Document, section: Section) -> None:
    table = made.add_table(rows=1, cols=len(section.heads), style="Table Grid")
    table.autofit = False
    _mark_header(table)
    for number, (cell, head) in enumerate(zip(table.rows[0].cells, section.heads, strict=True)):
        _fill(cell, head, bold=True, right=_is_number(section, number))
        _shade(cell)
    for row in section.rows:
        for number, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            _fill(cell, text, right=_is_number(section, number))
    whole = PAGE_WIDTH - 2 * MARGIN
    for column, share in zip(table.columns, section.wide, strict=True):
        width = Cm(whole * share / sum(section.wide))
        column.width = width
        for cell in column.cells:
            cell.width = width
    made.add_paragraph().paragraph_format.space_after = Pt(0)


def _mark_header(table: Table) -> None:
    """The first row is a header: Word repeats it on every page, and screen readers say it with each cell."""
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 - python-docx has no other way


def _is_number(section: Section, column: int) -> bool:
    return section.numbers_from is not None and column >= section.numbers_from


def _fill(cell: _Cell, text: str, *, bold: bool = False, right: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    paragraph.add_run(_plain(text)).bold = bold


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - the same


def _plain(text: str) -> str:
    """What XML cannot hold is left out."""
    return _UNPRINTABLE.sub("", text)
