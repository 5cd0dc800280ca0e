"""The documentation: what it names is there, and what has to be named is."""

from __future__ import annotations

import importlib
import importlib.util
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

import config
from tests.support.source import ROOT
from tracker.cli import tracker

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = ROOT / "docs" / "decisions"
ONE_SCREEN = 45

_FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^]]*\]\(\s*([^)\s]+)\s*\)")
_MADE = re.compile(r"\bmake (?:-[a-z-]+ )*([a-z]+)\b")
_COMMAND = re.compile(r"\bflask tracker((?: [a-z]+)*)")
_DOTTED = re.compile(r"[a-z_]+(?:\.[A-Za-z_]+)+(?<!\.py)")

# Places of one machine, and hosts from which packages come: put together, so that this file names none.
_LOCAL = re.compile(
    r"(?<![\w.~-])/(?:work|root|home)/[\w.]"
    r"|\b(?:"
    + "|".join(["py" + r"pi\.org", r"pythonhosted\.org", r"registry\.npm" + r"js\.org"])
    + r")\b|--(?:extra-)?index-url[ =]"
)


def test_every_setting_is_explained_and_nothing_else_is() -> None:
    """An operator finds each setting by its variable, and none that is gone."""
    explained = re.findall(r"^\| `(TRACKER_\w+)` \|", _text("docs/operations.md"), re.MULTILINE)
    assert sorted(explained) == sorted(_variables())
    named = {name for page in PAGES for name in re.findall(r"\bTRACKER_[A-Z_]+\b", page.read_text())}
    assert named <= _variables()


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", _text("Makefile"), re.MULTILINE))
    named = {name for page in PAGES for code in _code(page.read_text()) for name in _MADE.findall(code)}
    assert named
    assert not named - targets


def test_every_command_that_is_named_exists() -> None:
    named = {words for page in PAGES for code in _code(page.read_text()) for words in _COMMAND.findall(code)}
    assert named
    assert not [words for words in sorted(named) if not _is_command(words.split())]


def test_every_link_leads_somewhere() -> None:
    assert not [fault for page in PAGES for fault in _broken_links(page)]


def test_every_page_is_found_from_the_readme() -> None:
    assert not _unreached(ROOT / "README.md", PAGES)


def test_every_function_that_the_architecture_names_exists() -> None:
    spans = _SPAN.findall(_FENCE.sub("", _text("docs/architecture.md")))
    named = [span for span in spans if _DOTTED.fullmatch(span) and (ROOT / "tracker" / _first(span)).exists()]
    assert len(named) > 12
    assert not [name for name in named if not _is_defined(name)]


def test_every_package_of_tracker_is_drawn_in_the_architecture() -> None:
    house = _text("docs/architecture.md")
    rooms = [path for path in (ROOT / "tracker").iterdir() if not path.name.startswith(("_", "."))]
    names = [f"{path.name}/" if path.is_dir() else path.name for path in rooms]
    assert not [name for name in names if not re.search(rf"(?<!\w){re.escape(name)}", house)]


def test_decisions_are_numbered_without_gaps_and_fit_a_screen() -> None:
    assert not _decision_faults({path.name: path.read_text() for path in DECISIONS.glob("*.md")})


def test_the_licences_name_every_pinned_package() -> None:
    """Made anew from what is installed, the page is the same: no package and no version is missing."""
    licences = _script("licences")
    page = _text("docs/licences.md")
    for name, version in licences.pins():
        assert f"| {name} | {version} |" in page
    assert page == licences.page(), "run `.venv/bin/python scripts/licences.py`"


def test_nothing_in_the_project_names_one_machine() -> None:
    """A path of somebody's computer or the address of a registry would be right nowhere else."""
    assert not [fault for path in _tracked() for fault in _local_names(path)]


@pytest.mark.parametrize(
    "text",
    [
        "see /" + "work/main/README.md",
        "cp x /" + "root/.ssh",
        "https://py" + "pi.org/simple",
        "--index" + "-url http://x",
    ],
)
def test_a_name_of_one_machine_is_caught(text: str) -> None:
    assert _LOCAL.search(text)


@pytest.mark.parametrize("text", ["the framework/ folder", "http://localhost:5000/work", "team/work/x"])
def test_other_words_are_not(text: str) -> None:
    assert not _LOCAL.search(text)


def test_a_gap_and_a_long_decision_are_caught() -> None:
    good = {"0001-one.md": "# 1. One\n", "0002-two.md": "# 2. Two\n"}
    assert not _decision_faults(good)
    assert _decision_faults({"0001-one.md": "# 1. One\n", "0003-three.md": "# 3. Three\n"})
    assert _decision_faults({"0001-one.md": "# 2. One\n"})
    assert _decision_faults({"0001-one.md": "# 1. One\n" + "line\n" * ONE_SCREEN})


def test_a_broken_link_and_an_unreached_page_are_caught(tmp_path: Path) -> None:
    readme, other = tmp_path / "README.md", tmp_path / "other.md"
    readme.write_text("# Start\n[there](#start) [no heading](#nowhere) [no file](gone.md)\n")
    other.write_text("# Other\n")
    assert len(list(_broken_links(readme))) == 2
    assert _unreached(readme, [readme, other]) == [other]
    readme.write_text("[other](other.md#other)")
    assert not list(_broken_links(readme))
    assert not _unreached(readme, [readme, other])


def test_a_command_and_a_function_that_are_gone_are_caught() -> None:
    assert not _is_command(["memo", "burn"])
    assert not _is_command(["nothing"])
    assert not _is_defined("statuses.review.applaud")
    assert not _is_defined("rounds.nowhere")


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _variables() -> set[str]:
    return {f"TRACKER_{name.upper()}" for name in config.Settings.model_fields}


def _code(text: str) -> list[str]:
    """Blocks and spans of code: only there is `make` a command."""
    return [*_FENCE.findall(text), *_SPAN.findall(_FENCE.sub("", text))]


def _is_command(words: list[str]) -> bool:
    """Whether these words begin with a command; what follows a command is its arguments."""
    here: click.Command = tracker
    for word in words:
        if not isinstance(here, click.Group):
            return True
        found = here.commands.get(word)
        if found is None:
            return False
        here = found
    return True


def _links(page: Path) -> list[str]:
    targets = _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))
    return [target for target in targets if "://" not in target and not target.startswith("mailto:")]


def _broken_links(page: Path) -> Iterator[str]:
    for target in _links(page):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            yield f"{page.name} links to {target}"


def _anchors(page: Path) -> set[str]:
    """The anchors that are made of headings: lower case, hyphens for spaces, other signs left out."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _unreached(start: Path, pages: list[Path]) -> list[Path]:
    """The pages to which no chain of links leads; a link to a folder leads to all in it."""
    seen: set[Path] = set()
    waiting = [start.resolve()]
    while waiting:
        page = waiting.pop()
        if page in seen or not page.exists():
            continue
        seen.add(page)
        for target in _links(page):
            path = target.partition("#")[0]
            there = (page.parent / path).resolve() if path else page
            waiting += there.glob("*.md") if there.is_dir() else [there] if there.suffix == ".md" else []
    return [page for page in pages if page.resolve() not in seen]


def _first(span: str) -> str:
    word = span.partition(".")[0]
    return f"{word}.py" if (ROOT / "tracker" / f"{word}.py").exists() else word


def _is_defined(name: str) -> bool:
    """Whether `statuses.review.approve` can be reached from `tracker`."""
    here: object = importlib.import_module("tracker")
    for word in name.split("."):
        # A module before an attribute: `web.secretariat` is also the name of a blueprint.
        module = f"{here.__name__}.{word}" if isinstance(here, ModuleType) else ""
        if hasattr(here, "__path__") and importlib.util.find_spec(module) is not None:
            here = importlib.import_module(module)
        elif hasattr(here, word):
            here = getattr(here, word)
        else:
            return False
    return True


def _decision_faults(decisions: dict[str, str]) -> list[str]:
    faults = []
    for number, (name, text) in enumerate(sorted(decisions.items()), start=1):
        if not name.startswith(f"{number:04}-") or not text.startswith(f"# {number}. "):
            faults.append(f"{name} should be number {number}, in its name and in its heading")
        if len(text.splitlines()) > ONE_SCREEN:
            faults.append(f"{name} is longer than a screen")
    return faults


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"scripts_{name}", ROOT / "scripts" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _tracked() -> list[Path]:
    """What belongs to the project: what git keeps or would keep."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]
    skipped = {".venv", ".git", "node_modules", "var", "dkfds", "__pycache__"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not skipped & set(path.parts)]


def _local_names(path: Path) -> Iterator[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return  # a picture
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _LOCAL.search(line):
            yield f"{path.relative_to(ROOT)}:{number} names {found.group()}"
