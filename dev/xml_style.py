# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lay out XML files; with ``--check``, only name those that would change.

Formatters for XML at large touch the text of elements, which in Odoo's files
is code, HTML or white space that shows. This one lays out only what is laid
out already: an element is re-indented when every child of it stands on a line
of its own. Everything else is copied as it stands. What Odoo reads is compared
before and after, so that a mistake here cannot change a view.
"""

import re
import sys
from pathlib import Path

from lxml import etree

DECLARATION = '<?xml version="1.0" encoding="utf-8" ?>'
INDENT = "    "
WIDTH = 88
TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^>]*>"
    r"|</[^>]*>|<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>|[^<]+",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"([^\s=]+)\s*=\s*(\"[^\"]*\"|'[^']*')", re.DOTALL)


class Node:
    """A piece of markup, with the raw pieces inside it when an element."""

    def __init__(self, raw):
        self.raw = raw
        self.children = []
        self.end = ""

    def source(self):
        """Return the node exactly as it was written."""
        return self.raw + "".join(child.source() for child in self.children) + self.end

    def is_element(self):
        """Tell elements from text, comments and the like."""
        return self.raw.startswith("<") and self.raw[1] not in "!?"

    def is_gap(self):
        """Tell white space from everything else."""
        return not self.raw.strip()

    def is_laid_out(self):
        """Tell whether every child stands on a line of its own."""
        if len(self.children) < 3 or 'xml:space="preserve"' in self.raw:
            return False
        gaps = self.children[::2]
        return (
            len(self.children) % 2 == 1
            and all(gap.is_gap() and "\n" in gap.raw for gap in gaps)
            and not any(child.is_gap() for child in self.children[1::2])
            and not any(child.raw.startswith("<![") for child in self.children)
        )


def parse(text):
    """Return the nodes at the top of a document."""
    top = Node("")
    open_nodes = [top]
    for raw in TOKEN.findall(text):
        if raw.startswith("</"):
            open_nodes.pop().end = raw
            continue
        node = Node(raw)
        open_nodes[-1].children.append(node)
        if node.is_element() and not raw.endswith("/>"):
            open_nodes.append(node)
    return top


def _tag(raw, level, closing):
    """Lay out a start tag: on one line when it fits, else an attribute a line."""
    body = raw[1:-1].rstrip("/").strip()
    name, *_rest = re.split(r"\s", body, maxsplit=1)
    attributes = [f"{key}={value}" for key, value in ATTRIBUTE.findall(body)]
    line = INDENT * level + "<" + " ".join([name, *attributes]) + closing
    if len(line) <= WIDTH and "\n" not in line or not attributes:
        return line
    inner = "".join(f"\n{INDENT * (level + 1)}{item}" for item in attributes)
    return f"{INDENT * level}<{name}{inner}\n{INDENT * level}{closing.strip()}"


def _layout(node, level):
    """Return the text of a node, indented, without a line break at its end."""
    if not node.is_element():
        return INDENT * level + node.raw
    if not node.children:
        return _tag(node.raw, level, " />")
    start = _tag(node.raw, level, ">")
    if not node.is_laid_out():
        content = "".join(child.source() for child in node.children)
        return start + content + node.end
    return f"{start}\n{_block(node.children, level + 1)}{INDENT * level}{node.end}"


def _block(children, level):
    """Return nodes below each other, keeping single blank lines between them."""
    text = ""
    blank = False
    for child in children:
        if child.is_gap():
            blank = child.raw.count("\n") > 1
            continue
        text += ("\n" if blank and text else "") + _layout(child, level) + "\n"
        blank = False
    return text


def _meaning(element):
    """Return what Odoo reads: all but white space between elements."""
    text, tail = element.text or "", element.tail or ""
    return (
        str(element.tag),
        dict(element.attrib),
        text if text.strip() or not len(element) else "",
        tail if tail.strip() else "",
        [_meaning(child) for child in element],
    )


def format_text(text):
    """Return an XML document laid out."""
    before = etree.fromstring(text.encode("utf-8"))
    document = parse(text)
    nodes = document.children
    if nodes and nodes[0].raw.startswith("<?xml "):
        nodes[0].raw = DECLARATION
    else:
        nodes.insert(0, Node(DECLARATION))
    result = _block(nodes, 0)
    if _meaning(etree.fromstring(result.encode("utf-8"))) != _meaning(before):
        raise ValueError("laying it out would change its meaning")
    return result


def main(arguments):
    """Lay out the given files, or with ``--check`` name those in disorder."""
    check = "--check" in arguments
    failed = False
    for name in arguments:
        if name == "--check":
            continue
        path = Path(name)
        text = path.read_text(encoding="utf-8")
        try:
            result = format_text(text)
        except (ValueError, IndexError) as error:  # lxml's syntax errors too
            print(f"{name}: {error}")
            failed = True
            continue
        if result != text:
            print(f"{name}: " + ("would be laid out" if check else "laid out"))
            failed = failed or check
            if not check:
                path.write_text(result, encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
