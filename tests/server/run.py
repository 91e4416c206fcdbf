#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the cases of bad_input.py against a real server: one line each, then a total.

    tests/server/run.py PARTA [part of a case's name]"""
import concurrent.futures
import itertools
import sys
import time
import traceback

import bad_input
from harness import Server

# Short deadlines, so that waiting for them is quick.
LIMITS = {"request_seconds": 2, "idle_seconds": 2, "answer_seconds": 5, "ping_seconds": 1, "hangup_seconds": 3,
          "write_seconds": 2, "connections_per_address": 500, "connections_per_person": 100,
          "accepts_per_second": 1000}


def run(f, argument):
    start = time.monotonic()
    try:
        f(argument)
        fault = ""
    except Exception:  # a case may fail in any way; all are reported alike
        fault = traceback.format_exc()
    return f.__name__, time.monotonic() - start, fault


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    parta, only = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    results = []
    with Server(parta, LIMITS) as s, concurrent.futures.ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(run, f, s) for f in bad_input.CASES if only in f.__name__]
        jobs += [pool.submit(run, f, parta) for f in bad_input.OWN if only in f.__name__]
        later = [f for f in bad_input.ALONE if only in f.__name__]
        for name, took, fault in itertools.chain((j.result() for j in concurrent.futures.as_completed(jobs)),
                                                 (run(f, parta) for f in later)):
            results.append(not fault)
            print(f"{'FAIL' if fault else 'ok  '} {name} ({took:.1f} s)", flush=True)
            if fault:
                print("     " + fault.replace("\n", "\n     "))
        alive = s.process.poll() is None
        status = s.stop() if alive else s.process.returncode
        log = s.log_text()
        clean = alive and status == 0
        results.append(clean)
        print(f"{'ok  ' if clean else 'FAIL'} the_server_lives_through_it_and_ends_with_0")
        quiet = s.cookie not in log and s.token not in log and "Test Person" not in log
        results.append(quiet)
        print(f"{'ok  ' if quiet else 'FAIL'} nothing_personal_in_its_log")
        if not clean:
            print(log[-4000:])
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    sys.exit(0 if all(results) else 1)


main()
