#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the whole of tests/server against a real server, part after part: one line per check, then a total.

    tests/server/run.py PARTA              everything
    tests/server/run.py PARTA crash ops    these parts (bad_input, or the name of a file here)
    tests/server/run.py PARTA slow         the cases of bad_input with this in their name"""
import concurrent.futures
import importlib
import itertools
import sys
import time
import traceback

import bad_input
import world
from harness import Server

# In this order: each imports as a module and has run(parta, check).
PARTS = ("refused", "rights", "objects", "attendance", "moves", "wsmedia", "group", "uploads", "imports", "publishing", "killed", "logs", "mail", "hooks", "ops", "crash",
         "flood")

# Short deadlines, so that waiting for them is quick.
LIMITS = {"request_seconds": 2, "idle_seconds": 2, "answer_seconds": 5, "ping_seconds": 1, "hangup_seconds": 3,
          "write_seconds": 2, "connections_per_address": 500, "connections_per_person": 100,
          "accepts_per_second": 1000}


def run_case(f, argument):
    start = time.monotonic()
    try:
        f(argument)
        fault = ""
    except Exception:  # a case may fail in any way; all are reported alike
        fault = traceback.format_exc()
    return f.__name__, time.monotonic() - start, fault


def indented(text):
    return "     " + text.replace("\n", "\n     ")


def run_bad_input(parta, check, only):
    with Server(parta, LIMITS) as s, concurrent.futures.ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(run_case, f, s) for f in bad_input.CASES if only in f.__name__]
        jobs += [pool.submit(run_case, f, parta) for f in bad_input.OWN if only in f.__name__]
        later = [f for f in bad_input.ALONE if only in f.__name__]
        for name, took, fault in itertools.chain((j.result() for j in concurrent.futures.as_completed(jobs)),
                                                 (run_case(f, parta) for f in later)):
            check(name, not fault, f"{took:.1f} s")
            if fault:
                print(indented(fault))
        alive = s.process.poll() is None
        status = s.stop() if alive else s.process.returncode
        log = s.log_text()
        if not check("the server lives through it and ends with 0", alive and status == 0, status):
            print(log[-4000:])
        check("nothing personal in its log", s.cookie not in log and s.token not in log and "Test Person" not in log)


def run_part(name, parta, check, only=""):
    print(f"---- {name}", flush=True)
    start = time.monotonic()
    try:
        if name == "bad_input":
            run_bad_input(parta, check, only)
        else:
            importlib.import_module(name).run(parta, check)
    except Exception:  # the part is not done, which is one more check that failed
        check(f"{name} runs to its end", False)
        print(indented(traceback.format_exc()))
    print(f"     {name}: {time.monotonic() - start:.1f} s", flush=True)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    parta, names = sys.argv[1], sys.argv[2:] or ("bad_input",) + PARTS
    check = world.Checks()
    try:
        for name in names:
            if name in ("bad_input",) + PARTS:
                run_part(name, parta, check)
            else:
                run_part("bad_input", parta, check, name)
    finally:
        world.forget()
    print(f"{check.passed} passed, {check.failed} failed")
    sys.exit(1 if check.failed or not check.passed else 0)


main()
