"""Demo grid: the real medium-voltage grid of `oberrhein/`, placed among the demo units."""
