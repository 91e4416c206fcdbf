#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A lesson between two native peers (parta-peer) through a real server: both must see the other's
picture, measured against the original, hear the other's tone, and be quick about it. Then a stranger
to the lesson, who must get a refusal and not one datagram.

  native_lesson.py PATH_TO_PARTA PATH_TO_PARTA_PEER
"""
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 5
FPS = 25


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def people(peer, port, *args):
    out = subprocess.run([peer, "--server", f"localhost:{port}", "--ca", str(ROOT / "certs" / "ca.crt"), *args],
                         capture_output=True, text=True, timeout=60)
    sys.stderr.write(out.stderr)
    return [json.loads(line) for line in out.stdout.splitlines()]


def slot(person, kind):
    return next((s for s in person["slots"] if s["kind"] == kind), {})


def check_lesson(mentor, child):
    for name, me, other in (("mentor", mentor, child), ("child", child, mentor)):
        picture, voice, ms = slot(me, "video"), slot(me, "audio"), me["ms"]
        frames, psnr = picture.get("frames", 0), picture.get("psnr_db", 0)
        yield f"{name} decodes {frames} frames", frames >= 0.9 * (SECONDS - 0.5) * FPS
        yield f"{name} breaks none ({picture.get('broken')})", picture.get("broken") == 0
        yield f"{name} sees the picture that was sent ({psnr:.1f} dB)", psnr > 35
        yield f"{name} knows whose it is", picture.get("member") == other["member"] and voice.get("member") == other["member"]
        yield f"{name} hears energy ({voice.get('energy_db', -120):.1f} dB)", voice.get("energy_db", -120) > -25
        yield f"{name} hears the other's tone ({voice.get('hz', 0):.0f} Hz)", abs(voice.get("hz", 0) - other["sends_hz"]) < 10
        yield f"{name} loses nothing ({picture.get('lost')}, {voice.get('lost')})", picture.get("lost") == 0 and voice.get("lost") == 0
        yield f"{name} has the first picture {ms['first_decoded']} ms after asking to join", ms["first_decoded"] is not None
        for what, s in (("picture", picture), ("sound", voice)):
            p50, p99 = s.get("delay_ms_p50", 0), s.get("delay_ms_p99", 0)
            yield f"{name} measures the delay of the {what} (p50 {p50:.1f}, p99 {p99:.1f} ms)", 0 < p99
        yield f"{name} leaves in peace", me["closed"] in ("left", "") and not me["error"]


def check_stranger(stranger):
    yield f"a stranger is refused ({stranger['refused']})", stranger["refused"] == "not_yours"
    yield "and gets no datagram", stranger["datagrams_in"] == 0 and not stranger["slots"]


def judge(checks):
    failed = passed = 0
    for text, ok in checks:
        print(f"{'ok  ' if ok else 'FAIL'} {text}")
        passed, failed = passed + ok, failed + (not ok)
    return passed, failed


def main():
    parta, peer = sys.argv[1:3]
    port, data = free_port(), tempfile.mkdtemp(prefix="parta-native-")
    server = subprocess.Popen([parta, "demo", "--port", str(port), "--data", data, "--static",
                               str(ROOT / "client-web/dist"), "--certs", str(ROOT / "certs")],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for line in server.stdout:
            if "serving " in line:
                break
        else:
            print("the server did not start")
            return 1
        drain = subprocess.Popen(["cat"], stdin=server.stdout, stdout=subprocess.DEVNULL)
        links = json.loads((pathlib.Path(data) / "links.json").read_text())
        checks = list(check_lesson(*people(peer, port, "--seconds", str(SECONDS), links["mentor1"], links["child1"])))
        checks += check_stranger(people(peer, port, "--seconds", "2", links["child2"] + "=1")[0])
        drain.kill()
        passed, failed = judge(checks)
        print(f"{passed} passed, {failed} failed")
        return 1 if failed else 0
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
