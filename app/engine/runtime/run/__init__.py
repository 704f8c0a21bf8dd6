"""One command on one instance: load, change, run to the next waiting points, project, save.

`active` is the command in memory and who else is at work in this transaction, `steps`
runs what is ready, `failures` turns what goes wrong into incidents, `host` answers the
elements, `command` puts it together, `save` writes it down.
"""
