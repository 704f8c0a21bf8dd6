"""Settings, read once from the environment. Secrets have no default that works in production."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from flask import current_app

ROOT = Path(__file__).resolve().parents[2]
_SECRETS = "LIGHTLINE_TOKEN_"


class MissingSetting(RuntimeError):
    """A setting that this environment must give is absent."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that differs between one installation and another.

    `environment` is `development`, `test` or `production`; `instance` the folder of
    local data (SQLite, files, generated secrets); sizes are in bytes. `working_hours` are
    the local hours of a working day (the default is the usual day of a business hall:
    eight hours are the Labour Law's, article 36; where they lie is the utility's own choice).
    `import_root` holds the folders that scheduled imports may look into, `outbound_hosts` the
    hosts (`name` or `name:port`) that may be asked or told something, `tokens` the secrets of such
    calls by the name under which people choose them (`LIGHTLINE_TOKEN_<NAME>`).
    `map_tiles` is the address of map tiles (`https://tiles.example/{z}/{x}/{y}.png`), empty where none are to be
    fetched, `map_tiles_by` the line of attribution their owner asks for.
    """

    environment: str = "development"
    instance: Path = ROOT / "instance"
    database_url: str = ""
    celery_broker_url: str = ""
    secret_key: str = field(default="", repr=False)
    password_salt: str = field(default="", repr=False)
    limiter_storage: str = "memory://"
    max_upload: int = 20 * 1024 * 1024
    max_request: int = 32 * 1024 * 1024
    https: bool = False
    proxies: int = 0
    log_level: str = "INFO"
    default_locale: str = "zh"
    ruleset: str = "SGCC-2022"
    metrics_token: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    mail_from: str = "lightline@localhost"
    sms_gateway: str = ""
    working_hours: str = "08:30-12:00,13:30-17:30"
    job_threads: int = 4
    job_retention_days: int = 90
    bpmn_dir: Path = ROOT / "bpmn"
    forms_dir: Path = ROOT / "forms"
    ivr_dir: Path = ROOT / "ivr_flows"
    map_tiles: str = ""
    map_tiles_by: str = ""
    import_root: Path | None = None
    outbound_hosts: frozenset[str] = frozenset()
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def testing(self) -> bool:
        return self.environment == "test"

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read `LIGHTLINE_*`, `DATABASE_URL` and `CELERY_BROKER_URL`; fail at once where one is missing."""
        env = os.environ if env is None else env
        environment = env.get("LIGHTLINE_ENV", "development")
        if environment not in {"development", "test", "production"}:
            raise MissingSetting(f"LIGHTLINE_ENV must be development, test or production, not {environment!r}")
        instance = Path(env.get("LIGHTLINE_INSTANCE", str(ROOT / "instance")))
        production = environment == "production"
        if production and not env.get("DATABASE_URL"):
            raise MissingSetting("production needs DATABASE_URL")
        database_url = _driver(env.get("DATABASE_URL", f"sqlite:///{instance / 'lightline.db'}"))
        broker = env.get("CELERY_BROKER_URL", "")
        if broker and not database_url.startswith("postgresql"):
            raise MissingSetting("CELERY_BROKER_URL needs DATABASE_URL at PostgreSQL: workers share one database")
        return cls(
            environment=environment,
            instance=instance,
            database_url=database_url,
            celery_broker_url=broker,
            secret_key=_secret(env, "LIGHTLINE_SECRET_KEY", instance, production=production),
            password_salt=_secret(env, "LIGHTLINE_PASSWORD_SALT", instance, production=production),
            limiter_storage=env.get("LIGHTLINE_LIMITER_STORAGE") or _limiter_storage(broker),
            max_upload=int(env.get("LIGHTLINE_MAX_UPLOAD", 20 * 1024 * 1024)),
            max_request=int(env.get("LIGHTLINE_MAX_REQUEST", 32 * 1024 * 1024)),
            https=env.get("LIGHTLINE_HTTPS", "1" if production else "0") == "1",
            proxies=int(env.get("LIGHTLINE_PROXIES", 0)),
            log_level=env.get("LIGHTLINE_LOG_LEVEL", "INFO"),
            default_locale=env.get("LIGHTLINE_LOCALE", "zh"),
            ruleset=env.get("LIGHTLINE_RULESET", "SGCC-2022"),
            metrics_token=env.get("LIGHTLINE_METRICS_TOKEN", ""),
            smtp_url=env.get("LIGHTLINE_SMTP_URL", ""),
            mail_from=env.get("LIGHTLINE_MAIL_FROM", "lightline@localhost"),
            sms_gateway=env.get("LIGHTLINE_SMS_GATEWAY", ""),
            working_hours=env.get("LIGHTLINE_WORKING_HOURS", "08:30-12:00,13:30-17:30"),
            job_threads=int(env.get("LIGHTLINE_JOB_THREADS", 4)),
            job_retention_days=int(env.get("LIGHTLINE_JOB_RETENTION_DAYS", 90)),
            map_tiles=env.get("LIGHTLINE_MAP_TILES", ""),
            map_tiles_by=env.get("LIGHTLINE_MAP_TILES_BY", ""),
            import_root=Path(env["LIGHTLINE_IMPORT_ROOT"]) if env.get("LIGHTLINE_IMPORT_ROOT") else None,
            outbound_hosts=frozenset(env.get("LIGHTLINE_OUTBOUND_HOSTS", "").lower().replace(",", " ").split()),
            tokens={key.removeprefix(_SECRETS): env[key] for key in env if key.startswith(_SECRETS)},
        )


def current() -> Settings:
    """The settings of the running application."""
    return cast(Settings, current_app.extensions["lightline.settings"])


def _driver(url: str) -> str:
    """`postgres://` and `postgresql://` mean psycopg 3 here."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


def _limiter_storage(broker: str) -> str:
    """Webs count requests together where they share a Redis, else each for itself."""
    if broker.startswith("redis+socket://"):
        return "redis+unix://" + broker.removeprefix("redis+socket://").partition("?")[0]
    return broker if broker.startswith(("redis://", "rediss://")) else "memory://"


def _secret(env: Mapping[str, str], name: str, instance: Path, *, production: bool) -> str:
    """The secret from the environment; outside production one is made once and kept in the instance folder."""
    if value := env.get(name):
        return value
    if production:
        raise MissingSetting(f"production needs {name}")
    path = instance / name.removeprefix("LIGHTLINE_").lower()
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text()
