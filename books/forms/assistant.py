"""The order of what a model shall do with a text, as it is typed."""

from typing import Any, cast

from django import forms
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from books.actions.rewrites import Wanted
from books.models import Chapter, RewriteTask, SuggestionKind
from books.models.chapters import LONGEST_INSTRUCTION, TARGET_LANGUAGES
from books.queries import extracts
from books.queries.extracts import Extract
from core.forms import TextField

FIRST = ("en", "fr")  # languages that lead the list: those of the site
SUGGEST = "suggest"
TASKS = [
    (RewriteTask.REWRITE.value, _("Rewrite")),
    (RewriteTask.SHORTEN.value, _("Shorten")),
    (RewriteTask.LENGTHEN.value, _("Lengthen")),
    (RewriteTask.TRANSLATE.value, _("Translate")),
    (SUGGEST, _("Suggest changes")),
]
# What a model reads for; spelling and grammar are the checkers'.
KINDS = [SuggestionKind.STYLE, SuggestionKind.COHERENCE, SuggestionKind.STRUCTURE, SuggestionKind.FACT_CHECK]


def languages() -> list[tuple[str, str]]:
    """Languages to translate into by code, named in the reader's language, sorted; those of the site first."""
    named = [(code, gettext(LANG_INFO[code]["name"])) for code in TARGET_LANGUAGES]
    return sorted(named, key=lambda one: (one[0] not in FIRST, one[1]))


class AssistantForm(forms.Form):
    """A task on the whole chapter, some of its paragraphs, or a passage selected in the editor (code points)."""

    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    quote = TextField(required=False, widget=forms.HiddenInput)
    accepted_credits = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)
    first = forms.TypedChoiceField(label=_("From paragraph"), required=False, coerce=int, empty_value=None)
    last = forms.TypedChoiceField(label=_("To paragraph"), required=False, coerce=int, empty_value=None)
    task = forms.ChoiceField(label=_("What the model shall do"), choices=TASKS, widget=forms.RadioSelect)
    into = forms.ChoiceField(label=_("Into"), choices=languages, required=False)
    kinds = forms.MultipleChoiceField(
        label=_("What to look for"),
        choices=[(kind.value, kind.label) for kind in KINDS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    instruction = TextField(
        label=_("Instruction"),
        required=False,
        max_length=LONGEST_INSTRUCTION,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: as a dialogue, in the present tense, without the list of tools."),
    )

    def __init__(self, chapter: Chapter, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = chapter.markdown
        listed = [(one.number, f"{one.number}. {one.words}") for one in extracts.beginnings(self.text)]
        for name, nothing in (("first", _("The whole chapter")), ("last", _("The same one"))):
            choice = cast(forms.TypedChoiceField, self.fields[name])
            choice.choices = [("", nothing), *listed]

    def clean_kinds(self) -> list[str]:
        """In the order of the list, each once."""
        chosen = set(self.cleaned_data["kinds"])
        return [kind.value for kind in KINDS if kind in chosen]

    def clean(self) -> dict[str, Any]:
        """Each task has what it needs; `chosen` is the passage, or None for the whole chapter."""
        data = super().clean() or {}
        data["instruction"] = data.get("instruction", "").strip()
        needed = {
            RewriteTask.REWRITE: ("instruction", _("Say what shall be different.")),
            RewriteTask.TRANSLATE: ("into", _("Choose a language.")),
            SUGGEST: ("kinds", _("Choose at least one kind.")),
        }
        if data.get("task") in needed:
            name, said = needed[data["task"]]
            if not data.get(name) and name not in self.errors:
                self.add_error(name, said)
        return data | {"chosen": self._chosen(data)}

    def _chosen(self, data: dict[str, Any]) -> Extract | None:
        start, end, first = data.get("start"), data.get("end"), data.get("first")
        if data.get("quote") and start is not None and end is not None:
            return Extract(start, end, data["quote"])
        if first is None:
            return None
        chosen = extracts.of_paragraphs(self.text, first, data.get("last") or first)
        if chosen is None:
            raise ValidationError({"last": _("Choose a last paragraph that does not come before the first.")})
        return chosen

    @property
    def is_review(self) -> bool:
        """Whether suggestions are ordered, not another text."""
        return bool(self.cleaned_data["task"] == SUGGEST)

    @property
    def wanted(self) -> Wanted:
        """The order of another text."""
        data = self.cleaned_data
        task = RewriteTask(data["task"])
        into = data["into"] if task == RewriteTask.TRANSLATE else ""
        return Wanted(task, data["instruction"], into, data["chosen"])
