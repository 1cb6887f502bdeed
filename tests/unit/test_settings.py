"""The settings, their example file, and what they refuse."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from ari_app.settings import Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def test_the_example_names_every_setting_with_its_default() -> None:
    example = Settings(_env_file=EXAMPLE)
    named = {
        line.split("=")[0].removeprefix("AUTOSECRETARY_").lower()
        for line in EXAMPLE.read_text().splitlines()
        if line.startswith("AUTOSECRETARY_")
    }
    assert named == set(Settings.model_fields)
    assert example == Settings(_env_file=None)


def test_a_password_is_not_shown() -> None:
    shown = repr(Settings(_env_file=None, ari_password=SecretStr("opensesame")))
    assert "opensesame" not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [("ami_port", 0), ("code_break", "33"), ("max_steps", 1000), ("country", "ru")],
)
def test_a_setting_that_cannot_work_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError, match=name):
        Settings(_env_file=None, **{name: value})  # type: ignore[arg-type]


def test_two_feature_codes_with_the_same_digits_are_refused() -> None:
    with pytest.raises(ValidationError, match="digits of its own"):
        Settings(_env_file=None, code_break="*31")
