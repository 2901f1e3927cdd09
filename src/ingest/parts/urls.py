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
_PLAIN = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/(?!\.)[A-Za-z0-9._~-]*)+"
    r"(?:\?[a-z0-9]+=[A-Za-z0-9_-]+)?(?:#[A-Za-z0-9._~-]+)?"
)
_CLOSING = {")": "(", "]": "[", "}": "{"}


def trim(url: str) -> str:
    """A URL found in prose without the punctuation of the sentence around it.

    >>> trim("https://example.org/a_(b)),")
    'https://example.org/a_(b)'
    """
    while url:
        last = url[-1]
        opening = _CLOSING.get(last)
        unbalanced = opening is not None and url.count(last) > url.count(opening)
        if not unbalanced and last not in ".,;:!?'\"’*_|\\":
            break
        url = url[:-1]
    return url


def canonical(url: str) -> str:
    """Scheme and host in lower case, default port and known trackers dropped, percent-encoding made
    regular; path, query and fragment kept.

    Raises ``ValueError`` for what is no web address.

    >>> canonical("HTTPS://Example.org:443?b=1&utm_source=x&a=2#top")
    'https://example.org/?b=1&a=2#top'
    """
    if _PLAIN.fullmatch(url) and not _TRACKERS.match(url.partition("?")[2]):
        return url
    from yarl import URL  # costs as much to load as reading all plain addresses of a dump

    parsed = URL(url)
    host = parsed.host
    if parsed.scheme not in ("http", "https") or not host or not _is_host(host):
        raise ValueError(f"no web address: {url}")
    kept = [part for part in parsed.raw_query_string.split("&") if part and not _TRACKERS.match(part)]
    return str(parsed.with_query("&".join(kept) or None).with_fragment(parsed.fragment or None))


def _is_host(host: str) -> bool:
    return host == "localhost" or bool(re.fullmatch(r"[^.\s]+(?:\.[^.\s]+)+\.?|\[?[0-9a-f:]+\]?", host))
