"""Which initiatives a printed title is like: found although it is worded another way, never a stranger."""

from __future__ import annotations

import pytest

from tracker.memos.importing.likeness import Likeness, Titled

PLAN = (
    "Mentorer til nye elever",
    "Gratis cykelkurser for voksne",
    "Åbne haller i weekenden",
    "Besøg på museer og biblioteker",
    "Sprogcaféer i alle bydele",
    "Fælles madlavning på plejehjem",
    "Kampagne mod ensomhed blandt ældre",
    "Lektiehjælp i boligområder",
)
LIKENESS = Likeness(Titled(at, title, 1) for at, title in enumerate(PLAN))


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("Mentorer til nye elever på skolerne", 0),
        ("Mentor for nye elever", 0),
        ("Cykelkursus for voksne", 1),
        ("De åbne haller", 2),
        ("Museums- og biblioteksbesøg for skoleklasser", 3),
        ("Sprogcafeer", 4),
        ("Madlavning i fællesskab på byens plejehjem", 5),
        ("En kampagne mod ældres ensomhed", 6),
        ("Hjælp til lektier", 7),
        ("Renovering af legepladser", None),
        ("Kampagne", 6),
        ("", None),
        ("– 12 –", None),
    ],
)
def test_a_title_worded_another_way_is_found_and_a_strange_one_is_not(
    printed: str, meant: int | None
) -> None:
    found = LIKENESS.of(printed, administration_id=1)
    assert (found[0].initiative_id if found else None) == meant


def test_what_is_alike_in_the_same_administration_comes_first_and_says_why() -> None:
    twins = Likeness([Titled(1, "Gratis cykelkurser", 1), Titled(2, "Gratis cykelkurser", 2)])
    first, second = twins.of("Gratis cykelkurser i byen", administration_id=2)
    assert (first.initiative_id, first.same_administration, first.words) == (
        2,
        True,
        ("gratis", "cykelkurser"),
    )
    assert second.likeness < first.likeness
    assert (first.shared, first.of) == (2, 3)
