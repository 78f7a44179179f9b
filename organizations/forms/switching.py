"""What is looked for among one's organizations."""

from typing import Any

from django import forms

from core.forms import LineField, QuestionForm


class MineForm(QuestionForm):
    """Search and page."""

    q = LineField(required=False, max_length=100)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)

    def wanted(self) -> dict[str, Any]:
        """What `queries.switching.mine_page` takes."""
        return {"search": self.understood("q") or "", "number": self.understood("page") or 1}
