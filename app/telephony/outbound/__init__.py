"""Calls that we make (外呼): messages spoken on the phone with a key pressed as confirmation, and calls back.

A call is wanted by a row (`PhoneCall`), tried by the ivr process when its time has come, and tried again as its
purpose's rule says (`outbound/rules.yaml`, `outbound.yaml` in the instance folder goes before it): quiet hours,
attempts and intervals are data. Its key makes it one: asked for twice it is dialled once.
"""
