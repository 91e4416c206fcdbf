#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what the compiler cannot: who includes whom, file and function sizes, licence lines, and
calls that the house does not use. Prints one line per fault; exit status 1 if there is any."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# The include table. Folder → folders it may use besides itself.
MAY_USE = {
    "common/base": [],
    "common/protocol": ["common/base"],
    "server/domain": ["common"],
    "server/domain/planner": ["common"],
    "server/rtc": ["common"],
    "server/media": ["common", "server/rtc"],
    "server/room": ["common", "server/domain", "server/media/message.h"],
    "server/store": ["common", "server/domain"],
    "server/render": ["common", "server/domain"],
    "server/tables": ["common"],
    "server/api": ["common", "server/domain", "server/store", "server/render", "server/tables", "server/sys"],
    "server/sys": ["common"],
    "server/net": ["common", "server/sys", "server/room", "server/media", "server/rtc", "server/api/desk.h",
                   "server/domain/lesson.h", "server/domain/admission.h", "server/domain/attendance.h"],
    "server": ["common", "server"],  # main, config, cli
}

# Library headers and the only folders that may include them.
LIBRARIES = {
    r"libwebsockets\.h": ["server/net"],
    r"sqlite3\.h": ["server/store/db_sqlite.c"],
    r"jansson\.h": ["common/base", "common/protocol", "server/api", "server/net"],
    r"openssl/": ["common/base/shim", "server/rtc", "server/sys", "server/store", "server/net", "server/api"],
    r"curl/": ["server/sys"],
    r"qrencode\.h": ["server/render"],
    r"argon2\.h": ["server/sys", "server/api"],
    r"pango/|cairo": ["server/render"],
    r"libical/": ["server/domain", "server/render"],
    r"xlsxwriter\.h": ["server/render"],
    r"csv\.h|zip\.h|expat\.h": ["server/tables"],
    r"ini\.h": ["server/config.c", "server/config.h"],
    r"sys/socket\.h|netinet/|arpa/inet\.h": ["server/net", "server/sys/hook.c"],  # hook: which addresses are called
    r"pthread\.h": ["server/sys", "server/api/desk.c", "server/net"],
}

# Pure folders may not look at the world.
PURE = ["server/domain", "server/rtc", "server/media", "server/room"]
IMPURE = r"\b(clock_gettime|gettimeofday|time|socket|open|fopen|getenv|printf|fprintf|pthread_\w+|usleep|sleep)\s*\("

FORBIDDEN = r"\b(strcpy|strcat|sprintf|vsprintf|atoi|atol|atoll|strtok|gets|alloca)\s*\("

FILE_HARD = 800
FUNCTION_HARD = 100
# Tables and switch parsers, by name.
LONG_ALLOWED = {"tests", "common/protocol/protocol.gen.c"}

faults = []


def fault(path, line, text):
    faults.append(f"{path}:{line}: {text}")


def folder_of(path):
    for folder in sorted(MAY_USE, key=len, reverse=True):
        if path == folder or path.startswith(folder + "/"):
            return folder
    return None


def allowed(folder, include):
    targets = [folder] + MAY_USE[folder]
    return any(include == t or include.startswith(t + "/") for t in targets)


def strip_comments_and_strings(text):
    def blank(m):
        return re.sub(r"[^\n]", " ", m.group(0))

    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def check_includes(path, text):
    folder = folder_of(path)
    if folder is None:
        return
    for n, line in enumerate(text.splitlines(), 1):
        m = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        if m and not allowed(folder, m.group(1)):
            fault(path, n, f"{folder} may not include {m.group(1)} (DESIGN, include table)")
        m = re.match(r"\s*#\s*include\s*<([^>]+)>", line)
        if m:
            for pattern, where in LIBRARIES.items():
                if re.match(pattern, m.group(1)) and not any(path.startswith(w) for w in where):
                    fault(path, n, f"<{m.group(1)}> belongs to {', '.join(where)}")


def check_functions(path, code):
    start, name = None, ""
    for n, line in enumerate(code.splitlines(), 1):
        if line.startswith("{"):
            start = n
        elif line.startswith("}") and start:
            if n - start > FUNCTION_HARD and path not in LONG_ALLOWED:
                fault(path, start, f"a function of {n - start} lines (at most {FUNCTION_HARD})")
            start = None


def check_c(path, text):
    if not re.match(r"/\* SPDX-License-Identifier: Apache-2\.0", text):
        fault(path, 1, "does not start with its SPDX line")
    code = strip_comments_and_strings(text)
    lines = text.count("\n")
    if lines > FILE_HARD and not path.endswith((".gen.c", ".gen.h")):
        fault(path, 1, f"{lines} lines (at most {FILE_HARD})")
    if not path.endswith(".gen.c"):
        check_functions(path, code)
    for m in re.finditer(FORBIDDEN, code):
        fault(path, code.count("\n", 0, m.start()) + 1, f"{m.group(1)} is not used in this house")
    if any(path.startswith(p + "/") for p in PURE):
        for m in re.finditer(IMPURE, code):
            fault(path, code.count("\n", 0, m.start()) + 1, f"{m.group(1)}: a pure folder does not look at the world")
    if path.startswith(("tests/unit/", "tests/sim/")):
        for m in re.finditer(r"\b(sleep|usleep|nanosleep)\s*\(", code):
            fault(path, code.count("\n", 0, m.start()) + 1, "a test that sleeps: use virtual time")
    check_includes(path, text)


def main():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    seen = 0
    for path in listed:
        full = ROOT / path
        if not path or not full.is_file():
            continue
        if path.endswith((".c", ".h")):
            seen += 1
            check_c(path, full.read_text(encoding="utf-8"))
        elif path.endswith((".sh", ".py", ".mjs")) or path in ("tests/run", "server/demo"):
            head = full.read_text(encoding="utf-8")[:400]
            if "SPDX-License-Identifier" not in head:
                fault(path, 1, "has no SPDX line")
    if seen < 10:
        fault(".", 0, "found almost no C files: is this a checkout?")
    print("\n".join(faults) if faults else f"house: {seen} C files in order")
    return 1 if faults else 0


sys.exit(main())
