"""The forms around the memo: its front, and its day of publishing."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from tracker.memos.front import LONGEST_CAPTION, LONGEST_CASE, LONGEST_INTRO, Front
from tracker.web.forms import Needed
from tracker.web.secretariat.planning_fields import PlanDayField


def _most(count: int) -> Any:
    return Length(max=count, message=_l("This can have at most %(max)d characters."))


class FrontForm(FlaskForm):
    """What stands before the tables of a memo, and whether the two lists are printed."""

    case_number = StringField(
        _l("Case number"),
        [Optional(), _most(LONGEST_CASE)],
        description=_l("Stands at the head of the memo. Leave it empty where there is none."),
    )
    intro = TextAreaField(
        _l("Introduction"), [Optional(), _most(LONGEST_INTRO)], description=_l("A line for each paragraph.")
    )
    caption = TextAreaField(_l("Caption of the table"), [Optional(), _most(LONGEST_CAPTION)])
    prints_lists = BooleanField(
        _l("Print the lists of what lacks funding and of what is proposed as tables of the memo")
    )
    version = HiddenField()

    @classmethod
    def of(cls, front: Front, computed: Front) -> FrontForm:
        """The form as the front stands, or as it was sent."""
        return cls(
            case_number=front.case_number,
            intro=front.intro or computed.intro,
            caption=front.caption or computed.caption,
            prints_lists=front.prints_lists,
            version=front.version,
        )

    def front(self) -> Front:
        return Front(
            self.intro.data or "",
            self.caption.data or "",
            self.case_number.data or "",
            bool(self.prints_lists.data),
        )


class PublishingForm(FlaskForm):
    publish_on = PlanDayField(
        _l("Public from"),
        [Optional()],
        description=_l("Leave it empty to publish as soon as every committee has treated its part."),
    )


class LetThroughForm(FlaskForm):
    reason = TextAreaField(
        _l("Why no committee treats it"), [Needed(_l("Write why the committee does not treat it."))]
    )
