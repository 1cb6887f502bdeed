"""How the bench looks for the highest rate that holds."""

import pytest

from tests.bench.figures import Burst
from tests.bench.place import Way
from tests.bench.saturation import Search, holds, saturation


def good(rate: int, median: float = 4.0) -> Burst:
    return Burst(rate, rate, (median,) * rate, 1.0)


def bad(rate: int) -> Burst:
    return Burst(rate, rate - 1, (4.0,) * (rate - 1), 1.0)


class Asterisk:
    """Holds up to a rate for each way; the first attempts at a rate may fail by bad luck."""

    def __init__(self, limits: dict[Way, int], bad_luck: int = 0) -> None:
        self.limits = limits
        self.bad_luck = bad_luck
        self.tried: list[tuple[Way, int]] = []

    def try_out(self, way: Way, rate: int) -> Burst:
        self.tried.append((way, rate))
        if self.tried.count((way, rate)) <= self.bad_luck:
            return bad(rate)
        return good(rate) if rate <= self.limits[way] else bad(rate)


@pytest.mark.parametrize("limit", [51, 60, 133, 212, 400, 999])
def test_the_search_comes_within_six_percent_of_the_limit(limit: int) -> None:
    search = Search(50, 1000)
    while (rate := search.next_rate) is not None:
        search.note(rate, held=rate <= limit)
    assert limit / 1.06 <= search.low <= limit


def test_a_search_that_breaks_nothing_ends_at_its_limit() -> None:
    search = Search(50, 300)
    while (rate := search.next_rate) is not None:
        search.note(rate, held=True)
    assert 300 == search.low


def test_a_failed_call_breaks_a_rate() -> None:
    assert not holds(bad(100), 100, 4.0)


def test_a_median_ten_times_as_long_as_at_a_low_rate_breaks_a_rate() -> None:
    assert holds(good(100, 40.0), 100, 4.0)
    assert not holds(good(100, 40.1), 100, 4.0)


def test_a_rate_that_was_not_really_placed_did_not_hold() -> None:
    assert not holds(Burst(100, 100, (4.0,) * 100, 1.2), 100, 4.0)


def test_ways_take_turns_and_each_finds_its_own_limit() -> None:
    asterisk = Asterisk({Way.PLAIN: 300, Way.OURS: 200})
    ways = [(Way.PLAIN, 4.0), (Way.OURS, 4.0)]
    found = saturation(ways, asterisk.try_out, lambda: True, 50, 1000)
    assert [Way.PLAIN, Way.OURS, Way.PLAIN, Way.OURS] == [way for way, _ in asterisk.tried[:4]]
    assert 300 / 1.06 <= found[Way.PLAIN] <= 300
    assert 200 / 1.06 <= found[Way.OURS] <= 200


def test_one_unlucky_burst_does_not_break_a_rate() -> None:
    asterisk = Asterisk({Way.PLAIN: 300}, bad_luck=1)
    found = saturation([(Way.PLAIN, 4.0)], asterisk.try_out, lambda: True, 50, 1000)
    assert 300 / 1.06 <= found[Way.PLAIN] <= 300


def test_without_time_the_low_rate_is_all_that_is_known() -> None:
    asterisk = Asterisk({Way.PLAIN: 300})
    found = saturation([(Way.PLAIN, 4.0)], asterisk.try_out, lambda: False, 50, 1000)
    assert {Way.PLAIN: 50} == found
