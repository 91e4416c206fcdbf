# SPDX-License-Identifier: Apache-2.0
"""Reads what llvm-cov exported and says whether it is enough; see run.

judge.py EXPORT.json --mcdc NAME... --branches NAME...
    NAME is a file of server/domain without its ".c". With --mcdc every condition has to be shown to
    decide its decision alone; a decision of one condition, which llvm-cov does not list there, has to
    have gone both ways, so these files are held to their branches as well. Left out and counted: where
    a switch over an enumeration names every value, the label of the count and the way past all labels,
    which stand there for the compiler.

Prints a line per file and, below it, each piece that is missing with its line. Exit status 1 if any is.
"""
import json
import os
import re
import sys


def uncovered_conditions(record):
    """Numbers, from 1, of the conditions of one decision that were never seen to decide it."""
    return [n for n, seen in enumerate(record[-1], 1) if not seen]


def for_the_compiler(text):
    return bool(re.match(r"\s*(case \w+_COUNT:|switch \()", text))


def missing_of(file, with_mcdc):
    """(line, column, what) of each piece; what is None for one that is left out."""
    with open(file["filename"], encoding="utf-8") as source:
        text = source.read().splitlines()
    for line, column, _, _, yes, no, *_ in file["branches"]:
        if yes == 0 or no == 0:
            what = "never true" if yes == 0 else "never false"
            yield line, column, None if with_mcdc and for_the_compiler(text[line - 1]) else what
    if with_mcdc:
        for record in file["mcdc_records"]:
            for n in uncovered_conditions(record):
                yield record[0], record[1], f"condition {n} of {len(record[-1])} never decides alone"


def percent(part):
    """Downwards, so that nothing short of all reads as 100."""
    return 1000 * part["covered"] // part["count"] / 10 if part["count"] else 100.0


def judge(file, name, with_mcdc):
    """Prints; returns whether it is enough."""
    summary = file["summary"]
    found = list(missing_of(file, with_mcdc))
    missing = sorted(piece for piece in found if piece[2])
    out = len(found) - len(missing)
    enough = not missing and summary["functions"]["covered"] == summary["functions"]["count"]
    mcdc, branches = summary["mcdc"], dict(summary["branches"])
    branches["count"] -= out
    shown = f"MC/DC {percent(mcdc):5.1f} % of {mcdc['count']:3}" if with_mcdc else ""
    print(f"{'ok' if enough else 'NO':3} {name:16} {shown:22} branches {percent(branches):5.1f} % of "
          f"{branches['count']:3}{f' ({out} left out)' if out else ''}")
    for line, column, what in missing:
        print(f"      server/domain/{name}.c:{line}:{column}: {what}")
    return enough


def main(arguments):
    export, how = arguments[0], None
    asked = {}
    for word in arguments[1:]:
        if word.startswith("--"):
            how = word
        else:
            asked[word] = how == "--mcdc"
    with open(export, encoding="utf-8") as source:
        files = json.load(source)["data"][0]["files"]
    found = {os.path.basename(f["filename"])[:-2]: f for f in files if f["filename"].endswith(".c")}
    enough = True
    for name, with_mcdc in asked.items():
        if name not in found or found[name]["summary"]["branches"]["count"] == 0:
            print(f"NO  {name}: not in the coverage at all")
            enough = False
            continue
        enough = judge(found[name], name, with_mcdc) and enough
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
