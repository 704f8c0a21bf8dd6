"""Which device explains the calls of a feeder (停电研判): pure, no database, no clock.

`predict` computes the groups of one feeder from all its reports at once, `zones` those of calls without a
place. Nothing is remembered between two calls of them: the same reports always give the same groups, in
whatever order they came, so that what is stored can be held against a computation from scratch.
"""

from app.outages.location.predict import predict
from app.outages.location.scene import Group, Reason, Report, Scene
from app.outages.location.thresholds import Thresholds
from app.outages.location.zones import zones

__all__ = ["Group", "Reason", "Report", "Scene", "Thresholds", "predict", "zones"]
