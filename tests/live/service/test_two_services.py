"""Two services side by side: each call is answered once, and one may end without notice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.ports import free_port
from demo.service import ServiceProcess
from tests.live.phones import Phones, until
from tests.live.service.office import Office


@pytest.fixture
def second(office: Office) -> Iterator[ServiceProcess]:
    environment = {
        **office.service.environment,
        "AUTOSECRETARY_ARI_APP": "autosecretary-2",
        "AUTOSECRETARY_AGI_PORT": str(free_port()),
        "AUTOSECRETARY_METRICS_PORT": str(free_port()),
        "AUTOSECRETARY_PANEL_PORT": str(free_port()),
    }
    process = ServiceProcess(environment, office.asterisk.directory / "log/service-2")
    try:
        process.start()
        process.wait_ready()
        yield process
    finally:
        process.stop()


def answers(log: Path, channel: str) -> int:
    lines = log.read_text().splitlines()
    return sum("question.answered" in line and f"call={channel} " in line for line in lines)


async def calls_at_once(phones: Phones, count: int) -> None:
    # Nobody's extension: one question, one sentence, one end for each call.
    calls = [phones.sipp_call(f"+791655501{n:02}", "199") for n in range(count)]
    await until(lambda: all(call.is_over for call in calls), 30)


async def test_each_call_is_answered_by_one_of_two_services_and_written_down_once(
    office: Office, phones: Phones, second: ServiceProcess
) -> None:
    await calls_at_once(phones, 10)

    past = await office.calls(10)
    logs = (office.service.log, second.log)
    answered = [sum(answers(log, call.channel_id) for log in logs) for call in past]
    assert answered == [1] * 10
    assert [[step.key for step in call.steps] for call in past] == [["x"]] * 10


async def test_when_one_of_two_services_is_killed_the_other_answers_every_call(
    office: Office, phones: Phones, second: ServiceProcess
) -> None:
    office.service.kill()

    await calls_at_once(phones, 5)

    past = await office.calls(5)
    assert [answers(second.log, call.channel_id) for call in past] == [1] * 5
    assert {step.by_mirror for call in past for step in call.steps} == {False}
