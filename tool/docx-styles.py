#!/usr/bin/env python3
"""docx-styles.py FILE: one line per paragraph of a docx: the name of its style, its outline level
(its own or that of its style, - when none), its first words. Ids of styles are left out: a program
that saves the file again may give them others.

docx-styles.py --page BBOX: lines of Chinese and characters in each, of what pdftotext -bbox-layout
says of one page."""
import re
import sys
import zipfile
from collections import defaultdict
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def value(node, path):
    found = node.find(path) if node is not None else None
    return found.get(W + "val") if found is not None else None


def level(styles, style_id):
    """Down the chain of styles; a ring ends it."""
    seen = set()
    while style_id in styles and style_id not in seen:
        seen.add(style_id)
        own = value(styles[style_id], f"{W}pPr/{W}outlineLvl")
        if own is not None:
            return own
        style_id = value(styles[style_id], W + "basedOn")
    return None


def page(path):
    """Words whose tops are less than half a line (29 points) apart are one line."""
    lines = defaultdict(str)
    with open(path, encoding="utf-8") as f:
        for top, text in re.findall(r'<word [^>]*yMin="([0-9.]+)"[^>]*>([^<]*)</word>', f.read()):
            near = next((y for y in lines if abs(y - float(top)) < 14), float(top))
            lines[near] += text
    full = [len(t) for t in lines.values() if re.fullmatch("[\u4e00-\u9fff]+", t)]
    print(len(full), "x", "/".join(map(str, sorted(set(full)))))


def paragraphs(path):
    with zipfile.ZipFile(path) as z:
        parts = [ElementTree.fromstring(z.read(f"word/{p}.xml")) for p in ("styles", "document")]
    styles = {s.get(W + "styleId"): s for s in parts[0].iter(W + "style")}
    default = next(i for i, s in styles.items()
                   if s.get(W + "default") == "1" and s.get(W + "type") == "paragraph")
    for p in parts[1].iter(W + "p"):
        style = value(p, f"{W}pPr/{W}pStyle") or default
        own = value(p, f"{W}pPr/{W}outlineLvl")
        text = "".join(t.text or "" for t in p.iter(W + "t"))
        out = own if own is not None else level(styles, style)
        name = value(styles[style], W + "name").lower()
        print(name, out if out not in (None, "9") else "-", re.sub(r"\s+", " ", text)[:20].strip())


if sys.argv[1] == "--page":
    page(sys.argv[2])
else:
    paragraphs(sys.argv[1])
