"""The words of a figure: `about 1.234,5 participants, 01.01.2026 to 31.12.2026, a target`."""

from __future__ import annotations

from flask_babel import gettext as _

from tracker.domain.numbers import write_danish
from tracker.statuses.figures import Compared
from tracker.statuses.models import Figure, Qualifier
from tracker.web.template_helpers import short_date


def qualifiers() -> dict[Qualifier, str]:
    """How exact a figure is, by the value that is kept."""
    return {
        Qualifier.exactly: _("exactly"),
        Qualifier.about: _("about"),
        Qualifier.nearly: _("nearly"),
        Qualifier.up_to: _("up to"),
        Qualifier.over: _("over"),
        Qualifier.at_least: _("at least"),
    }


def figure_words(figure: Figure, *, warned: bool = False) -> str:
    """A figure in one line, without its label; `warned` when it is said elsewhere that it stands alone."""
    exact = "" if figure.qualifier is Qualifier.exactly else f"{qualifiers()[figure.qualifier]} "
    parts = [f"{exact}{write_danish(figure.value)} {figure.unit}".strip(), _period(figure)]
    parts.append(_("a target") if figure.is_target else "")
    parts.append("" if figure.comparable or warned else _("not comparable with last year"))
    return ", ".join(part for part in parts if part)


def _period(figure: Figure) -> str:
    first, last = short_date(figure.period_first), short_date(figure.period_last)
    if first and last:
        return str(_("%(first)s to %(last)s", first=first, last=last))
    if first:
        return str(_("from %(day)s", day=first))
    return str(_("until %(day)s", day=last)) if last else ""


def comparison_words(pair: Compared) -> str:
    """What to know before the two are compared; empty when they may be."""
    if pair.last is None:
        return str(_("There is no figure of this name last year."))
    if pair.this is None:
        return str(_("This figure of last year is missing this year."))
    if not pair.this.comparable:
        return str(_("The owner says that the two are not comparable."))
    if pair.comparable:
        return ""
    return str(_("Not comparable: the unit, or whether it is a target, is another."))
