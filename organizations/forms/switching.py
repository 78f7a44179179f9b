"""What is looked for among one's organizations."""

from django import forms

from core.forms import LineField


class MineForm(forms.Form):
    """Search and page; what makes no sense is left out."""

    q = LineField(required=False, max_length=100)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)

    def understood(self) -> tuple[str, int]:
        """The search and the page's number."""
        self.is_valid()
        return self.cleaned_data.get("q") or "", self.cleaned_data.get("page") or 1
