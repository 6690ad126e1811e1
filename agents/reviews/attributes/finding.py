"""The attributes of a review with their polarity, and the words that carried them."""

from agents.privacy import redact
from agents.reviews.attributes.clauses import sentences
from agents.reviews.attributes.statements import Statement, statements
from agents.reviews.attributes.taxonomy import Taxonomy
from agents.reviews.attributes.vocabulary import Vocabulary
from agents.reviews.words.folding import exact
from schemas.reviews import MAX_EVIDENCE, Aspect


class Attributes:
    """Finds attributes by the rules of a taxonomy, in Chinese and English and both at once."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.version = taxonomy.version
        self._vocabulary = Vocabulary(taxonomy)

    def find(self, text: str) -> list[Aspect]:
        """Each attribute and polarity once, the surest of equals, in the order of the text.

        Work is linear in the length of the text. Raises nothing.
        """
        folded = exact(text)
        best: dict[tuple[str, str], Statement] = {}
        for sentence in sentences(self._vocabulary.scan(folded), folded):
            for statement in statements(sentence, folded):
                key = statement.attribute, statement.polarity
                if key not in best or statement.confidence > best[key].confidence:
                    best[key] = statement
        return [
            Aspect(
                one.attribute,
                one.polarity,
                redact(text[one.start : one.end])[:MAX_EVIDENCE],
                round(one.confidence, 2),
            )
            for one in sorted(best.values(), key=lambda one: (one.start, one.end, one))
        ]
