"""Which paragraphs were reviewed."""

from django import forms

MOST_PARAGRAPHS = 100_000


class ReviewForm(forms.Form):
    """Paragraphs ticked, or the whole chapter; as reviewed or no longer."""

    version = forms.IntegerField(min_value=0)
    paragraph = forms.TypedMultipleChoiceField(coerce=int, required=False)
    act = forms.ChoiceField(choices=[("ticked", ""), ("all", ""), ("none", "")])

    def __init__(self, data: object, paragraphs: int) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict
        choices = [(str(place), "") for place in range(min(paragraphs, MOST_PARAGRAPHS))]
        self.fields["paragraph"].choices = choices  # type: ignore[attr-defined]

    def places(self) -> list[int] | None:
        """The ticked paragraphs, or None for all of them: marks are taken back of all where none is ticked."""
        chosen: list[int] = self.cleaned_data["paragraph"]
        return {"ticked": chosen, "all": None, "none": chosen or None}[self.cleaned_data["act"]]
