"""`flask jobs`: run, list and retry jobs, and the clock process. `--json` for machines."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click
import orjson
from flask import current_app
from flask.cli import AppGroup

from app.kernel import clock, db, settings
from app.kernel.actor import SYSTEM
from app.kernel.errors import LightlineError
from app.kernel.jobs import broker, queue, runner
from app.kernel.jobs.models import STATES
from app.kernel.worker import Worker

jobs_cli = AppGroup("jobs", help="Work that follows a commit, and the clock.")

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, an object a line.")


def _print(value: Any) -> None:
    click.echo(orjson.dumps(value).decode())


@jobs_cli.command("run")
@click.option("--limit", default=1000, show_default=True, help="Stop after so many.")
@as_json_option
def run_command(limit: int, as_json: bool) -> None:
    """Run the jobs that are due now, in this process."""
    count = runner.run_due(clock.now(), limit)
    _print({"run": count}) if as_json else click.echo(f"{count} jobs run")


@jobs_cli.command("list")
@click.option("--state", type=click.Choice(STATES))
@click.option("--kind")
@click.option("--limit", default=50, show_default=True)
@as_json_option
def list_command(state: str | None, kind: str | None, limit: int, as_json: bool) -> None:
    """List jobs, those of one state or kind where asked for."""
    for job in queue.list_jobs(state=state, kind=kind, limit=limit):
        if as_json:
            _print(asdict(job))
            continue
        known = "" if job.known else " (no handler)"
        reason = f": {job.error.splitlines()[0]}" if job.error else ""
        click.echo(f"{job.id} {job.state:8} {job.kind}{known} attempts={job.attempts} {job.run_at.isoformat()}{reason}")


@jobs_cli.command("retry")
@click.argument("job_id")
@as_json_option
def retry_command(job_id: str, as_json: bool) -> None:
    """Let a dead or waiting job run again, with all its attempts."""
    try:
        db.run(lambda: queue.retry(job_id, actor=SYSTEM, now=clock.now()))
    except LightlineError as exc:
        raise click.ClickException(f"{job_id}: {exc}") from exc
    _print({"retried": job_id}) if as_json else click.echo(f"{job_id} will run")


@jobs_cli.command("clock")
def clock_command() -> None:
    """Run the clock: jobs, timers and all periodic work, until SIGTERM or Ctrl-C."""
    Worker(current_app._get_current_object()).run()  # type: ignore[attr-defined]


@jobs_cli.command("worker")
@click.option("--threads", type=click.IntRange(1, 256), help="Jobs at once; LIGHTLINE_JOB_THREADS by default.")
@click.option("--name", help="Tells several workers of one machine apart.")
def worker_command(threads: int | None, name: str | None) -> None:
    """Run a worker of the broker's queue, until SIGTERM or Ctrl-C."""
    if broker.CELERY not in current_app.extensions:
        raise click.ClickException("a worker needs CELERY_BROKER_URL; without it the clock runs jobs itself")
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    broker.run_worker(app, threads=threads or settings.current().job_threads, name=name)
