"""Pages that anybody may read."""

from __future__ import annotations

from flask import Blueprint, Response, request

from tracker.web import guards
from tracker.web.viewer import signed_in

blueprint = Blueprint("public", __name__)
blueprint.before_request(guards.open_to_all)


@blueprint.after_request
def _revalidate(response: Response) -> Response:
    """A visitor who has the page already, as it is now, is told so. A signed-in person's page is not kept.

    What says itself how it may be kept is left alone.
    """
    if request.method not in {"GET", "HEAD"} or response.status_code != 200:
        return response
    if "Cache-Control" not in response.headers and signed_in() is None:
        response.headers["Cache-Control"] = "private, no-cache"
        response.vary.add("Cookie")
        if not response.get_etag()[0]:
            response.add_etag()
        response.make_conditional(request)
    return response
