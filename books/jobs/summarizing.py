"""A running summary of a chapter's earlier sections, once they are too far back to be shown themselves (ruling 16)."""

from books.jobs import journal, prompts
from books.jobs.prose import whole_sentences
from books.models import Step
from core import leases
from core.text import count_words

# With less than this before it a section is shown enough by the tail and the outline: a summary would cost a call.
FROM_WORDS = 600


class RunningSummary:
    """What a chapter tells so far. Each summary is made of the one before and of what was written since."""

    def __init__(self, step: Step, held: leases.Claim) -> None:
        self.step, self.held = step, held
        self.told = ""
        self.told_until = 0  # characters of the text that `told` sums up

    def of(self, text: str) -> str:
        """The summary of a chapter whose earlier sections are `text`; empty while they are short."""
        if count_words(text) < FROM_WORDS:
            return ""
        request = prompts.summary(self.step.run.brief, text[self.told_until :].strip(), told=self.told)
        call = journal.ask(self.step, self.held, request)
        told = whole_sentences(call.text) if call.finish == "length" else call.text
        # A model that says nothing of use is no reason to fail the chapter: the tail is still there.
        self.told = " ".join(told.split()) or self.told
        self.told_until = len(text)
        return self.told
