"""What is typed to arrange chapters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from books.models import Chapter
from books.queries.chapters import MergePage, SplitPage
from core.forms import LineField, QuestionForm

LONGEST_TITLE = 150
MOST_WORDS = 1_000_000


class AddForm(forms.Form):
    """A new chapter's title and place."""

    title = LineField(label=_("Title"), max_length=LONGEST_TITLE)
    place = forms.IntegerField(
        label=_("Place"), min_value=1, max_value=9999, required=False, help_text=_("At the end, if you leave this out.")
    )


class ChapterForm(forms.Form):
    """A chapter's title, the words it aims at and its place."""

    title = LineField(label=_("Title"), max_length=LONGEST_TITLE)
    target = forms.IntegerField(
        label=_("Target in words"), min_value=0, max_value=MOST_WORDS, required=False,
        help_text=_("As planned, if you leave this out."),
    )  # fmt: skip
    place = forms.IntegerField(label=_("Place"), min_value=1, max_value=9999, required=False)

    @classmethod
    def of(cls, chapter: Chapter) -> "ChapterForm":
        """As the chapter is."""
        return cls(initial={"title": chapter.title, "target": chapter.target_words, "place": chapter.position})


class MoveForm(forms.Form):
    """A chapter moved to a place, or by one: the buttons say which chapter goes `up` or `down`."""

    chapter = forms.UUIDField(required=False)
    to = forms.IntegerField(min_value=1, max_value=9999, required=False)
    up = forms.UUIDField(required=False)
    down = forms.UUIDField(required=False)


class CursorForm(QuestionForm):
    """Where the editor's cursor stood."""

    at = forms.IntegerField(min_value=0, required=False)


class SplitForm(forms.Form):
    """Where a chapter is cut, and what the second part is called."""

    at = forms.TypedChoiceField(label=_("The new chapter begins with"), coerce=int, widget=forms.RadioSelect)
    title = LineField(label=_("Title of the new chapter"), max_length=LONGEST_TITLE)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: object, page: SplitPage) -> None:
        initial = {"version": page.chapter.version, "at": page.chosen}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # a QueryDict or None
        places = [*page.places, *([page.cursor] if page.cursor else [])]
        self.fields["at"].choices = [(place.at, place.text) for place in places]  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """What stands between two texts that become one."""

    between = forms.ChoiceField(
        label=_("Between the two texts"),
        choices=[("blank", _("A blank line: the text simply goes on")), ("scene", _("A scene break: * * *"))],
        widget=forms.RadioSelect,
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    next_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: object, page: MergePage) -> None:
        following = page.following.version if page.following else 0
        initial = {"between": "blank", "version": page.chapter.version, "next_version": following}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # a QueryDict or None
