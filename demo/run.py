"""`make run`: the demo office, from nothing to phones that answer; Ctrl-C ends all of it."""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from ari_app.domain.availability import holding
from ari_app.domain.directory import Employee
from ari_app.store.accounts import account
from ari_app.store.database import opened
from ari_app.store.directory import load
from demo.asterisk import AsteriskInstance
from demo.baresip import Line
from demo.board import Person, show
from demo.configuration import REPOSITORY, Account, Office
from demo.instance import FOLDER, only_one
from demo.ports import Ports, choose, is_free
from demo.problem import Problem, told
from demo.processes import end, follow
from demo.prompts import get_prompts
from demo.rootfs import Root, get_root
from demo.seed import MAIL_PORT
from demo.service import ServiceProcess, autosecretary
from demo.softphone import Phone

EXTENSIONS = tuple(str(number) for number in range(101, 109))
ANSWER_SECONDS = {"101": 2, "102": 2, "103": 3, "104": 2, "105": 4}
"""The demo phones that answer, and after how many seconds."""
ONLY_RING = ("106",)
DECLINE = ("107",)
"""108 has no phone: it is the visitor's."""
OUTSIDE_ANSWERS_AFTER = 3
RESTART_SECONDS = 5
"""How long a service that ended stays away, as systemd would have it."""

console = Console(highlight=False)


def run(sip_port: int | None) -> None:
    """Start everything, show what to try, and wait for Ctrl-C."""
    with only_one(), _terminated_like_interrupted(), ExitStack() as ending:
        root = get_root()
        prompts = get_prompts(root)
        asterisk = _asterisk(root, prompts, sip_port)
        environment = asterisk.service_environment()
        with console.status("Preparing the database …"):
            autosecretary(environment, "migrate")
            _seed({**environment, MAIL_PORT: str(asterisk.ports.mail)})
        service = ServiceProcess(environment, asterisk.directory / "log/service")
        ending.callback(_say_ended)
        ending.callback(asterisk.stop)
        ending.callback(service.stop)
        ending.callback(end, _mailbox(asterisk))
        with console.status("Starting Asterisk and the service …"):
            asterisk.start()
            service.start()
            asterisk.wait_ready()
            service.wait_ready()
        asyncio.run(_office_hours(asterisk, service, prompts))


def _mailbox(asterisk: AsteriskInstance) -> "subprocess.Popen[bytes]":
    ports = asterisk.ports
    command = [sys.executable, "-m", "demo.mailbox", str(asterisk.directory / "mailbox")]
    log = asterisk.directory / "log/mailbox"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return follow(
            [*command, "--smtp", str(ports.mail), "--http", str(ports.mailbox)],
            output=output,
            directory=REPOSITORY,
        )


async def _office_hours(asterisk: AsteriskInstance, service: ServiceProcess, prompts: Path) -> None:
    closing = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, closing.set)
    async with AsyncExitStack() as phones:
        for phone in _phones(asterisk, prompts):
            phones.callback(phone.unplug)
            await phone.start()
        show(console, asterisk, await _people(asterisk))
        while not closing.is_set():
            if not asterisk.is_running:
                raise Problem(f"Asterisk ended by itself: see {asterisk.directory}/log.")
            if not service.is_running:
                console.print("The service has ended; calls follow the stored plans meanwhile.")
                await _wait(closing, RESTART_SECONDS)
                service.start()
            await _wait(closing, 0.5)


async def _wait(closing: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(closing.wait(), seconds)
    except TimeoutError:
        return


def _asterisk(root: Root, prompts: Path, sip_port: int | None) -> AsteriskInstance:
    ports = _ports(sip_port)
    office = Office(tuple(Account(extension) for extension in EXTENSIONS))
    return AsteriskInstance(FOLDER, ports, root, prompts, office)


def _ports(sip_port: int | None) -> Ports:
    kept = FOLDER / "ports.json"
    if sip_port is None:
        return choose(kept)
    if not is_free(sip_port, udp=True):
        raise Problem(f"Port {sip_port} is in use: choose another one with SIP_PORT=…")
    return choose(kept, sip=sip_port)


def _phones(asterisk: AsteriskInstance, prompts: Path) -> Iterator[Phone]:
    folder = asterisk.directory / "phones"
    says = prompts / "ru/autosecretary/goodbye.wav"
    for extension in (*ANSWER_SECONDS, *ONLY_RING, *DECLINE):
        line = Line(extension, asterisk.secrets[extension], asterisk.ports.sip)
        phone = Phone(line, asterisk.root, folder / extension, says)
        if extension in ANSWER_SECONDS:
            phone.answers(ANSWER_SECONDS[extension])
        if extension in DECLINE:
            phone.declines()
        yield phone
    line = Line("outside", "", asterisk.ports.sip, asterisk.ports.trunk)
    world = Phone(line, asterisk.root, folder / "outside", says)
    world.answers(OUTSIDE_ANSWERS_AFTER, presses="1")
    yield world


async def _people(asterisk: AsteriskInstance) -> list[Person]:
    url = asterisk.service_environment()["AUTOSECRETARY_DATABASE_URL"]
    async with opened(url) as sessions, sessions() as session:
        employees = (await load(session)).employees.values()
        accounts = {one.id: await account(session, one.id) for one in employees}
    return [
        Person(
            one.extension,
            one.name,
            _status(one),
            _phone_of(one.extension),
            accounts[one.id].login,
            accounts[one.id].role.name_en,
        )
        for one in sorted(employees, key=lambda one: one.extension)
    ]


def _status(employee: Employee) -> str:
    declared = holding(employee.declared, datetime.now(UTC))
    name = declared.base.value.replace("_", " ")
    if declared.until is None:
        return name
    return f"{name} until {declared.until.astimezone(employee.zone):%H:%M}"


def _phone_of(extension: str) -> str:
    if extension in ANSWER_SECONDS:
        return f"answers after {ANSWER_SECONDS[extension]} s"
    if extension in ONLY_RING:
        return "rings, nobody answers"
    return "declines" if extension in DECLINE else "none: yours, if you like"


def _seed(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "demo.seed"]
    run = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        cwd=REPOSITORY,
    )
    if run.returncode != 0:
        raise Problem(f"The demo office could not be seeded: {run.stderr.strip()[-200:]}")


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say_ended() -> None:
    console.print("Everything has ended.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Run the demo office")
    parser.add_argument("--sip-port", type=int, help="the port for SIP phones on 127.0.0.1")
    options = parser.parse_args()
    told(lambda: run(options.sip_port))


if __name__ == "__main__":
    main()
