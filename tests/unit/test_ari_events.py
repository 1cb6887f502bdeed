"""Events of ARI as Asterisk 22.10 sent them, and what only looks like one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ari_app.asterisk.events import (
    EVENT_TYPES,
    ApplicationReplaced,
    CallBroadcast,
    Caller,
    Channel,
    Dialplan,
    RESTResponse,
    StasisStart,
    parse,
)

CHANNEL = (
    '{"id":"1795401338.6","name":"PJSIP/201-00000003","state":"Ring","protocol_id":"7f",'
    '"caller":{"name":"Анна","number":"201"},"connected":{"name":"","number":""},'
    '"accountcode":"","dialplan":{"context":"autosecretary","exten":"101","priority":4,'
    '"app_name":"StasisBroadcast","app_data":"300,^autosecretary$,ask"},'
    '"creationtime":"2026-11-23T02:35:38.008+0000","language":"ru",'
    '"channelvars":{"AS_CALLED":"101","AS_ORIGIN":"in\\"side","AS_TRIED":""}}'
)
REST = (
    '"timestamp":"2026-11-23T02:35:38.010+0000","asterisk_id":"02:fc:00:00:00:01",'
    '"application":"autosecretary"'
)


def recorded_channel() -> Channel:
    return Channel(
        id="1795401338.6",
        name="PJSIP/201-00000003",
        state="Ring",
        caller=Caller(number="201", name="Анна"),
        dialplan=Dialplan("autosecretary", "101", 4),
        language="ru",
        creationtime="2026-11-23T02:35:38.008+0000",
        channelvars={"AS_CALLED": "101", "AS_ORIGIN": 'in"side', "AS_TRIED": ""},
    )


def test_broadcast_tells_the_call_with_its_variables() -> None:
    raw = f'{{"type":"CallBroadcast","channel":{CHANNEL},"caller":"201","called":"101",{REST}}}'
    assert CallBroadcast(recorded_channel()) == parse(raw)


def test_start_tells_the_arguments_of_the_dial_plan() -> None:
    raw = f'{{"type":"StasisStart","args":["ask","it"],"channel":{CHANNEL},{REST}}}'
    assert StasisStart(recorded_channel(), ("ask", "it")) == parse(raw.encode())


def test_answer_to_a_request_without_a_body_is_told() -> None:
    raw = (
        '{"type":"RESTResponse","transaction_id":"t","request_id":"2","status_code":204,'
        '"reason_phrase":"No Content","uri":"deviceStates/Stasis:as-5",' + REST + "}"
    )
    assert RESTResponse("2", 204, "") == parse(raw)


def test_replacement_is_told() -> None:
    assert ApplicationReplaced() == parse('{"type":"ApplicationReplaced",' + REST + "}")


def test_channel_without_details_is_still_a_call() -> None:
    assert StasisStart(Channel(id="1.2")) == parse('{"type":"StasisStart","channel":{"id":"1.2"}}')


def test_broken_utf8_in_a_caller_name_does_not_lose_the_call() -> None:
    raw = b'{"type":"StasisStart","channel":{"id":"1.2","caller":{"name":"\xff\xfe","number":"5"}}}'
    assert StasisStart(Channel(id="1.2", caller=Caller("5", "\ufffd\ufffd"))) == parse(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "no json",
        "null",
        "[]",
        "{}",
        '{"type":"ChannelVarset","channel":{"id":"1.2"}}',
        '{"type":"StasisStart"}',
        '{"type":"StasisStart","channel":{"id":7}}',
        '{"type":["StasisStart"],"channel":{"id":"7"}}',
        '{"type":"RESTResponse","request_id":"1","status_code":"200"}',
        '{"type":"StasisStart","channel":{"id":"1.2"}',
        '{"type":"StasisStart","channel":{"id":"\ud800"}}',
        '{"type":"StasisStart","channel":' + "[" * 100_000,
        b"\xff\xfe\x00",
    ],
)
def test_what_is_unknown_or_malformed_is_ignored(raw: str | bytes) -> None:
    assert None is parse(raw)


@given(st.one_of(st.binary(), st.text()))
def test_no_message_whatever_raises(raw: bytes | str) -> None:
    parse(raw)


@given(st.sampled_from(EVENT_TYPES), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["id", "channel", "args", "caller", "channelvars", "request_id"]), inner
    ),
))  # fmt: skip
def test_known_type_with_any_content_never_raises(kind: str, content: object) -> None:
    parse(json.dumps({"type": kind, "channel": content}))


def test_answers_to_requests_pass_the_event_filter() -> None:
    assert {"RESTResponse", "StasisStart", "CallBroadcast"} <= set(EVENT_TYPES)
