"""The configuration of a private Asterisk is whole, and its secrets stay secret."""

import re
from pathlib import Path

import pytest

from demo.asterisk import AsteriskInstance, hostname_is_known, kept_secrets
from demo.configuration import PRODUCT, Account, Office
from demo.ports import Ports
from demo.rootfs import Root

PORTS = Ports(
    sip=1,
    trunk=20_000,
    rtp=10_000,
    http=3,
    ami=4,
    agi=5,
    metrics=6,
    panel=7,
    mail=8,
    mailbox=9,
)


@pytest.fixture
def instance(tmp_path: Path) -> AsteriskInstance:
    (tmp_path / "prompts/ru").mkdir(parents=True)
    office = Office((Account("101", "Анна"), Account("102", contact="sip:127.0.0.1:9")))
    made = AsteriskInstance(
        tmp_path / "asterisk", PORTS, Root(tmp_path / "root"), tmp_path / "prompts", office
    )
    made.write()
    return made


def read(instance: AsteriskInstance, name: str) -> str:
    return (instance.directory / "etc" / name).read_text()


def test_no_placeholder_is_left(instance: AsteriskInstance) -> None:
    left = [
        (file.name, found)
        for file in (instance.directory / "etc").glob("*.conf")
        for found in re.findall(r"\$\{[A-Z_]+_PORT\}|\$\$|\$\{DIRECTORY\}", file.read_text())
    ]

    assert left == []


def test_every_file_of_the_product_is_included_once(instance: AsteriskInstance) -> None:
    for file in PRODUCT.glob("*.conf"):
        line = f"#include autosecretary/{file.name}"
        assert read(instance, file.name).splitlines().count(line) == 1


def test_no_password_is_the_one_from_the_repository(instance: AsteriskInstance) -> None:
    for name in ("ari.conf", "manager.conf"):
        assert "change-me" not in read(instance, f"autosecretary/{name}")
    assert f"password = {instance.secrets['ari']}" in read(instance, "autosecretary/ari.conf")


def test_an_account_carries_its_own_number_as_caller_id(instance: AsteriskInstance) -> None:
    assert '[101](phone)\ncallerid = "Анна" <101>\n' in read(instance, "pjsip-phones.conf")


def test_the_feature_code_server_is_the_instances_own(instance: AsteriskInstance) -> None:
    assert read(instance, "extensions.conf").rstrip().endswith("AS_AGI = agi://127.0.0.1:5")


def test_a_second_start_keeps_the_secrets_for_their_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    first = kept_secrets(file, ["ari", "101"])

    second = kept_secrets(file, ["ari", "101", "102"])

    assert first == {name: second[name] for name in first}
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_service_is_told_everything_about_its_asterisk(instance: AsteriskInstance) -> None:
    environment = instance.service_environment()

    assert environment["AUTOSECRETARY_ARI_URL"] == "http://127.0.0.1:3"
    assert environment["AUTOSECRETARY_AMI_PASSWORD"] == instance.secrets["manager"]


def test_a_hosts_file_without_our_name_is_noticed(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1 localhost # and nothing else\n")

    assert not hostname_is_known(hosts)
