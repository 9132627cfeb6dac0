"""Where things stand in a text: canonical text, spans, selectors, and the flat runs that are drawn. Pure
Python.

Every offset is a Unicode code point of canonical text unless a name says otherwise; a range is half-open
`[start, end)`.
"""
