"""From readings and rules to an amount and its lines: pure functions over exact numbers, which know no database.

`compute(case, house)` is the face. A bill is made in this order:

1. `metering`: registers become energy: (this - last) x multiplier, rollover and changed meters included;
2. `spreading`: the period is cut where tariff, contract or (for yearly tiers) the year changes, and energy
   is shared by days;
3. for each piece: `energy` (flat or by time of day), `tiers`, `fixed` (capacity or demand),
   `power_factor`, `levies`, `minimum`;
4. the sum of the lines is the bill.

Energy is rounded once (places of the tariff, half up), each line's amount once; nothing else is rounded.
What cannot be billed raises `CannotBill` with a `kind` for the work list.
"""

from app.billing.computing.bill import Computed, compute
from app.billing.computing.case import Case, MeterUse, Shown, Terms
from app.billing.computing.late_fee import late_fee
from app.billing.computing.lines import Line
from app.billing.computing.refusals import KINDS, CannotBill

__all__ = ["KINDS", "CannotBill", "Case", "Computed", "Line", "MeterUse", "Shown", "Terms", "compute", "late_fee"]
