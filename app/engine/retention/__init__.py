"""What of the engine's records is over, and how it is removed.

Only ended instances are ever touched, and only where neither what started them nor what
they started still runs; rows of the history are settled in the figures before they go.
"""
