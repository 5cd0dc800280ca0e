"""Whom a letter says one can write to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.support import make
from tracker import clock
from tracker.mail.letters import Contact, LetterContext, contact_for
from tracker.mail.rendering import letter_from
from tracker.plans.models import MembershipRole


@pytest.mark.both_databases
def test_a_plans_letters_name_its_first_lead_whom_letters_find(app: Flask) -> None:
    with make.written(app) as session:
        plan, other = make.plan(session, "here"), make.plan(session, "there")
        gone, lost, lead, _second = (make.member(session, plan, MembershipRole.lead, name) for name in "ABCD")
        helper = make.member(session, other)
        gone.active = False
        lost.undeliverable_at = clock.now()
        session.flush()
        assert contact_for(session, plan.id, helper.email) == Contact("C", lead.email)
        assert contact_for(session, plan.id, lead.email) is None, "nobody is told to write to themselves"
        assert contact_for(session, other.id, lead.email) is None
        assert contact_for(session, None, helper.email) is None


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_contact_stands_at_the_foot_of_both_parts(language: str) -> None:
    now = datetime(2026, 10, 5, 6, tzinfo=UTC)
    values = {"title": "Signs", "link": "https://tracker.example.com/my/proposals"}
    contact = Contact("Lea <Lead>", "lea@example.com")
    context = LetterContext("https://tracker.example.com", language, "Olga", now, contact=contact)
    letter = letter_from("proposal_answered", context, **values)
    assert ": Lea <Lead>, lea@example.com\n" in letter.text.partition("\n--\n")[2]
    assert "Lea &lt;Lead&gt;, " in letter.html
    assert 'href="mailto:lea@example.com"' in letter.html
    without = LetterContext("https://tracker.example.com", language, "Olga", now)
    assert "lea@example.com" not in letter_from("proposal_answered", without, **values).text
