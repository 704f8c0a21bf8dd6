"""What is asked of the grid: one-line diagrams, maps, lists, devices with their history."""

from app.network.queries.map import GridMap, MapLine, MapPoint, map_of
from app.network.queries.one_line import DrawnEdge, DrawnNode, DrawnSwitch, OneLine, one_line

__all__ = ["DrawnEdge", "DrawnNode", "DrawnSwitch", "GridMap", "MapLine", "MapPoint", "OneLine", "map_of", "one_line"]
