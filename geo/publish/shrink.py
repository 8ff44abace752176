"""Code and styles made shorter without a change in what they do: comments and blanks go, of Leaflet also classes that no page calls."""

import re
from collections.abc import Collection, Iterator

# what must stay as it stands (texts, templates, regular expressions), then what may go (comments, blanks)
_JS = re.compile(
    r"""(?P<keep>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"""
    r"""|(?<=[(,=:\[!&|?{};])[ ]*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/)"""
    r"""|(?P<drop>(?:\s|//[^\n]*|/\*.*?\*/)+)""",
    re.DOTALL,
)
_WORD = re.compile(r"[\w$]")


def shrink_script(code: str) -> str:
    r"""Drop comments, indents and the blanks beside signs; line ends stay, since JavaScript may end a statement at one.

    Examples
    --------
    >>> shrink_script('const a = b + +c;  // why\n  f("x  //", /a b/g);')
    'const a=b+ +c;\nf("x  //",/a b/g);'
    """
    made = ""
    for part, droppable in _parts(code):
        made += part
        if droppable is None:
            continue
        text, after = droppable
        if "\n" in text:
            made += "\n"
        elif made and after and _needs_blank(made[-1], after):
            made += " "
    return made.strip()


def shrink_style(css: str) -> str:
    r"""Drop comments, line ends and the blanks beside braces, colons and commas.

    Examples
    --------
    >>> shrink_style("/* why */\n.a .b > i, p { margin: 0 1px; }")
    '.a .b > i,p{margin:0 1px}'
    """
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    joined = re.sub(r"\s+", " ", plain)
    closed = re.sub(r" ?([{};,]) ?", r"\1", joined).replace(";}", "}")
    return re.sub(r"(?<=[\w-]): (?=[^{}]*\})", ":", closed).strip()


def hollow_classes(code: str, names: Collection[str]) -> str:
    """Empty the bodies of classes that a library's minified build exports by these names; one that is not found is left whole.

    A hollow class can still be named and inherited from, so the rest loads as before.

    Examples
    --------
    >>> hollow_classes('var a=C.extend({f:function(){return"}"}}),b=a.extend({});t.Tile=a,t.Part=b', ["Tile"])
    'var a=C.extend({}),b=a.extend({});t.Tile=a,t.Part=b'
    """
    for name in names:
        alias = re.search(rf"\b\w+\.{name}=([\w$]+)\b", code)
        # a class is "a=b.extend({", or the last of several steps in brackets, "a=(…,b.extend({"
        start = alias and re.search(rf"(?<![\w$.]){re.escape(alias[1])}=(?:\((?:(?!\.extend\().){{0,4000}},)?[\w$]+\.extend\(\{{", code)
        if start:
            code = code[: start.end()] + code[_closing(code, start.end() - 1) :]
    return code


def _parts(code: str) -> Iterator[tuple[str, tuple[str, str] | None]]:
    """Yield what stays, with what may go after it and the sign that follows that."""
    at = 0
    for match in _JS.finditer(code):
        if match["keep"]:
            yield code[at : match.start()] + match["keep"].lstrip(" "), None
        else:
            yield code[at : match.start()], (match["drop"], code[match.end() : match.end() + 1])
        at = match.end()
    yield code[at:], None


def _needs_blank(before: str, after: str) -> bool:
    """Tell whether two signs would mean something else side by side."""
    return bool(_WORD.match(before) and _WORD.match(after)) or (before in "+-/" and after in "+-/")


def _closing(code: str, opening: int) -> int:
    """Give the place of the brace that closes the one at ``opening``, past braces in texts."""
    depth = 0
    for match in re.compile(r"""\{|\}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""").finditer(code, opening):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.start()
    return opening + 1
