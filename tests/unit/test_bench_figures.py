"""How the bench reads SIPp's files and counts calls."""

import math

from tests.bench.figures import Burst, p99, together
from tests.bench.load import good_calls, response_times
from tests.bench.service import read_questions

RESPONSE_TIMES = ["Date_ms;response_time_ms;rtd_no", "18.556;4.504;setup", "27.270;4.183;setup"]
STATISTICS = [
    "StartTime;SuccessfulCall(P);SuccessfulCall(C);FailedCall(C);",
    "2026-11-23;40;40;0;",
    "2026-11-23;57;97;3;",
]
METRICS = """\
# TYPE autosecretary_questions_total counter
autosecretary_questions_total{step="Ring"} 650.0
autosecretary_questions_total{step="HangUp"} 2.0
autosecretary_questions_created{step="Ring"} 1.795406152439699e+09
autosecretary_question_seconds_count 652.0
"""


def test_each_line_of_response_times_is_one_call() -> None:
    assert [(18.556, 4.504), (27.27, 4.183)] == response_times(RESPONSE_TIMES)


def test_a_file_without_calls_has_no_response_times() -> None:
    assert [] == response_times(RESPONSE_TIMES[:1])
    assert [] == response_times([])


def test_a_line_that_sipp_did_not_finish_is_passed_over() -> None:
    assert [(18.556, 4.504)] == response_times([*RESPONSE_TIMES[:2], "27"])


def test_the_last_line_of_the_statistics_counts() -> None:
    assert 97 == good_calls(STATISTICS)


def test_without_statistics_no_call_was_good() -> None:
    assert 0 == good_calls([])


def test_questions_of_every_kind_are_added_up() -> None:
    assert 652 == read_questions(METRICS)


def test_calls_that_were_never_placed_have_failed() -> None:
    assert 3 == Burst(100, 97, ()).failed


def test_bursts_are_counted_as_one() -> None:
    first, second = Burst(3, 3, (1.0, 2.0, 3.0), 2.0), Burst(2, 1, (9.0,), 1.0)
    assert Burst(5, 4, (1.0, 2.0, 3.0, 9.0), 3.0) == together((first, second))


def test_the_median_is_that_of_all_calls() -> None:
    assert 2.5 == together((Burst(2, 2, (1.0, 2.0)), Burst(2, 2, (3.0, 50.0)))).median_ms


def test_ninety_nine_of_a_hundred_calls_are_under_p99() -> None:
    assert math.isclose(99.0, p99([float(number) for number in range(101)]))


def test_p99_of_one_call_is_that_call() -> None:
    assert 7.0 == p99([7.0])


def test_without_a_call_the_setup_never_ended() -> None:
    nothing = Burst(10, 0, ())
    assert (math.inf, math.inf) == (nothing.median_ms, nothing.p99_ms)
