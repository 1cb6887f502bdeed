"""Looks at a running Asterisk and the database, and says for each failing point what to do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from ari_app.advice_words import with_owner
from ari_app.asterisk.events import Event
from ari_app.asterisk.fallback import FAMILY
from ari_app.asterisk.link import LinkState
from ari_app.asterisk.manager import Manager
from ari_app.asterisk.rest import AriError
from ari_app.asterisk.session import Ari
from ari_app.asterisk.wire import ManagerError
from ari_app.domain.advice import unused_rules
from ari_app.domain.checks import rules_gone_wrong
from ari_app.domain.directory import Directory
from ari_app.explain import N_, Storyteller
from ari_app.findings import Finding
from ari_app.settings import Settings

_PATIENCE = 6.0
_MODULES = (
    "app_celgenuserevent",
    "app_dial",
    "app_playback",
    "app_read",
    "app_record",
    "app_stack",
    "app_stasis",
    "cel_custom",
    "func_channel",
    "func_cut",
    "func_db",
    "func_module",
    "func_strings",
    "res_agi",
    "res_ari_channels",
    "res_ari_device_states",
    "res_stasis_device_state",
)
_CONTEXTS = (
    "autosecretary",
    "autosecretary-call",
    "autosecretary-codes",
    "autosecretary-call-back",
)
_SOUND = "autosecretary/unavailable"


async def examine_asterisk(
    settings: Settings, directory: Directory, say: Callable[[str], str]
) -> list[Finding]:
    """Every point that concerns Asterisk."""
    async with _connected(settings) as (ari, manager):
        links = [
            _link(say, "ARI", ari.state, ari.detail, "AUTOSECRETARY_ARI_…, ari.conf, http.conf"),
            _link(say, "AMI", manager.state, manager.detail, "AUTOSECRETARY_AMI_…, manager.conf"),
        ]
        findings = links
        if ari.state is LinkState.CONNECTED:
            findings += await _guarded(say, "ARI", lambda: _by_ari(ari, directory, say))
        if manager.state is LinkState.CONNECTED:
            findings += await _guarded(say, "AMI", lambda: _by_ami(manager, directory, say))
        return findings


def examine_rules(directory: Directory, now: datetime, storyteller: Storyteller) -> list[Finding]:
    """Rules that could be saved once and cannot work any more, and rules that nothing comes to."""
    say = storyteller.say
    wrong = rules_gone_wrong(directory, now)
    unused = list(unused_rules(directory, now))
    if not wrong and not unused:
        return [Finding(say(N_("rules")), is_well=True)]
    seen = [storyteller.refusal(employee, refusal) for employee, refusal in wrong]
    seen += [with_owner(employee, advice, storyteller) for employee, advice in unused]
    return [
        Finding(
            say(N_("rules")),
            is_well=False,
            seen=each,
            todo=say(N_("change or delete this rule")),
            is_warning=True,
        )
        for each in seen
    ]


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[tuple[Ari, Manager]]:
    async def ignore(_event: Event | None = None) -> None:
        return

    ari = Ari(
        settings.ari_url,
        settings.ari_user,
        settings.ari_password.get_secret_value(),
        f"doctor-{settings.ari_app}",
        on_event=ignore,
        on_connected=ignore,
    )
    manager = Manager(
        settings.ami_host,
        settings.ami_port,
        settings.ami_user,
        settings.ami_password.get_secret_value(),
        on_connected=ignore,
    )
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(ari.run()), tasks.create_task(manager.run())]
        await _settled(ari, manager)
        yield ari, manager
        for task in running:
            task.cancel()


async def _settled(ari: Ari, manager: Manager) -> None:
    """Wait until both are connected or have said why not; nothing else ends this wait."""
    loop = asyncio.get_running_loop()
    end = loop.time() + _PATIENCE
    while loop.time() < end:
        if all(link.state is LinkState.CONNECTED for link in (ari, manager)):
            return
        await asyncio.sleep(0.05)


async def _guarded(
    say: Callable[[str], str], point: str, look: Callable[[], Awaitable[list[Finding]]]
) -> list[Finding]:
    try:
        return await look()
    except (AriError, ManagerError) as error:
        return [
            Finding(point, is_well=False, seen=str(error), todo=say(N_("look at Asterisk's log")))
        ]


def _link(
    say: Callable[[str], str], point: str, state: LinkState, detail: str, where: str
) -> Finding:
    todo = {
        LinkState.WRONG_PASSWORD: N_("make user and password agree: {where}"),
        LinkState.UNREACHABLE: N_("check address and port, and that it is enabled: {where}"),
        LinkState.FORBIDDEN: N_("give the account permission to write: {where}"),
    }.get(state, N_("check {where}"))
    is_well = state is LinkState.CONNECTED
    seen = state.value if is_well else f"{state.value} {detail}".strip()
    return Finding(point, is_well, seen, "" if is_well else say(todo).format(where=where))


async def _by_ari(ari: Ari, directory: Directory, say: Callable[[str], str]) -> list[Finding]:
    modules = await ari.modules()
    running = {name.removesuffix(".so") for name, state in modules.items() if state == "Running"}
    sound = await ari.over_http("GET", f"sounds/{_SOUND.replace('/', '%2F')}")
    return [
        Finding("Asterisk", is_well=True, seen=await ari.version()),
        _modules(running, say),
        _broadcast(running, say),
        Finding(
            say(N_("spoken sentences")),
            sound.is_ok,
            seen=_SOUND,
            todo="" if sound.is_ok else say(N_("make prompts DEST=<Asterisk's sounds folder>")),
        ),
        await _phones(ari, directory, say),
    ]


def _modules(running: set[str], say: Callable[[str], str]) -> Finding:
    missing = [module for module in _MODULES if module not in running]
    return Finding(
        say(N_("modules")),
        not missing,
        ", ".join(missing) or str(len(running)),
        say(N_("load these modules (modules.conf)")) if missing else "",
    )


def _broadcast(running: set[str], say: Callable[[str], str]) -> Finding:
    has_it = "app_stasis_broadcast" in running
    return Finding(
        "StasisBroadcast",
        has_it,
        todo=""
        if has_it
        else say(
            N_("upgrade to Asterisk 20.17, 22.7 or 23.1: without it a hung service holds calls")
        ),
        is_warning=True,
    )


async def _phones(ari: Ari, directory: Directory, say: Callable[[str], str]) -> Finding:
    known = {endpoint.resource for endpoint in await ari.endpoints()}
    wanted = {
        phone.address
        for person in directory.employees.values()
        for phone in person.phones
        if isinstance(phone.address, str)
    }
    missing = sorted(wanted - known)
    return Finding(
        say(N_("employees' phones")),
        not missing,
        ", ".join(missing[:10]) or str(len(wanted)),
        say(N_("make these endpoints in pjsip.conf, or change the cards")) if missing else "",
        is_warning=True,
    )


async def _by_ami(
    manager: Manager, directory: Directory, say: Callable[[str], str]
) -> list[Finding]:
    missing = [
        context
        for context in _CONTEXTS
        if "created by" not in await _shown(manager, f"dialplan show {context}")
    ]
    plans = await manager.database_tree(FAMILY)
    hints = await _shown(manager, "dialplan show autosecretary-hints")
    cel = await _shown(manager, "cel show status")
    todo_cel = N_("switch CEL on with USER_DEFINED and LINKEDID_END (cel.conf, cel_custom.conf)")
    lacking = sorted(
        f"{origin}-{extension}-1"
        for origin in ("inside", "outside")
        for extension in directory.extensions
        if f"{origin}-{extension}-1" not in plans
    )
    return [
        _point(
            say,
            N_("dial plan"),
            not missing,
            ", ".join(missing),
            N_("#include autosecretary/extensions.conf in extensions.conf, then: dialplan reload"),
        ),
        _point(
            say,
            N_("hints"),
            "hint:" in hints,
            "",
            N_("#include autosecretary/extensions.conf, and set subscribe_context of the phones"),
        ),
        _point(
            say, N_("call journal"), "USER_DEFINED" in cel and "Custom CSV" in cel, "", todo_cel
        ),
        _point(
            say,
            N_("stored plans"),
            not lacking,
            ", ".join(lacking[:10]) or str(len(plans)),
            N_("start the service: it writes them"),
        ),
    ]


def _point(say: Callable[[str], str], name: str, is_well: bool, seen: str, todo: str) -> Finding:
    return Finding(say(name), is_well, seen, "" if is_well else say(todo))


async def _shown(manager: Manager, command: str) -> str:
    return "\n".join((await manager.command(command)).output)
