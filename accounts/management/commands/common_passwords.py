"""`manage.py common_passwords > static/js/common-passwords.js`, after an update of Django; a test says when."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.passwords import common_and_allowed


class Command(BaseCommand):
    """Writes the module that the strength hint looks common passwords up in."""

    help = "Print the module static/js/common-passwords.js."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """A set of the words; none of them holds what would end a string."""
        words = "\n".join(common_and_allowed()).replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
        self.stdout.write(
            "/** Common passwords that the rule alone would allow: written by manage.py common_passwords. */"
        )
        self.stdout.write(f"export default new Set(`{words}`.split('\\n'));")
