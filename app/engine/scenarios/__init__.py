"""Scenarios: stories of a process, written beside its diagram, that prove what the diagram does.

`loading` and `schema` read the YAML, `stage` gives a database of its own and a clock that
stands still, `stubs` stand in for the services, `runner` and `steps` play a scenario
through the engine's face, `coverage` says which elements no scenario reached. Nothing
here touches the live database.
"""
