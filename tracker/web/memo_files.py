"""Memos as answers: a file to save. Used by every audience that may have one."""

from __future__ import annotations

from flask import Response, request

from tracker.memos.files import MemoFile

KINDS = "<any(docx, pdf):kind>"


def download(file: MemoFile) -> Response:
    """The file under its own name. It is never kept on the way, for a draft is gone when it has changed."""
    response = Response(file.data, mimetype=file.kind.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def public_download(file: MemoFile) -> Response:
    """The file of a locked edition: whoever has it already is told so instead of getting it again."""
    response = download(file)
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(file.digest[:32])
    response.make_conditional(request)
    return response
