"""Reading the inbox: pages of tasks by key, bounded counts, one task's rights and time-line. Writes nothing.

Invariants: no list uses OFFSET or loads an instance's state; the statements of a page do
not grow with its rows; every list is limited to what the reader may see.
"""
