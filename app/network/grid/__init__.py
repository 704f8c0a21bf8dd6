"""The grid in memory: who is supplied from where as switches stand, in one immutable object a version.

`current(now)` gives it. `topology` is the graph, `supply` the trace of one state, `model` the answers,
`customers` who hangs where, `loading` reads them, `current` keeps them up to date.
"""

from app.network.grid.current import changed_here, current
from app.network.grid.model import Device, Grid, Loop, Trace, UnknownDevice

__all__ = ["Device", "Grid", "Loop", "Trace", "UnknownDevice", "changed_here", "current"]
