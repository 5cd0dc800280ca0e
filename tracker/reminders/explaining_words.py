"""The words in which an explanation is given, in Danish and in English, for a page and a terminal alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from tracker import clock
from tracker.domain.reminders import DUE_TIME, ObligationKind
from tracker.mail.models import MailState
from tracker.reminders.explanations import Explanation, OwedLine, PastLine, Standing, WaitingLetter
from tracker.reminders.models import ItemState, Reason
from tracker.reminders.phrases import PHRASES, matter, step_words

MOST_LINES = 12
_DUE = {
    ObligationKind.review: "waits_since",
    ObligationKind.committee_meeting: "takes_place",
    ObligationKind.campaign_window: "ends",
    ObligationKind.application_round: "ends",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence, with lines under it where it has some."""

    sentence: str
    lines: tuple[str, ...] = ()


def answer(explanation: Explanation, language: str) -> list[Part]:
    """The explanation in `da` or `en`: what stands in the way, that day, what is open, what went before."""
    return list(_Answer(explanation, language).parts())


def heading(explanation: Explanation, language: str) -> str:
    """Whom or what it is about, and for which day."""
    said = _Answer(explanation, language)
    if explanation.about_one_person and explanation.people[0].name == explanation.subject:
        return said.phrase(
            "heading_person", address=explanation.people[0].address, day=said.day(explanation.on)
        )
    return said.phrase("heading", day=said.day(explanation.on))


@dataclass(frozen=True, slots=True)
class _Answer:
    """One explanation in one language."""

    about: Explanation
    language: str

    def phrase(self, phrase: str, **values: object) -> str:
        return PHRASES[phrase][self.language].format(subject=self.about.subject, **values)

    def parts(self) -> Iterator[Part]:
        stands = [Part(sentence) for sentence in self._in_the_way()]
        yield from stands or [Part(self.phrase("nothing_in_the_way"))]
        if self.about.letters:
            yield Part(self.phrase("letters"), tuple(self._letter(one) for one in self.about.letters))
        yield from self._that_day()
        owed = [self._owed(line) for line in self.about.owed]
        if len(owed) > MOST_LINES:
            owed[MOST_LINES - 1 :] = [self.phrase("more", number=len(owed) - MOST_LINES + 1)]
        yield Part(self.phrase("owed" if owed else "owes_nothing"), tuple(owed))
        if self.about.past:
            yield Part(self.phrase("before"), tuple(self._past(line, dated=True) for line in self.about.past))

    # --- what stands in the way -------------------------------------------------------------------

    def _in_the_way(self) -> Iterator[str]:
        if self.about.held is not None:
            yield self.phrase("held_because" if self.about.held else "held", reason=self.about.held)
        for plan, until in self.about.paused:
            yield self.phrase("paused", plan=plan, day=self.short(until))
        for person in self.about.people:
            yield from self._of_person(person)
        if not self.about.people:
            yield self.phrase("nobody")

    def _of_person(self, person: Standing) -> Iterator[str]:
        if not person.active:
            yield self.phrase("inactive", name=person.name)
        elif person.is_absent(self.about.on):
            if person.absent_until is None:
                yield self.phrase("absent", name=person.name)
            else:
                yield self.phrase("absent_until", name=person.name, day=self.short(person.absent_until))
        if person.bounced_on is not None:
            words = {"name": person.name, "address": person.address, "day": self.short(person.bounced_on)}
            yield self.phrase("bounced", **words) + self._server(person.bounce)

    def _letter(self, letter: WaitingLetter) -> str:
        sentence = {
            MailState.queued: "letter_queued" if letter.attempts else "letter_ready",
            MailState.sending: "letter_sending",
            MailState.uncertain: "letter_uncertain",
            MailState.needs_human: "letter_needs_human",
        }[letter.state]
        written, again = self.moment(letter.written_at), self.moment(letter.next_at)
        return self.phrase(sentence, name=letter.person, written=written, again=again) + self._server(
            letter.said
        )

    def _server(self, said: str) -> str:
        return " " + self.phrase("server_said", words=said) if said else ""

    # --- that day ---------------------------------------------------------------------------------

    def _that_day(self) -> Iterator[Part]:
        today, day = clock.local_date(self.about.now), self.day(self.about.on)
        happened = tuple(self._past(line, dated=False) for line in self.about.that_day)
        if happened:
            yield Part(self.phrase("happened", day=day), happened)
        elif self.about.on < today:
            yield Part(self.phrase("nothing_happened", day=day))
        leaving = tuple(self._line(line, line.next_step or "") for line in self.about.to_leave)
        if leaving:
            early = self.about.on > today or self.about.now.astimezone(clock.ZONE).time() < DUE_TIME
            yield Part(self.phrase("will_leave" if early else "leaves_now", day=day), leaving)
        elif self.about.on >= today and not happened:
            yield Part(self.phrase("nothing_leaves", day=day))

    def _past(self, line: PastLine, *, dated: bool) -> str:
        day = clock.local_date(line.at) if line.at is not None else line.due_on
        became = self._became(line)
        if line.state is ItemState.sent and line.at is not None:
            late = not dated and day > self.about.on
            became = self.phrase(
                "sent_late" if late else "sent_at", day=self.short(day), time=self.time(line.at)
            )
        what = self._of(line.person, line.kind, line.title)
        sentence = f"{what}, {self._step(line)}: {became}."
        return f"{self.short(day)}: {sentence}" if dated else sentence

    def _became(self, line: PastLine) -> str:
        if line.state in {ItemState.planned, ItemState.assigned}:
            return self.phrase("not_yet" if line.state is ItemState.planned else "in_a_letter")
        if line.reason in set(Reason):
            return self.phrase(f"because_{line.reason}")
        sentence = {
            ItemState.undeliverable: "not_delivered",
            ItemState.waiting: "waits_for_a_decision",
        }.get(line.state, "dropped")
        return self.phrase(sentence) + (f" ({line.reason})" if line.reason else "")

    # --- what is open -----------------------------------------------------------------------------

    def _owed(self, line: OwedLine) -> str:
        sentence = self._line(line, "")
        if line.next_on is None or line.next_step is None:
            return f"{sentence} {self.phrase('no_step')}"
        words = step_words(line.kind, line.next_step, self.language)
        return f"{sentence} {self.phrase('next_step', step=words, day=self.day(line.next_on))}"

    def _line(self, line: OwedLine, step: str) -> str:
        words = f", {step_words(line.kind, step, self.language)}" if step else ""
        what = f"{self._of(line.person, line.kind, line.title)}{words}"
        return f"{what}, {self.phrase(_DUE.get(line.kind, 'due'), day=self.short(line.deadline_on))}."

    def _step(self, line: PastLine) -> str:
        return step_words(line.kind, line.step, self.language)

    def _of(self, name: str, kind: ObligationKind, title: str) -> str:
        """Whose and what it is, leaving out what the whole explanation is about."""
        about = self.about.subject
        rest = "" if title == about else title.removesuffix(f" · {about}")
        what = matter(kind, self.language)
        what = self.phrase("titled", kind=what, title=rest) if rest else what
        return what[:1].upper() + what[1:] if name == about else f"{name}, {what}"

    # --- dates ------------------------------------------------------------------------------------

    def day(self, day: date) -> str:
        weekday = PHRASES["weekdays"][self.language].split()[day.weekday()]
        return f"{weekday} {self.short(day)}"

    def short(self, day: date) -> str:
        return f"{day:%d.%m.%Y}"

    def time(self, at: datetime) -> str:
        return self.phrase("time", time=at.astimezone(clock.ZONE))

    def moment(self, at: datetime) -> str:
        return f"{self.short(clock.local_date(at))} {self.time(at)}"


def as_text(title: str, parts: Iterable[Part]) -> str:
    """The answer for a terminal: the title, then each sentence with its lines below."""
    lines = [title, ""]
    for part in parts:
        lines.append(part.sentence)
        lines += [f"  - {line}" for line in part.lines]
    return "\n".join(lines)
