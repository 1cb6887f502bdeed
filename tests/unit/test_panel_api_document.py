"""The OpenAPI document and its page: the whole table, and nobody's data."""

import json
import re

from tests.unit.panel import Browser
from web.api.document import document
from web.api.operations import OPERATIONS

METHODS = {"get", "post", "put", "patch", "delete"}


def test_every_operation_stands_in_the_document_once() -> None:
    told = {(method.upper(), path) for path, line in document()["paths"].items() for method in line}
    assert {(line.method, line.path) for line in OPERATIONS} == told
    assert len(OPERATIONS) == len(told)


def test_operations_have_names_of_their_own() -> None:
    names = [one["operationId"] for line in document()["paths"].values() for one in line.values()]
    assert sorted(set(names)) == sorted(names)


def test_every_reference_leads_somewhere() -> None:
    schemas = document()["components"]["schemas"]
    found = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document())))
    assert set() == found - schemas.keys()


def test_types_are_called_by_plain_names() -> None:
    assert [] == [name for name in document()["components"]["schemas"] if "__" in name]


def test_a_sound_of_a_message_can_be_asked_for_in_parts() -> None:
    told = document()["paths"]["/api/v1/messages/{id}/audio"]["get"]
    assert ["id", "Range"] == [one["name"] for one in told["parameters"]]
    assert {"200", "206", "416"} <= told["responses"].keys()
    assert ["audio/wav"] == list(told["responses"]["206"]["content"])


def test_what_is_told_beside_a_sound_stands_in_the_document() -> None:
    told = document()["paths"]["/api/v1/employees/{id}/greetings"]["post"]
    assert ["id", "name", "origin"] == [one["name"] for one in told["parameters"]]
    assert "audio/wav" in told["requestBody"]["content"]
    assert {"201", "400", "401", "403", "404", "413", "415", "422"} <= told["responses"].keys()


async def test_the_document_needs_no_login(browser: Browser) -> None:
    answer = await browser.get("/api/openapi.json")
    assert (200, "3.1.0") == (answer.status, json.loads(answer.text)["openapi"])


async def test_the_page_shows_every_operation(browser: Browser) -> None:
    answer = await browser.get("/api/docs")
    assert 200 == answer.status
    assert len(OPERATIONS) == len(answer.html.select("details.api-operation"))


async def test_the_page_is_searched(browser: Browser) -> None:
    answer = await browser.get("/api/docs?search=own+status")
    shown = [one.text for one in answer.html.select(".api-path")]
    assert shown
    assert all("own-status" in path or "removals" in path for path in shown)


async def test_where_nothing_is_found_the_page_says_what_to_do(browser: Browser) -> None:
    answer = await browser.get("/api/docs?search=%3Cscript%3E")
    assert answer.html.select_one(".empty") is not None
    assert "<script>" not in answer.text


async def test_the_page_is_there_in_russian(browser: Browser) -> None:
    browser.language = "ru"
    answer = await browser.get("/api/docs")
    assert "Куда пойдёт звонок и почему" in answer.text


async def test_examples_are_json_that_can_be_sent(browser: Browser) -> None:
    answer = await browser.get("/api/docs?search=department")
    commands = [one.text for one in answer.html.select(".api-code") if " -d '" in one.text]
    assert commands
    for command in commands:
        assert isinstance(json.loads(command.split("-d '")[1].split("'")[0]), dict)
