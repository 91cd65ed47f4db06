"""Tries patterns with Python's re: reads a list of {pattern, text, sub} as JSON, prints what each call gives."""

import json
import re
import sys
import warnings

# `[[:digit:]]` is warned of.
warnings.simplefilter("ignore")


def answers(pattern, text, sub):
    compiled = re.compile(pattern)
    found = compiled.search(text)
    return {
        "search": found.group() if found else "",
        "match": bool(compiled.match(text)),
        "fullmatch": bool(compiled.fullmatch(text)),
        "groups": [group or "" for group in found.groups()] if found else [],
        "groupdict": {name: group or "" for name, group in found.groupdict().items()} if found else {},
        "findall": [list(one) if isinstance(one, tuple) else one for one in compiled.findall(text)],
        "finditer": [{name: group or "" for name, group in one.groupdict().items()} for one in compiled.finditer(text)],
        "split": ["" if piece is None else piece for piece in compiled.split(text)],
        "sub": compiled.sub(sub, text),
        "sub_once": compiled.sub(sub, text, count=1),
        "escape": re.escape(text),
    }


json.dump([answers(**case) for case in json.load(sys.stdin)], sys.stdout)
