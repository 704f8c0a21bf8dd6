"""Moving running instances from one version of a process to another.

`nodes` reads what an element of a diagram does, `differences` compares two versions,
`names` says where each step stands in the other version, `judgement` whether an instance
may move, `move` moves it in memory, `moving` with its rows; `operations` and `batches` keep
the record of a whole migration, with the state before for the way back.

Invariants: an instance that may not move is left exactly as it is, with the reasons in its
result; tokens, variables, inbox tasks, timers' instants, jobs and incidents keep their ids.
"""
