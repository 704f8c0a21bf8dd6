"""The behaviour of each kind of BPMN element: SpiffWorkflow's classes, corrected, one behaviour a file.

Invariants: an element keeps all state of an instance in the task, never in itself (specs
are shared by all instances and threads); it reaches the outside only through `host.Host`.
"""
