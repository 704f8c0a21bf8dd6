"""Names that diagrams, IVR flows and reports may use, registered by each domain's `bindings`.

Engine, IVR and reporting look names up here and never import a domain. A diagram names a
service in one of two ways, with the meaning Camunda gives them:

- `camunda:delegateExpression="${name}"`: the service runs in the transaction of the step
  (it must be registered with `inline=True`: database effects only);
- `camunda:type="external" camunda:topic="name"`: the step waits, a job runs the service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from marshmallow import Schema

from app.kernel.actor import Actor


class BusinessError(Exception):
    """A failure the diagram may handle: becomes the BPMN error of this code, caught by an error boundary."""

    def __init__(self, code: str, message: str = "", **data: Any) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message
        self.data = data


@dataclass(frozen=True, slots=True)
class ServiceContext:
    """What a service is told about the step that called it.

    `idempotency_key` names this step of this instance: the same on every retry.
    `data` is a private copy of the step's variables.
    """

    instance_id: str
    business_key: str | None
    element_id: str
    task_id: str
    idempotency_key: str
    now: datetime
    actor: Actor
    data: Mapping[str, Any] = field(default_factory=dict)


ServiceHandler = Callable[..., Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Service:
    """A named piece a diagram can call: `handler(context, **inputs) -> outputs`.

    `title` and `title_en` are what an analyst reads; `inputs` and `outputs` are marshmallow
    schemas; `errors` the codes of `BusinessError` it may raise.
    """

    name: str
    title: str
    title_en: str
    handler: ServiceHandler
    inputs: type[Schema] | None = None
    outputs: type[Schema] | None = None
    errors: tuple[str, ...] = ()
    inline: bool = False


JobHandler = Callable[[Mapping[str, Any], datetime], None]
"""`handler(payload, now)`: runs inside the transaction that also finishes the job row."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of outbox job. `backoff` gives the delay before attempt n+1; `on_dead` is told when it gives up.

    `effect(payload, now)` is for what reaches outside the database (mail, a call, another
    system): it runs before the handler's transaction, so that no lock is held while a
    network is slow; the handler finds its JSON-able result under `payload["effect"]`. It
    may run again where the process dies before the commit: it must carry an idempotency key.
    """

    name: str
    handler: JobHandler
    max_attempts: int = 5
    backoff: Callable[[int], timedelta] = lambda attempt: timedelta(seconds=min(10 * 4 ** (attempt - 1), 3600))
    on_dead: Callable[[Mapping[str, Any], str, datetime], None] | None = None
    effect: Callable[[Mapping[str, Any], datetime], Any] | None = None


@dataclass(frozen=True, slots=True)
class Sweep:
    """Periodic work of the clock: `run(now) -> how many things it did`; owns its transactions."""

    name: str
    every: timedelta
    run: Callable[[datetime], int]


LookupHandler = Callable[..., Mapping[str, Any]]
"""`handler(now=, actor=, **inputs) -> values`: reads only (see `Lookup.writes`); asked through `kernel.lookups`."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question that an IVR flow or a report may ask: reads, answers plain JSON values.

    `writes` marks the few that must leave a trace of having been asked (a check of a caller's password):
    they run in a transaction of their own, and reports may not ask them.
    `personal` says that the answer concerns one customer: an IVR flow may ask it only after the caller
    has been identified. An answer that nobody has (no such order) is a value, not an exception.
    """

    name: str
    title: str
    title_en: str
    handler: LookupHandler
    inputs: type[Schema] | None = None
    outputs: type[Schema] | None = None
    personal: bool = False
    writes: bool = False


class UnknownName(LookupError):
    """A definition names something nobody registered."""


class DuplicateName(RuntimeError):
    """Two packages registered one name."""


class Registry:
    """All registered names of the process."""

    def __init__(self) -> None:
        self.services: dict[str, Service] = {}
        self.jobs: dict[str, JobKind] = {}
        self.sweeps: dict[str, Sweep] = {}
        self.lookups: dict[str, Lookup] = {}

    def service(
        self,
        name: str,
        *,
        title: str,
        title_en: str,
        inputs: type[Schema] | None = None,
        outputs: type[Schema] | None = None,
        errors: tuple[str, ...] = (),
        inline: bool = False,
    ) -> Callable[[ServiceHandler], ServiceHandler]:
        """Register the decorated function as a service task's implementation."""

        def register(handler: ServiceHandler) -> ServiceHandler:
            self._add(self.services, Service(name, title, title_en, handler, inputs, outputs, errors, inline))
            return handler

        return register

    def job(self, name: str, **options: Any) -> Callable[[JobHandler], JobHandler]:
        """Register the decorated function as the handler of a kind of job."""

        def register(handler: JobHandler) -> JobHandler:
            self._add(self.jobs, JobKind(name, handler, **options))
            return handler

        return register

    def sweep(self, name: str, *, every: timedelta) -> Callable[[Callable[[datetime], int]], Callable[[datetime], int]]:
        """Register the decorated function as periodic work of the clock."""

        def register(run: Callable[[datetime], int]) -> Callable[[datetime], int]:
            self._add(self.sweeps, Sweep(name, every, run))
            return run

        return register

    def lookup(
        self,
        name: str,
        *,
        title: str,
        title_en: str,
        inputs: type[Schema] | None = None,
        outputs: type[Schema] | None = None,
        personal: bool = False,
        writes: bool = False,
    ) -> Callable[[LookupHandler], LookupHandler]:
        """Register the decorated function as a question flows and reports may ask."""

        def register(handler: LookupHandler) -> LookupHandler:
            self._add(self.lookups, Lookup(name, title, title_en, handler, inputs, outputs, personal, writes))
            return handler

        return register

    def get_lookup(self, name: str) -> Lookup:
        try:
            return self.lookups[name]
        except KeyError:
            raise UnknownName(f"no lookup is registered as {name!r}") from None

    def get_service(self, name: str) -> Service:
        try:
            return self.services[name]
        except KeyError:
            raise UnknownName(f"no service is registered as {name!r}") from None

    def get_job(self, name: str) -> JobKind:
        try:
            return self.jobs[name]
        except KeyError:
            raise UnknownName(f"no job handler is registered as {name!r}") from None

    @contextmanager
    def temporarily(self, *services: Service) -> Iterator[None]:
        """Replace or add services for the time of a test or scenario."""
        before = dict(self.services)
        self.services.update({service.name: service for service in services})
        try:
            yield
        finally:
            self.services.clear()
            self.services.update(before)

    @staticmethod
    def _add(table: dict[str, Any], entry: Any) -> None:
        if entry.name in table and table[entry.name] != entry:
            raise DuplicateName(f"{entry.name!r} is registered twice")
        table[entry.name] = entry


registry = Registry()
