"""Transcripts: calls written down beside the flow, played by the same interpreter, with what must be heard and done."""
