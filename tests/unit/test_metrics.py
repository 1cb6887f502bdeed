"""What a monitoring system sees."""

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from ari_app.metrics import CALLS, Metrics, published


@pytest.mark.parametrize(
    ("parts", "ready", "settled"),
    [
        ({CALLS: True, "reconciled": True}, 200, 200),
        ({CALLS: True, "reconciled": False}, 200, 503),
        ({CALLS: False, "reconciled": False}, 503, 503),
    ],
)
async def test_ready_says_that_calls_are_decided_and_settled_that_all_is_right(
    parts: dict[str, bool], ready: int, settled: int
) -> None:
    port = unused_port()
    async with published(Metrics(), lambda: parts, "127.0.0.1", port):
        seen = {}
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
            for path in ("/ready", "/settled"):
                async with client.get(path) as answer:
                    seen[path] = answer.status
    assert seen == {"/ready": ready, "/settled": settled}


async def test_metrics_count_questions() -> None:
    metrics, port = Metrics(), unused_port()
    metrics.questions.labels("Ring").inc()
    async with (
        published(metrics, lambda: {CALLS: True}, "127.0.0.1", port),
        aiohttp.ClientSession() as client,
        client.get(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        text = await answer.text()
    assert 'autosecretary_questions_total{step="Ring"} 1.0' in text
    assert 'autosecretary_ready{part="ari"} 1.0' in text


async def test_port_0_publishes_nothing() -> None:
    async with published(Metrics(), dict, "127.0.0.1", 0):
        pass


async def test_letters_are_counted_when_somebody_asks() -> None:
    metrics, port = Metrics(), unused_port()

    async def count() -> None:
        metrics.letters.labels("failed").set(3)

    async with (
        published(metrics, lambda: {CALLS: True}, "127.0.0.1", port, count=count),
        aiohttp.ClientSession() as client,
        client.get(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        text = await answer.text()
    assert 'autosecretary_letters{state="failed"} 3.0' in text
