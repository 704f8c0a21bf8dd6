"""Names that are known, so that those with spaces, signs or keywords in them are found as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.feel.errors import FeelError
from app.feel.parsing.lexer import Token, tokenize

Words = tuple[str, ...]


def words_of(name: str) -> Words:
    """A name as the lexer sees it; empty for a name that cannot be written."""
    try:
        return tuple(token.text for token in tokenize(name)[:-1])
    except FeelError:
        return ()


class Names:
    """A set of known names; `match` finds the longest that starts at a token."""

    def __init__(self, names: Iterable[str] = (), parent: Names | None = None) -> None:
        self.parent = parent
        self._by_first: dict[str, list[tuple[Words, str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        words = words_of(name)
        if len(words) > 1:
            known = self._by_first.setdefault(words[0], [])
            known.append((words, name))
            known.sort(key=lambda entry: -len(entry[0]))

    def match(self, tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
        """The longest known name of several words at `index`, and how many tokens it has."""
        found = self.parent.match(tokens, index) if self.parent else None
        for words, name in self._by_first.get(tokens[index].text, ()):
            if found is not None and len(words) < found[1]:
                break
            if tuple(token.text for token in tokens[index : index + len(words)]) == words:
                return name, len(words)
        return found
