"""Resolve dates that name a day, a month or a year: "12 May", "late June 2016", "2024-12-09", "Christmas Eve"."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from geo.reading.date_mentions import DAY, Anchoring, DateContext, DateMention, add_months, full_year, make_mention, safe_date
from geo.reading.tokens import fold

_ONWARD = 300  # days: so far ahead of the day told last a day of the same history lies, at most


def alternatives(words: Iterable[str]) -> str:
    """Give words as a pattern, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]") for word in sorted(words, key=lambda w: (-len(w), w)))


class AbsoluteDates:
    """The word lists as pattern parts, and one method for each kind of expression that stands by itself.

    Parameters
    ----------
    table
        ``data/lexicon/dates.toml``.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._months = {word: int(number) for number, words in table["months"].items() for word in words}
        self._weekdays = {word: int(number) for number, words in table["weekdays"].items() for word in words}
        self._numbers = dict(table["numbers"])
        for tens in ("twenty", "thirty", "forty"):
            for one in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"):
                self._numbers.setdefault(f"{tens}-{one}", self._numbers[tens] + self._numbers[one])
        self._ordinals = dict(table["ordinals"])
        for tens, value in (("twenty", 20), ("thirty", 30)):
            for one, digit in list(table["ordinals"].items())[:9]:
                if value + digit <= 31:
                    self._ordinals[f"{tens}-{one}"] = value + digit
        self._deictic = dict(table["deictic"])
        self._holidays = dict(table["holidays"])
        self._seasons = dict(table["seasons"])
        self._ambiguous = frozenset(table["ambiguous"]["words"])
        self._counted = frozenset(table["counted"]["words"])
        self.month, self.weekday = alternatives(self._months), alternatives(self._weekdays)
        self.number, self.ordinal = alternatives(self._numbers), alternatives(self._ordinals)
        self.deictic, self.holiday, self.season = alternatives(self._deictic), alternatives(self._holidays), alternatives(self._seasons)
        self.bare, self.parts = alternatives(table["bare"]["words"]), alternatives(table["parts_of_day"]["words"])
        self.bare_day = rf"(?:{self.bare}|the\s+night|night|late|early|the\s+small\s+hours|the\s+evening|the\s+morning|evening|morning)"
        self.starter = re.compile(self._starter(table), re.IGNORECASE)

    def _starter(self, table: Mapping[str, Any]) -> str:
        """Give a pattern of all words that can open an expression; the frequent ones only before a word that goes on with it."""
        units = r"(?:hours?|hrs?|h|days?|nights?|weeks?|months?|years?|fortnights?|few|minutes?)\b"
        part = r"day|night|nite|evening|morning|afternoon|noon|date|weekend|week|month|year|hour"
        near = "next|following|previous|preceding|prior|same|very|past|first|last|middle|end|start|beginning|early|mid|late|morrow|small"
        onward = f"{near}|{part}"
        after_the = rf"(?=\s+(?:{onward}|{self.ordinal}|{self.weekday}|{self.month}|\d))"
        counted = [word for word in self._numbers if word not in ("a", "an")]
        sure = set(self._months) | set(self._weekdays) | set(self._ordinals) | set(self._deictic) | set(self._holidays) | set(self._seasons)
        heads = {word.split()[0] for word in (*sure, *table["bare"]["words"])} - {
            "the",
            "this",
            "that",
            "on",
            "in",
            "at",
            "by",
            "a",
            "an",
            "some",
            "before",
            "after",
        }
        bare = {
            word for word in table["bare"]["words"] if word.split()[0] in ("in", "at", "by", "before", "after", "some", "the", "a", "an")
        }
        light = (
            "that|same|next|following|previous|preceding|last|this|early|mid|late|earlier|end|start|middle|beginning|exactly|only|just|between"
            "|day|night|nite|evening|morning"
        )
        return (
            rf"(?<![\w-])(?:{alternatives(heads)}|{alternatives(bare)}|{alternatives(w for w in self._deictic if ' ' in w)}|{light}"
            rf"|(?:the|that){after_the}|on(?=\s+the\s+(?:{self.ordinal}|{self.weekday}|morrow))|(?:over|at|during)(?=\s+(?:the|this)\s+weekend)"
            rf"|(?:a|an|{alternatives(counted)})(?=[\s-]*{units})|a(?=\s+same)|\d{{1,4}}(?:st|nd|rd|th)?)(?!\w(?<!\d\w))"
        )

    def iso(self, match: re.Match[str], _context: DateContext) -> DateMention:
        """Read "2024-12-09"."""
        return make_mention(match, dt.date(int(match["y"]), int(match["m"]), int(match["d"])))

    def numeric(self, match: re.Match[str], context: DateContext) -> DateMention:
        """Read "9/12/2024" and "9.12.24", day first."""
        groups = match.groupdict()
        first, second = int(groups["d"]), int(groups["m"])
        day, month = (second, first) if second > 12 else (first, second)  # day first, but for 12/31
        if groups.get("y"):
            return make_mention(match, dt.date(full_year(groups["y"], context), month, day))
        return make_mention(match, self._nearest(month, day, context))

    def day_month(self, match: re.Match[str], context: DateContext) -> DateMention | None:
        """Read "9 December", "the ninth of December"."""
        groups = match.groupdict()
        day = self._ordinals[fold(groups["ordinal"])] if groups.get("ordinal") else int(groups["day"])
        name = groups["month"]
        if not self._is_month(name, beside_number=True):
            return None
        return make_mention(match, self._with_year(self._months[name.lower()], day, groups, context))

    def month_day(self, match: re.Match[str], context: DateContext) -> DateMention | None:
        """Read "Dec. 9", "December 9-10"."""
        if not self._is_month(match["month"], beside_number=True) or re.match(
            r"\s*(?:men|people|soldiers|fighters|km|villages|towns)", context.after
        ):
            return None
        groups = match.groupdict()
        month = self._months[match["month"].lower()]
        first = self._with_year(month, int(match["day"]), groups, context)
        if groups.get("last"):
            return make_mention(match, first, end=first.replace(day=int(groups["last"])))
        return make_mention(match, first)

    def day_range(self, match: re.Match[str], context: DateContext) -> DateMention | None:
        """Read "between 6 and 8 February", "21-22 June", "the night of 5-6 May"."""
        if not self._is_month(match["month"], beside_number=True):
            return None
        month = self._months[match["month"].lower()]
        last = self._with_year(month, int(match["last"]), match.groupdict(), context)
        first = last.replace(day=int(match["day"]))
        if first > last:
            first = (last.replace(day=1) - DAY).replace(day=int(match["day"]))
        if re.search(r"nigh?te?\s+(?:of\s+|from\s+)?(?:the\s+)?$", context.before) and last - first == DAY:
            return make_mention(match, last)  # a night belongs to the later day
        if match["joint"] == "and" and not match.group().lower().startswith("between"):
            return None  # "4 and 6 July" are two dates
        return make_mention(match, first, end=last)

    def dotted(self, match: re.Match[str], context: DateContext) -> DateMention | None:
        # "16.05" at the start of a post is a time of day where other posts start with times that are no dates
        """Read "28.04", unless posts start with times of day."""
        return None if context.clock else self.numeric(match, context)

    def slashed(self, match: re.Match[str], context: DateContext) -> DateMention | None:
        # "2/6" opens the second post of a thread
        """Read "28/4", unless it numbers a post of a thread."""
        if context.thread and re.search(r"(?:^|\n)[\s\[(]*$", context.before):
            return None
        return self.numeric(match, context)

    def edge_of_month(self, match: re.Match[str], context: DateContext) -> DateMention | None:
        """Read "the first week of June", "the last day of that month"."""
        if match["yend"]:
            return make_mention(match, dt.date(context.base.year, 12, 31))
        if match["that"]:
            month, year = context.base.month, context.base.year
        else:
            if not self._is_month(match["month"], beside_number=True):
                return None
            month = self._months[match["month"].lower()]
            year = self._with_year(month, 1, match.groupdict(), context).year
        length = calendar.monthrange(year, month)[1]
        what = match["what"].lower()
        if what == "day":
            return make_mention(match, dt.date(year, month, 1 if match["edge"].lower() == "first" else length))
        if what == "days":
            return make_mention(match, dt.date(year, month, 1), precision="month")
        first = dt.date(year, month, 1 if match["edge"].lower() == "first" else length - 6)
        return make_mention(match, first, end=first + 6 * DAY, precision="week")

    def month_only(self, match: re.Match[str], context: DateContext) -> DateMention | None:
        """Read "June", "late June 2016", "the following March"."""
        groups = match.groupdict()
        told = any(groups[key] is not None for key in ("part", "year", "which", "same", "prior", "later"))
        if not self._is_month(match["month"], beside_number=told, before=context.before):
            return None
        month = self._months[match["month"].lower()]
        if groups["same"] is not None or groups["later"] is not None:
            base = context.base
            year = base.year + (1 if month < base.month or (month == base.month and groups["later"] is not None) else 0)
            if dt.date(year, month, 1) > context.published:
                year -= 1
            return make_mention(match, dt.date(year, month, 1), precision="month", anchoring="chained")
        return make_mention(match, self._with_year(month, 1, groups, context), precision="month")

    def relative_month(self, match: re.Match[str], context: DateContext) -> DateMention:
        """Read "last month", "the following month"."""
        which = " ".join(match["when"].lower().split())
        base = context.published if which in ("last", "this") else context.base
        step = {"last": -1, "the previous": -1, "the following": 1, "the next": 1}.get(which, 0)
        anchoring: Anchoring = "published" if which in ("last", "this") else "chained"
        return make_mention(match, add_months(base.replace(day=1), step), precision="month", anchoring=anchoring)

    def season_year(self, match: re.Match[str], _context: DateContext) -> DateMention:
        """Read "spring 2013"."""
        first, last = self._seasons[match["season"].lower()]
        year = int(match["year"])
        end_year = year + (1 if last < first else 0)
        return make_mention(
            match, dt.date(year, first, 1), end=dt.date(end_year, last, calendar.monthrange(end_year, last)[1]), precision="month"
        )

    def year_only(self, match: re.Match[str], context: DateContext) -> DateMention | None:
        """Read "2016"."""
        year = int(match["year"])
        if year > context.published.year or re.search(r"[\d.,$€£]$", context.before):
            return None
        return make_mention(match, dt.date(year, 1, 1), end=dt.date(year, 12, 31), precision="year")

    def holiday_day(self, match: re.Match[str], context: DateContext) -> DateMention:
        """Read "Christmas Eve"."""
        month, day = map(int, self._holidays[" ".join(match["holiday"].lower().replace("’", "'").split())].split("-"))
        return make_mention(match, self._nearest(month, day, context))

    # ------------------------------------------------------------ help

    def _is_month(self, word: str, *, beside_number: bool, before: str = "") -> bool:
        """Tell the month from the verb ("may", "march") and from a name: alone, it needs a preposition or its whole name."""
        low = word.lower()
        if beside_number:
            return True
        if low in self._ambiguous or len(low) <= 4:
            return (
                word[0].isupper()
                and bool(
                    re.search(
                        r"\b(?:in|of|since|by|until|till|from|during|after|before|through|to|and|late|early|mid)[\s-]+$|[(,]\s*$", before
                    )
                )
            ) or low in ("june", "july")
        return True

    def _with_year(self, month: int, day: int, groups: Mapping[str, str | None], context: DateContext) -> dt.date:
        if groups.get("year"):
            return dt.date(full_year(str(groups["year"]), context), month, day)
        if groups.get("tick"):
            return dt.date(full_year(str(groups["tick"])[-2:], context), month, day)
        which = " ".join((groups.get("which") or "").lower().split())
        if which:
            base = {"this": context.published.year, "last": context.published.year - 1}.get(which, context.base.year)
            return dt.date(base + (1 if which in ("the following", "the next") else 0), month, day)
        return self._nearest(month, day, context)

    def _nearest(self, month: int, day: int, context: DateContext) -> dt.date:
        """Give the most recent such day; while the text tells history, the one nearest to the date told last."""
        published = context.published
        if context.chronicle and context.historic and context.anchor is not None:
            anchor = context.anchor
            near = [date for year in (0, 1) if (date := safe_date(anchor.year + year, month, day)) and date <= published]
            onward = [date for date in near if -15 <= (date - anchor).days <= _ONWARD]
            if onward:
                return min(onward, key=lambda date: (abs((date - anchor).days), date))
        recent = safe_date(published.year, month, day)
        if recent is not None and recent <= published:
            return recent
        before = next((date for back in range(1, 9) if (date := safe_date(published.year - back, month, day))), None)
        if before is None:
            raise ValueError(f"no such day: {day}.{month}.")
        return before
