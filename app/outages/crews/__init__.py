"""Whom to send (派班建议): crews ranked for an outage, each with its reasons; a person decides.

`rule` is the solver in use, a pure function of plain values. Its face (`model.Solver`) is all that
`outages.operations.crews` knows, so that another solver can take its place (`operations.crews.use`).
A solver for many outages and crews at once (a vehicle routing problem, OR-Tools) was weighed and left
out: dispatchers decide one outage at a time on facts that change by the minute, a ranking with its reasons
is what they can check, and a plan of routes is stale as soon as one crew reports. Measured, the rule
ranks a hundred crews in about a millisecond.
"""
