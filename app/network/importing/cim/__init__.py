"""CIM RDF/XML (IEC 61970-552, 61968-13): `parsing` reads objects, `translating` makes our records of them.

The classes needed are taken, everything else is left aside; the version in the namespace does not matter. Of the
prefixes only the local names count.
"""
