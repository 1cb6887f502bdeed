"""Numbers as people type them and trunks send them."""

import pytest

from ari_app.domain.numbers import NumberClass, OutsideNumber, is_e164
from ari_app.numbering import caller_number, outside_number

MOBILE = OutsideNumber("+79165550123", NumberClass.MOBILE)
LANDLINE = OutsideNumber("+74951234500", NumberClass.LOCAL)


@pytest.mark.parametrize(
    "text",
    [
        "+79165550123",
        "79165550123",
        "89165550123",
        "9165550123",
        "8 (916) 555-01-23",
        "+7 916 555‑01‑23",
        " 8 916 555 01 23 ",
    ],
)
def test_a_russian_mobile_is_one_number_however_it_is_typed(text: str) -> None:
    assert outside_number(text, "RU", "495") == MOBILE


@pytest.mark.parametrize("text", ["8 (495) 123-45-00", "+74951234500", "(495) 1234500", "1234500"])
def test_the_offices_own_area_is_local(text: str) -> None:
    assert outside_number(text, "RU", "495") == LANDLINE


@pytest.mark.parametrize(
    ("text", "country", "e164", "kind"),
    [
        ("8 812 123-45-67", "RU", "+78121234567", NumberClass.NATIONAL),
        ("8 800 123-45-67", "RU", "+78001234567", NumberClass.NATIONAL),
        ("810 44 20 7946 0000", "RU", "+442079460000", NumberClass.INTERNATIONAL),
        ("+7 701 234 56 78", "RU", "+77012345678", NumberClass.INTERNATIONAL),
        ("020 7946 0000", "GB", "+442079460000", NumberClass.LOCAL),
        ("+44 7400 123456", "GB", "+447400123456", NumberClass.MOBILE),
        ("+79165550123", "GB", "+79165550123", NumberClass.INTERNATIONAL),
    ],
)
def test_every_number_has_a_class(text: str, country: str, e164: str, kind: NumberClass) -> None:
    area_code = "20" if country == "GB" else "495"
    assert outside_number(text, country, area_code) == OutsideNumber(e164, kind)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "112",
        "101",
        "abc",
        "1-800-FLOWERS",
        "+7916555012",
        "++79165550123",
        "8916555012345678901234567890123456789012345",
        "+79165550123;ext=5",
        "${SHELL(reboot)}",
        "+79165550123&PJSIP/101",
        "89165550123\n89165550124",
        "８９１６５５５０１２３",
        "+7'; DROP TABLE employees; --",
    ],
)
def test_what_cannot_be_dialled_is_no_number(text: str) -> None:
    assert outside_number(text, "RU", "495") is None


def test_without_an_area_code_no_number_is_local() -> None:
    assert outside_number("+74951234500", "RU") == OutsideNumber(
        "+74951234500", NumberClass.NATIONAL
    )
    assert outside_number("1234500", "RU") is None


@pytest.mark.parametrize(
    ("sent", "understood"),
    [
        ("+79165550123", "+79165550123"),
        ("89165550123", "+79165550123"),
        ("79165550123", "+79165550123"),
        ("9165550123", "+79165550123"),
        ("101", "101"),
        ("+1", "+1"),
        ("", ""),
        ("  ", ""),
        ("Anonymous", ""),
        ("unknown", ""),
        ("RESTRICTED", ""),
        ("private", ""),
        ("reception", "reception"),
        ("${SHELL(reboot)}", "${SHELL(reboot)}"),
        ("101\r\nX: y\x00", "101X: y"),
        ("9" * 300, "9" * 64),
        ("Иван", "Иван"),
    ],
)
def test_a_callers_number_is_understood_or_kept_as_it_came(sent: str, understood: str) -> None:
    assert caller_number(sent, "RU") == understood


def test_a_number_understood_is_in_e164_form() -> None:
    assert is_e164(caller_number("8 (495) 123-45-00", "RU"))
