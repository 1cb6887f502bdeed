"""The service with PostgreSQL: one setting, and everything else as with SQLite."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ari_app.domain.calls import Ending
from ari_app.domain.directory import Status
from ari_app.domain.numbers import Extension
from ari_app.store import history
from ari_app.store.database import opened
from ari_app.store.directory import load
from ari_app.store.statuses import declare
from demo.asterisk import AsteriskInstance
from demo.configuration import Account, Office
from demo.office import seed
from demo.ports import choose
from demo.rootfs import Root
from demo.service import ServiceProcess, autosecretary
from demo.waiting import until
from tests.live.phones import Phones
from tests.unit import postgresql


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    binaries = postgresql.programs()
    if binaries is None:
        pytest.fail("PostgreSQL's server is not installed (apt-get install postgresql)")
    with postgresql.server(binaries) as url:
        yield f"{url}/postgres"


@pytest.fixture(scope="module")
def private(
    root: Root, prompts: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AsteriskInstance]:
    directory = tmp_path_factory.mktemp("on-postgresql")
    office = Office(tuple(Account(str(number)) for number in range(101, 109)))
    instance = AsteriskInstance(directory, choose(directory / "ports.json"), root, prompts, office)
    try:
        instance.start()
        instance.wait_ready()
        yield instance
    finally:
        instance.stop()


@pytest.fixture(scope="module")
def office_service(private: AsteriskInstance, server: str) -> Iterator[ServiceProcess]:
    environment = {**private.service_environment(), "AUTOSECRETARY_DATABASE_URL": server}
    autosecretary(environment, "migrate")

    async def fill() -> None:
        async with opened(server) as sessions, sessions.begin() as session:
            await seed(session)

    asyncio.run(fill())
    process = ServiceProcess(environment, private.directory / "log/service")
    try:
        process.start()
        process.wait_ready()
        yield process
    finally:
        process.stop()


def _stored_plan(asterisk: AsteriskInstance, extension: str) -> str:
    return asterisk.cli(f"database get autosecretary outside-{extension}-1")


async def test_a_status_stored_by_another_process_decides_the_next_call(
    office_service: ServiceProcess,
    private: AsteriskInstance,
    server: str,
    prompts: Path,
    tmp_path: Path,
) -> None:
    phones = Phones(private, tmp_path, prompts / "en/autosecretary/away.wav")
    try:
        anna = await phones.employee("101")
        anna.answers(0)
        async with opened(server) as sessions:
            async with sessions() as session:
                office = await load(session)
            async with sessions.begin() as session:
                grigory = office.extensions[Extension("104")]
                await declare(session, grigory, Status.DO_NOT_DISTURB, None, datetime.now(UTC))
        await until(lambda: "^do_not_disturb" in _stored_plan(private, "104"))
        phones.sipp_call("+79165550123", "104")
        phones.sipp_call("+79165550124", "102", talk_seconds=8)
        await anna.until("talking")
        await until(lambda: "0 active calls" in private.cli("core show channels"), 20)
        endings: dict[str, Ending | None] = {}
        for _ in range(50):
            async with opened(server) as sessions, sessions() as session:
                endings = {c.called: c.ending for c in await history.recent(session, 10)}
            if len(endings) == 2 and all(endings.values()):
                break
            await asyncio.sleep(0.1)
        assert endings == {"104": Ending.NOT_TAKEN, "102": Ending.ANSWERED}
    finally:
        await phones.close()
