"""Attacks with bytes that are no text, bodies that are no form, markup, and double clicks."""

import asyncio
import json
from hashlib import sha512
from urllib.parse import urlencode

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from ari_app.domain.calls import Ending
from ari_app.store import rule_versions
from ari_app.store.people import leave
from demo.office import PASSWORD
from tests.unit.call_history import Rang
from tests.unit.left_messages import Left
from tests.unit.left_messages import leave as leave_message
from tests.unit.login import cookie
from tests.unit.panel import Browser, Office
from tests.unit.rule_editor import Editor
from tests.unit.test_panel_five_attacks import draft, rule
from tests.unit.test_panel_greetings import put
from tests.unit.test_panel_missed_calls import miss
from web.visit import safe_path

_PART = b'--B\r\nContent-Disposition: form-data; name="x"'
_FORM = "application/x-www-form-urlencoded"
_PARTS = "multipart/form-data; boundary=B"


async def said_to(browser: Browser, request: bytes) -> bytes:
    """The first line of the answer to a request that no browser would send."""
    url = browser.client.make_url("/")
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(request)
    answer = await reader.readline()
    writer.close()
    return answer


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (f"{_FORM}; charset=none-such", b"x=y"),
        (f"{_FORM}; charset=base64", b"x=y"),
        (f"{_FORM}; charset=unicode_escape", rb"x=\ud800"),
        (f"{_FORM}; charset=unicode_escape", rb"\ud800=x"),
        (_FORM, b"login=a%00b"),
        ("multipart/form-data", b"x"),
        (_PARTS, b""),
        (_PARTS, b"--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--\r\n"),
        (_PARTS, _PART + b"\r\nContent-Transfer-Encoding: none-such\r\n\r\nx\r\n--B--\r\n"),
        (_PARTS, _PART + b"\r\nContent-Type: text/plain; charset=x\r\n\r\nx\r\n--B--\r\n"),
        (_PARTS, _PART + b"\r\nX: " + b"y" * 9000 + b"\r\n\r\nx\r\n--B--\r\n"),
    ],
    ids=str,
)
async def test_a_body_that_is_no_form_is_refused_before_any_login(
    browser: Browser, kind: str, body: bytes
) -> None:
    headers = {"Content-Type": kind}
    async with browser.client.post("/login", data=body, headers=headers) as answer:
        assert 400 == answer.status


@pytest.mark.parametrize("path", ["/login", "/api/v1/login"])
async def test_a_body_that_is_not_compressed_as_it_says_is_refused(
    browser: Browser, path: str
) -> None:
    kind = b"application/json" if path.startswith("/api/") else _FORM.encode()
    request = (
        b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Encoding: gzip\r\n"
        b"Content-Length: 3\r\n\r\nx=y"
    )
    assert b" 400 " in await said_to(browser, request % (path.encode(), kind))


@pytest.mark.parametrize(
    "header",
    [
        b"Cookie: as_session=\xff; as_remember=\xff; as_visitor=\xff; as_flash=\xff",
        b"Cookie: as_workstation=\xff; as_half=\xff; as_passkey=\xff",
        b"X-CSRF-Token: \xff",
        b"Authorization: Bearer \xff",
        b"Origin: http://[",
        b"Host: [[",
        b"Accept-Language: \xff,ru;q=nan",
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "line", ["GET /login", "POST /login", "GET /api/v1/me", "GET /board", "POST /login/passkey"]
)
async def test_headers_that_are_no_text_break_nothing(
    browser: Browser, line: str, header: bytes
) -> None:
    host = b"" if header.startswith(b"Host") else b"Host: x\r\n"
    request = b"%s HTTP/1.1\r\n%s%s\r\nContent-Length: 0\r\n\r\n" % (line.encode(), host, header)
    with capture_logs() as logs:
        status = int((await said_to(browser, request)).split()[1])
    assert (True, []) == (status < 500, logs)


def jar(browser: Browser) -> bytes:
    """Its cookies, as a header has them."""
    known = browser.client.session.cookie_jar.filter_cookies(browser.client.make_url("/"))
    return "; ".join(f"{name}={cookie.value}" for name, cookie in known.items()).encode()


async def test_a_cookie_of_the_second_factor_that_is_no_text_is_made_anew(
    browser: Browser,
) -> None:
    await browser.log_in(101)
    request = b"GET /me/second-factor HTTP/1.1\r\nHost: x\r\nCookie: as_totp=\xff; %s\r\n\r\n"
    assert b" 200 " in await said_to(browser, request % jar(browser))


async def test_a_browser_whose_name_is_no_text_can_log_in(browser: Browser) -> None:
    token = await browser.token("/login")
    form = {"csrf": token, "login": "a.kuznetsova", "password": PASSWORD, "status": "keep"}
    body = urlencode(form).encode()
    request = (
        b"POST /login HTTP/1.1\r\nHost: x\r\nUser-Agent: Ger\xe4t\r\nCookie: %s\r\n"
        b"Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
    )
    sent = request % (jar(browser), _FORM.encode(), len(body), body)
    assert b" 303 " in await said_to(browser, sent)


@pytest.mark.parametrize("to", ["/\t/[", "\t//[", " //[", "/\t/evil", "//evil", "/\\evil"])
def test_a_way_on_that_is_no_address_leads_home(to: str) -> None:
    assert "/" == safe_path(to)


_MARKUP = """'"><img src=x onerror=x()></title></text></svg><script>x()</script>{{7*7}}"""
_NAMED = ("employees.name", "departments.name_ru", "own_statuses.name_ru", "rules.name")
_PAGES = (
    "/board",
    "/missed",
    "/messages",
    "/calls",
    "/calls/1",
    "/office/greetings",
    "/employees/2/greetings",
    "/employees/2/secretary",
    "/employees/2/secretary/history",
    "/employees/2/secretary/what-if?if_caller=inside&if_number=104",
    "/employees/2/secretary/what-if/week?if_caller=inside&if_number=104",
    "/employees/2/secretary/what-if/replay",
)


async def call_everything_markup(office: Office) -> None:
    """People, rules, statuses, greetings, and whoever called."""
    async with office.sessions.begin() as session:
        for named in _NAMED:
            table, _, column = named.partition(".")
            renamed = text(f"UPDATE {table} SET {column} = :markup || id")
            await session.execute(renamed, {"markup": _MARKUP})
    caller = _MARKUP[:60]
    await miss(office, Rang(102, Ending.NOT_TAKEN, caller=caller, name=_MARKUP))
    await leave_message(office, Left(101, caller=caller, name=_MARKUP))
    for owner in (102, None):
        await put(office, owner, _MARKUP)
    await office.reload()


async def test_names_with_markup_are_words_on_every_page(browser: Browser, office: Office) -> None:
    await call_everything_markup(office)
    await browser.log_in(101)
    for path in _PAGES:
        page = await browser.get(path)
        assert (200, True) == (page.status, "onerror" in page.text), path
        assert [] == page.html.select("[onerror], script:not([src]), img[src=x]"), path


async def version_of(office: Office, extension: int) -> int:
    async with office.sessions() as session:
        return await rule_versions.newest(session, office.who(extension))


async def test_rules_that_are_saved_twice_at_once_are_stored_once(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(101)
    desk = await Editor(browser, office, 103).open()
    sent, token = json.loads(desk.typed["draft"][0]), await browser.token("/me")
    sent["rules"] = json.dumps([*json.loads(sent["rules"]), rule(name="New")])
    answers = await asyncio.gather(
        *(browser.post(desk.path, token=token, do="save", draft=json.dumps(sent)) for _ in "123")
    )
    assert [303, 303, 303] == [answer.status for answer in answers]
    assert 1 == sum(one.name == "New" for one in await desk.stored())
    async with office.sessions() as session:
        assert 2 == len(await rule_versions.versions(session, office.who(103), 10))


async def test_a_version_brought_back_twice_at_once_is_brought_back(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(101)
    path, token = Editor(browser, office, 103).path, await browser.token("/me")
    first = await version_of(office, 103)
    await browser.post(path, token=token, do="save", draft=draft(base=first))
    back, fields = f"{path}/history/{first}/restore", {"base": await version_of(office, 103)}
    await asyncio.gather(*(browser.post(back, token=token, **fields) for _ in "12"))
    assert (await browser.get(f"{path}/history")).html.select_one(".alert-success") is not None


async def test_what_a_cookie_cannot_hold_is_told_shortened(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(101)
    path, token = Editor(browser, office, 103).path, await browser.token("/me")
    to = {"to": "colleague", "employee": office.who(106)}
    seeds = [sha512(str(n).encode()).digest() for n in range(50)]
    names = ["".join(chr(0x4E00 + 79 * byte) for byte in seed) for seed in seeds]
    rules = [rule(then=to, id=-n, name=name) for n, name in enumerate(names, 1)]
    sent = draft(*rules, base=await version_of(office, 103))
    assert 303 == (await browser.post(path, token=token, do="save", draft=sent)).status
    full = await version_of(office, 103)
    await browser.post(path, token=token, do="save", draft=draft(base=full))
    async with office.sessions.begin() as session:
        await leave(session, office.who(106), office.now())
    await browser.post(f"{path}/history/{full}/restore", token=token)
    assert 0 < len(cookie(browser, "as_flash")) < 4000
