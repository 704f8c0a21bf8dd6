"""A fictive grid of any size, for trying out and measuring: feeders with laterals behind fuses, ties, meter boxes.

`plan` says what it is made of, `loading` writes it with customers past the operations.
"""

from app.network.fictive.loading import Made, load
from app.network.fictive.plan import Plan

__all__ = ["Made", "Plan", "load"]
