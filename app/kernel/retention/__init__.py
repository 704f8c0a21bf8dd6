"""How long what is past is kept: kinds of records that packages define, days as rows, one sweep that removes.

A package says of each kind which of its rows are over (`kinds.define`); how long it is kept
is data: the standard of its `retention.yaml`, overridden by rows of `retention_rule`, for a
process too where the kind has processes. The sweep removes in batches, each a transaction,
notes in the same transaction what it removed (`retention_run`), and leaves an entry in the
audit trail.

Invariants: what is still in use is never over, whatever the days; the audit trail itself
and the figures of elements are no kinds and stay.
"""
