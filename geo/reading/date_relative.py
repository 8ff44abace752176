"""Resolve dates that count from the dateline or from a date told before: "on Friday", "a week ago", "two days later"."""

import datetime as dt
import re
from dataclasses import replace

from geo.reading.date_absolute import AbsoluteDates
from geo.reading.date_mentions import DAY, Anchoring, DateContext, DateMention, add_months, make_mention, on_day


class DateWords(AbsoluteDates):
    """All kinds of date expressions."""

    def deictic_day(self, match: re.Match[str], context: DateContext) -> DateMention:
        """Read "yesterday", "last night"."""
        key = " ".join(match["deictic"].lower().replace("’", "'").split())
        return make_mention(match, context.published + self._deictic[key] * DAY, anchoring="published")

    def ago(self, match: re.Match[str], context: DateContext) -> DateMention:
        """Read "two weeks ago"."""
        return self._shift(match, context.published, -self._count(match), "published")

    def weekday_day(self, match: re.Match[str], context: DateContext) -> DateMention | None:  # noqa: PLR0911 - a list of cases
        """Read "on Friday", "Friday of last week", "the Friday before"."""
        word = match["weekday"].lower()
        alone = len(match["weekday"]) + len(match["pre"] or "") == len(match.group().rstrip("."))
        if (
            word in self._ambiguous
            and alone
            and not (match["weekday"][0].isupper() or re.match(r"\s*\d", context.after) or word in ("fri", "mon", "wed", "sat"))
        ):
            return None
        if word in ("sun", "sat") and alone and match["pre"] and "last" not in match["pre"].lower():
            return None  # "the sun"
        if re.match(r"\s*(?:prayers?|market)\b", context.after, re.IGNORECASE) and not alone:
            return None
        number = self._weekdays[word]
        of = (match["of"] or "").lower()
        if context.historic and (match["pre"] or "").lower().strip() in ("the", "on the"):
            ahead = (number - context.base.weekday()) % 7
            date = context.base + ahead * DAY
            return make_mention(match, date, anchoring="chained")
        if "before" in of and context.anchor:
            return make_mention(match, context.anchor - ((context.anchor.weekday() - number - 1) % 7 + 1) * DAY, anchoring="chained")
        published = context.published
        date = published - ((published.weekday() - number) % 7) * DAY
        if "last week" in " ".join(of.split()):
            date = published - (published.weekday() + 7 - number) * DAY
        elif (match["pre"] or "").lower().strip() == "last" and date == published:
            date -= 7 * DAY
        if re.search(r"(?:night\s+(?:to|of\s+\w+\s+to)|overnight\s+(?:in)?to)\s+$", context.before):
            return make_mention(match, date, anchoring="published")
        return make_mention(match, date, anchoring="published")

    def weekend(self, match: re.Match[str], context: DateContext) -> DateMention:
        """Read "over the weekend"."""
        saturday = context.published - ((context.published.weekday() - 5) % 7) * DAY
        return make_mention(match, saturday, end=saturday + DAY, anchoring="published")

    def year_beside(self, match: re.Match[str], context: DateContext) -> DateMention:
        """Read "last year"."""
        year = context.published.year - (1 if match["when"].lower() == "last" else 0)
        return make_mention(match, dt.date(year, 1, 1), end=dt.date(year, 12, 31), precision="year", anchoring="published")

    def week(self, match: re.Match[str], context: DateContext) -> DateMention:
        """Read "last week"."""
        monday = context.published - context.published.weekday() * DAY
        monday -= 7 * DAY if match["when"].lower() == "last" else 0 * DAY
        return make_mention(match, monday, end=monday + 6 * DAY, precision="week", anchoring="published")

    def offset(self, match: re.Match[str], context: DateContext) -> DateMention | None:
        """Read "two days later", "three weeks before that"."""
        direction = match["direction"].lower()
        sign = -1 if direction in ("earlier", "before", "previously", "sooner") else 1
        refers = bool(match["that"]) or bool(re.match(r"\s*(?:[,.;:)]|$|that\b|those\b)", context.after))
        if direction in ("after", "before") and not refers:
            # "on Thursday, two days after the loss of X": the loss lies before Thursday
            if context.in_sentence is not None:
                shifted = self._shift(match, context.in_sentence, -sign * self._count(match), "chained")
                return replace(shifted, backward=True)
            return self._shift(match, context.base, sign * self._count(match), "chained")
        return self._shift(match, context.base, sign * self._count(match), "chained")

    def same_day(self, match: re.Match[str], context: DateContext) -> DateMention | None:
        """Read "the same evening", "that Monday"."""
        name = match["name"].lower()
        if name in self._weekdays:
            base = context.base
            return make_mention(match, base - ((base.weekday() - self._weekdays[name] + 3) % 7 - 3) * DAY, anchoring="chained")
        return self._named(match, name, context, 0)

    def neighbour(self, match: re.Match[str], context: DateContext) -> DateMention | None:
        """Read "the next morning", "the previous week"."""
        step = 1 if match["way"].lower() in ("next", "following") else -1
        name = match["name"].lower()
        if name in self._weekdays:
            ahead = (self._weekdays[name] - context.base.weekday()) % 7 or 7
            return make_mention(
                match, context.base + (ahead if step > 0 else ahead - 14 if ahead == 7 else ahead - 7) * DAY, anchoring="chained"
            )
        return self._named(match, name, context, step)

    def _named(self, match: re.Match[str], name: str, context: DateContext, step: int) -> DateMention | None:
        base = context.base
        if name == "month":
            return make_mention(match, add_months(base.replace(day=1), step), precision="month", anchoring="chained")
        if name == "year":
            return make_mention(match, dt.date(base.year + step, 1, 1), precision="year", anchoring="chained")
        if name == "week":
            monday = base - base.weekday() * DAY + 7 * step * DAY
            return make_mention(match, monday, end=monday + 6 * DAY, precision="week", anchoring="chained")
        if name == "weekend":
            saturday = base - ((base.weekday() - 5) % 7) * DAY + 7 * step * DAY
            return make_mention(match, saturday, end=saturday + DAY, anchoring="chained")
        return make_mention(match, base + step * DAY, anchoring="chained")

    def morrow(self, match: re.Match[str], context: DateContext) -> DateMention:
        """Read "on the morrow"."""
        return make_mention(match, context.base + DAY, anchoring="chained")

    def day_beside(self, match: re.Match[str], context: DateContext) -> DateMention | None:
        """Read "the day after", "the evening before"."""
        that = (match["that"] or "").strip().lower()
        if that in ("tomorrow", "last", "yesterday"):
            return None
        step = 1 if match["way"].lower() == "after" else -1
        refers = bool(that) or bool(re.match(r"\s*(?:[,.;:)]|$)", context.after))
        if not refers and context.in_sentence is not None:
            return replace(make_mention(match, context.in_sentence - step * DAY, anchoring="chained"), backward=True)
        return make_mention(match, context.base + step * DAY, anchoring="chained")

    def day_only(self, match: re.Match[str], context: DateContext) -> DateMention | None:
        """Read "the 13th", "on the sixth"."""
        groups = match.groupdict()
        spelled = groups.get("ordinal")
        following = re.match(r"[\s-]+([A-Za-z]+)", context.after)
        sure = bool(groups.get("which")) or re.search(
            r"\b(?:on|by|since|until|till)\s+(?:the\s+)?$",
            context.before + match.group()[:7].lower().replace(match.group("ordinal" if spelled else "day").lower(), ""),
        )
        if (
            following
            and following.group(1).lower() in self._counted
            and not (sure and following.group(1).lower() in ("soldiers", "men", "in", "army"))
        ):
            return None
        if following and following.group(1)[0].isupper() and not sure:
            return None
        if (
            spelled
            and not groups.get("which")
            and not (match.group().lower().startswith("on") and (re.match(r"\s*(?:[,.;:)]|$|and\b|it\b|they\b|by\b)", context.after)))
        ):
            return None
        if (
            not spelled
            and following
            and not groups.get("which")
            and not match.group().lower().startswith("the")
            and following.group(1).islower()
            and len(following.group(1)) > 7
        ):
            return None
        day = self._ordinals[spelled.lower()] if spelled else int(groups["day"])
        base = context.anchor if context.anchor is not None else context.published
        first = base.replace(day=1)
        candidates = [on_day(add_months(first, step), day) for step in (0, -1, 1)]
        good = [date for date in candidates if date is not None and date <= context.published]
        if not good:
            return None
        return make_mention(match, good[0], anchoring="chained" if context.anchor else "published")

    def bare_time(self, match: re.Match[str], context: DateContext) -> DateMention:
        """Read "at dawn", "by nightfall"."""
        return make_mention(match, context.in_sentence or context.in_line or context.published, anchoring="bare")

    def skip(self, _match: re.Match[str], _context: DateContext) -> None:
        """Leave "before dawn on" to the date behind it."""

    # ------------------------------------------------------------ help

    def _count(self, match: re.Match[str]) -> int:
        word = match["count"].lower()
        return int(word) if word.isdigit() else int(self._numbers[word])

    def _shift(self, match: re.Match[str], base: dt.date, count: int, anchoring: Anchoring) -> DateMention:
        unit = match["unit"].lower()
        if unit in ("hour", "hr", "h"):
            return make_mention(match, base + dt.timedelta(days=round(count / 24)), anchoring=anchoring)
        if unit == "month":
            exact = "to the day" in match.group().lower()
            shifted = add_months(base, count)
            return make_mention(
                match, shifted if exact else shifted.replace(day=1), precision="day" if exact else "month", anchoring=anchoring
            )
        if unit == "year":
            return make_mention(
                match, dt.date(base.year + count, 1, 1), end=dt.date(base.year + count, 12, 31), precision="year", anchoring=anchoring
            )
        days = {"week": 7, "fortnight": 14}.get(unit, 1)
        return make_mention(match, base + count * days * DAY, anchoring=anchoring)
