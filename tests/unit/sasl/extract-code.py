#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Joins the C code of a page, block after block: what the page shows is what the test compiles.

    extract-code.py PAGE OUTPUT
"""
import re
import sys

with open(sys.argv[1], encoding='utf-8') as page:
    blocks = re.findall(r'^```c\n(.*?)^```$', page.read(), re.MULTILINE | re.DOTALL)
if not blocks:
    sys.exit(f'{sys.argv[1]} shows no C code')
with open(sys.argv[2], 'w', encoding='utf-8') as output:
    output.write('\n'.join(blocks))
