"""The line: carries out on FreeSWITCH what the interpreter wants, and tells it what happened.

`session` drives one call; each command has a module that knows how FreeSWITCH does it and how long it may
take. What asks the database or a process goes to `workers`, threads with their own sessions, so that no call
waits for another's. `process` is the ivr process around all calls.

A call keeps the versions of the flows that it began with. Whatever breaks, the caller hears an apology and is
handed to an agent, without the database (`rescue`).
"""
