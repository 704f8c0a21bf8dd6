"""`flask ivr freeswitch-config`: the configuration of `ivr_flows/freeswitch/`, filled for this installation."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from pathlib import Path

import click

from app.kernel.settings import ROOT
from app.telephony import config
from app.telephony.config import Telephony

SOURCE = ROOT / "ivr_flows" / "freeswitch"
_PLACE = re.compile(r"@([A-Z_]+)@")
_PLAIN = re.compile(r"[^\s\"'<>&$;]*")


class NotPlain(ValueError):
    """A value that would be read as XML, or as more than one."""


def write(out: Path, values: Mapping[str, str]) -> list[Path]:
    """Copy the configuration to `out` with its places filled. Raises `NotPlain`, `KeyError`, `FileExistsError`."""
    for name, value in values.items():
        if not _PLAIN.fullmatch(value):
            raise NotPlain(f"{name}: a value without blanks, quotes, < > & $ ; is wanted")
    out.mkdir(parents=True)
    written = []
    for source in sorted(SOURCE.rglob("*.xml")):
        target = out / source.relative_to(SOURCE)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = _PLACE.sub(lambda found: values[found[1]], source.read_text(encoding="utf-8"))
        target.touch(mode=0o600)
        target.write_text(text, encoding="utf-8")
        written.append(target)
    (out / "tls").mkdir()
    return written


def values_for(telephony: Telephony, *, web: str, trunk: Mapping[str, str], ivr: str, apology: str) -> dict[str, str]:
    """What fills the places; passwords are made here."""
    return {
        "DOMAIN": telephony.domain,
        "EVENT_SOCKET_PASSWORD": secrets.token_urlsafe(32),
        "XML_CURL_TOKEN": secrets.token_urlsafe(32),
        "WEB": web.rstrip("/"),
        "IVR": ivr,
        "RECORDINGS": str(telephony.recordings.resolve()),
        "RESCUE_QUEUE": telephony.rescue_queue,
        "APOLOGY": apology,
        "TRUNK_HOST": trunk["host"],
        "TRUNK_USER": trunk["user"],
        "TRUNK_PASSWORD": trunk["password"],
    }


@click.command("freeswitch-config")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder that is not there yet.")
@click.option("--web", default="http://127.0.0.1:8000", show_default=True, help="Where Lightline's web is.")
@click.option("--ivr", default="", help="Where ivr processes listen, parted by |.")
@click.option("--trunk", default="127.0.0.1", show_default=True, help="The carrier's host.")
@click.option("--trunk-user", default="95598", show_default=True)
@click.option("--trunk-password", envvar="TRUNK_PASSWORD", default="", help="Or TRUNK_PASSWORD in the environment.")
@click.option("--apology", default="tone_stream://%(300,200,425)", help="A WAV that apologises while no ivr answers.")
def freeswitch_config(out: Path, **given: str) -> None:
    """Write FreeSWITCH's configuration and print what Lightline's environment needs."""
    telephony = config.current()
    carrier = {"host": given["trunk"], "user": given["trunk_user"], "password": given["trunk_password"]}
    ivr = given["ivr"] or telephony.socket
    values = values_for(telephony, web=given["web"], trunk=carrier, ivr=ivr, apology=given["apology"])
    try:
        files = write(out, values)
    except (NotPlain, FileExistsError) as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{len(files)} files in {out}", err=True)
    click.echo("LIGHTLINE_FREESWITCH=127.0.0.1:8021")
    click.echo(f"LIGHTLINE_FREESWITCH_PASSWORD={values['EVENT_SOCKET_PASSWORD']}")
    click.echo(f"LIGHTLINE_FREESWITCH_TOKEN={values['XML_CURL_TOKEN']}")
    click.echo(f"LIGHTLINE_RECORDINGS={values['RECORDINGS']}")
