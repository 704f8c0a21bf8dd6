"""The engine held to BPMN 2.0: random diagrams and histories, run beside an independent model of tokens."""
