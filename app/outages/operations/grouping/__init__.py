"""Keep the stored outages equal to what `outages.location` computes from the calls.

`reading` fetches what is known of a feeder or zone, `matching` says which stored outage each group is,
`writing` changes rows. `regroup.feeder` and `regroup.zone` are the doors.
"""
