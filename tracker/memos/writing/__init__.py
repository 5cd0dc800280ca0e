"""Writing a memo: one `Memo` value to Word, PDF and HTML.

The three writers say the same in the same order and give the same bytes for the same input. Typst is
imported at the first PDF, python-docx at the first logo, neither before.
"""

from tracker.memos.writing.docx import write_docx
from tracker.memos.writing.frame import DraftNotice, EditionNotice, FrontNotice, Letterhead
from tracker.memos.writing.html import MemoView, html_fragment, memo_view
from tracker.memos.writing.pdf import write_pdf

__all__ = [
    "DraftNotice",
    "EditionNotice",
    "FrontNotice",
    "Letterhead",
    "MemoView",
    "html_fragment",
    "memo_view",
    "write_docx",
    "write_pdf",
]
