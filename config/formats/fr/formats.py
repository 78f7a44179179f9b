"""What Django's own French formats (21/11/2026 19:41) are replaced by; all else stays theirs.

A no-break space keeps the day with its month.
"""

DATE_FORMAT = "j\N{NO-BREAK SPACE}F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j\N{NO-BREAK SPACE}F Y \\à H:i"
SHORT_DATE_FORMAT = "j\N{NO-BREAK SPACE}N Y"
SHORT_DATETIME_FORMAT = "j\N{NO-BREAK SPACE}N Y \\à H:i"
