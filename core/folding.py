"""Text as lists compare it: computed by the database, in the stored row (or its index) and in the question alike."""

from django.db.models import Func, TextField
from django.db.models.expressions import Combinable

# Lower case, accents and ligatures away, at most 600 characters (what a btree's row has room for). NFC at the end:
# Korean syllables would stay apart.
FOLD = (
    "LEFT(REPLACE(REPLACE(NORMALIZE(REGEXP_REPLACE(NORMALIZE(LOWER(%(expressions)s), NFD),"
    " '[\\u0300-\\u036f]', '', 'g'), NFC), 'œ', 'oe'), 'æ', 'ae'), 600)"
)


def folded(text: Combinable) -> Func:
    """The text as it is compared: `Élan du CŒUR` is `elan du coeur`."""
    return Func(text, template=FOLD, output_field=TextField())
