"""The picture of a flow: laid out in layers from above, drawn as SVG on the server.

Every node is a box that lists its exits; an edge begins at the row of its exit, so that what is written at it is
always legible. Exits to other flows, returns and hang-ups are written in the row and have no edge. What the flow
or the defaults state for all nodes is not drawn.
"""

from __future__ import annotations

from app.telephony.picture.drawing import Picture, picture

__all__ = ["Picture", "picture"]
