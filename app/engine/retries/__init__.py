"""Several incidents tried again at once: chosen by a filter, done by a job in batches, each with its result.

Invariant: each incident is tried in a savepoint of its own; one that breaks stops no other
and stays open.
"""
