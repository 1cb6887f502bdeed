"""What the bench hands over: the line for machines, the chart, the decision that it times."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ari_app.domain.numbers import RuleId
from ari_app.domain.routing import route
from ari_app.domain.steps import Fact
from tests.bench.decision import office, question
from tests.bench.figures import Burst
from tests.bench.place import Way, dial_plan
from tests.bench.report import Findings, draw, last_line
from tests.bench.service import Weight


def findings() -> Findings:
    medians = {Way.PLAIN: 4.0, Way.OURS: 5.0, Way.MIRROR: 4.5, Way.FASTAGI: 8.0}
    calls = {
        rate: {way: Burst(2, 2 if way is not Way.OURS else 1, (m, m)) for way, m in medians.items()}
        for rate in (50, 100)
    }
    rates = {Way.PLAIN: 300, Way.OURS: 270}
    return Findings(calls, 0, rates, {100: 20.04, 100_000: 21.0}, Weight(150.26, 9.0, 3.0))


def test_the_last_line_has_the_figures_under_their_agreed_names() -> None:
    summary = json.loads(last_line(findings()))
    assert {
        "rate": 100,
        "plain": {"median_ms": 4.0, "p99_ms": 4.0},
        "ours": {"median_ms": 5.0, "p99_ms": 5.0},
        "mirror": {"median_ms": 4.5, "p99_ms": 4.5},
        "fastagi": {"median_ms": 8.0, "p99_ms": 8.0},
        "ratio_median": 1.25,
        "ratio_p99": 1.25,
        "failed_ours": 2,
        "saturation_plain_cps": 300,
        "saturation_ours_cps": 270,
        "route_us_100": 20.0,
        "route_us_100000": 21.0,
        "rss_mb_10000_employees": 150.3,
        "ready_seconds_10000_employees": 3.0,
        "first_ready_seconds_10000_employees": 9.0,
        "ours_by_stored_plan": 0,
    } == summary


def test_the_last_line_is_one_line() -> None:
    assert "\n" not in last_line(findings())


def test_calls_that_never_rang_have_no_figures_in_the_last_line() -> None:
    found = findings()
    nothing = {100: {**found.calls[100], Way.OURS: Burst(2, 0, ())}}
    summary = json.loads(last_line(replace(found, calls=nothing)))
    assert {"median_ms": None, "p99_ms": None} == summary["ours"]
    assert summary["ratio_median"] is None


def test_the_chart_is_a_picture_with_every_way(tmp_path: Path) -> None:
    draw(findings(), tmp_path / "var/chart.svg")
    assert "<svg" in (tmp_path / "var/chart.svg").read_text()


def test_every_way_has_its_prefix_in_the_dial_plan() -> None:
    text = dial_plan(4573)
    assert [True] * 4 == [f"exten => _{way.value}XXX,1," in text for way in Way]


def test_the_timed_decision_follows_the_last_of_ten_rules() -> None:
    because = route(question(), office(3), datetime(2026, 11, 23, 9, 0, tzinfo=UTC)).because
    by_rule = [reason.rule for reason in because if reason.fact is Fact.RULE_BY_STATUS]
    assert [RuleId(10)] == by_rule
