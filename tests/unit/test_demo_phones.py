"""What the demo's phones say to us is understood, whole or in pieces."""

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from demo.baresip import Line, received_invites
from demo.control import take_netstring
from demo.sipp import Caller, Said, read_messages

INVITE = (
    "UDP 127.0.0.1:52493 -> 127.0.0.1:48753\n"
    "INVITE sip:{number}@127.0.0.1:48753 SIP/2.0\r\n"
    "Call-ID: {call_id}\r\n"
    "Diversion: <sip:101@office>;reason=away\r\n"
    "\r\n"
    "v=0\r\n"
)


@given(st.binary(), st.binary())
def test_a_netstring_is_taken_whole_and_the_rest_is_kept(first: bytes, rest: bytes) -> None:
    stream = b"%d:%s," % (len(first), first) + rest

    assert take_netstring(stream) == (first, rest)


@given(st.binary(min_size=1), st.data())
def test_a_netstring_cut_short_is_waited_for(first: bytes, data: st.DataObject) -> None:
    stream = b"%d:%s," % (len(first), first)
    cut = data.draw(st.integers(0, len(stream) - 1))

    assert take_netstring(stream[:cut]) is None


def test_invites_are_read_from_a_trace_each_call_once() -> None:
    log = "".join(
        INVITE.format(number=number, call_id=call_id)
        for number, call_id in (("+79165550123", "a"), ("74951234567", "b"), ("+79165550123", "a"))
    )

    found = received_invites(log)

    assert [invite.number for invite in found] == ["+79165550123", "74951234567"]
    assert found[0].headers["Diversion"] == "<sip:101@office>;reason=away"


def test_a_line_without_password_takes_every_number_and_registers_nowhere() -> None:
    account = Line("outside", "", 5060).account()

    assert ";regint=0;catchall=yes" in account


def test_hostile_numbers_cannot_leave_the_from_header() -> None:
    assert Caller('1"\r\nX: y>').sip_from == "<sip:1%22%0D%0AX%3A%20y%3E@127.0.0.1>"


def test_the_conversation_of_sipp_is_read(tmp_path: Path) -> None:
    file = tmp_path / "messages.csv"
    file.write_text(
        "2026-11-23\t02:54:23.5\t1795402463.5\tR\tid\tCSeq:2 INVITE\tSIP/2.0 180 Ringing\nhalf a li"
    )

    expected = [Said(datetime.fromtimestamp(1795402463.5, UTC), sent=False, what="180 Ringing")]
    assert expected == read_messages(file)
