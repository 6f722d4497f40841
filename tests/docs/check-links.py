#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every link in the pages leads somewhere: files exist, headings exist. No network: links to other hosts are only read.

    check-links.py ROOT [HTML]

ROOT is the source tree, whose *.md are read; HTML a folder of built pages. Its own tests run with it: a checker that can't fail is none.
"""
import html.parser
import os
import re
import sys
import tempfile
import unittest
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'harness'))
import tap    # noqa: E402

LINK = re.compile(r'!?\[(?:[^][]|\[[^][]*\])*\]\(\s*<?([^)\s>]*)>?(?:\s+"[^"]*")?\s*\)')
REFERENCE = re.compile(r'^\s{0,3}\[[^]]+\]:\s*(\S+)')
HEADING = re.compile(r'^#{1,6}\s+(.*?)\s*#*$')
ROOT = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, '..', '..')
HTML = sys.argv[2] if len(sys.argv) > 2 else None


def anchor(heading, used):
    """The name that a heading is linked to by, as code hosts make it."""
    text = re.sub(r'\[([^]]*)\]\([^)]*\)', r'\1', heading)
    name = re.sub(r'[^\w\- ]', '', text.lower()).replace(' ', '-')
    count = used.get(name, 0)
    used[name] = count + 1
    return f'{name}-{count}' if count else name


class Markdown:
    """What a page links to, and what in it can be linked to."""

    def __init__(self, path):
        self.links = []    # (line, target)
        self.anchors = set()
        used = {}
        fence = None
        with open(path, encoding='utf-8') as file:
            for number, line in enumerate(file, 1):
                mark = re.match(r'\s*(```+|~~~+)', line)
                if mark and (fence is None or line.strip() == fence):
                    fence = mark.group(1) if fence is None else None
                elif fence is None and not line.startswith('    '):
                    self.read(number, line.rstrip('\n'), used)

    def read(self, number, line, used):
        found = HEADING.match(line)
        if found:
            self.anchors.add(anchor(found.group(1), used))
        self.anchors.update(re.findall(r'<a (?:name|id)="([^"]+)"', line))
        text = re.sub(r'(`+)(?!`).*?(?<!`)\1(?!`)', '', line)
        found = REFERENCE.match(text)
        targets = [found.group(1)] if found else LINK.findall(text)
        self.links += [(number, target) for target in targets]


class Html(html.parser.HTMLParser):
    """The same of a built page. What the generator itself leaves open, buttons and an address that isn't given, is no link."""

    def __init__(self, path):
        super().__init__()
        self.links = []
        self.anchors = set()
        with open(path, encoding='utf-8') as file:
            self.feed(file.read())

    def handle_starttag(self, tag, attrs):
        if dict(attrs).get('href') == 'javascript:void(0)' or (dict(attrs).get('href') == '' and ('class', 'external') in attrs):
            return
        for name, value in attrs:
            if name == 'id' or (tag == 'a' and name == 'name'):
                self.anchors.add(value)
            elif name in ('href', 'src') and value is not None:
                self.links.append((self.getpos()[0], value))


def find_pages(root, suffix):
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith(('.', '_')) and f not in ('build', 'subprojects'))
        yield from (os.path.join(folder, name) for name in sorted(files) if name.endswith(suffix))


def check(root, suffix, read):
    """The faults of all pages below @root, one sentence each."""
    pages = {os.path.realpath(path): read(path) for path in find_pages(root, suffix)}
    faults = []
    for path, page in pages.items():
        for line, target in page.links:
            fault = check_link(path, target, pages)
            if fault:
                faults.append(f'{os.path.relpath(path, os.path.realpath(root))}:{line}: {target}: {fault}')
    return pages, faults


def check_link(path, target, pages):
    parts = urllib.parse.urlsplit(target)
    if parts.scheme or parts.netloc:
        return None if parts.scheme in ('http', 'https', 'mailto') else f'a link of the kind "{parts.scheme}:"'
    aim = path
    if parts.path:
        aim = os.path.realpath(os.path.join(os.path.dirname(path), urllib.parse.unquote(parts.path)))
        if not os.path.exists(aim):
            return 'there is no such file'
    elif not parts.fragment:
        return 'it leads nowhere'
    if parts.fragment and aim in pages and urllib.parse.unquote(parts.fragment) not in pages[aim].anchors:
        return 'there is no such heading'
    return None


class Pages(unittest.TestCase):
    def test_every_link_in_the_source_tree_leads_somewhere(self):
        pages, faults = check(ROOT, '.md', Markdown)
        self.assertGreater(len(pages), 5, 'the pages were not found')
        self.assertEqual(faults, [])


if HTML:
    class Reference(unittest.TestCase):
        def test_every_link_in_the_reference_leads_somewhere(self):
            pages, faults = check(HTML, '.html', Html)
            self.assertGreater(len(pages), 50, 'the pages were not found')
            self.assertEqual(faults, [])


class Checker(unittest.TestCase):
    """That it finds what it is there to find."""

    def faults(self, text, suffix='.md', read=Markdown):
        with tempfile.TemporaryDirectory() as root:
            with open(os.path.join(root, 'other' + suffix), 'w', encoding='utf-8') as file:
                file.write('# Other page\n\n## A heading, with `code`\n\n<p id="there"></p>\n')
            with open(os.path.join(root, 'page' + suffix), 'w', encoding='utf-8') as file:
                file.write(text)
            return check(root, suffix, read)[1]

    def test_good_links_pass(self):
        for text in ('[x](other.md)', '[x](other.md#a-heading-with-code)', '# Here\n[x](#here)', '[x](https://example.org/no)',
                     '`[x](none.md)`', '```\n[x](none.md)\n```', '    [x](none.md)', '[x]: other.md', '# A\n# A\n[x](#a-1)'):
            self.assertEqual(self.faults(text), [], text)

    def test_a_missing_file_is_found(self):
        for text in ('[x](none.md)', 'a [x](other.md) b [y](none.md)', '![x](none.png)', '[x]: none.md', '[`x`](none.md "title")',
                     '```\n```\n[x](none.md)'):
            self.assertEqual(len(self.faults(text)), 1, text)

    def test_a_missing_heading_is_found(self):
        for text in ('[x](other.md#none)', '[x](#none)', '# Here\n[x](#Here)'):
            self.assertEqual(len(self.faults(text)), 1, text)

    def test_an_empty_or_odd_link_is_found(self):
        for text in ('[x]()', '[x](file:///etc/passwd)'):
            self.assertEqual(len(self.faults(text)), 1, text)

    def test_built_pages_are_read(self):
        good = '<a href="other.html#there">x</a><img src="other.html">'
        bad = '<a href="none.html">x</a><a href="other.html#none">x</a>'
        self.assertEqual(self.faults(good, '.html', Html), [])
        self.assertEqual(len(self.faults(bad, '.html', Html)), 2)


if __name__ == '__main__':
    del sys.argv[1:]
    tap.main()
