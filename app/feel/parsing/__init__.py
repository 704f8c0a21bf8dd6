"""From text to parts: lexer, cursor, and a recursive descent parser in layers.

A generated parser would not do: a FEEL name may hold spaces and signs (`Applicant's age`,
`date and time`), so what a name is depends on the names that are known where it stands.
"""
