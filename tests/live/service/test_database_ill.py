"""The database is locked, read-only or unreadable, or the journal is: calls go on, nothing lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ari_app.domain.directory import Status
from ari_app.store.past import PastCall
from demo.service import ServiceProcess
from tests.live.phones import Phones, until
from tests.live.service.office import Office
from tests.live.sound import likeness, samples

CALLER = "+79165550100"


def file_of(office: Office) -> Path:
    return office.asterisk.directory / "autosecretary.sqlite3"


@contextmanager
def locked(office: Office, how: str) -> Iterator[None]:
    with closing(sqlite3.connect(file_of(office), timeout=30, isolation_level=None)) as other:
        other.execute(f"BEGIN {how}")
        yield
        other.execute("ROLLBACK")


async def one_call(phones: Phones, to: str = "101") -> None:
    call = phones.sipp_call(CALLER, to, talk_seconds=0.2)
    await until(lambda: call.is_over, 20)


def by_service(past: list[PastCall]) -> list[bool]:
    return [not step.by_mirror for call in past for step in call.steps]


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
async def test_while_the_database_is_locked_calls_are_decided_and_a_code_waits_for_it(
    office: Office, phones: Phones, prompts: Path, how: str
) -> None:
    anna, vera = await phones.employee("101"), await phones.employee("103")
    anna.answers()
    with locked(office, how):
        await one_call(phones)
        assert anna.callers == [CALLER]
        await vera.dial("*31")
        await vera.until("talking")
    await until(lambda: vera.ended, 20)

    prompt = prompts / "ru/autosecretary/status-online.wav"
    assert likeness(samples(vera.recorded()), samples(prompt)) > 0.8
    assert (await office.status("103")).base is Status.ONLINE
    assert by_service(list(await office.calls())) == [True]


async def test_a_database_that_stays_locked_makes_a_code_say_that_it_did_not_work(
    office: Office, phones: Phones, prompts: Path
) -> None:
    vera = await phones.employee("103")
    with locked(office, "IMMEDIATE"):
        await vera.dial("*31")
        await until(lambda: vera.ended, 20)

    prompt = prompts / "ru/autosecretary/not-understood.wav"
    assert likeness(samples(vera.recorded()), samples(prompt)) > 0.8
    assert (await office.status("103")).base is Status.DO_NOT_DISTURB


async def test_with_a_database_that_may_only_be_read_calls_are_decided_and_told_of_later(
    office: Office, phones: Phones, prompts: Path
) -> None:
    anna, vera = await phones.employee("101"), await phones.employee("103")
    anna.answers()
    office.service.stop()
    url = f"sqlite+aiosqlite:///file:{file_of(office)}?mode=ro&uri=true"
    environment = {**office.service.environment, "AUTOSECRETARY_DATABASE_URL": url}
    reading = ServiceProcess(environment, office.asterisk.directory / "log/service-reading")
    try:
        reading.start()
        await until(reading.is_ready, 30)
        await one_call(phones)
        await vera.dial("*31")
        await until(lambda: vera.ended, 20)
    finally:
        reading.stop()

    prompt = prompts / "ru/autosecretary/not-understood.wav"
    assert likeness(samples(vera.recorded()), samples(prompt)) > 0.8
    office.service.start()
    assert by_service(list(await office.calls(seconds=30))) == [True]


async def test_while_the_database_cannot_be_read_the_last_known_directory_decides(
    office: Office, phones: Phones
) -> None:
    anna = await phones.employee("101")
    anna.answers()
    with closing(sqlite3.connect(file_of(office), timeout=30)) as other:
        other.execute("ALTER TABLE rules RENAME TO rules_away")
        other.execute("INSERT INTO changes (kind, at) VALUES ('office', '2026-01-01 00:00:00')")
        other.commit()
        await until(lambda: "directory.waits" in office.service.log.read_text())
        await one_call(phones)
        other.execute("ALTER TABLE rules_away RENAME TO rules")
        other.commit()

    await office.declare("104", Status.BREAK)
    await one_call(phones, "104")
    assert by_service(list(await office.calls(2))) == [True, True]


@pytest.mark.parametrize("what", ["rotated", "cut short", "in the way"])
async def test_a_journal_that_is_ill_costs_no_call_and_is_read_again_when_it_is_well(
    office: Office, phones: Phones, what: str
) -> None:
    anna = await phones.employee("101")
    anna.answers()
    journal = Path(office.service.environment["AUTOSECRETARY_JOURNAL"])
    await one_call(phones)
    await office.calls(1)
    match what:
        case "rotated":
            journal.rename(journal.with_suffix(".1"))
        case "cut short":
            journal.write_bytes(b"")
        case _:
            journal.rename(journal.with_suffix(".aside"))
            journal.mkdir()
            await one_call(phones)
            journal.rmdir()
            journal.with_suffix(".aside").rename(journal)
    await one_call(phones)

    past = await office.calls(2)
    assert by_service(list(past)) == [True, True]
    assert len(anna.callers) == (3 if what == "in the way" else 2)
