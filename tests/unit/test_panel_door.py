"""The panel's door: who gets in, and whose forms count."""

import pytest

from demo.office import PASSWORD
from tests.unit.panel import Browser, Office
from web.render import environment
from web.visit import safe_path


async def test_a_visitor_is_sent_to_the_login_and_back_afterwards(browser: Browser) -> None:
    answer = await browser.get("/?tab=1")
    assert (answer.status, answer.to) == (303, "/login?next=%2F%3Ftab%3D1")


async def test_what_is_not_there_is_told_in_the_readers_language(browser: Browser) -> None:
    browser.language = "ru"
    answer = await browser.get("/nowhere")
    assert answer.status == 404
    assert '<html lang="ru"' in answer.text


async def test_somebody_without_rights_comes_to_the_own_messages(
    browser: Browser, office: Office
) -> None:
    await office.give(103, "no_access")
    await browser.log_in(103)
    answer = await browser.get("/")
    assert (303, "/messages") == (answer.status, answer.to)
    assert 200 == (await browser.get("/messages")).status


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", ""]
)
def test_nobody_is_sent_to_another_site(to: str) -> None:
    assert safe_path(to) == "/"


async def test_every_answer_has_the_headers_that_keep_it_safe(browser: Browser) -> None:
    answer = await browser.get("/nowhere")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_templates_escape_what_people_type() -> None:
    told = environment().from_string("{{ name }}").render(name="<script>")
    assert told == "&lt;script&gt;"


async def test_a_login_sets_its_session_before_any_other_cookie(browser: Browser) -> None:
    """Some proxies let only the first Set-Cookie through."""
    token = await browser.token("/login")
    typed = {"login": "e.clarke", "password": PASSWORD}
    answer = await browser.post("/login", token=token, **typed)
    assert answer.status == 303
    assert answer.headers.getall("Set-Cookie")[0].startswith("as_session=")


@pytest.mark.parametrize(
    "path",
    [
        "/audit?page=",
        "/roles/new?copy_of=",
        "/roles/2/people?page=",
        "/mail?before=",
        "/calls?before=",
    ],
)
async def test_numbers_that_no_database_knows_do_no_harm(
    browser: Browser, office: Office, path: str
) -> None:
    await browser.log_in(101)
    for number in ("9" * 40, "-1", "0"):
        assert (await browser.get(f"{path}{number}")).status < 500
