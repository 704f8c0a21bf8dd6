"""Stand-ins for every registered service: they answer what the scenario says and remember the calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from typing import Any, NoReturn

from flask_babel import gettext as _

from app.kernel.registry import BusinessError, Service, ServiceContext, registry


class UnexpectedCall(RuntimeError):
    """A service was called that the scenario does not speak of, or answered what it cannot."""


class Stubs:
    """The services of one scenario. `problem` is the first thing that was wrong with a call, "" if none was."""

    def __init__(self, results: Mapping[str, list[dict[str, Any]]]) -> None:
        self.results = results
        self.calls: Counter[str] = Counter()
        self.problem = ""

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Every registered service is replaced inside; a result for a service that is not registered is a problem."""
        for name in self.results:
            if name not in registry.services:
                self.problem = _("no service is registered as %(name)s", name=name)
        with registry.temporarily(*[self._stub(service) for service in registry.services.values()]):
            yield

    def _stub(self, service: Service) -> Service:
        def handler(_context: ServiceContext, **_inputs: Any) -> Mapping[str, Any]:
            return self._answer(service)

        return replace(service, handler=handler)

    def _answer(self, service: Service) -> Mapping[str, Any]:
        results = self.results.get(service.name)
        if results is None:
            self._complain(_("the service %(name)s is called, but the scenario says no result", name=service.name))
        number = min(self.calls[service.name], len(results) - 1)
        self.calls[service.name] += 1
        return self._give(service, results[number])

    def _give(self, service: Service, result: Mapping[str, Any]) -> Mapping[str, Any]:
        if set(result) <= {"error", "data"} and "error" in result:
            code = str(result["error"])
            if service.errors and code not in service.errors:
                self._complain(_("the service %(name)s has no error %(code)s", name=service.name, code=code))
            raise BusinessError(code, **(result.get("data") or {}))
        if set(result) == {"fail"}:
            raise RuntimeError(str(result["fail"]))
        outputs: Mapping[str, Any] = deepcopy(result["result"] if set(result) == {"result"} else result)
        return outputs

    def _complain(self, message: str) -> NoReturn:
        self.problem = self.problem or message
        raise UnexpectedCall(message)
