"""What is shown of a supposed call is what a real call does that is placed right after."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ari_app.asterisk.steps import decode_step, encode_plan
from ari_app.domain.calls import Caller, Outcome
from ari_app.domain.directory import Directory, Status
from ari_app.domain.numbers import EmployeeId, Extension
from ari_app.domain.steps import Plan, Play, Reason
from ari_app.domain.what_if import Supposed, way
from ari_app.store.database import opened
from ari_app.store.past import PastCall
from ari_app.store.people import card_of, change_employee
from ari_app.store.rules import save_rules
from ari_app.store.statuses import declare
from demo.office import COUNTRY
from tests.live.phones import Phone, Phones
from tests.live.service.office import Office
from tests.live.what_if.panel import Drawn, Panel, logged_in
from tests.live.what_if.table import CALLED, INSIDE, RINGS, RUNG, Wave, secretary, waves

Told = list[tuple[str, str, int, tuple[str, ...], str, tuple[Reason, ...]]]
"""What a way is compared by: kind, key, seconds, whom, target and reasons of each step."""


async def test_forty_calls_go_the_way_that_was_shown_before(office: Office, phones: Phones) -> None:
    directory = await office.directory()
    who = {str(extension): one for extension, one in directory.extensions.items()}
    (lunch,) = directory.own_statuses
    await _be_impatient(office, who)
    async with opened(office.database) as sessions, sessions.begin() as session:
        for extension in CALLED:
            now = datetime.now(directory.employees[who[extension]].zone)
            rules = secretary(extension, who, lunch, now)
            await save_rules(session, who[extension], rules, now, COUNTRY)
    for colleague in RUNG:
        await phones.employee(colleague)
    await phones.outside()
    desks = {extension: await phones.employee(extension) for extension in CALLED}

    wrong: list[object] = []
    table = waves(lunch)
    async with logged_in(office.service) as panel:
        for place, wave in enumerate(table):
            await _arrange(office, desks, wave, place)
            shown = {call: _supposed(await office.directory(), call, wave) for call in wave.calls}
            drawn = {call: await _picture(panel, who, call, wave) for call in wave.calls}
            for call, there, here in await _compare(office, phones, shown):
                if there != here or not _is_of(drawn[call], here):
                    wrong.append((wave, call, there, here, drawn[call]))

    assert sum(len(wave.calls) for wave in table) >= 30
    assert [] == wrong


async def _compare(
    office: Office, phones: Phones, shown: dict[tuple[str, str], tuple[Plan, ...]]
) -> list[tuple[tuple[str, str], Told, Told]]:
    """Place the calls, and put what was shown of each beside what it did."""
    office.began = datetime.now(UTC)
    placed = []
    for (caller, called), plans in shown.items():
        # Who is answered by a greeting stays on the line for all that comes after it.
        talk = 14 if any(isinstance(plan.step, Play) for plan in plans) else 1
        password = office.asterisk.secrets[caller] if caller == INSIDE else ""
        placed.append(phones.sipp_call(caller, called, talk_seconds=talk, password=password))
    await office.take_place(*placed, seconds=60)
    past = {(one.caller_number, one.called): one for one in await office.calls(len(placed), 20)}
    return [(call, _told(plans), _happened(past[call])) for call, plans in shown.items()]


async def _be_impatient(office: Office, who: dict[str, EmployeeId]) -> None:
    """Nobody's phone rings for more than two seconds."""
    async with opened(office.database) as sessions, sessions.begin() as session:
        for employee in who.values():
            card = await card_of(session, employee)
            hasty = tuple(replace(phone, seconds=2) for phone in card.phones)
            await change_employee(session, employee, replace(card, phones=hasty))


async def _arrange(office: Office, desks: dict[str, Phone], wave: Wave, place: int) -> None:
    """The wave's statuses and phones; the lamp of somebody else shows that the service knows."""
    for desk in desks.values():
        if wave.phones is Outcome.UNREACHABLE:
            await desk.unregister()
        elif not desk.is_registered:
            await desk.register()
        if wave.phones is RINGS:
            desk.rings_only()
        else:
            desk.declines()
    directory = await office.directory()
    async with opened(office.database) as sessions, sessions.begin() as session:
        for called, status in zip(CALLED, wave.statuses, strict=True):
            employee = directory.extensions[Extension(called)]
            await declare(session, employee, status, None, datetime.now(UTC))
    await office.declare("108", Status.ONLINE if place % 2 else Status.DO_NOT_DISTURB)


def _supposed(directory: Directory, call: tuple[str, str], wave: Wave) -> tuple[Plan, ...]:
    caller, called = call
    who = Caller(caller, is_inside=caller == INSIDE)
    employee = directory.extensions[Extension(called)]
    return way(directory, Supposed(who, employee, datetime.now(UTC), wave.phones))


async def _picture(
    panel: Panel, who: dict[str, EmployeeId], call: tuple[str, str], wave: Wave
) -> list[Drawn]:
    """What the panel shows of it, with the status as it is and at this very moment."""
    caller, called = call
    kind = "inside" if caller == INSIDE else "outside" if caller else "withheld"
    return await panel.picture(
        who[called], if_caller=kind, if_number=caller, if_phones=wave.phones.value
    )


def _is_of(drawn: list[Drawn], told: Told) -> bool:
    """Whether a picture shows these steps, with everybody who is rung."""
    if [box.kind for box in drawn] != [step[0] for step in told]:
        return False
    return all(
        address in box.text for box, step in zip(drawn, told, strict=True) for address in step[3]
    )


def _told(plans: Sequence[Plan]) -> Told:
    """The way as Asterisk's journal would have it."""
    steps = [step for plan in plans if (step := decode_step(encode_plan(plan))) is not None]
    return [
        (one.kind, one.key, one.seconds, one.addresses, one.target, one.because) for one in steps
    ]


def _happened(call: PastCall) -> Told:
    return [
        (one.kind, one.key, one.seconds, one.addresses, one.target, one.because)
        for one in call.steps
    ]
