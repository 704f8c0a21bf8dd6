"""What a bad FreeSWITCH does: slow, lying, silent, cut off. For tests of those who must live with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Faults:
    """Switched on and off while it runs.

    `cut_in` closes the socket in the middle of this application, `mute_in` never tells its end;
    `twice` tells every end two times, `foreign` tells each of another channel first, `swapped` names a wrong
    application first; `late_replies` answers commands so many seconds late; `refuse` answers `-ERR` to this
    application; `garbage` sends bytes that are no frame after this application; `abrupt` tells nothing of
    hang-ups but closes.
    """

    cut_in: str = ""
    mute_in: str = ""
    refuse: str = ""
    garbage: str = ""
    twice: bool = False
    foreign: bool = False
    swapped: bool = False
    abrupt: bool = False
    late_replies: float = 0.0
