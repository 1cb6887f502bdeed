"""Lamps and stored plans are put right when both links are up, and once for the two of them."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from ari_app.asterisk.link import LinkState
from ari_app.current import CurrentDirectory
from ari_app.service import Service
from ari_app.settings import Settings
from demo.office import seed


@pytest.fixture
async def service(engine: AsyncEngine, sessions: async_sessionmaker[AsyncSession]) -> Service:
    """One whose lamps and stored plans are as they should be."""
    async with sessions.begin() as session:
        await seed(session)
    settings = Settings(_env_file=None)
    made = Service(settings, engine, await CurrentDirectory.begin(settings, engine))
    made._upkeep.is_reconciled = True
    return made


def is_due(service: Service) -> bool:
    """Whether everything is to be compared again; it counts as done afterwards."""
    due = not service._upkeep.is_reconciled
    service._upkeep.is_reconciled = True
    return due


async def test_at_the_start_the_later_link_is_the_one_that_counts(service: Service) -> None:
    service._manager.state = LinkState.CONNECTED
    await service._on_connected()
    after_the_first = is_due(service)
    service._ari.state = LinkState.CONNECTED
    await service._on_ari_connected()
    assert (after_the_first, is_due(service)) == (False, True)


@pytest.mark.parametrize("lost", ["ari", "ami"])
async def test_after_either_link_was_lost_everything_is_compared_again(
    service: Service, lost: str
) -> None:
    service._manager.state = service._ari.state = LinkState.CONNECTED
    await (service._on_ari_connected() if lost == "ari" else service._on_connected())
    assert is_due(service)


async def test_when_asterisk_was_restarted_its_links_come_back_in_any_order(
    service: Service,
) -> None:
    service._manager.state = LinkState.LOST
    service._ari.state = LinkState.CONNECTED
    await service._on_ari_connected()
    after_the_first = is_due(service)
    service._manager.state = LinkState.CONNECTED
    await service._on_connected()
    assert (after_the_first, is_due(service)) == (False, True)
