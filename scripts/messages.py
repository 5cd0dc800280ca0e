"""Bring the Danish catalogue up to date with the sentences of the code: `make messages`.

English is the language of the code, so it has no catalogue. A sentence that is new or changed gets an
empty `msgstr`; one that is gone goes. What is left to translate is listed at the end, and the exit code
says whether anything is. The file is sorted and carries no dates or line numbers: a change shows as itself.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import wtforms.i18n
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = "da"
CATALOGUE = ROOT / "translations" / LANGUAGE / "LC_MESSAGES" / "messages.po"
COMPILED = CATALOGUE.with_suffix(".mo")
FOLDERS = ("tracker", "templates")
# Who is called with a sentence: flask-babel under its names here, and what the rules say with.
KEYWORDS = parse_keywords(
    [
        *("_", "_l", "gettext", "lazy_gettext", "ngettext:1,2", "lazy_ngettext:1,2", "sentence", "say"),
        *("Unreadable", "InvalidInput:2", "MoveRefused", "NotAllowed", "DomainError"),
    ]
)
HEADER = f"""\
# The sentences of the pages in Danish. `make messages` keeps the list; write each msgstr by hand.
msgid ""
msgstr ""
"Language: {LANGUAGE}\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def extracted() -> Catalog:
    """Every sentence that the code can show, WTForms' own among them, without translations."""
    found = Catalog(locale=LANGUAGE)
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    for name, _line, sentence, _comments, _context in extract_from_dir(
        ROOT, methods, options, KEYWORDS, directory_filter=_is_ours
    ):
        found.add(sentence, None, [(name, 0)])
    with (Path(wtforms.i18n.messages_path()) / "wtforms.pot").open("rb") as file:
        for message in read_po(file):
            if message.id:
                found.add(message.id, None, [("WTForms", 0)])
    return found


def translated() -> Catalog:
    """The catalogue as it stands, obsolete sentences and all."""
    if not CATALOGUE.exists():
        return Catalog(locale=LANGUAGE)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def lacking(catalogue: Catalog) -> list[Message]:
    """The sentences without a translation, or with half of one."""
    return [message for message in catalogue if message.id and not all(_strings(message.string))]


def is_compiled() -> bool:
    """Whether the application reads what stands in the catalogue."""
    if not COMPILED.exists():
        return False
    with COMPILED.open("rb") as file:
        return _sentences(read_mo(file)) == _sentences(translated())


def update() -> Catalog:
    """Rewrite the catalogue with the sentences of today; returns it."""
    catalogue = translated()
    catalogue.update(extracted(), no_fuzzy_matching=True, update_header_comment=False)
    made = io.BytesIO()
    write_po(
        made,
        catalogue,
        width=110,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(HEADER + made.getvalue().decode(), encoding="utf-8")
    return catalogue


def _is_ours(folder: str) -> bool:
    path = Path(folder)
    return path.name[0] not in "._" and path.relative_to(ROOT).parts[0] in FOLDERS


def _sentences(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    pairs = ((tuple(_strings(one.id)), tuple(_strings(one.string))) for one in catalogue if one.id)
    return {english: words for english, words in pairs if all(words)}


def _strings(string: str | Sequence[str] | None) -> Sequence[str]:
    return [string or ""] if string is None or isinstance(string, str) else string


def main() -> int:
    missing = lacking(update())
    with COMPILED.open("wb") as file:
        write_mo(file, translated())
    for message in missing:
        print(f"not translated: {message.id!r}")
    print(f"{CATALOGUE.relative_to(ROOT)}: {len(missing)} left to translate")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
