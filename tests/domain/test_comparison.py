"""Two texts word by word, and two rounds initiative by initiative."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.comparison import Account, Ending, Operation, account, word_diff
from tracker.domain.workflow import Outcome

WORDS = st.lists(st.sampled_from(["skolen", " ", "\n", ", ", "fik", "50", ".", "kr", "- "]), max_size=60)


def joined(operations: tuple[Operation, ...], *kinds: str) -> str:
    return "".join(one.text for one in operations if one.kind in kinds)


@given(WORDS.map("".join) | st.text(), WORDS.map("".join) | st.text())
def test_both_texts_can_be_put_together_again(old: str, new: str) -> None:
    found = word_diff(old, new)
    assert joined(found, "equal", "delete") == old
    assert joined(found, "equal", "insert") == new
    assert all(one.text for one in found)


def test_only_the_words_that_changed_are_marked() -> None:
    assert word_diff("Der var 12 skoler med.", "Der var 14 skoler med i år.") == (
        Operation("equal", "Der var "),
        Operation("delete", "12 "),
        Operation("insert", "14 "),
        Operation("equal", "skoler "),
        Operation("delete", "med"),
        Operation("insert", "med i år"),
        Operation("equal", "."),
    )


def test_equal_texts_have_no_change() -> None:
    assert word_diff("Ens.", "Ens.") == (Operation("equal", "Ens."),)
    assert word_diff("", "") == ()


@pytest.mark.parametrize("vocabulary", [5, 800])
def test_texts_of_7000_characters_are_compared_at_once(vocabulary: int) -> None:
    chance = random.Random(7)
    words = ["ord" + str(chance.randrange(vocabulary)) for _ in range(1200)]
    changed = [word for word in words if chance.random() > 0.1]
    started = time.process_time()
    found = word_diff(" ".join(words), " ".join(changed))
    assert time.process_time() - started < 1
    assert joined(found, "equal", "insert") == " ".join(changed)


def fault_ids(result: Account) -> list[int]:
    return [fault.initiative_id for fault in result.faults]


def test_every_initiative_of_last_year_ends_in_one_way() -> None:
    result = account(
        [1, 2, 3, 4, 5],
        [
            Ending(1, Outcome.reported),
            Ending(2, Outcome.nothing_new, "The law comes next year."),
            Ending(3, Outcome.merged, merged_into=1),
            Ending(4, Outcome.discontinued, "The fund was closed."),
            Ending(5, Outcome.awaiting_funding),
            Ending(6, Outcome.reported),
        ],
    )
    assert result.is_complete
    assert result.added == (6,)
    assert result.by_outcome[Outcome.merged] == (3,)


@pytest.mark.parametrize(
    "endings",
    [
        [],
        [Ending(1, None)],
        [Ending(1, Outcome.reported), Ending(1, Outcome.discontinued, "Ended.")],
        [Ending(1, Outcome.nothing_new, " ")],
        [Ending(1, Outcome.discontinued)],
        [Ending(1, Outcome.merged)],
        [Ending(1, Outcome.merged, merged_into=1)],
        [Ending(1, Outcome.merged, merged_into=9)],
        [Ending(1, Outcome.merged, merged_into=2), Ending(2, Outcome.merged, merged_into=1)],
    ],
)
def test_an_initiative_that_drops_out_without_a_word_is_named(endings: list[Ending]) -> None:
    result = account([1], endings)
    assert not result.is_complete
    assert fault_ids(result) == [1]


def test_a_merger_may_lead_over_another_merger() -> None:
    endings = [
        Ending(1, Outcome.merged, merged_into=2),
        Ending(2, Outcome.merged, merged_into=3),
        Ending(3, Outcome.reported),
    ]
    assert account([1, 2, 3], endings).is_complete
