"""What supervision does: keep facts and counts, supervise, take over, raise alerts, make sheets."""
