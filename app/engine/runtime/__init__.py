"""Running instances: state, tasks, timers, messages, services, incidents and their history.

Invariants: one command is load, change, run to the next waiting points, project, save, in
the caller's transaction; the state of an instance changes only under its revision; rows
of tasks, timers and subscriptions are a projection of the state and never the other way
round; nothing here commits or reads the clock.
"""
