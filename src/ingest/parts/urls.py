"""One URL: where it ends in prose, its canonical form, whether it is well formed. Nothing is
fetched."""

from __future__ import annotations

import re

# Parameters that tell the site where a visitor came from and never choose what is shown.
_TRACKERS = re.compile(
    r"(?:utm_\w+|gclid|dclid|gbraid|wbraid|fbclid|msclkid|twclid|yclid|igshid"
    r"|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|vero_id)(?:=|$)",
    re.IGNORECASE,
)
# Addresses that are canonical as they stand: most of them are.
_LETTERS = "[A-Za-z0-9._~(),@!$*+;=-]*+"
_PLACE = (
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+"
    rf"(?:/(?!\.){_LETTERS}(?:%[89A-F][0-9A-F]{_LETTERS})*+)+"
)
_QUERY = r"(?:\?[A-Za-z0-9_.~-]+=[A-Za-z0-9_.~-]*(?:&[A-Za-z0-9_.~-]+=[A-Za-z0-9_.~-]*)*)?"
_FRAGMENT = r"(?:#[A-Za-z0-9._~-]+)?"
_PLAIN = re.compile(f"{_PLACE}{_QUERY}{_FRAGMENT}")
# Of these, in a query a tracker may stand, and the last letter may belong to the sentence around it.
_SURELY_PLAIN = re.compile(f"{_PLACE}{_FRAGMENT}(?<=[A-Za-z0-9/])")
# Where an address ends inside what has no space: before a second one that follows a letter or a comma, while
# one in a path or a query belongs to the first; and behind the text of a Markdown link.
_END = re.compile(r"(?<=[\w,;])(?=https?://)|\]\(", re.IGNORECASE)
# Addresses without anything that may end them earlier: most of them.
_IN_ITSELF = re.compile(r"https?://[\w./?=&%#~+-]*[\w/]")
_PUNCTUATION = ".,;:!?'\"’*_|\\…。，；：、！？）】」"
_CLOSING = {")": "(", "]": "[", "}": "{"}


def is_plain(url: str) -> bool:
    """Whether there is nothing to trim off a URL found in prose, and it is canonical as it stands: seen with
    one look at most of them.

    >>> is_plain("https://example.org/a"), is_plain("https://example.org/a."), is_plain("https://Example.org")
    (True, False, False)
    """
    return _SURELY_PLAIN.fullmatch(url) is not None


def trim(url: str) -> str:
    """A URL found in prose without the punctuation of the sentence around it, and without a second one
    glued to it.

    >>> trim("https://example.org/a_(b)),")
    'https://example.org/a_(b)'
    >>> trim("https://example.org/a,https://example.org/b")
    'https://example.org/a'
    """
    if _IN_ITSELF.fullmatch(url):
        return url
    url = url[: end_of_first(url, 0, len(url))]
    surplus = {closing: url.count(closing) - url.count(opening) for closing, opening in _CLOSING.items()}
    end = len(url)
    while end:
        last = url[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _PUNCTUATION:
            break
        end -= 1
    return url[:end]


def end_of_first(text: str, start: int, end: int) -> int:
    """Where the first address ends of those that are glued together between two places."""
    found = _END.search(text, start + 1, end)
    return found.start() if found else end


def is_web(address: str) -> bool:
    """Whether an address is one of the web: others, such as ``javascript:…``, a browser may run.

    >>> is_web("https://example.org"), is_web("javascript:alert(1)")
    (True, False)
    """
    return address[:8].lower().startswith(("http://", "https://"))


def canonical(url: str) -> str:
    """Scheme and host in lower case, default port and known trackers dropped, percent-encoding made
    regular; path, query and fragment kept.

    Raises ``ValueError`` for what is no web address.

    >>> canonical("HTTPS://Example.org:443?b=1&utm_source=x&a=2#top")
    'https://example.org/?b=1&a=2#top'
    """
    if "?" not in url and _PLAIN.fullmatch(url):
        return url
    before, mark, fragment = url.partition("#")
    path, question, query = before.partition("?")
    kept = [part for part in query.split("&") if part and not _TRACKERS.match(part)]
    url = f"{path}{question if kept else ''}{'&'.join(kept)}{mark if fragment else ''}{fragment}"
    if _PLAIN.fullmatch(url):
        return url
    from yarl import URL  # costs as much to load as reading all plain addresses of a dump

    try:
        parsed = URL(url)
        host = parsed.host
    except (ValueError, IndexError, TypeError) as error:  # on malformed hosts more than it documents
        raise ValueError(f"no web address: {url}") from error
    if parsed.scheme not in ("http", "https") or not host or not _is_host(host):
        raise ValueError(f"no web address: {url}")
    address = str(parsed)
    rest = address.partition("://")[2]
    if "/" not in rest.partition("?")[0].partition("#")[0]:
        # The root has one spelling: with its slash.
        end = min((rest.find(letter) for letter in "?#" if letter in rest), default=len(rest))
        address = f"{parsed.scheme}://{rest[:end]}/{rest[end:]}"
    return address


def _is_host(host: str) -> bool:
    return host == "localhost" or bool(re.fullmatch(r"[^.\s]+(?:\.[^.\s]+)+\.?|\[?[0-9a-f:]+\]?", host))
