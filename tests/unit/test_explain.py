"""Reasons in words, in both languages, with nothing left untranslated."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import ari_app
from ari_app.domain.directory import Colleague, OwnStatus, Status
from ari_app.domain.numbers import EmployeeId, OwnStatusId, RuleId
from ari_app.domain.routing import unfold
from ari_app.domain.steps import Fact, Reason
from ari_app.explain import LANGUAGES, Names, Storyteller, names_in, translations
from tests.unit.people import MONDAY_NOON, call, directory, employee, rule

PACKAGE = Path(ari_app.__file__).parent


def _texts() -> set[str]:
    found = extract_from_dir(PACKAGE, [("**.py", "python")], keywords={"N_": None, "_": None})
    return {str(message) for _, _, message, _, _ in found}


def test_every_text_is_translated_into_russian() -> None:
    catalogue = translations("ru")
    assert [text for text in _texts() if catalogue.gettext(text) == text] == []


def test_a_translation_names_the_same_things_as_its_original() -> None:
    catalogue = translations("ru")
    fields = ("{who}", "{rule}", "{status}", "{detail}", "{seconds}", "{phones}", "{cause}")
    wrong = [
        text
        for text in _texts()
        for field in fields
        if (field in text) != (field in catalogue.gettext(text))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fact", list(Fact))
def test_every_fact_has_words_even_about_people_who_are_gone(fact: Fact, language: str) -> None:
    storyteller = Storyteller(language, Names({}, {}, {}))
    assert storyteller.reason(Reason(fact, EmployeeId(7), RuleId(3), "own-9"))


def test_a_chain_is_told_in_russian() -> None:
    office = directory(
        employee(101, name="Анна"),
        employee(
            102, Status.BREAK, rule(1, Colleague(EmployeeId(101)), name="Заместитель"), name="Борис"
        ),
    )
    plan = unfold(call(102), office, MONDAY_NOON)[0]
    storyteller = Storyteller("ru", names_in(office))
    assert (storyteller.plan(plan), storyteller.reasons(plan.because)) == (
        "звонить на 101 25 с",
        (
            "Борис: «Перерыв», поэтому действует правило «Заместитель»; "
            "Анна принимает звонки: «На линии»"
        ),
    )


@pytest.mark.parametrize(("language", "name"), [("ru", "На обеде"), ("en", "At lunch")])
def test_an_own_status_is_told_by_its_name(language: str, name: str) -> None:
    lunch = OwnStatus(OwnStatusId(3), "На обеде", "At lunch", Status.BREAK)
    assert Storyteller(language, Names({}, {}, {lunch.id: lunch})).status("own-3") == name
