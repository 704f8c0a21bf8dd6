"""Rows that show what an instance waits for: written from its state after each command, never read back into it.

`waiting` finds what is waited for, `tasks`, `timers` and `subscriptions` keep the rows
equal to it by difference (no row is read), `activities` adds to the history.
"""
