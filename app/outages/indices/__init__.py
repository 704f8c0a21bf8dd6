"""Indices of reliability (供电可靠性指标): IEEE 1366's and DL/T 836's, by unit, feeder, period, cause and nature.

`interruptions` (pure) turns the rows of who was out into interruptions, `reckoning` keeps those in
`outage_interruption` as outages are restored and closed, `serving` keeps how many customers are served. `counting`,
`figures` and `major` (pure) are the arithmetic, `report` puts it together for a reader, `workbook` and `paper` write it
down. Thresholds and lists are data: `rules.yaml`. Invariants: an interruption counts whole on the local day it began;
a customer's overlapping interruptions (a nested outage) count once; every figure is a quotient of sums over the
interruptions that its list shows.
"""
