"""What must hold of reminders whatever happens, in forty lines: who may be told what, and how often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date


@dataclass(frozen=True)
class Task:
    """A status. While it is not open it waits for approval, since the day on which it was handed in."""

    owner: str | None
    due: date
    is_open: bool = True
    handed_in: date | None = None

    def may_be_said_to(self, name: str, on: date) -> bool:
        if not self.is_open:
            return name == "office" and on == self.handed_in
        return name in {self.owner, "deputy", "office"} and on == self.due


@dataclass
class Model:
    """`tasks` by their link; `left` are people who have left the service of the city."""

    tasks: dict[str, Task]
    left: set[str] = field(default_factory=set)

    def change(self, link: str, **values: object) -> None:
        self.tasks[link] = replace(self.tasks[link], **values)  # type: ignore[arg-type]

    def leave(self, name: str) -> None:
        self.left.add(name)
        for link, task in self.tasks.items():
            if task.owner == name:
                self.change(link, owner=None)

    def may_say(self, name: str, said: Collection[tuple[str, date]]) -> bool:
        return name not in self.left and all(self.tasks[link].may_be_said_to(name, on) for link, on in said)


@dataclass
class Copies:
    """The copies of each letter since the database was last restored, and what the ledger allows."""

    bodies: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))

    def broken(self, uncertain: Counter[str], known: Collection[str]) -> list[str]:
        """Letters of which there are more copies than 1 + uncertain, or 2, or that are not the same bytes.

        Of those that were `known` to have been accepted before the restore there is none.
        """
        return [
            one
            for one, some in self.bodies.items()
            if len(some) > (0 if one in known else min(1 + uncertain[one], 2)) or len({*some}) > 1
        ]
