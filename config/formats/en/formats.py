"""What Django's own English formats (Nov. 21, 2026, 7:41 p.m.; 11/21/2026) are replaced by; all else stays theirs.

Plain spaces: a no-break space would be all that keeps an English mail from being plain ASCII.
"""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
