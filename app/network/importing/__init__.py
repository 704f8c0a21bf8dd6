"""Grid data from files: read in one of three forms, checked as a whole, written all or not at all.

`plain` (nodes and edges of mv_oberrhein), `wide` (a table a sort of device) and `cim` read records (`given`);
`deriving` adds what a form leaves out, `settling` and `checking` find what is wrong, `writing` writes.
"""
