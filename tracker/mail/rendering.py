"""Letters from templates: `templates/emails/<letter>/{da,en}.{txt,html}`.

Each language is written in its own template, by someone who writes it; nothing is translated sentence by
sentence. The first line of the text template is the subject.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker.clock import ZONE
from tracker.mail.letters import Attachment, Letter, LetterContext

if TYPE_CHECKING:
    from css_inline import CSSInliner

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "emails"

_MONTHS = {
    "da": (
        *("januar", "februar", "marts", "april", "maj", "juni"),
        *("juli", "august", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_WEEKDAYS = {
    "da": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_BREAKS = re.compile(r"[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+")


def dansk_dato(day: date) -> str:
    """`mandag den 3. november 2025`."""
    return f"{_WEEKDAYS['da'][day.weekday()]} den {day.day}. {_MONTHS['da'][day.month - 1]} {day.year}"


def english_date(day: date) -> str:
    """`Monday 3 November 2025`."""
    return f"{_WEEKDAYS['en'][day.weekday()]} {day.day} {_MONTHS['en'][day.month - 1]} {day.year}"


def dansk_tid(instant: datetime) -> str:
    """`mandag den 3. november 2025 kl. 08.00`, in Copenhagen. No line ends between `kl.` and the time."""
    local = instant.astimezone(ZONE)
    return f"{dansk_dato(local.date())} kl.\N{NO-BREAK SPACE}{local:%H.%M}"


def english_time(instant: datetime) -> str:
    """`Monday 3 November 2025 at 08:00`, in Copenhagen."""
    local = instant.astimezone(ZONE)
    return f"{english_date(local.date())} at {local:%H:%M}"


def one_line(text: str) -> str:
    """Text without line breaks or controls, as a heading or a subject needs it."""
    return _LINE_BREAKS.sub(" ", text).strip()


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of letters: HTML escaped, text as it is, an undefined name an error."""
    found = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters.update(
        dansk_dato=dansk_dato,
        english_date=english_date,
        dansk_tid=dansk_tid,
        english_time=english_time,
        one_line=one_line,
    )
    return found


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    from css_inline import CSSInliner

    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def letter_from(
    template: str, context: LetterContext, /, *, attachments: tuple[Attachment, ...] = (), **values: Any
) -> Letter:
    """The letter `template` in the reader's language.

    Templates see the values, and `name`, `base_url`, `language`, `now`, `contact`. Raises
    jinja2.TemplateError when one does not exist or names something it was not given.
    """
    language = context.language if context.language in _MONTHS else "da"
    given = {
        "name": context.name,
        "base_url": context.base_url,
        "language": language,
        "now": context.now,
        "contact": context.contact,
        **values,
    }
    text = environment().get_template(f"{template}/{language}.txt").render(given)
    subject, _, body = text.partition("\n")
    subject = one_line(subject)
    page = environment().get_template(f"{template}/{language}.html").render({**given, "subject": subject})
    body = _BLANK_LINES.sub("\n\n", body.strip()) + "\n"
    return Letter(subject, body, _inliner().inline(page), attachments)
