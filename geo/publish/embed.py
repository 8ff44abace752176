"""Snippets that put a built page into a report, an article or a notebook."""

from html import escape

from geo.publish.words import Words, load_words

FORMS = ("iframe", "inline", "markdown", "quarto", "wordpress")
HEIGHT = 560


def embed_snippet(
    page: str,
    *,
    form: str = "iframe",
    title: str,
    html: str | None = None,
    figure: str | None = None,
    height: int = HEIGHT,
    lang: str = "en",
) -> str:
    """Give the snippet that embeds a page.

    Parameters
    ----------
    page
        The page's address as the embedding document sees it (``maps/2024-12-01.html``).
    form
        ``iframe`` (a frame that points to the page), ``inline`` (a frame that holds it; works where
        only one file may be sent), ``markdown``, ``quarto`` (HTML in a block that other outputs
        replace by the figure), ``wordpress`` (a Custom HTML block).
    html
        The page itself; needed for ``inline``.
    figure
        The address of a picture of the page, for readers without frames and for print.

    Examples
    --------
    >>> print(embed_snippet("maps/2024-12-01.html", form="markdown", title="Syria, 1 December 2024", figure="maps/2024-12-01.png"))
    [![Syria, 1 December 2024](maps/2024-12-01.png)](maps/2024-12-01.html)
    <BLANKLINE>
    [All dates and sources: Syria, 1 December 2024](maps/2024-12-01.html)
    <BLANKLINE>
    """
    words = load_words(lang)
    if form == "inline":
        if html is None:
            raise ValueError("the inline form holds the page itself: give html=")
        return _frame(f'srcdoc="{escape(html)}"', title=title, height=height)
    frame = _frame(f'src="{escape(page)}?bare"', title=title, height=height)
    if form == "iframe":
        return frame + _caption(page, title, words)
    if form == "markdown":
        name, link = _markdown(title), page.replace(" ", "%20").replace(")", "%29")
        text = f"[{words['timeline_of']}: {name}]({link})\n"
        return f"[![{name}]({figure})]({link})\n\n{text}" if figure else text
    if form == "quarto":
        other = f'\n::: {{.content-hidden when-format="html"}}\n![{_markdown(title)}]({figure})\n:::\n' if figure else ""
        return f'::: {{.content-visible when-format="html"}}\n```{{=html}}\n{frame}```\n:::\n{other}'
    if form == "wordpress":
        return f"<!-- wp:html -->\n{frame}{_caption(page, title, words)}<!-- /wp:html -->\n"
    raise ValueError(f"no embed form {form!r}; known are {', '.join(FORMS)}")


def _frame(source: str, *, title: str, height: int) -> str:
    """Give a sandboxed frame: its scripts run, but they reach neither the host page nor its cookies."""
    return (
        f'<iframe {source} title="{escape(title)}" width="100%" height="{height}" loading="lazy" '
        f'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" style="border:0;max-width:100%"></iframe>\n'
    )


def _caption(page: str, title: str, words: Words) -> str:
    return f'<p><a href="{escape(page)}">{escape(words["timeline_of"])}: {escape(title)}</a></p>\n'


def _markdown(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>()#!|" else letter for letter in text)
