"""`make bench`: how fast the house is, as ratios measured in one run. Timings never fail a test."""
