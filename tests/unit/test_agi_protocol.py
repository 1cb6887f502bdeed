"""AGI bytes and what they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agi_scripts.protocol import (
    Malformed,
    Reply,
    Request,
    UnsafeArgumentError,
    command,
    is_whole_reply,
    parse_reply,
    parse_request,
    quoted,
)

USAGE = b"520-Invalid command syntax.  Proper usage follows:\n"
HEADER = b"""agi_network: yes
agi_network_script: code?by=lamp&empty=
agi_request: agi://127.0.0.1:4573/code?by=lamp
agi_channel: PJSIP/anna-desk-0000002a
agi_language: ru
agi_type: PJSIP
agi_uniqueid: 1700000000.42
agi_callerid: 101
agi_calleridname: agi_extension: 102
agi_extension: *33*102#1340
agi_priority: 2
agi_arg_2: second
agi_arg_1: first
agi_arg_10: tenth
"""


def test_header_becomes_a_request() -> None:
    expected = Request(
        script="code",
        query={"by": "lamp"},
        channel="PJSIP/anna-desk-0000002a",
        callerid="101",
        extension="*33*102#1340",
        language="ru",
        uniqueid="1700000000.42",
        args=("first", "second", "tenth"),
    )
    assert expected == parse_request(HEADER)
    assert expected == parse_request(HEADER.replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"GET / HTTP/1.1\nHost: here\n",
        b"agi_request\n",
        b"agi_request: http://[::1\n",
        b"\xff\xfe\x00",
        b"agi_request: agi://here/code?" + b"&".join(b"a=1" for _ in range(30)) + b"\n",
    ],
)
def test_what_is_no_header_is_malformed(header: bytes) -> None:
    assert isinstance(parse_request(header), Malformed)


@pytest.mark.parametrize(
    ("raw", "reply"),
    [
        (b"200 result=0\n", Reply(200, "0")),
        (b"200 result=35 endpos=8000\n", Reply(200, "35")),
        (b"200 result=-1 endpos=0\n", Reply(200, "-1")),
        (b"200 result=1340\r\n", Reply(200, "1340")),
        (b"200 result=\n", Reply(200, "")),
        (b"200 result= (timeout)\n", Reply(200, "", "timeout")),
        (b"200 result=12*# (timeout)\n", Reply(200, "12*#", "timeout")),
        (b"200 result=1 (ru)\n", Reply(200, "1", "ru")),
        (b"200 result=1 ()\n", Reply(200, "1", "")),
        (b"200 result=1 (a (b) c)\n", Reply(200, "1", "a (b) c")),
        (b"200 result=1 (two\nlines)\n", Reply(200, "1", "two\nlines")),
        (b"200 result=1 (digit) digit=5 endpos=80\n", Reply(200, "1", "digit")),
        (b"510 Invalid or unknown command\n", Reply(510)),
        (b"511 Command Not Permitted on a dead channel or intercept routine\n", Reply(511)),
        (b"520 Invalid command syntax.  Proper usage not available.\n", Reply(520)),
        (USAGE + b"usage\n\n520 End of proper usage.\n", Reply(520)),
    ],
)
def test_each_reply_that_asterisk_sends_is_read(raw: bytes, reply: Reply) -> None:
    assert is_whole_reply(raw)
    assert reply == parse_reply(raw)


@pytest.mark.parametrize(
    "raw",
    [USAGE, USAGE + b"520 is what this means\nmore\n", b"200 result=1 (two\n", b"200 result=1 (\n"],
)
def test_reply_of_several_lines_is_not_whole_before_its_end(raw: bytes) -> None:
    assert not is_whole_reply(raw)


@pytest.mark.parametrize("raw", [b"", b"\n", b"hello\n", b"200 OK\n", b"HANGUP\n", b"\xff\x00\n"])
def test_what_is_no_reply_is_malformed(raw: bytes) -> None:
    assert isinstance(parse_reply(raw), Malformed)


@given(st.binary(max_size=300))
def test_no_bytes_make_parsing_raise(raw: bytes) -> None:
    for text in (raw, b"200 result=" + raw, b"520-" + raw, b"200 result=1 (" + raw):
        parse_reply(text)
        is_whole_reply(text)
    parse_request(raw)
    parse_request(b"agi_request: agi://" + raw)
    parse_request(b"agi_request: agi://here/code?" + raw + b"\nagi_arg_" + raw + b": x")


@given(st.text(max_size=60))
def test_a_quoted_argument_is_read_by_asterisk_as_it_was(argument: str) -> None:
    if any(end in argument for end in "\r\n\0"):
        with pytest.raises(UnsafeArgumentError):
            quoted(argument)
    else:
        assert argument == _as_asterisk_reads(quoted(argument))


def test_command_carries_words_and_quoted_arguments() -> None:
    expected = b'SET VARIABLE "NAME" "a \\"b\\" \\\\ c"\n'
    assert expected == command("SET VARIABLE", "NAME", 'a "b" \\ c')
    assert command("GET DATA", "beep", 6000, 4) == b'GET DATA "beep" "6000" "4"\n'


@pytest.mark.parametrize("argument", ["x" * 3000, "\ud800", "a\nHANGUP", "a\rb", "a\0b"])
def test_argument_that_asterisk_would_misread_is_refused(argument: str) -> None:
    with pytest.raises(UnsafeArgumentError):
        command("STREAM FILE", argument)


def _as_asterisk_reads(line: str) -> str:
    """The one argument in `line`, by the rules of parse_args() in res/res_agi.c."""
    read, is_quoted, is_escaped = "", False, False
    for character in line:
        if is_escaped:
            read, is_escaped = read + character, False
        elif character == "\\":
            is_escaped = True
        elif character == '"':
            is_quoted = not is_quoted
        else:
            assert is_quoted
            read += character
    return read
