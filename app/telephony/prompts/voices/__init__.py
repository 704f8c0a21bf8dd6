"""Speech engines. `voice_of(language)` is the best there is: Kokoro where it is installed, else espeak-ng.

espeak-ng is Debian's package and sounds like a machine: enough to try flows and to stand in
for a prompt nobody has recorded yet. Kokoro (Apache-2.0, https://github.com/hexgrad/kokoro)
(the extra `speech`) sounds like a person and needs torch and a model of 330 MB, which it fetches when it is first used.
"""

from __future__ import annotations

from app.telephony.prompts.voices import espeak, kokoro
from app.telephony.prompts.voices.voice import CannotSpeak, Voice

__all__ = ["CannotSpeak", "Voice", "voice_of"]


def voice_of(language: str) -> Voice:
    """The voice of a language (`zh`, `en`)."""
    return kokoro.voice(language) or espeak.voice(language)
