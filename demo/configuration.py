"""The files of a private Asterisk: templates, and the product's own as an admin includes them."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from demo.ports import HOST, Ports
from demo.rootfs import Root

REPOSITORY = Path(__file__).resolve().parent.parent
TEMPLATES = REPOSITORY / "asterisk-config/demo"
PRODUCT = REPOSITORY / "asterisk-config/autosecretary"

PLACE_OF_PASSWORD = "change-me"
"""What the product's ari.conf and manager.conf have where the admin writes a password."""

_FOLDERS = (
    "etc/autosecretary",
    "lib/agi-bin",
    "lib/keys",
    "spool",
    "run",
    "log/cel-custom",
    "share",
)


@dataclass(frozen=True, slots=True)
class Account:
    """A SIP account of pjsip.conf: `contact` is for a phone that never registers."""

    extension: str
    name: str = ""
    language: str = "ru"
    context: str = "autosecretary-from-phones"
    lamps: str = "autosecretary-hints"
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """What a private Asterisk is made for: accounts, and dial plan of one's own."""

    accounts: tuple[Account, ...] = ()
    more_dial_plan: str = ""
    more_globals: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a private Asterisk lives, and what it is made of."""

    directory: Path
    ports: Ports
    root: Root
    prompts: Path


def write(place: Place, office: Office, secrets: Mapping[str, str]) -> None:
    """Write everything that Asterisk reads; what it wrote itself stays."""
    directory, ports = place.directory, place.ports
    etc = directory / "etc"
    shutil.rmtree(etc, ignore_errors=True)
    for name in _FOLDERS:
        (directory / name).mkdir(parents=True, exist_ok=True)
    _link_share(directory / "share", place.root, place.prompts)
    for template in TEMPLATES.glob("*.conf"):
        text = Template(template.read_text()).substitute(_values(place))
        (etc / template.name).write_text(text)
    (etc / "pjsip-phones.conf").write_text(phones(office.accounts, secrets))
    _include_product(etc, secrets)
    with (etc / "extensions.conf").open("a") as dial_plan:
        more = {"AS_AGI": f"agi://{HOST}:{ports.agi}", **(office.more_globals or {})}
        dial_plan.write("\n[globals](+)\n" + "".join(f"{k} = {v}\n" for k, v in more.items()))
        dial_plan.write(office.more_dial_plan)


def _values(place: Place) -> dict[str, str]:
    ports = place.ports
    return {
        "DIRECTORY": str(place.directory),
        "MODULES": str(place.root.modules),
        "SIP_PORT": str(ports.sip),
        "TRUNK_PORT": str(ports.trunk),
        "OUTSIDE": ",".join(f"{HOST}:{port}" for port in ports.outside),
        "HTTP_PORT": str(ports.http),
        "AMI_PORT": str(ports.ami),
        "RTP_START": str(ports.rtp),
        "RTP_END": str(ports.rtp_end),
    }


def phones(accounts: Sequence[Account], secrets: Mapping[str, str]) -> str:
    """The text of pjsip-phones.conf: endpoint, auth and aor of each account."""
    return "\n".join(_phone(account, secrets[account.extension]) for account in accounts)


def _phone(account: Account, password: str) -> str:
    name = account.extension
    caller = f'"{account.name}" <{name}>' if account.name else f"<{name}>"
    contact = f"contact = {account.contact}\n" if account.contact else ""
    mailbox = f"mailboxes = {name}@autosecretary\n"
    return (
        f"[{name}](phone)\ncallerid = {caller}\ncontext = {account.context}\n"
        f"subscribe_context = {account.lamps}\n"
        f"language = {account.language}\nauth = {name}\naors = {name}\n"
        f"{mailbox}mwi_subscribe_replaces_unsolicited = yes\n"
        f"[{name}](phone-auth)\nusername = {name}\npassword = {password}\n"
        f"[{name}](phone-aor)\n{contact}{mailbox}"
    )


def _include_product(etc: Path, secrets: Mapping[str, str]) -> None:
    for file in sorted(PRODUCT.glob("*.conf")):
        text = file.read_text().replace(PLACE_OF_PASSWORD, secrets.get(file.stem, ""))
        (etc / "autosecretary" / file.name).write_text(text)
        with (etc / file.name).open("a") as own:
            own.write(f"\n#include autosecretary/{file.name}\n")


def _link_share(share: Path, root: Root, prompts: Path) -> None:
    of_asterisk = root.path / "usr/share/asterisk"
    (share / "sounds/custom").mkdir(parents=True, exist_ok=True)
    links = {name: of_asterisk / name for name in ("documentation", "moh", "rest-api", "keys")}
    links |= {f"sounds/{language.name}": language for language in prompts.iterdir()}
    for name, target in links.items():
        link = share / name
        link.unlink(missing_ok=True)
        link.symlink_to(target)
