"""Agents and queues of the switch (坐席与队列): rows that FreeSWITCH asks for when it needs them.

`directory` answers `mod_xml_curl`: users for registration, queues and tiers for `mod_callcenter`. Passwords are
kept only as the hash that SIP's digest needs (`a1-hash`); a generated one is shown once.
"""
