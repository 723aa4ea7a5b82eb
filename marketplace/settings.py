"""Every setting of the product, in one place. `docs/configuration.md` describes each."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Read from the environment (`MARKETPLACE_…`); the defaults are the embedded product."""

    model_config = SettingsConfigDict(env_prefix="MARKETPLACE_", extra="ignore")

    environment: Literal["embedded", "production", "test"] = "embedded"
    demonstration: bool = False
    instance: Path = PROJECT / "instance"
    audit_heads: Path | None = None
    database_url: str = ""
    secret_key: str = ""
    address: str = "http://127.0.0.1:8000"
    mail_carrier: Literal["console", "smtp", "notify"] = "console"
    text_carrier: Literal["none", "console", "notify"] = "none"
    notify_key: str = ""
    notify_mail_template: str = ""
    notify_text_template: str = ""
    notify_address: str = "https://api.notifications.service.gov.uk"
    mail_from: str = "no-reply@marketplace.example"
    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_starttls: bool = True
    clamd: str = ""
    file_megabytes: int = 10
    files_per_day: int = 100
    files_per_bid: int = 20
    case_system_folder: Path | None = None
    charity_register_key: str = ""
    charity_register_address: str = "https://api.charitycommission.gov.uk/register/api"
    company_register_key: str = ""
    company_register_address: str = "https://api.company-information.service.gov.uk"
    notices_address: str = ""
    notices_key: str = ""
    ocid_prefix: str = "ocds-dfmkt0"
    grants_prefix: str = "360G-dfmarketplace"
    government_branding: bool = False
    jobs_in_server: bool = False
    jobs_tick_seconds: int = 5
    statement_timeout_seconds: int = 20
    trusted_proxies: int = 0
    log_level: str = "INFO"

    @field_validator("clamd")
    @classmethod
    def scanner_address(cls, address: str) -> str:
        parts = urlsplit(address)
        network = parts.scheme == "tcp" and parts.hostname and parts.port
        if address and not network and not (parts.scheme == "unix" and parts.path):
            raise ValueError("write tcp://host:port or unix:///path")
        return address

    @model_validator(mode="after")
    def fill_and_refuse(self) -> Settings:
        if self.audit_heads is None:
            self.audit_heads = self.instance / "audit-heads.jsonl"
        if self.demonstration and self.case_system_folder is None:
            self.case_system_folder = self.instance / "case-system"
        if not self.database_url:
            self.database_url = f"sqlite:///{self.instance / 'marketplace.sqlite3'}"
        if self.environment == "production":
            problems = list(self._production_problems())
            if problems:
                raise ValueError("Refusing to start in production: " + "; ".join(problems))
        return self

    def _production_problems(self):
        if self.demonstration:
            yield "MARKETPLACE_DEMONSTRATION must be off"
        if not self.database_url.startswith("postgresql"):
            yield "MARKETPLACE_DATABASE_URL must name a PostgreSQL database"
        if not self.address.startswith("https://"):
            yield "MARKETPLACE_ADDRESS must be an https address"
        if self.mail_carrier == "console":
            yield "MARKETPLACE_MAIL_CARRIER must be smtp or notify"
        yield from self._carrier_problems()
        if self.secret_key and len(self.secret_key) < 32:
            yield "MARKETPLACE_SECRET_KEY must have at least 32 characters"

    def _carrier_problems(self):
        if self.text_carrier == "console":
            yield "MARKETPLACE_TEXT_CARRIER must be none or notify"
        if "notify" in (self.mail_carrier, self.text_carrier) and not self.notify_key:
            yield "MARKETPLACE_NOTIFY_KEY must be set for GOV.UK Notify"
        if self.mail_carrier == "notify" and not self.notify_mail_template:
            yield "MARKETPLACE_NOTIFY_MAIL_TEMPLATE must be set for GOV.UK Notify"
        if self.text_carrier == "notify" and not self.notify_text_template:
            yield "MARKETPLACE_NOTIFY_TEXT_TEMPLATE must be set for GOV.UK Notify"

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")
