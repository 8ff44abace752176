"""The small words of ``data/lexicon/grammar.toml``, one set for each question that the rules ask of a sentence."""

import functools
import tomllib
from dataclasses import dataclass, fields

from geo.resources import data_path

Words = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """Sets of folded words; the file says what each is for."""

    abbreviations: Words
    adverbs: Words
    after_intransitive: Words
    all_of: Words
    around: Words
    articles: Words
    auxiliaries: Words
    be: Words
    before_verb: Words
    between: Words
    breaks: Words
    ceding: Words
    claims: Words
    denials: Words
    driven_back: Words
    evicting: Words
    failures: Words
    harm: Words
    holding: Words
    joints: Words
    left_behind: Words
    likewise: Words
    loose_nouns: Words
    needs_weapon: Words
    never_last: Words
    noun_before: Words
    nothing: Words
    oblique: Words
    openers: Words
    own_verbs: Words
    part_nouns: Words
    part_openers: Words
    prepositions: Words
    reasons: Words
    relatives: Words
    ridding: Words
    saying: Words
    state_verbs: Words
    state_words: Words
    strike_prepositions: Words
    taken_back: Words
    things: Words
    weapons: Words
    where: Words


@functools.cache
def load_grammar() -> Grammar:
    """Give the sets of the file.

    Examples
    --------
    >>> "which" in load_grammar().relatives
    True
    """
    with data_path("lexicon", "grammar.toml").open("rb") as file:
        table = tomllib.load(file)
    return Grammar(**{field.name: frozenset(table[field.name]) for field in fields(Grammar)})
