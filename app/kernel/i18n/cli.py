"""`flask i18n compile`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.kernel.i18n import catalogues

i18n_cli = AppGroup("i18n", help="Translations.")


@i18n_cli.command("compile")
def compile_all() -> None:
    """Compile the translations of every package."""
    for path in catalogues.sources():
        try:
            catalogues.compile_file(path)
        except catalogues.BrokenCatalogue as exc:
            raise click.ClickException(str(exc)) from exc
    click.echo(f"{len(catalogues.sources())} catalogues compiled")
