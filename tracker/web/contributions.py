"""What the pages of coordinators and of the secretariat say of a contribution alike."""

from __future__ import annotations

from flask_babel import gettext as _

from tracker.domain.contributions import CommitteeDecision, ContributionState


def state_words() -> dict[str, tuple[str, str]]:
    """How far a contribution is, in words and in the kind of its tag."""
    return {
        ContributionState.collecting: (_("Being collected"), "neutral"),
        ContributionState.signed_off: (_("Signed off"), "active"),
        ContributionState.treated: (_("Treated by the committee"), "info"),
        ContributionState.consolidated: (_("Consolidated"), "success"),
    }


def decision_words() -> dict[str, str]:
    """What a committee decided."""
    return {
        CommitteeDecision.noted: _("Took note"),
        CommitteeDecision.approved: _("Approved"),
        CommitteeDecision.sent_back: _("Sent back"),
    }
