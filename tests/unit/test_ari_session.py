"""The session with ARI, against a fake Asterisk on a real port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from ari_app.asterisk.events import CallBroadcast, Channel, Event, StasisStart
from ari_app.asterisk.link import LinkState, Pace
from ari_app.asterisk.rest import (
    AriGone,
    AriNonsense,
    AriRefused,
    AriSilent,
    AriTooLong,
    Response,
)
from ari_app.asterisk.session import Ari
from tests.unit.fake_ari import APP, PASSWORD, FakeAri, running_ari, until

QUICK = Pace(answer=0.3, heartbeat=0.2, check=0.1, first_pause=0.2, longest_pause=0.4)


@dataclass
class Listener:
    """Whoever the session tells; keeps what it was told."""

    events: list[Event] = field(default_factory=list)
    connected: int = 0
    fails: bool = False
    free: asyncio.Event | None = None

    async def on_event(self, event: Event) -> None:
        self.events.append(event)
        if self.fails:
            raise ZeroDivisionError
        if self.free is not None:
            await self.free.wait()

    async def on_connected(self) -> None:
        self.connected += 1


@asynccontextmanager
async def session(
    fake: FakeAri, listener: Listener, password: str = PASSWORD
) -> AsyncIterator[Ari]:
    ari = Ari(
        fake.url,
        "app",
        password,
        APP,
        on_event=listener.on_event,
        on_connected=listener.on_connected,
        pace=QUICK,
    )
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(ari.run())
        try:
            yield ari
        finally:
            running.cancel()


@asynccontextmanager
async def connected(fake: FakeAri, listener: Listener | None = None) -> AsyncIterator[Ari]:
    """A session that is up, with `fake` running."""
    listener = listener or Listener()
    async with running_ari(fake), session(fake, listener) as ari:
        await until(lambda: listener.connected > 0)
        yield ari


async def test_question_is_answered_by_two_requests_sent_together() -> None:
    fake = FakeAri()
    async with connected(fake) as ari:
        fake.over_socket.clear()
        assert await ari.answer_question("17.1", "AS_STEP", "ring|a&b=ж %")
        assert fake.over_socket == [
            "POST channels/17.1/variable?variable=AS_STEP&value=ring%7Ca%26b%3D%D0%B6%20%25",
            "POST channels/17.1/continue",
        ]


async def test_requests_leave_before_the_first_is_answered() -> None:
    fake = FakeAri()
    async with connected(fake) as ari:
        fake.is_mute = True
        fake.over_socket.clear()
        with pytest.raises(AriSilent):
            await ari.answer_question("17.1", "AS_STEP", "x")
        assert len([line for line in fake.over_socket if "channels/17.1" in line]) == 2


async def test_each_of_many_requests_gets_its_own_answer() -> None:
    fake = FakeAri(statuses={f"GET channels/{n}": 200 + n for n in range(100)})
    async with connected(fake) as ari:
        answers = await asyncio.gather(*(ari.request("GET", f"channels/{n}") for n in range(100)))
        assert [200 + n for n in range(100)] == [answer.status for answer in answers]


async def test_channel_that_is_gone_or_taken_is_an_outcome() -> None:
    fake = FakeAri(
        statuses={
            "POST events/claim": 409,
            "POST channels/1/variable": 404,
            "POST channels/1/continue": 404,
            "GET channels/1/variable": 404,
        }
    )
    async with connected(fake) as ari:
        assert not await ari.claim("1")
        assert not await ari.answer_question("1", "AS_STEP", "x")
        assert not await ari.let_go("1")
        assert None is await ari.get_variable("1", "X")


async def test_claim_names_channel_and_app() -> None:
    fake = FakeAri()
    async with connected(fake) as ari:
        assert await ari.claim("17.1&x=/")
        expected = f"POST events/claim?channelId=17.1%26x%3D%2F&application={APP}"
        assert expected == fake.over_socket[-1]


@pytest.mark.parametrize("over_socket", [True, False])
async def test_work_is_done_while_a_claim_is_on_its_way(*, over_socket: bool) -> None:
    done: list[str] = []
    async with connected(FakeAri(has_rest_over_socket=over_socket)) as ari:
        assert await ari.claim("17.1", lambda: done.append("work"))
    assert done == ["work"]


async def test_unanswered_request_ends_at_its_time_limit() -> None:
    fake = FakeAri()
    async with connected(fake) as ari:
        fake.is_mute = True
        with pytest.raises(AriSilent):
            await ari.let_go("17.1")
        fake.is_mute = False
        assert await ari.let_go("17.2")


async def test_pending_request_fails_when_the_socket_drops() -> None:
    fake = FakeAri()
    async with connected(fake) as ari:
        fake.is_mute = True
        async with asyncio.TaskGroup() as tasks:
            asked = tasks.create_task(outcome_of_let_go(ari))
            await until(lambda: "POST channels/17.1/continue" in fake.over_socket)
            await fake.drop()
        assert AriGone is asked.result()


async def outcome_of_let_go(ari: Ari) -> type[AriGone] | None:
    try:
        await ari.let_go("17.1")
    except AriGone as error:
        return type(error)
    return None


async def test_nothing_is_asked_before_the_session_runs() -> None:
    listener = Listener()
    ari = Ari(
        "http://127.0.0.1:1",
        "app",
        PASSWORD,
        APP,
        on_event=listener.on_event,
        on_connected=listener.on_connected,
    )
    with pytest.raises(AriGone):
        await ari.let_go("17.1")


async def test_request_that_would_close_the_socket_is_refused() -> None:
    fake = FakeAri()
    async with connected(fake) as ari:
        with pytest.raises(AriTooLong):
            await ari.answer_question("17.1", "AS_STEP", "x" * 70_000)
        assert await ari.let_go("17.1")


async def test_session_comes_back_after_a_drop_and_says_so_again() -> None:
    fake, listener = FakeAri(), Listener()
    async with connected(fake, listener) as ari:
        await fake.drop()
        await until(lambda: listener.connected == 2)
        assert LinkState.CONNECTED is ari.state
        assert await ari.let_go("17.1")


async def test_session_comes_back_after_a_restart_of_asterisk() -> None:
    fake, listener = FakeAri(), Listener()
    async with connected(fake, listener) as ari:
        await fake.stop()
        await until(lambda: ari.state is LinkState.UNREACHABLE)
        await fake.start()
        await until(lambda: listener.connected == 2)


async def test_half_open_socket_is_noticed() -> None:
    fake, listener = FakeAri(answers_pings=False), Listener()
    async with connected(fake, listener) as ari:
        await until(lambda: ari.state is LinkState.LOST)
        fake.answers_pings = True
        await until(lambda: listener.connected > 1 and ari.state is LinkState.CONNECTED)


async def test_event_filter_is_set_on_every_connection() -> None:
    fake, listener = FakeAri(), Listener()
    async with connected(fake, listener):
        await fake.drop()
        await until(lambda: listener.connected == 2)
    assert fake.over_http.count(f"PUT applications/{APP}/eventFilter") == 2
    allowed = fake.bodies[0]
    assert isinstance(allowed, dict)
    assert {"type": "RESTResponse"} in allowed["allowed"]


async def test_calls_left_in_stasis_by_an_earlier_session_are_continued() -> None:
    fake = FakeAri(channel_ids=["1.1", "1.2"])
    async with connected(fake):
        assert fake.channel_ids == []
        assert "POST channels/1.1/continue" in fake.over_socket
        assert "POST channels/1.2/continue" in fake.over_socket


async def test_channel_forgotten_in_stasis_is_continued() -> None:
    fake = FakeAri()
    async with connected(fake):
        fake.channel_ids = ["1.7"]
        await until(lambda: fake.channel_ids == [])
        assert "POST channels/1.7/continue" in fake.over_socket


async def test_events_reach_the_listener_and_unknown_ones_do_not() -> None:
    fake, listener = FakeAri(), Listener()
    async with connected(fake, listener):
        await fake.tell(type="ChannelVarset", channel={"id": "1.1"})
        await fake.say("{nonsense")
        await fake.tell(type="CallBroadcast", channel={"id": "1.1"})
        await fake.tell(type="StasisStart", channel={"id": "1.1"}, args=["ask"])
        await until(lambda: len(listener.events) == 2)
    channel = Channel(id="1.1")
    assert [CallBroadcast(channel), StasisStart(channel, ("ask",))] == listener.events


async def test_failure_of_one_question_does_not_end_the_session() -> None:
    fake, listener = FakeAri(), Listener(fails=True)
    with capture_logs() as logs:
        async with connected(fake, listener) as ari:
            for channel_id in ("1.1", "1.2"):
                await fake.tell(type="StasisStart", channel={"id": channel_id})
            await until(lambda: len(listener.events) == 2)
            assert await ari.let_go("1.1")
            assert listener.connected == 1
    failed = [line for line in logs if line["event"] == "event_handler_failed"]
    assert [line["during"] for line in failed] == ["StasisStart", "StasisStart"]


async def test_questions_that_hang_do_not_pile_up_and_broadcasts_are_left_out_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ari_app.asterisk.session._MOST_TASKS", 4)
    fake, listener = FakeAri(), Listener(free=asyncio.Event())
    async with connected(fake, listener) as ari:
        for kind in ["CallBroadcast"] * 5 + ["StasisStart"] * 5:
            await fake.tell(type=kind, channel={"id": "1.1"})
        assert await ari.let_go("1.1")
        kinds = [type(event) for event in listener.events]
        assert [CallBroadcast, CallBroadcast, StasisStart, StasisStart] == kinds
        assert ari.events_shed == 6
        assert listener.free is not None
        listener.free.set()
        await until(lambda: ari.is_idle)


async def test_wrong_password_is_a_state_that_is_logged_once_without_the_password() -> None:
    fake, listener = FakeAri(), Listener()
    with capture_logs() as logs:
        async with running_ari(fake), session(fake, listener, "wr0ng-one") as ari:
            await until(lambda: ari.state is LinkState.WRONG_PASSWORD)
            await until(lambda: fake.refused > 2)
    assert [line["state"] for line in logs] == ["wrong_password"]
    assert "wr0ng-one" not in str(logs)


async def test_address_without_ari_is_told() -> None:
    fake, listener = FakeAri(), Listener()
    async with running_ari(fake):
        fake_url = FakeAri(port=fake.port)
        ari = Ari(
            f"{fake_url.url}/other",
            "app",
            PASSWORD,
            APP,
            on_event=listener.on_event,
            on_connected=listener.on_connected,
            pace=QUICK,
        )
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(ari.run())
            await until(lambda: ari.state is LinkState.NOT_FOUND)
            running.cancel()


async def test_app_that_is_not_registered_is_connected_anew() -> None:
    fake, listener = FakeAri(), Listener()
    async with connected(fake, listener) as ari:
        fake.is_registering = False
        await until(lambda: ari.state is LinkState.NOT_REGISTERED)
        fake.is_registering = True
        await until(lambda: listener.connected == 2)


async def test_another_client_with_our_name_is_told() -> None:
    fake, listener = FakeAri(), Listener()
    async with connected(fake, listener) as ari:
        await fake.tell(type="ApplicationReplaced", application=APP)
        await until(lambda: ari.state is LinkState.REPLACED)


async def test_older_asterisk_is_asked_over_http() -> None:
    fake = FakeAri(has_rest_over_socket=False)
    async with connected(fake) as ari:
        fake.over_http.clear()
        assert await ari.answer_question("17.1", "AS_STEP", "a|b")
        sent = [line for line in fake.over_http if line.startswith("POST")]
        assert sent == [
            "POST channels/17.1/variable?variable=AS_STEP&value=a%7Cb",
            "POST channels/17.1/continue",
        ]


async def test_long_value_over_http_goes_in_the_body() -> None:
    fake = FakeAri(has_rest_over_socket=False)
    async with connected(fake) as ari:
        assert await ari.answer_question("17.1", "AS_STEP", "x" * 3000)
        assert fake.bodies[-1] == {"variable": "AS_STEP", "value": "x" * 3000}


async def test_version_is_read_and_strange_answers_are_told() -> None:
    fake = FakeAri(statuses={"GET asterisk/modules": 200})
    async with connected(fake) as ari:
        assert await ari.version() == "22.10.1"
        with pytest.raises(AriNonsense):
            await ari.modules()


async def test_device_state_that_asterisk_refuses_is_an_error() -> None:
    fake = FakeAri(statuses={"PUT deviceStates/Stasis:as-1": 409})
    async with connected(fake) as ari:
        await ari.set_device_state("Stasis:as-2", "BUSY")
        assert fake.over_socket[-1] == "PUT deviceStates/Stasis%3Aas-2?deviceState=BUSY"
        with pytest.raises(AriRefused):
            await ari.set_device_state("Stasis:as-1", "BUSY")


async def test_http_request_carries_query_and_body() -> None:
    fake = FakeAri(statuses={"PUT asterisk/config/a b": 404})
    async with connected(fake) as ari:
        answer = await ari.over_http("PUT", "asterisk/config/a%20b", {"x": "1 2"}, {"fields": []})
        assert Response(404, "{}") == answer
        assert fake.over_http[-1] == "PUT asterisk/config/a%20b?x=1%202"
        assert fake.bodies[-1] == {"fields": []}
