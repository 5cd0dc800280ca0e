"""Danish and English for reminders where no catalogue is at hand: what a step is called, what happened."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.domain.reminders import ENDED, UNCOVERED, ObligationKind

Both = Mapping[str, str]


def _both(danish: str, english: str) -> Both:
    return {"da": danish, "en": english}


_MATTERS: Mapping[ObligationKind, Both] = {
    ObligationKind.status_due: _both("status", "status"),
    ObligationKind.returned: _both("returneret status", "returned status"),
    ObligationKind.review: _both("status til gennemlæsning", "status to be read"),
    ObligationKind.committee_papers: _both("materialefrist", "committee papers"),
    ObligationKind.committee_meeting: _both("udvalgsmøde", "committee meeting"),
    ObligationKind.campaign_window: _both("kampagneperiode", "campaign"),
    ObligationKind.application_round: _both("ansøgningsrunde", "application round"),
    ObligationKind.delivery: _both("leverance", "delivery"),
    ObligationKind.milestone: _both("milepæl", "milestone"),
    ObligationKind.other: _both("frist", "deadline"),
}
_ONE_DAY = _both("1 dag", "1 day")
_DAYS = _both("{num} dage", "{num} days")
_ONE_WORKING_DAY = _both("1 arbejdsdag", "1 working day")
_WORKING_DAYS = _both("{num} arbejdsdage", "{num} working days")
_COUNTED_FROM: Mapping[str, Both] = {
    "open": _both("efter åbningen", "after it was opened"),
    "t": _both("før fristen", "before the deadline"),
    "start": _both("før begyndelsen", "before it begins"),
    "end": _both("før slutningen", "before it ends"),
    "after": _both("efter fristen", "after the deadline"),
    "overdue": _both("efter fristen", "after the deadline"),
    "waiting": _both("efter indsendelsen", "after it was submitted"),
}
_MEETING = {
    "t": _both("før mødet", "before the meeting"),
    "after": _both("efter mødet", "after the meeting"),
}
_WINDOW = {"after": _both("efter slutningen", "after it ended")}
_NAMED: Mapping[str, Both] = {
    "open": _both("besked ved åbningen", "word at the opening"),
    ENDED: _both("besked om, at rykkerne er hørt op", "word that the reminders have come to an end"),
    UNCOVERED: _both(
        "besked om, at ingen er til stede før fristen", "word that nobody is there before the deadline"
    ),
}


def matter(kind: ObligationKind, language: str) -> str:
    """What a reminder is about: `status`, `milepæl`."""
    return _MATTERS[kind][language]


def step_words(kind: ObligationKind, step: str, language: str) -> str:
    """A step's name in words: `t-7` is `7 dage før fristen`. A name that nobody knows stays as it is."""
    if step in _NAMED:
        return _NAMED[step][language]
    code, _, number = step.partition("-")
    digits = number.removesuffix("w")
    counted = _counted_from(kind, code)
    if counted is None or not digits.isdecimal():
        return step
    working = number.endswith("w") or code in {"overdue", "waiting"}
    one, many = (_ONE_WORKING_DAY, _WORKING_DAYS) if working else (_ONE_DAY, _DAYS)
    days = (one if int(digits) == 1 else many)[language].format(num=int(digits))
    return f"{days} {counted[language]}" if int(digits) else _both("på dagen", "on the day")[language]


def _counted_from(kind: ObligationKind, code: str) -> Both | None:
    if kind is ObligationKind.committee_meeting and code in _MEETING:
        return _MEETING[code]
    windows = {ObligationKind.campaign_window, ObligationKind.application_round}
    if kind in windows and code in _WINDOW:
        return _WINDOW[code]
    return _COUNTED_FROM.get(code)


PHRASES: Mapping[str, Both] = {
    "weekdays": _both(
        "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    ),
    "time": _both("kl. {time:%H.%M}", "at {time:%H:%M}"),
    "heading": _both("{subject}: påmindelser {day}", "{subject}: reminders on {day}"),
    "heading_person": _both(
        "{subject} ({address}): påmindelser {day}", "{subject} ({address}): reminders on {day}"
    ),
    # What stands in the way.
    "nothing_in_the_way": _both(
        "Der er intet i vejen for, at breve kommer frem.", "Nothing keeps letters from arriving."
    ),
    "nobody": _both(
        "Ingen person har en åben opgave her, så ingen kan få en påmindelse.",
        "Nobody has an open task here, so nobody can be reminded.",
    ),
    "held": _both(
        "Al post holdes tilbage. Intet sendes, før den bliver frigivet.",
        "All mail is held back. Nothing is sent until it is released.",
    ),
    "held_because": _both(
        "Al post holdes tilbage. Intet sendes, før den bliver frigivet. Begrundelse: {reason}",
        "All mail is held back. Nothing is sent until it is released. The reason: {reason}",
    ),
    "paused": _both(
        "Påmindelserne i »{plan}« er sat på pause til og med {day}. De kommer bagefter.",
        "The reminders of “{plan}” are paused until and including {day}. They follow afterwards.",
    ),
    "inactive": _both(
        "{name} er ikke længere aktiv og får ingen breve.", "{name} is no longer active and gets no letters."
    ),
    "absent": _both(
        "{name} er fraværende uden slutdato. Imens får stedfortræderen brevene, eller de venter.",
        "{name} is absent with no end date. Meanwhile the deputy gets the letters, or they wait.",
    ),
    "absent_until": _both(
        "{name} er fraværende til og med {day}. Imens får stedfortræderen brevene, eller de venter.",
        "{name} is absent until and including {day}. Meanwhile the deputy gets the letters, or they wait.",
    ),
    "bounced": _both(
        "Et brev til {name} kom retur den {day}: adressen {address} kan ikke modtage post.",
        "A letter to {name} came back on {day}: the address {address} takes no mail.",
    ),
    "server_said": _both("Mailserveren svarede: {words}", "The mail server said: {words}"),
    # Letters on their way.
    "letters": _both("Breve, der ikke er kommet af sted:", "Letters that have not left:"),
    "letter_ready": _both(
        "Brevet til {name} fra {written} er klar og venter på at blive sendt.",
        "The letter to {name} of {written} is ready and waits to be sent.",
    ),
    "letter_queued": _both(
        "Brevet til {name} fra {written} er ikke kommet af sted endnu. Næste forsøg er {again}.",
        "The letter to {name} of {written} has not left yet. The next attempt is {again}.",
    ),
    "letter_sending": _both(
        "Brevet til {name} fra {written} er ved at blive sendt.",
        "The letter to {name} of {written} is being sent.",
    ),
    "letter_uncertain": _both(
        "Brevet til {name} fra {written} er måske nået frem. Det sendes én gang til {again}.",
        "The letter to {name} of {written} may have arrived. It is sent once more {again}.",
    ),
    "letter_needs_human": _both(
        "Brevet til {name} fra {written} er måske nået frem. Afgør på siden Breve, om det skal sendes igen.",
        "The letter to {name} of {written} may have arrived. Decide on the page Letters if it goes again.",
    ),
    # That day.
    "happened": _both("Det skete {day}:", "What happened on {day}:"),
    "nothing_happened": _both(
        "Der blev ikke sendt nogen påmindelse {day}, for der var ingen på den dag.",
        "No reminder was sent on {day}, because none fell on that day.",
    ),
    "will_leave": _both(
        "Det bliver sendt {day} kl. 08.00, hvis intet ændrer sig:",
        "What will be sent on {day} at 08:00 if nothing changes:",
    ),
    "leaves_now": _both(
        "Det er klar til at blive sendt i dag, {day}:", "What is ready to be sent today, {day}:"
    ),
    "nothing_leaves": _both(
        "Der er ingen påmindelse {day}, hvis intet ændrer sig.",
        "There is no reminder on {day} if nothing changes.",
    ),
    "sent_at": _both("sendt {time}", "sent {time}"),
    "sent_late": _both("sendt {day} {time}, senere end den dag", "sent on {day} {time}, later than that day"),
    "not_yet": _both("ikke sendt endnu", "not sent yet"),
    "in_a_letter": _both("ligger i et brev, der ikke er sendt endnu", "is in a letter that has not left yet"),
    "not_delivered": _both("kunne ikke afleveres", "could not be delivered"),
    "waits_for_a_decision": _both(
        "er måske nået frem og venter på en afgørelse", "may have arrived, and waits for a decision"
    ),
    "dropped": _both("bortfaldt", "dropped"),
    "because_settled": _both(
        "ikke sendt, fordi opgaven var klaret inden", "not sent, because the task had been done"
    ),
    "because_deadline_moved": _both(
        "ikke sendt, fordi fristen blev flyttet", "not sent, because the deadline was moved"
    ),
    "because_place_left": _both(
        "ikke sendt, fordi en anden har overtaget opgaven", "not sent, because somebody else has the task now"
    ),
    "because_absence": _both(
        "gik til en anden på grund af fravær, eller tilbage igen bagefter",
        "went to somebody else because of an absence, or back again after it",
    ),
    "because_rules_changed": _both(
        "ikke sendt, fordi planens påmindelser eller lukkedage blev ændret",
        "not sent, because the plan's reminders or its closed days were changed",
    ),
    "because_more_urgent": _both(
        "ikke sendt, fordi en mere presserende påmindelse om det samme gik i stedet",
        "not sent, because a more urgent reminder of the same went instead",
    ),
    "because_overtaken": _both(
        "ikke sendt, fordi en senere påmindelse om det samme allerede var sendt",
        "not sent, because a later reminder of the same had been sent already",
    ),
    "because_deadline_passed": _both(
        "ikke sendt, fordi fristen nåede at gå", "not sent, because the deadline had passed by then"
    ),
    "because_recently_reminded": _both(
        "ikke sendt, fordi det samme var sagt inden for tre dage",
        "not sent, because the same had been said within three days",
    ),
    "because_bad_address": _both(
        "ikke sendt, fordi adressen ikke er en gyldig mailadresse",
        "not sent, because the address is no valid mail address",
    ),
    # What is open.
    "owed": _both("Åbent lige nu:", "Open at present:"),
    "owes_nothing": _both(
        "Der er ingen påmindelser på vej de næste 60 dage.",
        "No reminder is on its way in the coming 60 days.",
    ),
    "more": _both("… og {number} mere.", "… and {number} more."),
    "titled": _both("{kind} »{title}«", "{kind} “{title}”"),
    "due": _both("frist {day}", "due {day}"),
    "takes_place": _both("holdes {day}", "on {day}"),
    "ends": _both("slutter {day}", "ends {day}"),
    "waits_since": _both("har ventet siden {day}", "waiting since {day}"),
    "next_step": _both("Næste påmindelse: {step}, {day}.", "Next reminder: {step}, {day}."),
    "no_step": _both(
        "Der er ingen påmindelse de næste 60 dage.", "There is no reminder in the coming 60 days."
    ),
    "before": _both("De sidste 60 dage:", "In the last 60 days:"),
}
