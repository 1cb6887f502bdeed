"""What a monitoring system sees of the service: Prometheus metrics, and whether it is ready."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CALLS = "ari"
"""The part without which no call is decided here."""

_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3)


class Metrics:
    """The service's counters, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.questions = Counter(
            "autosecretary_questions",
            "Questions from the dial plan, by what the answer does",
            ["step"],
            registry=self.registry,
        )
        self.question_seconds = Histogram(
            "autosecretary_question_seconds",
            "From a question's arrival to the answer's confirmation",
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.failures = Counter(
            "autosecretary_question_failures",
            "Questions that were handed back without an answer",
            registry=self.registry,
        )
        self.employees = Gauge(
            "autosecretary_employees", "Employees in the directory", registry=self.registry
        )
        self.letters = Gauge(
            "autosecretary_letters",
            "Letters that have not left: waiting, or given up (failed)",
            ["state"],
            registry=self.registry,
        )
        self.messages = Gauge(
            "autosecretary_messages_not_heard",
            "Messages of callers that nobody has listened to",
            registry=self.registry,
        )
        self.ready = Gauge(
            "autosecretary_ready", "Whether this part is ready", ["part"], registry=self.registry
        )


async def _nothing() -> None:
    return


@asynccontextmanager
async def published(
    metrics: Metrics,
    parts: Callable[[], Mapping[str, bool]],
    host: str,
    port: int,
    *,
    count: Callable[[], Awaitable[None]] = _nothing,
) -> AsyncIterator[None]:
    """Answer ``/ready``, ``/settled`` and ``/metrics`` while the block runs; port 0: nowhere.

    ``/ready`` is 200 when calls are decided here (the part `CALLS`), ``/settled`` when lamps and
    stored plans are right too; otherwise they are 503. Both have a line for each part. `count`
    sets what is counted only when ``/metrics`` is asked for. Raises OSError when the port is taken.
    """

    def told(states: Mapping[str, bool], *, is_well: bool) -> web.Response:
        text = "".join(f"{part}: {'ready' if ok else 'waiting'}\n" for part, ok in states.items())
        return web.Response(text=text, status=200 if is_well else 503)

    async def ready(_request: web.Request) -> web.Response:
        states = parts()
        return told(states, is_well=states[CALLS])

    async def settled(_request: web.Request) -> web.Response:
        states = parts()
        return told(states, is_well=all(states.values()))

    async def exposed(_request: web.Request) -> web.Response:
        for part, ok in parts().items():
            metrics.ready.labels(part).set(ok)
        await count()
        return web.Response(
            body=generate_latest(metrics.registry), content_type="text/plain", charset="utf-8"
        )

    if not port:
        yield
        return
    app = web.Application()
    app.add_routes(
        [web.get("/ready", ready), web.get("/settled", settled), web.get("/metrics", exposed)]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()
