"""Every text of the panel is there in Russian, with the same placeholders."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from web.words import catalogue

WEB = Path(__file__).parents[2] / "web"
CATALOGUES = sorted((WEB / "locale/ru/LC_MESSAGES").glob("*.po"))
_PLACE = re.compile(r"\{([a-z_]*)[^}]*\}")
_IN_PYTHON: dict[str, tuple[int, ...] | None] = {
    "N_": None,
    "say": None,
    "done": (2,),
    "say_many": (1, 2),
}
_IN_TEMPLATES: dict[str, tuple[int, ...] | None] = {"_": None, "many": (1, 2)}

Found = tuple[str, str, str | None]
"""Where a text stands, the text, and its plural form."""


def _texts() -> Iterator[Found]:
    for path in sorted(WEB.rglob("*.py")):
        if "node_modules" not in path.parts:
            yield from _of(path, "python", _IN_PYTHON)
    for path in sorted((WEB / "templates").rglob("*.html")):
        yield from _of(path, "jinja2.ext:babel_extract", _IN_TEMPLATES)


def _of(path: Path, method: str, keywords: Mapping[str, tuple[int, ...] | None]) -> Iterator[Found]:
    options = {"trimmed": "false", "silent": "false"}
    with path.open("rb") as file:
        for line, message, _, _ in extract(method, file, keywords, options=options):
            one, many = message if isinstance(message, tuple) else (message, None)
            if one:
                yield f"{path.relative_to(WEB)}:{line}", one, many


TEXTS = list(_texts())


def test_there_are_texts() -> None:
    assert len(TEXTS) > 20


def test_no_text_is_translated_in_two_ways() -> None:
    found: dict[object, set[str]] = {}
    for file in CATALOGUES:
        with file.open("rb") as opened:
            for message in read_po(opened, locale="ru"):
                found.setdefault(message.id or "", set()).add(str(message.string))
    del found[""]
    assert {} == {text: told for text, told in found.items() if len(told) > 1}


def test_every_text_of_the_panel_is_translated() -> None:
    russian = catalogue("ru")
    missing = [
        f"{where}: {text!r}"
        for where, text, many in TEXTS
        if (russian.ngettext(text, many, 5) if many else russian.gettext(text)) in {text, many}
        and re.search("[a-z]{3}", _PLACE.sub("", text))
        and text not in _SAME_IN_BOTH
    ]
    assert not missing, "\n".join(missing)


_SAME_IN_BOTH = frozenset({"Autosecretary", "TOTP", "CSV", "JSON", "OpenAPI", "API"})


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_keeps_the_placeholders(path: Path) -> None:
    with path.open("rb") as file:
        messages = read_po(file, locale="ru")
    wrong = [
        str(message.id)
        for message in messages
        if message.id and message.string and _places(message.id) != _places(message.string)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_plural_forms_are_three(path: Path) -> None:
    with path.open("rb") as file:
        messages = read_po(file, locale="ru")
    short = [m.id for m in messages if (m.pluralizable and not all(m.string)) or _few(m.string)]
    assert short == []


def _few(string: object) -> bool:
    return isinstance(string, tuple) and len(string) != 3


def _places(texts: object) -> set[str]:
    several = texts if isinstance(texts, tuple | list) else (texts,)
    found: set[str] = set()
    for text in several:
        found |= set(_PLACE.findall(str(text)))
    return found - {"number"}


def test_no_text_is_put_together_with_an_f_string() -> None:
    """gettext never sees what an f-string makes."""
    wrong = [
        f"{path.relative_to(WEB)}:{call.lineno}"
        for path in WEB.rglob("*.py")
        if "node_modules" not in path.parts
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "N_"
        and not all(isinstance(argument, ast.Constant) for argument in call.args)
    ]
    assert wrong == []
