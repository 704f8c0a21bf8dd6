"""Demo grid: the real medium-voltage grid of `oberrhein/`, once for each demo city, and the demo customers on it."""

from app.network.demo.loading import load

__all__ = ["load"]
