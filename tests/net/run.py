#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The impaired line in real time: what it says it does, real datagrams and connections must show. The exact
figures are unit tests' (impair_test); bounds here are wide where a busy machine may be late, and exact
where it may not: which packets are lost, and that nothing comes too early.

    tests/net/run.py FOLDER                      FOLDER has impair-proxy and impair-tun
    tests/net/run.py FOLDER PARTA PARTA_PEER     and a lesson through the proxy

The namespaces of impair-tun need root; without it that part says so and is not counted."""
import concurrent.futures
import ctypes
import json
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLIENT, SERVER = f"partac{os.getpid()}", f"partas{os.getpid()}"
CLONE_NEWNET = 0x40000000
passed = failed = 0
lock = threading.Lock()


def check(text, good, figure=""):
    global passed, failed
    with lock:
        print(f"{'ok  ' if good else 'FAIL'} {text}" + (f" ({figure})" if figure != "" else ""), flush=True)
        passed, failed = passed + bool(good), failed + (not good)
    return good


class Line:
    """One of the two programs with this script; `ready` is what it says when packets pass."""

    def __init__(self, program, script, *args, ready, seconds=30):
        self.file = tempfile.NamedTemporaryFile("w", suffix=".impair")
        self.file.write(script)
        self.file.flush()
        self.process = subprocess.Popen([program, "--script", self.file.name, "--seconds", str(seconds), *args],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said = self.process.stderr.readline()
        if ready not in self.said:
            self.process.kill()
            raise RuntimeError(f"{program}: {self.said}{self.process.stderr.read()}")

    def begin(self):
        """The held script starts."""
        self.process.send_signal(signal.SIGUSR1)

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=10)
        self.file.close()
        assert self.process.returncode == 0, (self.process.returncode, err)
        return json.loads(out)


class Echo:
    """A UDP server that sends everything back and notes (number, from, when)."""

    def __init__(self, sock):
        self.sock, self.seen, self.answer = sock, [], True
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                data, source = self.sock.recvfrom(4096)
            except OSError:
                return
            self.seen.append((struct.unpack_from("!I", data)[0], source, time.monotonic()))
            if self.answer:
                self.sock.sendto(data, source)

    def close(self):
        self.sock.close()


def udp(address="127.0.0.1"):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    s.bind((address, 0))
    return s


def send(sock, to, count, gap, size=100, first=0):
    """Sends numbered datagrams, one every gap seconds; when each went, by number."""
    went, start = {}, time.monotonic()
    for i in range(count):
        wait = start + i * gap - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        went[first + i] = time.monotonic()
        sock.sendto(struct.pack("!I", first + i).ljust(size, b"\0"), to)
    return went


def collect(sock, came, quiet):
    """In another thread: (number, when) of everything that comes, until nothing does for `quiet` seconds."""
    def run():
        sock.settimeout(quiet)
        try:
            while True:
                data = sock.recv(4096)
                came.append((struct.unpack_from("!I", data)[0], time.monotonic()))
        except OSError:
            pass
    t = threading.Thread(target=run, daemon=True)
    t.start()
    return t


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Proxied:
    """An echo server behind impair-proxy, and a client's socket."""

    def __init__(self, proxy, script, *args, seconds=30):
        self.echo = Echo(udp())
        port = self.echo.sock.getsockname()[1]
        self.line = Line(proxy, script, "--listen", "127.0.0.1:0", "--server", f"127.0.0.1:{port}", *args,
                         ready="listening", seconds=seconds)
        self.to = ("127.0.0.1", int(self.line.said.split()[-1]))
        self.client, self.came = udp(), []

    def exchange(self, count, gap, size=100, quiet=1.0):
        t = collect(self.client, self.came, quiet)
        went = send(self.client, self.to, count, gap, size)
        t.join()
        return went

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.line.process.poll() is None:
            self.line.process.kill()
            self.line.process.communicate()
        self.echo.close()
        self.client.close()


def perfect(proxy):
    with Proxied(proxy, "") as p:
        went = p.exchange(500, 0.001, quiet=0.5)
        counters = p.line.end()
        check("without a script everything comes back once and in order",
              [n for n, _ in p.came] == list(range(500)), f"{len(p.came)} of 500")
        late = percentile([t - went[n] for n, t in p.came], 0.5) * 1000
        check("and at once", late < 5, f"p50 {late:.2f} ms")
        check("the counters say so", counters["up"]["out"] == counters["down"]["out"] == 500
              and counters["clients"] == 1 and counters["send_failed"] == 0)


def loss_and_delay(proxy):
    script = "at 0s both loss=10% delay=50ms jitter=10ms\n"
    runs = []
    for seed in ("7", "7", "8"):
        with Proxied(proxy, script, "--seed", seed) as p:
            went = p.exchange(1000, 0.001, quiet=0.6)
            runs.append((sorted(n for n, _, _ in p.echo.seen), sorted(n for n, _ in p.came)))
            if len(runs) == 1:
                trip = [t - went[n] for n, t in p.came]
                back = len(p.came) / 1000
                check("10 % loss each way: 81 % come back", 0.76 <= back <= 0.86, f"{back:.1%}")
                low, mid = min(trip) * 1000, percentile(trip, 0.5) * 1000
                check("50 ± 10 ms each way: never under 80 ms, in the middle 100 to 120",
                      low >= 80 and 98 <= mid <= 135, f"{low:.1f}, {mid:.1f} ms")
                order = [n for n, _ in p.came]
                check("jitter alone keeps the order", order == sorted(order))
            p.line.end()
    check("the same seed loses the same datagrams, another seed others", runs[0] == runs[1] != runs[2])


def rate(proxy):
    """902 bytes and 28 of headers every 12.4 ms: 600 kbit/s offered, 300 pass."""
    with Proxied(proxy, "at 0s up rate=300k queue=250ms\n") as p:
        p.echo.answer = False
        went = p.exchange(240, 0.0124, size=902, quiet=3.2)
        seen = p.echo.seen
        counters = p.line.end()
        span = seen[-1][2] - seen[10][2]
        kbps = (len(seen) - 11) * 930 * 8 / span / 1000
        check("600 kbit/s offered, 300 come through", 285 <= kbps <= 315, f"{kbps:.0f} kbit/s")
        late = [t - went[n] for n, _, t in seen]
        check("the queue grows to its 250 ms and no further",
              0.2 <= percentile(late, 0.9) and counters["up"]["queue_max_us"] <= 250_000,
              f"p90 {percentile(late, 0.9) * 1000:.0f} ms, longest wait {counters['up']['queue_max_us'] / 1000:.0f} ms")
        lost = counters["up"]["lost_queue"] / 240
        check("the rest is dropped", 0.4 <= lost <= 0.55, f"{lost:.0%}")


def outage_and_rebind(proxy):
    script = "at 0s both delay=10ms\nat 500ms both outage\nat 1500ms both outage=off\nat 2s rebind\n"
    with Proxied(proxy, script, "--hold") as p:
        time.sleep(0.7)  # were the script not held, its outage would have begun
        t = collect(p.client, p.came, 1.5)
        send(p.client, p.to, 1, 0, first=9999)
        p.line.begin()
        went = send(p.client, p.to, 1250, 0.002)
        t.join()
        counters = p.line.end()
        start = time.monotonic() + counters["script_start_unix_ms"] / 1000 - time.time()
        arrived = {n for n, _, _ in p.echo.seen}
        check("a held script waits for its signal", 9999 in arrived)
        during = [n for n, at in went.items() if 0.7 < at - start < 1.3]
        around = [n for n, at in went.items() if at - start < 0.3 or at - start > 1.7]
        check("nothing passes an outage", not arrived & set(during), f"{len(during)} sent")
        gone = [f"{went[n] - start:.3f}" for n in around if n not in arrived]
        check("everything does before and after", not gone, f"{len(around)} sent, lost at {gone[:5]}")
        ports = []
        for _, source, at in p.echo.seen:
            if source not in ports:
                ports.append(source)
                changed = at - start
        check("a rebind is another source port for the server, at its time",
              len(ports) == 2 and 1.99 <= changed <= 2.4 and counters["rebinds"] == 1, f"{changed:.3f} s")
        answered = [n for n, at in p.came if at - start > 2.1]
        check("and the client hears on, without knowing", len(answered) > 100, f"{len(answered)} answers")


def rules_and_clients(proxy):
    with Proxied(proxy, "at 0s both drop=stun\n") as p:
        other = udp()
        stun = struct.pack("!HHI", 1, 0, 0x2112A442) + b"\0" * 12
        p.client.sendto(stun, p.to)
        send(p.client, p.to, 20, 0.002)
        send(other, p.to, 20, 0.002, first=100)
        time.sleep(0.3)
        counters = p.line.end(signal.SIGINT)
        check("drop=stun drops STUN and nothing else",
              counters["up"]["dropped"] == 1 and len(p.echo.seen) == 40, f"{len(p.echo.seen)} others")
        check("each client has a port of its own towards the server",
              len({source for _, source, _ in p.echo.seen}) == 2 and counters["clients"] == 2)
        other.close()


def refusals(proxy, tun):
    def says(program, script, *args):
        with tempfile.NamedTemporaryFile("w") as f:
            f.write(script)
            f.flush()
            r = subprocess.run([program, "--script", f.name, *args], capture_output=True, text=True, timeout=10)
        return r.returncode, r.stderr
    ends = ("--listen", "127.0.0.1:0", "--server", "127.0.0.1:9")
    code, text = says(proxy, "at 0s up loss=5%\nat 1s up loss=5\n", *ends, "--seconds", "1")
    check("a mistake in a script is told with its line", code == 2 and "line 2: loss must be" in text, text.strip())
    code, text = says(proxy, "", *ends)
    check("without --seconds nothing starts", code == 2 and "--seconds" in text)
    code, text = says(tun, "at 1s rebind\n", "--client", "a", "--server", "b", "--seconds", "1")
    check("impair-tun refuses rebind", code == 2 and "rebind" in text)
    code, text = says(tun, "", "--client", "../a", "--server", "b", "--seconds", "1")
    check("impair-tun refuses names that are none", code == 2 and "names of namespaces" in text)
    start = time.monotonic()
    code, text = says(proxy, "", *ends, "--seconds", "0.3")
    check("the time limit ends it", code == 0 and 0.3 <= time.monotonic() - start < 3)


# ---- two namespaces

libc = ctypes.CDLL(None, use_errno=True)


def socket_in(netns, kind):
    """A socket of another namespace: it stays there, this thread comes back."""
    with open("/proc/thread-self/ns/net") as own, open(f"/run/netns/{netns}") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        try:
            return socket.socket(socket.AF_INET, kind)
        finally:
            if libc.setns(own.fileno(), CLONE_NEWNET) != 0:
                os._exit(3)  # nothing after this would be what it says


def there(netns):
    return os.path.exists(f"/run/netns/{netns}")


def tun_line(tun, script, *args, seconds=20):
    return Line(tun, script, "--client", CLIENT, "--server", SERVER, "--make", *args, ready="ready", seconds=seconds)


def tcp_server(port, serve):
    s = socket_in(SERVER, socket.SOCK_STREAM)
    s.bind(("10.99.0.2", port))
    s.listen()

    def run():
        try:
            while True:
                c, _ = s.accept()
                threading.Thread(target=serve, args=(c,), daemon=True).start()
        except OSError:
            pass
    threading.Thread(target=run, daemon=True).start()
    return s


def echo_stream(c):
    try:
        while data := c.recv(65536):
            c.sendall(data)
    except OSError:
        pass


def trip(sock, seconds=2.0):
    """One round trip over a TCP connection that echoes, in ms, or None."""
    sock.settimeout(seconds)
    start = time.monotonic()
    try:
        sock.sendall(b"x")
        sock.recv(1)
    except OSError:
        return None
    return (time.monotonic() - start) * 1000


def tun_delay_and_rule(tun):
    line = tun_line(tun, "at 0s both delay=30ms\nat 200ms both drop=udp\n", "--hold")
    try:
        mtu = subprocess.run(["ip", "-n", CLIENT, "-o", "link", "show", "parta0"], capture_output=True, text=True).stdout
        check("the device carries 1500 bytes", "mtu 1500" in mtu)
        server = tcp_server(5000, echo_stream)
        sock = socket_in(SERVER, socket.SOCK_DGRAM)
        sock.bind(("10.99.0.2", 5001))
        echo, client, came = Echo(sock), socket_in(CLIENT, socket.SOCK_DGRAM), []
        client.bind(("10.99.0.1", 0))
        stream = socket_in(CLIENT, socket.SOCK_STREAM)
        start = time.monotonic()
        stream.connect(("10.99.0.2", 5000))
        took = (time.monotonic() - start) * 1000
        check("a TCP connection takes a round trip of twice 30 ms", 60 <= took < 100, f"{took:.1f} ms")
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ms = trip(stream)
        check("so does what is said over it", ms and 60 <= ms < 100, f"{ms:.1f} ms" if ms else "nothing")
        t = collect(client, came, 0.5)
        went = send(client, ("10.99.0.2", 5001), 200, 0.002, size=1200)
        t.join()
        times = [(at - went[n]) * 1000 for n, at in came]
        check("UDP passes, 60 ms there and back", len(came) == 200 and min(times) >= 60
              and percentile(times, 0.5) < 80, f"{len(came)} of 200, {min(times, default=0):.1f} ms")
        line.begin()
        time.sleep(0.3)
        before = len(echo.seen)
        t = collect(client, came, 0.5)
        send(client, ("10.99.0.2", 5001), 200, 0.002, size=1200)
        t.join()
        ms = trip(stream)
        check("drop=udp stops UDP, all of it", len(echo.seen) == before and len(came) == 200)
        check("and TCP goes on", ms and 60 <= ms < 100, f"{ms:.1f} ms" if ms else "nothing")
        counters = line.end()
        check("the counters say so", counters["up"]["dropped"] == 200 and counters["up"]["full"] == 0
              and counters["send_failed"] == 0, counters["up"]["dropped"])
        for s in (server, sock, client, stream):
            s.close()
    finally:
        if line.process.poll() is None:
            line.end()
    check("nothing is left of the namespaces (SIGTERM)", not there(CLIENT) and not there(SERVER))


def tun_rate(tun):
    """TCP finds the rate by itself: 4 Mbit/s less 4 % of headers."""
    line = tun_line(tun, "at 0s both delay=10ms rate=4M queue=100ms\n")
    got = [0]

    def swallow(c):
        while data := c.recv(65536):
            got[0] += len(data)

    try:
        server = tcp_server(5000, swallow)
        stream = socket_in(CLIENT, socket.SOCK_STREAM)
        stream.connect(("10.99.0.2", 5000))
        stream.settimeout(0.2)
        start, block, at_half = time.monotonic(), b"x" * 16384, (0, 0)
        while time.monotonic() - start < 3:
            try:
                stream.send(block)
            except OSError:
                pass
            if not at_half[0] and time.monotonic() - start > 1:
                at_half = (time.monotonic(), got[0])
        kbps = (got[0] - at_half[1]) * 8 / (time.monotonic() - at_half[0]) / 1000
        stream.close()
        server.close()
        check("TCP gets the rate", 3400 <= kbps <= 4000, f"{kbps:.0f} of 4000 kbit/s with headers")
    finally:
        line.end(signal.SIGINT)
    check("nothing is left of the namespaces (SIGINT)", not there(CLIENT) and not there(SERVER))


def tun_ends_by_itself(tun):
    line = tun_line(tun, "", seconds=1)
    out, _ = line.process.communicate(timeout=10)
    check("the time limit ends it, and nothing is left", line.process.returncode == 0 and json.loads(out)
          and not there(CLIENT) and not there(SERVER))
    subprocess.run(["ip", "netns", "add", SERVER], check=True)
    r = subprocess.run([tun, "--client", CLIENT, "--server", SERVER, "--make", "--seconds", "1"],
                       capture_output=True, text=True, timeout=10)
    check("a namespace that is not its own it neither takes nor removes",
          r.returncode == 1 and SERVER in r.stderr and there(SERVER) and not there(CLIENT))
    helper = ROOT / "tests" / "net" / "netns"
    subprocess.run([helper, "down", CLIENT, SERVER], check=True)
    subprocess.run([helper, "up", CLIENT, SERVER], check=True)
    r = subprocess.run([tun, "--client", CLIENT, "--server", SERVER, "--seconds", "0.2"],
                       capture_output=True, text=True, timeout=10)
    check("namespaces made by hand stay", r.returncode == 0 and there(CLIENT) and there(SERVER), r.stderr.strip())
    subprocess.run([helper, "down", CLIENT, SERVER], check=True)
    check("until they are removed by hand", not there(CLIENT) and not there(SERVER))


# ---- a lesson

def two_free_ports():
    """A number that is free for TCP and UDP, with the next one free for UDP: two relays."""
    while True:
        with socket.socket() as tcp, udp() as one, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two:
            port = one.getsockname()[1]
            try:
                tcp.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
                return port
            except (OSError, OverflowError):
                pass


def lesson(proxy, parta, peer):
    """Everything of two people's media goes through the address and the port that the answer carries."""
    listener = udp()
    port = listener.getsockname()[1]
    listener.close()
    web = two_free_ports()
    data = tempfile.mkdtemp(prefix="parta-net-")
    pages = pathlib.Path(data) / "pages"
    pages.mkdir()
    (pages / "index.html").write_text("<!doctype html><title>Parta</title>")
    line = Line(proxy, "at 0s both delay=20ms jitter=5ms loss=2%\n", "--listen", f"127.0.0.1:{port}", "--server",
                f"127.0.0.1:{web}", ready="listening")
    server = subprocess.Popen([parta, "demo", "--port", str(web), "--data", data, "--static", pages,
                               "--certs", ROOT / "certs", "--announce", "127.0.0.1", "--announce-port", str(port),
                               "--relays", "2", "--log", "info"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said = ""
        for text in server.stdout:
            said += text
            if "serving " in text:
                break
        else:
            raise RuntimeError(f"the server did not start: {said}")
        threading.Thread(target=server.stdout.read, daemon=True).start()
        check("each relay is told under its own port", f"index=0 port={web} told_port={port} " in said
              and f"index=1 port={web + 1} told_port={port + 1} " in said)
        links = json.loads((pathlib.Path(data) / "links.json").read_text())
        out = subprocess.run([peer, "--server", f"localhost:{web}", "--ca", ROOT / "certs" / "ca.crt", "--seconds",
                              "4", links["mentor1"], links["child1"]], capture_output=True, text=True, timeout=60)
        people = [json.loads(text) for text in out.stdout.splitlines()]
        counters = line.end()
        for name, person in zip(("mentor", "child"), people):
            slots = {s["kind"]: s for s in person["slots"]}
            delay = slots.get("audio", {}).get("delay_ms_p50", 0)
            check(f"the {name} hears and sees the other through the proxy", slots.get("video", {}).get("frames", 0) > 30
                  and 40 <= delay < 150, f"{slots.get('video', {}).get('frames')} frames, voice p50 {delay:.0f} ms")
        lost = counters["up"]["lost"] / counters["up"]["in"]
        check("two clients, and thousands of packets of theirs, 2 % lost", counters["clients"] == 2
              and counters["up"]["in"] > 500 and counters["down"]["in"] > 500 and 0.005 < lost < 0.04,
              f"{counters['up']['in']} up, {counters['down']['in']} down, {lost:.1%} lost")
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
        if line.process.poll() is None:
            line.process.kill()
        shutil.rmtree(data, ignore_errors=True)


def run_part(part, *args):
    try:
        part(*args)
    except Exception:  # a part that is not done is one more check that failed
        check(f"{part.__name__} runs to its end", False, traceback.format_exc())


def namespaces(tun):
    if os.geteuid() != 0:
        print("skipped: impair-tun needs root")
    elif not os.path.exists("/dev/net/tun") or not shutil.which("ip"):
        print("skipped: impair-tun needs /dev/net/tun and the package iproute2")
    else:
        for part in (tun_delay_and_rule, tun_rate, tun_ends_by_itself):
            run_part(part, tun)


def main():
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1]).resolve()
    proxy, tun = folder / "impair-proxy", folder / "impair-tun"
    parts = [(f, proxy) for f in (loss_and_delay, rate, outage_and_rebind, perfect, rules_and_clients)]
    parts += [(refusals, proxy, tun)] + [(lesson, proxy, *sys.argv[2:])] * (len(sys.argv) == 4)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:  # they mostly wait
        jobs = [pool.submit(run_part, *part) for part in parts]
        namespaces(tun)
        for job in jobs:
            job.result()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
