"""What supervision asks: lines, the live board, lists behind its numbers, indicators, 督办, alerts, sheets."""
