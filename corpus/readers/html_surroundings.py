"""What surrounds the content of an HTML page: menus, banners, teasers, and what is not shown.

Sites mark their content as they like, or not at all, so that names, words and the share of links
are looked at together. What is doubtful is kept: a missing paragraph is worse than a spare one.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from corpus.language.scripts import UNSPACED

_SKIPPED = frozenset(
    "script style template noscript head svg iframe object embed canvas audio video map "
    "button datalist nav dialog rt rp menu del s strike -comment".split()
)
BLOCKS = frozenset(
    "address article aside blockquote br body caption center dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main ol p pre "
    "section summary table tbody td tfoot th thead tr ul".split()
)
_SURROUNDING = re.compile(
    r"(?:(?:top|main|site|sub|page|side)?[-_]?(?:nav|navbar|navigation|menu|footer|sidebar)"
    r"|breadcrumbs?|crumbs?|pagination|pager|cookies?|skip-link|share|sharing|social"
    r"|(?:related|recommend(?:ed)?)(?:[-_]?(?:news|links|posts|articles|stories))?)",
    re.IGNORECASE,
)
# What a browser does not show, or shows as deleted.
UNSEEN_STYLE = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|line-through)", re.IGNORECASE
)
_LEAST_PROSE = 30  # characters outside an article, a Han character counting as three
_SHORT = 400
# What pages say of themselves at their foot, and invitations: no part of the text.
_BOILERPLATE = re.compile(
    r"©|copyright|all rights reserved|privacy|cookie|subscribe|newsletter|sign up|follow us"
    r"|版[权權]所有|备案|備案|未经.{0,6}许可|未經.{0,6}許可|隐私|隱私|联系我们|聯絡我們",
    re.IGNORECASE,
)
_ASIDE_NAMES = re.compile(
    r"(?:.*[-_])?(?:comments?|disqus|newsletter|promo|advert(?:isement)?s?|ads?|banner|cookies?|modal|popup"
    r"|sign-?up|subscribe|share|sharing|social|related|recommend(?:ed|ations)?|teasers?|sidebar|menu|nav)"
    r"(?:[-_].*)?",
    re.IGNORECASE,
)
_PROSE = re.compile(r"[.!?;:](?:\s|$)|[。！？；：]|\d{4}")
_UNSPACED = re.compile(f"[{UNSPACED}]")


def around(root: LexborNode) -> frozenset[int]:
    """What stands beside the one article of a page and is none of its text, by `mem_id`.

    Its title, its date, annexes and errata often stand outside the article; so do menus, teasers
    and invitations. Prose is kept, and what holds little but links is not.
    """
    beside: set[int] = set()
    node = root
    while node.parent is not None and node.tag != "body":
        sibling = node.parent.child
        while sibling is not None:
            if sibling.mem_id != node.mem_id and not _belongs(sibling):
                beside.add(sibling.mem_id)
            sibling = sibling.next
        node = node.parent
    return frozenset(beside)


def _belongs(node: LexborNode) -> bool:
    """Whether a part of the page outside its article is text: a title, a date, or prose."""
    tag = node.tag or ""
    text = " ".join(node.text().split())
    if tag == "h1" or (node.css_first("h1") is not None and len(text) < _SHORT):
        return True
    return tag not in _SKIPPED and not _is_beside(node, text) and _is_prose(node, text)


def _is_beside(node: LexborNode, text: str) -> bool:
    """Whether a part's name or words say that it is about the site, not the subject."""
    attributes = node.attributes
    names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}".split()
    if any(map(_ASIDE_NAMES.fullmatch, names)):
        return True
    return len(text) < _SHORT and bool(_BOILERPLATE.search(text))


def _is_prose(node: LexborNode, text: str) -> bool:
    links = sum(len(link.text()) for link in node.css("a"))
    wide = len(_UNSPACED.findall(text))
    long_enough = len(text) + 2 * wide >= _LEAST_PROSE
    return long_enough and 3 * links <= len(text) and bool(_PROSE.search(text))


def is_left_out(node: LexborNode, tag: str, *, in_content: bool) -> bool:
    """Whether a node is no part of what the page is about, or is not shown."""
    if tag in _SKIPPED or tag.startswith("-"):
        return True
    attributes = node.attributes
    if "hidden" in attributes or UNSEEN_STYLE.search(attributes.get("style") or ""):
        return True
    if in_content or tag not in BLOCKS:
        return False
    if tag in {"footer", "aside"}:
        text = " ".join(node.text().split())
        return len(text) < _SHORT and (_is_beside(node, text) or not _is_prose(node, text))
    if attributes.get("role") == "navigation":
        return True
    names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}".split()
    return any(map(_SURROUNDING.fullmatch, names)) and _is_links(node)


def _is_links(node: LexborNode) -> bool:
    """Mostly links, or too short to be the content."""
    length = len(node.text().strip())
    return length < _SHORT or 2 * sum(len(link.text()) for link in node.css("a")) > length
