"""PINs: right, wrong, and wrong too often."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from ari_app.domain.numbers import Extension
from ari_app.store.errors import InvalidError
from ari_app.store.pins import LOCKED_FOR, MOST_FAILURES, check_pin, set_pin
from demo.office import PIN
from tests.unit.office import Sessions, seeded, who
from tests.unit.people import MONDAY_NOON

ANNA = Extension("101")


async def _fail(sessions: Sessions, extension: Extension, times: int) -> None:
    for _ in range(times):
        async with sessions.begin() as session:
            assert await check_pin(session, extension, "0000", MONDAY_NOON) is None


async def test_the_right_pin_names_the_employee(sessions: Sessions) -> None:
    anna = who(await seeded(sessions), 101)
    async with sessions.begin() as session:
        assert anna == await check_pin(session, ANNA, PIN, MONDAY_NOON)


async def test_five_wrong_pins_lock_the_extension_for_five_minutes(sessions: Sessions) -> None:
    anna = who(await seeded(sessions), 101)
    await _fail(sessions, ANNA, MOST_FAILURES)
    async with sessions.begin() as session:
        assert await check_pin(session, ANNA, PIN, MONDAY_NOON) is None
        later = MONDAY_NOON + LOCKED_FOR - timedelta(seconds=1)
        assert await check_pin(session, ANNA, PIN, later) is None
        assert anna == await check_pin(session, ANNA, PIN, MONDAY_NOON + LOCKED_FOR)


async def test_four_wrong_pins_are_forgotten_after_the_right_one(sessions: Sessions) -> None:
    anna = who(await seeded(sessions), 101)
    for _ in range(2):
        await _fail(sessions, ANNA, MOST_FAILURES - 1)
        async with sessions.begin() as session:
            assert anna == await check_pin(session, ANNA, PIN, MONDAY_NOON)


async def test_another_extension_is_not_locked(sessions: Sessions) -> None:
    boris = who(await seeded(sessions), 102)
    await _fail(sessions, ANNA, MOST_FAILURES)
    async with sessions.begin() as session:
        assert boris == await check_pin(session, Extension("102"), PIN, MONDAY_NOON)


@pytest.mark.parametrize("extension", ["199", "", "1' OR '1'='1", "9" * 300, "٣٣", "10\0"])
async def test_an_extension_that_nobody_has_has_no_pin(sessions: Sessions, extension: str) -> None:
    await seeded(sessions)
    async with sessions.begin() as session:
        assert await check_pin(session, Extension(extension), PIN, MONDAY_NOON) is None


@pytest.mark.parametrize("pin", ["", "123", "12345678901234", "12a4", "١٢٣٤"])
async def test_only_four_to_twelve_digits_are_a_pin(sessions: Sessions, pin: str) -> None:
    anna = who(await seeded(sessions), 101)
    async with sessions.begin() as session:
        with pytest.raises(InvalidError):
            await set_pin(session, anna, pin)


async def test_only_an_argon2id_hash_is_kept(sessions: Sessions) -> None:
    await seeded(sessions)
    async with sessions() as session:
        kept = (await session.scalars(text("SELECT pin_hash FROM employees"))).all()
    assert all(pin.startswith("$argon2id$") for pin in kept)
