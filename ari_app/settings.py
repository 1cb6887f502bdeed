"""The settings of the service, read once from the environment (or a file named .env)."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """Every setting with its default; the variable of `x` is ``AUTOSECRETARY_X``."""

    model_config = SettingsConfigDict(
        env_prefix="AUTOSECRETARY_", env_file=".env", extra="ignore", frozen=True
    )

    database_url: str = "sqlite+aiosqlite:///autosecretary.sqlite3"

    ari_url: str = "http://127.0.0.1:8088"
    ari_app: str = "autosecretary"
    ari_user: str = "autosecretary"
    ari_password: SecretStr = SecretStr("")

    ami_host: str = "127.0.0.1"
    ami_port: Port = 5038
    ami_user: str = "autosecretary"
    ami_password: SecretStr = SecretStr("")

    agi_host: str = "127.0.0.1"
    agi_port: Port = 4573

    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=9273, ge=0, le=65535, description="0 switches metrics off")

    panel_host: str = "127.0.0.1"
    panel_port: int = Field(default=8080, ge=0, le=65535, description="0 switches the panel off")
    panel_url: str = Field(
        default="", pattern="^(https?://[^/]+)?$", description="the address that people type"
    )
    panel_behind_proxy: bool = False
    login_countries: str = Field(
        default="RU",
        pattern="^[A-Z]{2}(,[A-Z]{2})*$",
        description="whose mobile numbers may be typed as a login",
    )
    silent_minutes: int = Field(default=10, ge=1, le=24 * 60)
    silent_status: str = Field(default="offline", pattern="^(offline|break|keep)$")
    mail_private_hosts: bool = Field(
        default=True, description="whether mail servers may have addresses of the own network"
    )
    mail_falls_back: bool = True
    key: SecretStr = SecretStr("")
    key_file: Path = Path("autosecretary.key")

    journal: Path = Path("/var/log/asterisk/cel-custom/autosecretary.csv")

    messages: Path = Path("/var/spool/asterisk/autosecretary/messages")
    mailboxes: Path = Path("/var/spool/asterisk/voicemail/autosecretary")
    greetings: Path = Path("/usr/share/asterisk/sounds/autosecretary-own")
    messages_days: int = Field(default=90, ge=0, le=36500, description="0 keeps messages for ever")
    speech_ru: str = "text2wave -eval (voice_msu_ru_nsh_clunits)"
    speech_en: str = "text2wave -eval (voice_kal_diphone)"

    history_days: int = Field(default=730, ge=0, le=36500, description="0 keeps calls for ever")

    country: str = Field(default="RU", pattern="^[A-Z]{2}$")
    area_code: str = Field(default="495", pattern="^[0-9]*$")
    language: str = Field(default="ru", pattern="^(ru|en)$")

    max_steps: int = Field(default=20, ge=1, le=50)
    max_hops: int = Field(default=8, ge=0, le=20)
    max_ringing_seconds: int = Field(default=180, ge=5, le=3600)

    code_online: str = Field(default="*31", pattern=r"^\*[0-9]{2}$")
    code_do_not_disturb: str = Field(default="*32", pattern=r"^\*[0-9]{2}$")
    code_break: str = Field(default="*33", pattern=r"^\*[0-9]{2}$")
    code_outbound_calls: str = Field(default="*34", pattern=r"^\*[0-9]{2}$")
    code_all_calls: str = Field(default="*35", pattern=r"^\*[0-9]{2}$")
    code_offline: str = Field(default="*36", pattern=r"^\*[0-9]{2}$")
    code_say_status: str = Field(default="*30", pattern=r"^\*[0-9]{2}$")

    code_forward: str = Field(default="*72", pattern=r"^\*[0-9]{2}$")
    code_forward_off: str = Field(default="*73", pattern=r"^\*[0-9]{2}$")
    code_forward_busy: str = Field(default="*90", pattern=r"^\*[0-9]{2}$")
    code_forward_busy_off: str = Field(default="*91", pattern=r"^\*[0-9]{2}$")
    code_forward_no_answer: str = Field(default="*92", pattern=r"^\*[0-9]{2}$")
    code_forward_no_answer_off: str = Field(default="*93", pattern=r"^\*[0-9]{2}$")
    code_messages: str = Field(default="*97", pattern=r"^\*[0-9]{2}$")
    code_record: str = Field(default="*77", pattern=r"^\*[0-9]{2}$")

    log_json: bool = False

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        """Two codes with the same digits would hide each other."""
        codes = [value for name, value in self if name.startswith("code_")]
        if len(set(codes)) < len(codes):
            raise ValueError(f"AUTOSECRETARY_CODE_…: each needs digits of its own: {codes}")
        return self
