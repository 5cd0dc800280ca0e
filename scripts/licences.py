"""Write docs/licences.md: under which licence each thing comes that a running service uses.

`python scripts/licences.py` reads the pins of requirements.txt, asks the installed packages what they
declare, and adds the design system from package-lock.json. `--check` writes nothing and ends with 1 when the
page is old.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ \\;]+)", re.MULTILINE)
# Words of the licence field that name no licence.
_SAYS_NOTHING = {"", "UNKNOWN", "Dual License"}

_HEAD = """\
# Licences

The Initiative Tracker is under the [MIT licence](../LICENSE). A running service uses the packages below, each
unchanged and as its own distribution, under the licence that it declares. This page is written by
`.venv/bin/python scripts/licences.py` from the pins in `requirements.txt` and `package-lock.json`, and a test
fails when it is old. What only checks the code (`requirements-dev.txt`) is part of no installation and is not
here.

psycopg is under the LGPL: it is installed from its own distribution and can be exchanged for another build of
it without changing this project.

"""


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with --check compare it; 0 when it is as it should be."""
    parser = argparse.ArgumentParser(description="Write docs/licences.md.")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when the page is old")
    options = parser.parse_args(arguments)
    wanted = page()
    if not options.check:
        PAGE.write_text(wanted, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted:
        print("docs/licences.md is old: run `.venv/bin/python scripts/licences.py`", file=sys.stderr)
        return 1
    return 0


def page() -> str:
    """The whole page as it should be."""
    packages = [(name, version, declared(name)) for name, version in pins()]
    return _HEAD + "\n".join(
        [
            "## Python packages",
            "",
            *_table(packages),
            "",
            "## The design system",
            "",
            *_table(assets()),
            "",
            "Its fonts are under OFL-1.1, its icons under Apache-2.0, the rest under MIT. Its `LICENSE.md`",
            "says which is which, and is copied beside the files that pages use.",
            "",
        ]
    )


def pins(text: str | None = None) -> list[tuple[str, str]]:
    """Name and version of everything that requirements.txt pins, by name."""
    if text is None:
        text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return sorted(_PIN.findall(text))


def assets() -> list[tuple[str, str, str]]:
    """Name, version and licence of what npm fetches."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    found = {path.removeprefix("node_modules/"): one for path, one in lock["packages"].items() if path}
    return [(name, one["version"], one["license"].strip("()")) for name, one in sorted(found.items())]


def declared(package: str) -> str:
    """The licence a package declares: its SPDX expression, else its licence field or its classifiers.

    Raises SystemExit when the package is not installed or says nothing.
    """
    try:
        said = metadata(package)
    except PackageNotFoundError:
        raise SystemExit(f"{package} is not installed: run `make bootstrap`") from None
    field = (said.get("License") or "").strip()
    named = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or [] if "License ::" in line]
    named = [name for name in named if name != "OSI Approved"]
    short = field if field not in _SAYS_NOTHING and "\n" not in field else ""
    licence = said.get("License-Expression") or short or " or ".join(named)
    if not licence:
        raise SystemExit(f"{package} declares no licence: look it up, and think before using it")
    return str(licence)


def _table(rows: list[tuple[str, str, str]]) -> list[str]:
    return ["| Package | Version | Licence |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]


if __name__ == "__main__":
    raise SystemExit(main())
