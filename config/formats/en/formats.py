"""What Django's own English formats (Nov. 21, 2026, 7:41 p.m.; 11/21/2026) are replaced by; all else stays theirs.

A no-break space keeps the day with its month.
"""

DATE_FORMAT = "j\N{NO-BREAK SPACE}F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j\N{NO-BREAK SPACE}F Y, H:i"
SHORT_DATE_FORMAT = "j\N{NO-BREAK SPACE}M Y"
SHORT_DATETIME_FORMAT = "j\N{NO-BREAK SPACE}M Y, H:i"
