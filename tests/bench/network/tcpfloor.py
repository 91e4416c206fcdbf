#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The floor of a voice over WebSocket: what a bare TCP connection of this kernel carries across a bad line, with nothing
of ours in it. One small message every 20 ms, as a voice; how many came within 500 ms. Needs root.

    tests/bench/network/tcpfloor.py             every row, about 5 minutes
    tests/bench/network/tcpfloor.py "loss 20"   rows whose names begin so

Bursts are counted in packets: of a thin stream each repeat of a lost packet may meet the same burst."""
import ctypes
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
NEAR, FAR = f"partatn{os.getpid()}", f"partatf{os.getpid()}"
ADDRESS, NEWNET = "10.99.0.2", 0x40000000
TCP_CONGESTION = 13
SECONDS, EVERY_S, BYTES, IN_TIME_S = 40, 0.02, 110, 0.5
LOSSES = [f"loss={n}%" for n in (5, 10, 20)] + [f"burst={n}%/4" for n in (5, 10, 20)]
ROWS = [(f"loss {x.split('=')[1]}" if x[0] == "l" else f"loss {x[6:].replace('/4', '')} in bursts", x) for x in LOSSES]


def go_to(namespace):
    """Sockets made from now on are in this namespace."""
    with open(f"/run/netns/{namespace}") as f:
        if ctypes.CDLL(None, use_errno=True).setns(f.fileno(), NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {namespace}")


def receive(sock, ages):
    rest = b""
    while piece := sock.recv(65536):
        now, rest = time.monotonic(), rest + piece
        while len(rest) >= BYTES:
            ages.append(now - struct.unpack_from("!d", rest)[0])
            rest = rest[BYTES:]


def carried(listening):
    """Percent of the messages that came in time."""
    go_to(NEAR)
    with socket.socket() as out:
        out.connect((ADDRESS, listening.getsockname()[1]))
        go_to(FAR)
        into, ages = listening.accept()[0], []
        out.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        taker = threading.Thread(target=receive, args=(into, ages), daemon=True)
        taker.start()
        out.setblocking(False)
        due, n = time.monotonic(), int(SECONDS / EVERY_S)
        for _ in range(n):
            try:
                out.send(struct.pack("!d", time.monotonic()) + bytes(BYTES - 8))
            except BlockingIOError:
                pass  # seconds of it wait in the kernel: lost to a lesson
            due += EVERY_S
            time.sleep(max(0, due - time.monotonic()))
        time.sleep(1)
        return 100 * sum(a < IN_TIME_S for a in ages) / n


def row(name, loss):
    with tempfile.NamedTemporaryFile("w", suffix=".script") as script:
        script.write(f"at 0s both delay=20ms jitter=5ms\nat 1s both {loss}\n")
        script.flush()
        tun = subprocess.Popen([str(ROOT / "build/release/tests/net/impair-tun"), "--client", NEAR, "--server", FAR, "--make", "--hold",
                                "--script", script.name, "--seconds", str(2 * SECONDS)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        while "ready" not in (said := tun.stderr.readline()):
            assert said, "impair-tun ended"
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    try:
        go_to(FAR)
        with socket.create_server((ADDRESS, 0)) as listening:
            kind = listening.getsockopt(socket.IPPROTO_TCP, TCP_CONGESTION, 16).rstrip(b"\0").decode()
            tun.send_signal(signal.SIGUSR1)
            print(f"| {name} | {kind} | {carried(listening):.1f} % | {os.getloadavg()[0]:.1f} |", flush=True)
    finally:
        ctypes.CDLL(None).setns(home, NEWNET)
        os.close(home)
        tun.send_signal(signal.SIGTERM)
        tun.wait(10)


print("| line | TCP of this kernel | came within 500 ms | load |\n|" + " --- |" * 4)
for name, loss in ROWS:
    if len(sys.argv) < 2 or any(name.startswith(x) for x in sys.argv[1:]):
        try:
            row(name, loss)
        except OSError as e:  # the line would not even connect
            print(f"| {name} | failed: {e} |")
