"""What `flask tracker reminders run` does: the worker's work once, or a rehearsal of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import click
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, jobs
from tracker.accounts.models import Person
from tracker.cli.foreseeing import letter_lines, plan_called
from tracker.clockwork import Clockwork, open_obligations
from tracker.database import reading
from tracker.extensions import db
from tracker.mail import claiming, judging
from tracker.mail.delivery import Turn
from tracker.mail.durability import NotDurableError
from tracker.mail.letters import kind_named
from tracker.mail.models import Mail, MailState
from tracker.reminders.assembler import assemble
from tracker.reminders.calendars import plan_alone
from tracker.reminders.forecast import forecast
from tracker.reminders.models import ReminderItem
from tracker.reminders.sweeping import sweep

MOST_DAYS_AHEAD = 730


def run(app: Flask, *, address: str | None) -> Iterator[str]:
    """Plan, write and send, once; with `address` send to that address alone. Says what was done.

    Ends the command with a sentence when a part of it failed; the other parts have done their work.
    """
    if address is not None:
        address = _known(db.session(), address)
        db.session.rollback()
    works = jobs.clockwork(app)
    works.dispatcher.only_to = address
    turn = _ticked(works)
    # After an error "0 letters were sent" would read as if there was nothing to send.
    if turn.sent or not turn.failed:
        yield _said(turn)
    _tell_failures(works)


def tick(app: Flask) -> None:
    """One tick. Ends the command with a sentence when a part of it failed."""
    works = jobs.clockwork(app)
    _ticked(works)
    _tell_failures(works)


def _ticked(works: Clockwork) -> Turn:
    try:
        return works.tick(clock.now())
    except NotDurableError as error:
        raise click.ClickException(str(error)) from None
    finally:
        works.close(clock.now())


def _tell_failures(works: Clockwork) -> None:
    if works.failures:
        raise click.ClickException(f"Not everything was done. {'; '.join(works.failures)}.")


def _said(turn: Turn) -> str:
    if turn.standby:
        return "Nothing was sent from here: another process sends."
    if turn.off:
        return (
            "Nothing was sent: the database does not belong to this place. See `flask tracker mail status`."
        )
    sent = "1 letter was sent." if turn.sent == 1 else f"{turn.sent} letters were sent."
    if turn.held:
        return f"{sent} All mail is held. See `flask tracker mail status`."
    left = turn.tried - turn.sent
    return sent if not left else f"{sent} {left} could not be sent now; the ledger says why."


def rehearse(app: Flask, *, on: date | None, address: str | None, slug: str | None) -> Iterator[str]:
    """What would be sent, now or on a day to come. Changes nothing and speaks to no mail server."""
    now = clock.now()
    today = clock.local_date(now)
    session = db.session()
    if address is not None:
        address = _known(session, address)
    plan_id = plan_called(session, slug).id if slug else None
    session.rollback()
    if on is not None and on < today:
        raise click.ClickException(
            "That day has passed. `flask tracker reminders explain` says what was sent."
        )
    if on is None or on == today:
        yield from _due_now(app, session, now, address, plan_id)
    else:
        base_url = jobs.service_of(app.extensions["settings"]).base_url
        yield from _on_a_day(session, now, on, address, plan_id, base_url)


def _due_now(
    app: Flask, session: Session, now: datetime, address: str | None, plan_id: int | None
) -> Iterator[str]:
    """A tick's planning and writing in a transaction that is taken back."""
    try:
        plan_alone(session)
        sweep(session, open_obligations(session, clock.local_date(now)), now=now)
        after: int | None = 0
        while after is not None:
            after = assemble(session, now=now, after=after)
        lines = list(_letters(app, session, now, address, plan_id))
    finally:
        session.rollback()
    yield from lines


def _letters(
    app: Flask, session: Session, now: datetime, address: str | None, plan_id: int | None
) -> Iterator[str]:
    if judging.is_held(session):
        yield "All mail is held: nothing of this would leave before it is released."
    number = 0
    for mail_id in session.scalars(claiming.due(now, 100_000, only_to=address)).all():
        mail = session.get_one(Mail, mail_id)
        if plan_id is not None and not _is_about(session, mail, plan_id):
            continue
        reader = judging.readers(session, [mail]).get(mail.person_id)
        reason = judging.why_not(session, mail, reader, now=now)
        if reason is None:
            number += 1
            yield from _letter(app, session, mail, reader, now)
        else:
            yield f"{mail.address}: not sent, {reason}."
    yield f"{_would_be_sent(number)} now."


def _letter(
    app: Flask, session: Session, mail: Mail, reader: judging.Reader | None, now: datetime
) -> Iterator[str]:
    kind, service = kind_named(mail.kind), jobs.service_of(app.extensions["settings"])
    if kind.sensitive:
        yield f"{mail.address}: a letter with a secret link ({mail.kind}), which is not shown."
        return
    context = judging.context_for(mail, reader, base_url=service.base_url, secret=b"", now=now)
    letter = kind.render(session, mail, context)
    again = " (once more, as it may have arrived)" if mail.state is MailState.uncertain else ""
    yield f"{mail.address}: {letter.subject}{again}"
    yield ""
    yield from (f"    {line}".rstrip() for line in letter.text.strip().splitlines())
    yield ""


def _is_about(session: Session, mail: Mail, plan_id: int) -> bool:
    if mail.plan_id is not None:
        return mail.plan_id == plan_id
    inside = select(ReminderItem.id).where(ReminderItem.mail_id == mail.id, ReminderItem.plan_id == plan_id)
    return session.scalar(inside.limit(1)) is not None


def _on_a_day(
    session: Session, now: datetime, on: date, address: str | None, plan_id: int | None, base_url: str
) -> Iterator[str]:
    """What the forecast says of that day, if all goes well until then."""
    days = (on - clock.local_date(now)).days
    if days > MOST_DAYS_AHEAD:
        raise click.ClickException("Choose a day within the next two years.")
    with reading():
        owed = open_obligations(session, clock.local_date(now))
        wanted = (one for one in owed if plan_id is None or one.plan_id == plan_id)
        found = forecast(session, obligations=wanted, now=now, days=days, base_url=base_url)
        session.rollback()
    letters = [one for one in found if one.on == on and address in {None, one.recipient.email}]
    for letter in letters:
        yield from letter_lines(letter)
        yield ""
        yield from (f"    {line}".rstrip() for line in letter.letter().text.strip().splitlines())
        yield ""
    would = _would_be_sent(len(letters))
    yield f"{would} on {on:%d.%m.%Y}, if nobody does anything until then."


def _would_be_sent(number: int) -> str:
    return "1 letter would be sent" if number == 1 else f"{number} letters would be sent"


def _known(session: Session, address: str) -> str:
    """The address as it is stored. Ends the command with a sentence when nobody has it."""
    wanted = address.strip().lower()
    if session.scalar(select(Person.id).where(Person.email == wanted)) is None:
        raise click.ClickException(f"Nobody has the address {wanted}.")
    return wanted
