"""Logins made of names, and mobiles as people type them, whatever both hold."""

import string

from anyascii import anyascii
from hypothesis import given
from hypothesis import strategies as st

from ari_app.domain.logins import MOST_LETTERS, login_from, stem_of
from ari_app.domain.numbers import NumberClass, OutsideNumber
from ari_app.numbering import outside_number
from ari_app.store.accounts import normal_email

_IN_A_LOGIN = set(string.ascii_lowercase + string.digits + ".")
_LONGEST = 40
"""As long as the column is."""
_SEPARATORS = st.text(" -", max_size=2)
NAMES = st.text(max_size=80)


@given(NAMES)
def test_any_name_becomes_a_login_that_can_be_typed(name: str) -> None:
    login = login_from(anyascii(name), set())
    assert login
    assert set(login) <= _IN_A_LOGIN
    assert not login.startswith(".")
    assert len(login) <= MOST_LETTERS


@given(NAMES)
def test_the_same_name_becomes_the_same_login(name: str) -> None:
    assert login_from(anyascii(name), set()) == login_from(anyascii(name), set())


@given(st.lists(NAMES, max_size=30))
def test_nobody_gets_a_login_that_somebody_else_has(names: list[str]) -> None:
    taken: set[str] = set()
    for name in names:
        login = login_from(anyascii(name), taken)
        assert login not in taken
        assert len(login) <= _LONGEST
        taken.add(login)


@given(st.integers(min_value=2, max_value=60), NAMES)
def test_namesakes_are_numbered(number: int, name: str) -> None:
    taken: set[str] = set()
    logins = []
    for _ in range(number):
        logins.append(login_from(anyascii(name), taken))
        taken.add(logins[-1])
    stem = logins[0]
    assert [stem, *(f"{stem}{place}" for place in range(2, number + 1))] == logins


def test_a_russian_name_is_written_in_latin_letters() -> None:
    assert login_from(anyascii("Анна Кузнецова"), set()) == "a.kuznetsova"
    assert login_from(anyascii("Ёлкина Щука"), {"e.shchuka"}) == "e.shchuka2"
    assert login_from(anyascii("☎"), set()) != ""
    assert login_from(" .-_ ", set()) == "employee"


@given(
    st.sampled_from(["+7", "7", "8", ""]),
    st.sampled_from([("", ""), ("(", ")"), (" (", ") "), ("-", "-")]),
    st.from_regex(r"9(0[0-689]|1[0-9]|2[0-9]|6[0-9]|85)[0-9]{7}", fullmatch=True),
    _SEPARATORS,
    st.sampled_from(["", " "]),
)
def test_a_mobile_is_the_same_however_it_is_typed(
    begins: str, around: tuple[str, str], digits: str, between: str, beside: str
) -> None:
    plain = outside_number(f"+7{digits}", "RU")
    if plain is None or plain.number_class is not NumberClass.MOBILE:
        return
    code, first, second, third = digits[:3], digits[3:6], digits[6:8], digits[8:]
    opened, closed = around if begins else ("", "")
    typed = (
        f"{beside}{begins}{opened}{code}{closed}{first}{between}{second}{between}{third}{beside}"
    )
    assert OutsideNumber(f"+7{digits}", NumberClass.MOBILE) == outside_number(typed, "RU")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_number_in_its_stored_form_or_none(typed: str) -> None:
    found = outside_number(typed, "RU")
    assert found is None or outside_number(found.e164, "RU") == found


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_address_in_its_stored_form_or_none(typed: str) -> None:
    address = normal_email(typed)
    assert normal_email(address) == address


@given(NAMES, st.integers(min_value=1, max_value=40))
def test_a_namesakes_login_is_the_stem_with_digits_after_it(name: str, number: int) -> None:
    latin = anyascii(name)
    taken = {stem_of(latin)} | {f"{stem_of(latin)}{place}" for place in range(2, number + 1)}
    login = login_from(latin, taken)
    assert login.startswith(stem_of(latin))
    assert login.rstrip(string.digits) == stem_of(latin).rstrip(string.digits)
