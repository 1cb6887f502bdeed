"""Employees from a file and to one: a verdict for every line, and all of it or nothing."""

import json
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData
from bs4 import Tag
from sqlalchemy import select

from ari_app.domain.numbers import EmployeeId, Extension
from ari_app.store.accounts import account
from ari_app.store.audit import Wanted, lines
from ari_app.store.card import Card
from ari_app.store.links import Purpose
from ari_app.store.office import departments
from ari_app.store.outbox import Outgoing, outgoing
from ari_app.store.people import card_of
from ari_app.store.rows import EmployeeRow
from tests.unit.panel import Answer, Browser, Office

TWO_NEW = (
    "ФИО;Внутренний номер;E-mail;Отдел\nНовый Один;201;one@example.com;Продажи\nNew Two;202;;\n"
)


async def send(
    browser: Browser, text: str | bytes, *, token: str | None = None, watched: bool = False
) -> Answer:
    """Choose a file, and send it."""
    raw = text.encode() if isinstance(text, str) else text
    form = FormData()
    form.add_field("csrf", await browser.token("/calls") if token is None else token)
    form.add_field("file", BytesIO(raw), filename="people.csv", content_type="text/csv")
    headers = {"Panel-Progress": "1"} if watched else {}
    path = "/employees/import"
    async with browser.client.post(path, data=form, headers=headers, allow_redirects=False) as got:
        return Answer(got.status, await got.text(), got.headers)


async def post(browser: Browser, path: str, **fields: Any) -> Answer:
    return await browser.post(path, token=await browser.token("/calls"), **fields)


async def verdicts(browser: Browser, text: str | bytes) -> list[tuple[str, str]]:
    """What the preview says: each line's kind and reason."""
    answer = await send(browser, text)
    assert answer.status == 303, answer.text
    return told((await browser.get(answer.to)).html)


def told(html: Tag) -> list[tuple[str, str]]:
    rows = html.select("table.verdicts tbody tr")
    return [
        (row.select("td")[3].text.strip(), " ".join(row.select("td")[4].text.split()))
        for row in rows
    ]


async def card(office: Office, extension: int) -> Card | None:
    async with office.sessions() as session:
        query = select(EmployeeRow.id).where(
            EmployeeRow.extension == str(extension), EmployeeRow.left_at.is_(None)
        )
        found = await session.scalar(query)
        return None if found is None else await card_of(session, EmployeeId(found))


async def apply(browser: Browser, text: str | bytes, **fields: Any) -> Answer:
    answer = await send(browser, text)
    return await post(browser, f"{answer.to}/apply", **fields)


@pytest.mark.parametrize("path", ["/employees/import", "/employees/import/1", "/employees/export"])
async def test_files_need_a_login(browser: Browser, path: str) -> None:
    assert (await browser.get(path)).status == 303


async def test_files_need_the_right_for_everybody(browser: Browser, office: Office) -> None:
    await office.give(103, "group_head")
    await browser.log_in(103)
    token = await browser.token("/calls")
    assert (await browser.get("/employees/import")).status == 403
    assert (await send(browser, TWO_NEW, token=token)).status == 403
    for path in ("/employees/import/1/apply", "/employees/import/1/cancel"):
        assert (await browser.post(path, token=token)).status == 403
    assert await card(office, 201) is None


async def test_a_stale_form_changes_nothing(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    assert (await send(browser, TWO_NEW, token="old")).status == 403
    sent = await send(browser, TWO_NEW)
    assert (await browser.post(f"{sent.to}/apply", token="old")).status == 403
    assert await card(office, 201) is None


async def test_a_file_is_looked_at_before_anything_is_written(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(101)
    assert await verdicts(browser, TWO_NEW) == [("новый", ""), ("новый", "")]
    assert await card(office, 201) is None


async def test_what_is_applied_is_stored_with_a_login_and_in_the_audit_log(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(101)
    answer = await apply(browser, TWO_NEW)
    assert answer.status == 303
    assert "добавлено 2, изменено 0" in (await browser.get(answer.to)).text
    one = await card(office, 201)
    assert one is not None
    assert (one.name, one.email, one.department) == ("Новый Один", "one@example.com", 1)
    assert [phone.address for phone in one.phones] == ["201"]
    await office.reload()
    async with office.sessions() as session:
        assert (await account(session, office.who(201))).login
        written = [line.action for line in await lines(session, Wanted(), 10)]
    assert written == ["employees.imported", "card.added", "card.added"]


async def test_the_same_file_again_changes_nothing(browser: Browser) -> None:
    await browser.log_in(101)
    await apply(browser, TWO_NEW)
    assert await verdicts(browser, TWO_NEW) == [("без изменений", ""), ("без изменений", "")]


async def test_a_file_is_applied_once(browser: Browser) -> None:
    await browser.log_in(101)
    answer = await apply(browser, TWO_NEW)
    assert (await post(browser, f"{answer.to}/apply")).status == 404


async def test_changes_are_told_field_by_field(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    text = (
        "name,extension,position,mobile,status counts,phones,role\n"
        'Борис Орлов,102,Продавец,8 (916) 555-01-99,нет,"102:10, +79165550102:15",senior\n'
    )
    kind, why = (await verdicts(browser, text))[0]
    assert kind == "изменение"
    assert "Должность: Руководитель отдела продаж → Продавец" in why
    assert "102:25 → 102:10, +79165550102:15" in why
    await apply(browser, text)
    changed = await card(office, 102)
    assert changed is not None
    assert (changed.mobile, changed.uses_status) == ("+79165550199", False)
    assert [phone.seconds for phone in changed.phones] == [10, 15]
    assert (changed.has_voicemail, changed.number) == (True, "+74951234502")
    async with office.sessions() as session:
        assert (await account(session, office.who(102))).role.preset == "senior"


async def test_two_people_may_exchange_what_only_one_can_have(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(101)
    await apply(browser, "name;ext;email\nБорис Орлов;102;b@x.org\nВера Смирнова;103;v@x.org\n")
    await apply(browser, "name;ext;email\nБорис Орлов;102;v@x.org\nВера Смирнова;103;b@x.org\n")
    boris, vera = await card(office, 102), await card(office, 103)
    assert boris is not None
    assert vera is not None
    assert (boris.email, vera.email) == ("v@x.org", "b@x.org")


async def test_a_new_extension_is_found_by_the_email(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    await apply(browser, "name;ext;email\nБорис Орлов;102;b@x.org\n")
    await apply(browser, "name;ext;email\nБорис Орлов;777;B@X.org\n")
    assert await card(office, 102) is None
    moved = await card(office, 777)
    assert moved is not None
    assert moved.number == "+74951234502"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (";300;;", "ФИО: Заполните"),
        ("A;1;;", "Внутренний номер: От 2 до 7 цифр"),
        ("A;٣٤٥;;", "Внутренний номер"),
        ("A;300;nobody;", "почт"),
        ("A;300;;12", "Мобильный"),
        ("A" * 201 + ";300;;", "ФИО"),
        ("A\u202e;300;;", "ФИО"),
        ("A;300;taken@x.org;", "Это уже есть у сотрудника") ,
    ],
)  # fmt: skip
async def test_a_line_that_cannot_be_taken_says_why(
    browser: Browser, office: Office, line: str, reason: str
) -> None:
    await browser.log_in(101)
    await apply(browser, "name;ext;email;mobile\nАнна Кузнецова;101;taken@x.org;\n")
    if "taken" in line:
        line = "Борис Орлов;102;taken@x.org;"
    text = f"name;ext;email;mobile\nGood;400;;\n{line}\n"
    found = await verdicts(browser, text)
    assert (found[0][0], found[1][0]) == ("новый", "ошибка")
    assert reason in found[1][1]
    answer = await apply(browser, text)
    assert answer.status == 422
    assert await card(office, 400) is None


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("B;300;;", "Внутренний номер: То же самое в строке 2"),
        ("B;301;a@x.org;", "почта: То же самое в строке 2"),
        ("B;301;;89165550123", "Мобильный: То же самое в строке 2"),
    ],
)
async def test_duplicates_inside_the_file_are_found(
    browser: Browser, second: str, reason: str
) -> None:
    await browser.log_in(101)
    text = f"name;ext;email;mobile\nA;300;a@x.org;+79165550123\n{second}\n"
    assert reason in (await verdicts(browser, text))[1][1]


async def test_the_same_employee_twice_is_found(browser: Browser) -> None:
    await browser.log_in(101)
    found = await verdicts(browser, "name;ext\nБорис;102\nБорис Орлов;102\n")
    assert found[1] == ("ошибка", "В строке 2 тот же сотрудник")


async def test_unknown_departments_are_made_when_that_is_wished(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(101)
    text = "name;ext;department\nA;300;Логистика\nB;301;логистика\nC;302;sales\n"
    sent = await send(browser, text)
    assert "Создать отделы, которых ещё нет: Логистика" in (await browser.get(sent.to)).text
    refused = await post(browser, f"{sent.to}/apply")
    assert refused.status == 422
    assert await card(office, 300) is None
    done = await post(browser, f"{sent.to}/apply", create_departments="true")
    assert done.status == 303
    async with office.sessions() as session:
        names = {one.name_ru: one.id for one in await departments(session)}
    cards = [await card(office, extension) for extension in (300, 301, 302)]
    found = [one.department for one in cards if one is not None]
    assert found == [names["Логистика"], names["Логистика"], 1]


async def test_who_stands_above_is_not_changed(browser: Browser, office: Office) -> None:
    await office.give(102, "company_head")
    await browser.log_in(102)
    found = await verdicts(browser, "name;ext;role\nМалая Анна;101;\nX;300;administrator\n")
    assert [kind for kind, _ in found] == ["ошибка", "ошибка"]
    assert "не позволяет" in found[0][1]
    assert "не позволяет назначить" in found[1][1]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "Выберите файл"),
        (b"\x00\x01\x02", "не текстовый файл"),
        (b"a;b\n1;2\n", "нет столбца «Внутренний номер»"),
        (b"ext;b\n1;2\n", "нет столбца «ФИО»"),
        (b"name;ext;ext\n", "указан дважды"),
        (b'name;ext\n"A;1\n', "Не закрыты кавычки"),
        (b";".join([b"a"] * 100_000), "больше 60 столбцов"),
        (b"name;ext\n" + b"x" * (9 * 1024 * 1024), "больше 8 МБ"),
    ],
    ids=range(8),
)
async def test_a_hostile_file_is_refused_with_the_reason(
    browser: Browser, raw: bytes, reason: str
) -> None:
    await browser.log_in(101)
    answer = await send(browser, raw)
    assert answer.status == 422
    error = answer.html.select_one("#h-file")
    assert error is not None
    assert reason in error.text


@pytest.mark.parametrize(("megabytes", "status"), [(12, 422), (25, 413)])
async def test_a_file_of_many_megabytes_is_refused(
    browser: Browser, megabytes: int, status: int
) -> None:
    await browser.log_in(101)
    assert status == (await send(browser, b"x" * (megabytes * 1024 * 1024))).status


async def test_a_text_instead_of_a_file_is_refused(browser: Browser) -> None:
    await browser.log_in(101)
    assert (await post(browser, "/employees/import", file="text")).status == 422
    assert (await post(browser, "/employees/import")).status == 422


async def test_somebody_elses_file_is_not_found(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    sent = await send(browser, TWO_NEW)
    await office.give(102, "company_head")
    await browser.log_in(102)
    assert (await browser.get(sent.to)).status == 404
    assert (await post(browser, f"{sent.to}/apply")).status == 404
    await post(browser, f"{sent.to}/cancel")
    await browser.log_in(101)
    assert (await browser.get(sent.to)).status == 200


async def test_a_file_can_be_forgotten(browser: Browser) -> None:
    await browser.log_in(101)
    sent = await send(browser, TWO_NEW)
    assert (await post(browser, f"{sent.to}/cancel")).to == "/employees/import"
    assert (await browser.get(sent.to)).status == 404


async def test_columns_that_mean_nothing_are_named(browser: Browser) -> None:
    await browser.log_in(101)
    sent = await send(browser, "name;ext;Любимый цвет\nA;300;red\n")
    assert "Любимый цвет" in (await browser.get(sent.to)).text


async def test_the_preview_can_be_narrowed(browser: Browser) -> None:
    await browser.log_in(101)
    sent = await send(browser, "name;ext\nAnna;300\n;301\n")
    assert len(told((await browser.get(f"{sent.to}?kind=error")).html)) == 1
    assert len(told((await browser.get(f"{sent.to}?kind=new")).html)) == 1
    assert (await browser.get(f"{sent.to}?kind=x&page=y")).status == 200


async def test_who_watches_is_told_how_far_it_is(browser: Browser) -> None:
    await browser.log_in(101)
    rows = "".join(f"Person {number};{number}\n" for number in range(1000, 1250))
    answer = await send(browser, f"name;ext\n{rows}", watched=True)
    steps = [json.loads(line) for line in answer.text.splitlines()]
    done = [(step["done"], step["all"]) for step in steps[:-1]]
    assert done == [(100, 250), (200, 250), (250, 250)]
    assert steps[-1]["to"].startswith("/employees/import/")


async def test_the_export_is_read_back_unchanged(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    await apply(browser, 'name;ext;position;phones\n=SUM(A1);300;\'-x;\n"A;""B""";301;@y;300:7\n')
    exported = (await browser.get("/employees/export")).text
    assert "\n'=SUM(A1)" in exported
    found = await verdicts(browser, exported)
    assert found == [("без изменений", "")] * 10
    assert Extension("300") not in office.directory.extensions


async def letters(office: Office) -> list[Outgoing]:
    async with office.sessions() as session:
        return await outgoing(session, None)


async def test_letters_to_register_are_offered_for_those_who_have_an_address(
    browser: Browser,
) -> None:
    await browser.log_in(101)
    page = (await browser.get((await send(browser, TWO_NEW)).to)).html
    assert page.select_one('input[name="send_letters"][checked]') is not None
    assert "У 1 нового сотрудника нет адреса почты" in page.text
    sent = await send(browser, "name;ext\nA;300\n")
    assert (await browser.get(sent.to)).html.select_one('input[name="send_letters"]') is None


async def test_everybody_new_is_sent_a_letter_when_that_is_wished(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(101)
    answer = await apply(browser, TWO_NEW, send_letters="true")
    (letter,) = await letters(office)
    assert (letter.kind, letter.to_address) == ("registration", "one@example.com")
    told = (await browser.get(answer.to)).text
    assert "1 письмо для завершения регистрации отправляется" in told
    assert "1 новому сотруднику письмо не отправлено" in told
    link = office.panel().vault.open(letter.closed_secret or "")
    found = await browser.get(link[link.index(f"/{Purpose.REGISTER.value}/") :])
    assert "Новый Один" in found.text


async def test_nobody_is_sent_a_letter_unasked(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    answer = await apply(browser, TWO_NEW)
    assert await letters(office) == []
    assert "2 новым сотрудникам письмо не отправлено" in (await browser.get(answer.to)).text


async def test_who_was_there_before_gets_no_link(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    await apply(browser, "name;ext;email\nБорис Орлов;102;b@x.org\n", send_letters="true")
    assert [letter.kind for letter in await letters(office)] == ["address_changed"]
