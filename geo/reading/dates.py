"""Find every date expression of a report and resolve it to days, against the dateline and the dates told before it.

"On Friday" is the last Friday up to the dateline; "two days later" counts from the date told last; "12 May" without a year is
the most recent one, or the one nearest to the old date that the text is speaking of.
"""

import datetime as dt
import itertools
import re

from geo.reading.date_grammar import DateGrammar, load_date_grammar
from geo.reading.date_mentions import DateContext, DateMention
from geo.reading.sentences import Sentence, split_sentences

__all__ = ["DateMention", "find_dates"]

CHRONICLE_YEARS = 2  # so many past years named make a text a history
_POST = re.compile(r"(?:^|\n|\s)[\[(]?(\d{1,2})/(\d{0,2})(?=[\s)\]])")
_CLOCK = re.compile(r"(?:^|\n)\s*(?:[01]?\d|2[0-3])[.:h](?:[2-5]\d|1[3-9])\b(?![./])")
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")


def find_dates(text: str, published: dt.date, sentences: list[Sentence] | None = None) -> list[DateMention]:
    """Find and resolve the date expressions of a report, in text order.

    Parameters
    ----------
    text
        The report's text.
    published
        Its dateline.
    sentences
        Its sentences, where they are known already.

    Examples
    --------
    >>> told = find_dates("Saraqib fell on Thursday; two days later so did Hama.", dt.date(2024, 11, 30))
    >>> [(mention.text, str(mention.date)) for mention in told]
    [('Thursday', '2024-11-28'), ('two days later', '2024-11-30')]
    """
    grammar = load_date_grammar()
    context = DateContext(published, thread=_is_thread(text), chronicle=_is_chronicle(text, published), clock=bool(_CLOCK.search(text)))
    line, line_start = -1, 0
    found: list[DateMention] = []
    for sentence in split_sentences(text) if sentences is None else sentences:
        context.in_sentence = None
        if sentence.line != line:
            line, context.in_line = sentence.line, None
            line_start = sentence.start
        position = sentence.start
        for begin in grammar.starter.finditer(text, sentence.start, sentence.end):
            if begin.start() < position:
                continue
            mention = _read(grammar, text, begin.start(), sentence.end, context)
            if mention is None:
                continue
            found.append(mention)
            position = mention.end
            if mention.precision in ("day", "week") and mention.anchoring != "bare":
                context.anchor = context.in_sentence = mention.date_end if mention.date_end and mention.precision == "day" else mention.date
                if mention.start - line_start <= 12 and context.in_line is None:
                    context.in_line = context.anchor
            elif mention.anchoring == "bare":
                context.in_sentence = mention.date
            elif mention.precision in ("month", "year"):
                context.anchor = mention.date
    return found


def _is_chronicle(text: str, published: dt.date) -> bool:
    """Tell whether a text tells the history of several years, each named once."""
    return len({year for year in _YEARS.findall(text) if int(year) < published.year}) >= CHRONICLE_YEARS


def _is_thread(text: str) -> bool:
    """Tell whether the lines are numbered as posts of a thread ("2/6", "3/6")."""
    posts = [(int(number), total) for number, total in _POST.findall(text)]
    return len(posts) > 1 and len({total for _, total in posts}) == 1 and all(b - a == 1 for (a, _), (b, _) in itertools.pairwise(posts))


def _read(grammar: DateGrammar, text: str, at: int, limit: int, context: DateContext) -> DateMention | None:
    for rule in grammar.rules:
        match = rule.pattern.match(text, at, limit)
        if match is None or match.end() == at:
            continue
        context.before = text[max(0, at - 24) : at].lower()
        context.after = text[match.end() : match.end() + 24]
        try:
            mention = rule.resolve(match, context)
        except (ValueError, OverflowError):
            continue
        if mention is not None:
            return mention
    return None
