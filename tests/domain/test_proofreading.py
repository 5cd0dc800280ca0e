"""What the checks find, and where they keep quiet."""

import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.proofreading import MESSAGES, Check, Proof, Row, proofread, proofread_all, proofread_memo
from tracker.domain.text import clean

CLEAN = (
    "Indsatsen er i gang. Der er holdt fem møder, bl.a. den 3. marts 2026 og ultimo 2025.\n"
    "## Hvad der er sket\n"
    "Holdet har tre opgaver:\n"
    "- at tale med skolerne,\n"
    "- at skrive et oplæg på 2.500 ord.\n"
    "1. Først øves der.\n"
    "2. Så holdes oplægget¹.\n"
    "Læs mere på »example.com«. Prisen er 20.000 kr. i alt... og intet mere.\n"
    "¹ Se bilag 2"
)


def found(text: str, *, year: int = 2026, last: str = "") -> list[tuple[str, str]]:
    return [(one.check.value, one.words) for one in proofread(Row(7, text, last), year=year)]


def test_a_clean_text_and_an_empty_one_raise_no_question() -> None:
    assert found(CLEAN) == []
    assert found(" \n") == []


@pytest.mark.parametrize(
    ("text", "check", "words"),
    [
        ("Holdet har mødt skolerne samt", "cut_off", "Holdet har mødt skolerne samt"),
        ("Der er holdt møder,", "cut_off", "Der er holdt møder,"),
        ("Målet er at få flere m", "cut_off", "er at få flere m"),
        ("1. Tale med deres\n2. Skrive et oplæg.", "cut_off", "Tale med deres"),
        ("Holdet har mødt skolerne", "missing_stop", "Holdet har mødt skolerne"),
        ("- Et møde.\n- Et brev", "missing_stop", "Et brev"),
        ("Mødet er d. 31. marts.", "date_without_year", "31. marts"),
        ("Mødet var den 20 december 2025.", "date_form", "20 december"),
        ("Vises fra. 1 december til 3. december 2026.", "date_form", "fra. 1 december"),
        ("Klar i slutningen 2026.", "date_form", "slutningen 2026"),
        ("Rapporten forventes ultimo 2025.", "passed_promise", "forventes … ultimo 2025"),
        ("I 2025 planlægges et kursus.", "passed_promise", "planlægges … 2025"),
        ("Holdet har  mødt skolerne.", "double_space", "har  mødt"),
        ("Holdet har mødt skolerne..", "stray_stop", "skolerne.."),
        ("Holdet har mødt skolerne .", "stray_stop", "skolerne ."),
        ("Der er sat 12.500. kr. af.", "stray_stop", "12.500. kr"),
    ],
)
def test_a_slip_is_found_once_with_its_words(text: str, check: str, words: str) -> None:
    assert found(text) == [(check, words)]


def test_a_promise_for_this_year_or_in_another_sentence_is_no_question() -> None:
    assert found("Rapporten forventes ultimo 2026.") == []
    assert found("Kurset blev holdt i 2025. Der forventes et til.") == []


def test_a_list_without_full_stops_is_a_style() -> None:
    assert found("Der er tre spor:\n- skoler\n- klubber\n- biblioteker") == []


def test_last_years_text_is_recognised_whatever_its_spaces() -> None:
    text = "Holdet har mødt skolerne."
    assert found(text, last="Holdet har\nmødt skolerne.") == [("same_as_last_year", text.strip())]
    assert found(text, last="Holdet mødte skolerne.") == []


def test_a_finding_names_its_row_and_has_a_sentence() -> None:
    (finding,) = proofread(Row(33, "Mødet er d. 31. marts."), year=2026)
    assert (finding.row, finding.check) == (33, Check.date_without_year)
    assert finding.message % finding.params == "The date has no year: “31. marts”."
    assert set(MESSAGES) == set(Check)


PIECES = [
    "Holdet",
    "Ung-Vej",
    "UngVej",
    "er",
    "har",
    "nr. 3",
    "(",
    "12",
    "XYZ",
    "og",
    ".",
    ",",
    "\n",
    "- ",
    "1. ",
    "3. marts",
    "forventes",
    "2025",
    "i",
    "Åben",
    "Skole",
    "skole",
    "¹",
    "\xad",
    "«",
    "pct.",
    "skal",
    "formål",
    "SUF",
]


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "1",
            ".",
            "1.",
            "1. og ",
            "a",
            "2025 og ",
            "siden ",
            "maj ",
            "har ",
            "er i ",
            "skal ",
            "A",
            "A ",
            "Ab ",
        ),
        *("A-", "Ab-", "(AB ", "12 abcde ", "nr. 1, ", "Ab cd ", ", ", "forvaltning", "aB"),
    ],
)
def test_a_text_of_one_thing_over_and_over_is_read_in_no_time(piece: str) -> None:
    text = piece * (7000 // len(piece))
    started = time.process_time()
    row = Row(7, text, text, TITLE, "Socialudvalget")
    proofread_memo(Proof((row,), text, (text,), (text,)), year=2026)
    assert time.process_time() - started < 2


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=30), st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_and_the_words_of_each_finding_stand_in_the_memo(
    pieces: list[str], title: str
) -> None:
    text, title = clean(" ".join(pieces)), clean(title)
    row = Row(1, text, title=title, section="Socialudvalget")
    for one in proofread_memo(Proof((row, Row(1, text), Row(2, ""))), year=2026):
        assert one.message % one.params
        words = one.words.removesuffix(" …").split(" … ")
        said = " ".join(f"{text} {title} Socialudvalget".split())
        assert all(" ".join(word.split()) in said for word in words)


def test_a_memo_without_rows_shows_nothing() -> None:
    assert proofread_memo(Proof((), f"Tabel 1. Under {HEALTH}."), year=2026) == ()


TITLE = "Natteværter hjælper gæster, som oplever chikane i byens natteliv"


@pytest.mark.parametrize(
    ("text", "check", "words"),
    [
        ("Holdet har mødt skolerne. og talt med dem.", "stray_stop", "skolerne. og"),
        ("Holdet har mødt skolerne , som sagt.", "stray_stop", "skolerne ,"),
        ("Mødet var den 3.marts 2026.", "date_form", "3.marts"),
        ("Mødet var den 3. Marts 2026.", "date_form", "3. Marts"),
        ("Mødet var den 31. juni 2026.", "date_form", "31. juni"),
        ("Det løber i årene 2026-2024.", "date_form", "2026-2024"),
        (
            "- Et møde med alle.\n- Et brev til hver skole\n- En tur.",
            "missing_stop",
            "Et brev til hver skole",
        ),
        (
            "Der er i 2026 holdt fem møder med skolerne og deres bestyrelser\nEt møde til er aftalt.",
            "missing_stop",
            "med skolerne og deres bestyrelser",
        ),
        (
            "Indsatsen har til formål at sikre, at alle unge får et godt sted at være.",
            "only_purpose",
            "Indsatsen har til formål at sikre, at alle …",
        ),
        (
            "Natteværterne hjælper gæster, som oplever chikane i nattelivet.",
            "only_purpose",
            "Natteværterne hjælper gæster, som oplever chikane i nattelivet.",
        ),
        (
            "Holdet " + "har mødt en skole, og " * 10 + "det gik.",
            "long_sentence",
            "Holdet har mødt en skole, og har mødt …",
        ),
    ],
)
def test_more_slips_are_found_once_with_their_words(text: str, check: str, words: str) -> None:
    findings = proofread(Row(7, text, "", TITLE), year=2026)
    assert [(one.check.value, one.words) for one in findings] == [(check, words)]


@pytest.mark.parametrize(
    "text",
    [
        "I 2026 blev der holdt møder den 3. marts og den 5. maj.",
        "Dagen holdes hvert år den 8. marts.",
        "Kurset blev holdt i foråret og igen i efteråret.",
        "Der er tre spor:\n- steder, hvor de unge kan være med\n- klubber, som de kan gå til",
        "En lang linje uden udsagnsord om skoler, klubber og biblioteker\nSå er der holdt et møde.",
        "Indsatsen har til formål at styrke fællesskabet. Der er holdt fem møder.",
        "Natteværter hjælper gæster, som oplever chikane i byens natteliv, og har hjulpet 40.",
        "Indsatsen skal styrke fællesskabet og er gennemført.",
        "Der er sat 12.500 kr. af til skolerne m.m. og til klubber, inkl. fritidshjem.",
        "Der er mødt 8 pct., og ca. 300 elever fra 4.-10. klasse på example.com og lokalt.",
    ],
)
def test_what_only_looks_like_a_slip_is_left_alone(text: str) -> None:
    assert proofread(Row(7, text, "", TITLE), year=2026) == ()


def test_a_promise_passes_with_the_day_on_which_it_is_looked_at() -> None:
    row = Row(7, "Rapporten forventes i maj 2026.")
    assert [one.check for one in proofread(row, year=2026, on=date(2026, 9, 1))] == [Check.passed_promise]
    assert proofread(row, year=2026, on=date(2026, 4, 1)) == ()
    assert proofread(row, year=2026, on=date(2025, 9, 1)) == ()


SOUND = "Indsatsen er gennemført."
HEALTH, SCHOOLS = "Sundheds- og Omsorgsforvaltningen", "Børne- og Ungdomsforvaltningen"


def together(*rows: Row, caption: str = "", **others: frozenset[str]) -> list[tuple[str, int, str]]:
    """What a memo of some rows shows, as check, row and words."""
    findings = proofread_memo(Proof(rows, caption, **others), year=2026)
    for one in findings:
        assert one.message % one.params
    return [(one.check.value, one.row, one.words) for one in findings]


def test_a_name_is_told_wherever_it_is_not_spelt_as_usual() -> None:
    found = together(
        Row(1, "Holdet er valgt af Ung-Vej. Der er talt med Ung-Vej og Lys Sti.", title="Støtte til Ung-Vej"),
        Row(2, "Midlerne er gået til UngVej og til Ung Vej. Det er også gået godt hos Lyssti."),
        Row(3, "Unge veje er holdt åbne. Ungvej er et sted. Der er talt med Åben Dør."),
        Row(4, "Åben dør er en dag. Holdet har mødt Åben Dør og Børne- og Ungehuset."),
    )
    assert found == [
        ("name_spelling", 2, "UngVej"),
        ("name_spelling", 2, "Ung Vej"),
        ("name_spelling", 2, "Lyssti"),
    ]


def test_a_row_by_itself_shows_the_name_that_it_spells_in_two_ways() -> None:
    assert found("Holdet er hos Ung-Vej og hos UngVej, igen hos Ung-Vej.") == [("name_spelling", "UngVej")]


def test_the_reason_names_the_other_spellings_and_their_rows() -> None:
    (finding,) = proofread_memo(
        Proof((Row(1, "Holdet er hos Ung-Vej og hos Ung-Vej."), Row(5, "Midlerne er gået til UngVej."))),
        year=2026,
    )
    assert finding.params["others"] == "Ung-Vej (1)"


def test_a_number_that_no_row_has_and_one_that_has_moved_are_told() -> None:
    rows = [Row(number, SOUND, last_number=number) for number in (1, 2)]
    rows += [Row(3, "Pengene er brugt (nr. 1-2). Se også nr. 9, jf. lov nr. 45.", last_number=3)]
    rows += [Row(4, "Arbejdet er en del af indsats 12 og initiativ nr. 5.", last_number=None)]
    rows += [Row(5, "Der er 12 indsatser, også nr. 4. Der er afsat 3 nye i 2026.", last_number=4)]
    assert together(*rows) == [
        ("unknown_reference", 3, "også nr. 9"),
        ("unknown_reference", 4, "indsats 12"),
        ("moved_reference", 5, "også nr. 4"),
    ]


def test_a_caption_is_held_against_the_sections() -> None:
    rows = (
        Row(1, SOUND, section=HEALTH),
        Row(2, SOUND, section=SCHOOLS),
        Row(3, SOUND, section="Socialudvalget"),
    )
    assert together(*rows, caption=f"Tabel 1. Status under {HEALTH} og Teknik- og Miljøforvaltningen.") == [
        ("caption", 1, "Teknik- og Miljøforvaltningen"),
        ("caption", 2, SCHOOLS),
        ("committee_as_administration", 3, "Socialudvalget"),
        ("caption", 3, "Socialudvalget"),
    ]
    assert together(*rows[:2], caption="Tabel 1. Status for 2026 under SUF og BUF.") == []
    assert together(*rows[:2], caption="Tabel 1. Status på indsatserne.") == []
    assert together(*rows[:2], caption="Tabel 1. Status for 2026 under SUF, BUF, TMF og EU.") == [
        ("caption", 1, "TMF")
    ]


def test_committees_as_the_names_of_all_sections_are_a_choice() -> None:
    assert together(Row(1, SOUND, section="Socialudvalget"), Row(2, SOUND, section="Kulturudvalget")) == []


def test_an_abbreviation_is_told_once_unless_the_memo_spells_it_out() -> None:
    found = together(
        Row(
            1,
            "Holdet er hos XYZ og igen hos XYZ. Det er aftalt med SUF, EU, KNUM's Klubber og BUU.",
            section=HEALTH,
        ),
        Row(
            2,
            "Jysk Idrætscenter (JIC) er åbnet. JIC er glad. Der er talt med UVR (ungdommens vejlederråd).",
            section=SCHOOLS,
        ),
        Row(3, "Holdet har mødt Nordisk Ungdomsråd. NUR er glad, og XYZ er det også.", section=SCHOOLS),
        codes=frozenset({"BUU"}),
    )
    assert found == [("abbreviation", 1, "XYZ")]


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (
            "Charteret har 61 tilmeldte spillesteder.",
            "Kampagnen nåede de 65 tilmeldte spillesteder under charteret.",
            ["65 tilmeldte spillesteder"],
        ),
        ("Charteret har 61 tilmeldte spillesteder.", "Der er 61 tilmeldte spillesteder i charteret.", []),
        (
            "Charteret har 61 tilmeldte spillesteder.",
            "Der er nu flere, 65 tilmeldte spillesteder i charteret.",
            [],
        ),
        ("Charteret har 61 tilmeldte spillesteder.", "Festivalen har 65 tilmeldte spillesteder.", []),
        (
            "I 2024 havde charteret 61 tilmeldte spillesteder.",
            "I 2025 havde charteret 65 tilmeldte spillesteder.",
            [],
        ),
        ("Kurset er holdt på 12 forskellige skoler.", "Der er holdt oplæg på 8 forskellige skoler.", []),
    ],
)
def test_figures_are_held_against_each_other_with_care(first: str, second: str, words: list[str]) -> None:
    found = together(Row(1, first), Row(2, second))
    assert [one[2] for one in found if one[0] == "figure"] == words


@pytest.mark.parametrize(
    ("this", "last", "words"),
    [
        (
            "I 2024 blev der sendt 1.530 spil til skoler.",
            "I 2024 blev der sendt 1.350 spil til skoler.",
            ["1530"],
        ),
        ("I 2024 blev der sendt 1.530 spil til skoler.", "I 2023 blev der sendt 1.350 spil til skoler.", []),
        ("Der er 75 tilmeldte spillesteder.", "Der er 61 tilmeldte spillesteder.", []),
        (
            "Der er anlagt 8 nye pladser i 2025 og 11 nye pladser i 2026.",
            "Der blev anlagt 6 nye pladser i 2024 og 9 nye pladser i 2025.",
            ["8"],
        ),
        ("Der er anlagt 9 nye pladser i 2025.", "Der blev anlagt 9 nye pladser i 2025.", []),
        ("Der er anlagt 8 nye pladser i 2025.", "Der forventes anlagt 9 nye pladser i 2025.", []),
        ("Klubben har 8 pladser i 2025.", "Der var 9 pladser i 2025 til kurset.", []),
    ],
)
def test_a_figure_of_a_year_that_is_over_does_not_change(this: str, last: str, words: list[str]) -> None:
    this, last = (text.replace("spil til", "brætspil gratis til") for text in (this, last))
    found = [one for one in proofread(Row(1, this, last), year=2026) if one.check is Check.figure]
    assert [one.words.split()[0].replace(".", "") for one in found] == words


def test_two_hundred_rows_are_looked_through_in_a_moment() -> None:
    text = "Holdet har talt med Ung-Vej, Lys Sti og SUF om 61 tilmeldte spillesteder (nr. 4) i 2026. " * 8
    rows = tuple(Row(number, text, title=f"Indsats for Byens Unge {number}") for number in range(1, 201))
    started = time.process_time()
    proofread_memo(Proof(rows), year=2026)
    assert time.process_time() - started < 6


def test_the_real_memo_gives_its_known_slips_and_hardly_a_false_alarm(seed: Path) -> None:
    findings = proofread_memo(real(seed), year=2025)
    where: dict[str, list[int]] = {}
    for finding in findings:
        where.setdefault(finding.check.value, []).append(finding.row)
    assert where == {
        "cut_off": [33, 35],
        "missing_stop": [10, 24, 27, 31, 31, 33, 33],
        "date_without_year": [20, 21, 36],
        "date_form": [12, 27, 40],
        "only_purpose": [9, 32],
        "name_spelling": [4, 15, 16, 30, 30, 31],
        "committee_as_administration": [41],
        "caption": [36, 41],
        "abbreviation": [23, 30, 34, 34, 34, 34, 35, 42],
        "double_space": [3, 12, 20, 21, 21],
        "stray_stop": [12],
        "long_sentence": [12, 42],
    }
    assert {"DinTro-Mintro", "Din-Tro-Min-tro"} <= {one.words for one in findings}


def real(seed: Path) -> Proof:
    gold = json.loads((seed / "aarlig-status-2025.rows.json").read_text(encoding="utf-8"))
    rows = tuple(
        Row(one["number"], one["status"], "", one["title"], one["administration"])
        for one in gold["initiatives"]
    )
    memo = gold["memo"]
    notes = tuple(note["text"] for one in gold["initiatives"] for note in one["footnotes"])
    return Proof(rows, memo["table_caption"], (memo["title"], *memo["intro"]), notes)


def test_next_year_the_promises_of_the_real_memo_are_asked_about(seed: Path) -> None:
    rows = json.loads((seed / "aarlig-status-2025.rows.json").read_text(encoding="utf-8"))["initiatives"]
    findings = proofread_all([Row(row["number"], row["status"]) for row in rows], year=2026)
    asked = {one.row for one in findings if one.check is Check.passed_promise}
    assert {24, 40} <= asked <= {1, 24, 40}
