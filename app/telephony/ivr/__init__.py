"""Flows of the telephone line: read, checked and interpreted without any effect.

Invariants: nothing here reads a clock, a network or a database, and nothing raises for what a caller does.
`machine.begin` and `machine.step` turn (state, event) into (state, commands); whoever drives a call (the ESL
session, the terminal, the browser's phone, a transcript) carries the commands out and answers each waiting one
with exactly one event.
"""
