"""The service under test: a hundred employees for the calls, ten thousand for its weight."""

import asyncio
import re
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ari_app.domain.directory import (
    Colleague,
    ForwardingRule,
    OwnPhones,
    Phone,
    Situation,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, Endpoint, Extension, RuleId
from ari_app.store.card import Card
from ari_app.store.database import opened
from ari_app.store.people import add_employees
from ari_app.store.rules import save_rules
from ari_app.store.upgrade import migrate
from demo.ports import HOST
from demo.service import ServiceProcess
from tests.bench.place import EXTENSIONS, Place

_QUESTIONS = re.compile(r"^autosecretary_questions_total\{[^}]*\} ([0-9.e+]+)$", re.MULTILINE)
_MANY = 10_000
_LONGEST_START = 60


@dataclass(frozen=True, slots=True)
class Weight:
    """A service with ten thousand employees: megabytes once ready, and seconds until then.

    The first start writes every stored plan to Asterisk; a restart finds them there.
    """

    rss_mb: float
    first_ready_seconds: float
    ready_seconds: float


@contextmanager
def serving(place: Place) -> Iterator[ServiceProcess]:
    """The service, ready to answer questions about the hundred employees of `place`."""
    asyncio.run(_fill(place.environment, EXTENSIONS, with_rules=True))
    process = ServiceProcess(place.environment, place.directory / "log/service")
    try:
        process.start()
        process.wait_ready()
        yield process
    finally:
        process.stop()


def questions_answered(process: ServiceProcess) -> int:
    """How many questions the service has answered so far."""
    url = f"http://{HOST}:{process.environment['AUTOSECRETARY_METRICS_PORT']}/metrics"
    with urllib.request.urlopen(url, timeout=5) as answer:
        return read_questions(answer.read().decode())


def read_questions(metrics: str) -> int:
    """The questions in the service's metrics, whatever was done about them."""
    return round(sum(float(number) for number in _QUESTIONS.findall(metrics)))


def weigh(place: Place) -> Weight:
    """Start a service with ten thousand employees, twice, and see what it needs."""
    folder = place.directory / "many"
    folder.mkdir()
    environment = {
        **place.environment,
        "AUTOSECRETARY_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/autosecretary.sqlite3",
        "AUTOSECRETARY_JOURNAL": str(folder / "journal.csv"),
    }
    (folder / "journal.csv").touch()
    extensions = tuple(str(number) for number in range(_MANY, 2 * _MANY))
    asyncio.run(_fill(environment, extensions, with_rules=False))
    process = ServiceProcess(environment, place.directory / "log/service-many")
    try:
        first = _seconds_to_ready(process)
        process.stop()
        again = _seconds_to_ready(process)
        return Weight(resident_mb(process.pid), first, again)
    finally:
        process.stop()


def resident_mb(pid: int) -> float:
    """Megabytes (of 2^20 bytes) of memory that a process holds now."""
    status = Path(f"/proc/{pid}/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kilobytes) / 1024


def _seconds_to_ready(process: ServiceProcess) -> float:
    """From the start until it decides calls; returns when lamps and stored plans are right too."""
    began = time.monotonic()
    process.start()
    while not process.says("ready") and time.monotonic() - began < _LONGEST_START:
        time.sleep(0.02)
    seconds = time.monotonic() - began
    process.wait_ready(_LONGEST_START)
    return seconds


async def _fill(
    environment: Mapping[str, str], extensions: tuple[str, ...], *, with_rules: bool
) -> None:
    url = environment["AUTOSECRETARY_DATABASE_URL"]
    await migrate(url)
    async with opened(url) as sessions, sessions.begin() as session:
        cards = [_card(extension) for extension in extensions]
        ids = await add_employees(session, cards)
        for place, employee in enumerate(ids if with_rules else ()):
            rules = secretary(ids[place ^ 1], is_deputy=bool(place % 2))
            await save_rules(session, employee, rules, datetime.now(UTC))


def _card(extension: str) -> Card:
    name = f"Сотрудник {extension}"
    phones = (Phone(Endpoint(extension)),)
    return Card(name, Extension(extension), phones, zone="Europe/Moscow", has_voicemail=True)


def secretary(neighbour: EmployeeId, *, is_deputy: bool) -> tuple[ForwardingRule, ...]:
    """A few rules, as people have them; deputies do not send calls back."""
    no_answer = When(frozenset(), frozenset({Situation.NO_ANSWER}), 20)
    busy = replace(no_answer, situations=frozenset({Situation.BUSY}), no_answer_seconds=0)
    do_not_disturb = When(frozenset({Status.DO_NOT_DISTURB}))
    away = Voicemail() if is_deputy else Colleague(neighbour)
    return (
        ForwardingRule(RuleId(0), "away", When(), away),
        ForwardingRule(RuleId(0), "do not disturb", do_not_disturb, Voicemail()),
        ForwardingRule(RuleId(0), "no answer", no_answer, OwnPhones(seconds=10)),
        ForwardingRule(RuleId(0), "busy", busy, Voicemail()),
    )
