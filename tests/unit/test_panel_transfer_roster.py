"""Cards written to a file and judged again are unchanged, whatever they hold."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ari_app.domain.directory import Phone
from ari_app.domain.numbers import EmployeeId, Endpoint, NumberClass, OutsideNumber
from ari_app.domain.rights import ADMINISTRATOR, EMPLOYEE, PRESETS, Actor
from ari_app.store.card import DepartmentId
from ari_app.store.office import Department
from ari_app.store.transfer import Entry, Known
from ari_app.transfer import BEGINNING, read_table, write_lines
from web.roster import TEXTS, Column, cells_of, read_header
from web.verdicts import Judge, Kind, Office, pack, unpack
from web.words import catalogue

SALES = Department(DepartmentId(1), "Продажи", "Sales")
TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)
PHONES = st.one_of(
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,20}", fullmatch=True).map(Endpoint),
    st.from_regex(r"[0-9]{2,7}", fullmatch=True).map(Endpoint),
    st.integers(0, 9_999_999).map(lambda last: OutsideNumber(f"+7916{last:07}", NumberClass.LOCAL)),
)
ENTRIES = st.builds(
    Entry,
    name=TEXT,
    extension=st.from_regex(r"[0-9]{2,7}", fullmatch=True),
    email=st.none(),
    mobile=st.none() | st.integers(0, 9_999_999).map(lambda last: f"+7916{last:07}"),
    position=TEXT | st.just(""),
    department=st.sampled_from([None, 1]),
    language=st.sampled_from(["ru", "en"]),
    zone=st.sampled_from(["Europe/Moscow", "UTC", "Asia/Kathmandu"]),
    phones=st.lists(st.builds(Phone, PHONES, st.integers(0, 120)), max_size=4).map(tuple),
    uses_status=st.booleans(),
    role=st.sampled_from([role.id for role in PRESETS]),
)


@given(
    st.lists(ENTRIES, max_size=6, unique_by=(lambda one: one.extension,)),
    st.sampled_from(["ru", "en"]),
    st.sampled_from(";,"),
)
def test_a_round_trip_changes_nothing(entries: list[Entry], language: str, delimiter: str) -> None:
    mobiles = {entry.mobile: place for place, entry in enumerate(entries)}
    entries = [
        entry if mobiles[entry.mobile] == place else replace(entry, mobile=None)
        for place, entry in enumerate(entries)
    ]
    say = catalogue(language).gettext
    roles = {role.id: (role.name_ru, role.name_en)[language == "en"] for role in PRESETS}
    rows = [
        cells_of(entry, (SALES.name_ru if entry.department else ""), roles[entry.role], say)
        for entry in entries
    ]
    raw = BEGINNING + write_lines([[say(TEXTS[column]) for column in Column], *rows], delimiter)
    table = read_table(raw)
    known = [Known(EmployeeId(n), entry, 0) for n, entry in enumerate(entries, 1)]
    actor = Actor(EmployeeId(99), None, ADMINISTRATOR)
    office = Office(actor, "RU", "UTC", "ru", known, [SALES], PRESETS)
    judge = Judge(office, read_header(table.header).places)
    judged = judge.together(judge.lines(table.lines))
    assert [one.verdict.kind for one in judged] == [Kind.SAME] * len(entries)
    assert [one.entry for one in judged] == entries
    verdicts = [one.verdict for one in judged]
    assert unpack(pack(verdicts), None, 0, 99) == (verdicts, len(verdicts))


def test_the_role_of_somebody_new_is_an_employees() -> None:
    actor = Actor(EmployeeId(99), None, ADMINISTRATOR)
    office = Office(actor, "RU", "UTC", "en", [], [], PRESETS)
    table = read_table(b"name;ext\nA;300\n")
    (judged,) = Judge(office, read_header(table.header).places).lines(table.lines)
    assert judged.entry is not None
    assert (judged.entry.role, judged.entry.language) == (EMPLOYEE.id, "en")
