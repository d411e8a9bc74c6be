"""Run the dump command and the review server under load for a while, and see that they do not grow.

    python tools/soak.py dump --minutes 12 --keep      # one endless run of `cleaner dump`, fed by a pipe
    python tools/soak.py review --minutes 12 --keep    # `cleaner review`, with clients that decide, undo, err and hang

Each process is looked at every second: resident memory, open files, threads. Memory must not rise (a straight line
through the samples), open files and threads must be at the end what they were before. Linux only: it reads /proc.
With `--keep` the figures go to docs/trust.json.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import linear_regression, mean
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]
BAD_EVERY = 100  # records of the dump, of which one is bad
CLIENTS, HANGING = 4, 2  # of the review server: those that ask, those that begin a request and do not go on
SAMPLES = 40  # of a process, over the whole length
WARM_UP = 1 / 3  # of the samples: caches fill
RISE, ROOM = 0.05, 4.0  # what memory may rise over the time that is judged: a share of it, and MB
FILES = 2  # by which open files and threads may differ: one may be open while it is looked at
HANGING_SECONDS = 300  # without any progress
LOADED = 25.0  # MB, more than a worker holds before it has loaded the rules
RECORD = (
    "石桥镇第{}户今年新修了两条路,村民出行方便多了。\r\n\r\n水渠 through 也通了水--稻田不再缺水。\r\n（下转第{}版）"
)


class Sample(NamedTuple):
    """What a process holds at a time (seconds, or what is counted): MB of memory, open files, threads."""

    seconds: float
    megabytes: float
    files: int
    threads: int


def main() -> int:
    """Run one of the two; 1 when it grew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("dump", "review"))
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--keep", action="store_true", help="put the figures into docs/trust.json")
    options = parser.parse_args()
    row = {"dump": soak_dump, "review": soak_review}[options.what](options.minutes * 60)
    print(json.dumps(row, indent=1))
    if options.keep:
        from tally import digest_code, put_tally, read_tally

        row["state"] = digest_code()
        put_tally("soak", {**read_tally().get("soak", {}), options.what: row})
    return int(bool(row["problems"]))


def soak_dump(seconds: float = 0, records: int = 0) -> dict[str, Any]:
    """Feed records to one run of `cleaner dump`, ten bad ones in a thousand, until time or number are reached."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "cleaner", "dump", "-", "-o", "out.jsonl.gz", "--log", "-j", "2", "-q"]
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, env=environment(Path(folder)))
        done = Event()
        fed = [0]
        feeder = Thread(target=feed, args=(process, done, fed))
        feeder.start()
        wait_for(lambda: is_loaded(process.pid, 2))
        start = fed[0]
        samples = watch(process.pid, records or seconds, (lambda: fed[0] - start) if records else None)
        done.set()
        feeder.join()
        code = process.wait()
        problems = judge_all(samples)
        if (code, count_lines(Path(folder))) != (3, fed[0]):
            problems.append(f"exit code {code}, {count_lines(Path(folder))} records of {fed[0]} came out")
        return {"records": fed[0], "problems": problems, **describe(samples, process.pid)}


def feed(process: subprocess.Popen[bytes], done: Event, fed: list[int]) -> None:
    """Write records to the standard input until it is done; the pipe holds this back as long as the run is busy."""
    assert process.stdin is not None
    try:
        while not done.is_set():
            number = fed[0]
            record = {"id": number, "text": RECORD.format(number, number % 8 + 1) * (1 + number % 5)}
            line = "{" if number % BAD_EVERY == BAD_EVERY // 2 else json.dumps(record, ensure_ascii=False)
            process.stdin.write(f"{line}\n".encode())
            fed[0] += 1
        process.stdin.close()
    except BrokenPipeError:
        pass  # it ended before; its exit code is judged


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until it is so, or no longer than anything should take."""
    end = time.monotonic() + HANGING_SECONDS
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)


def is_loaded(pid: int, jobs: int) -> bool:
    """Say whether the workers of a run hold about as much memory as each other: all have loaded the rules."""
    held = sorted(sample.megabytes for number in children(pid) if (sample := take_sample(number, 0)) is not None)
    return len(held) >= jobs and held[-jobs] > 0.8 * held[-1] and held[-1] > LOADED


def count_lines(folder: Path) -> int:
    """Return how many records came out of a dump, the rejected ones with them."""
    rejects, out = folder / "out.jsonl.gz.rejects.jsonl", folder / "out.jsonl.gz"
    if not (rejects.exists() and out.exists()):
        return 0
    with gzip.open(out) as file:
        return sum(1 for _ in file) + rejects.read_bytes().count(b"\n")


def soak_review(seconds: float = 0, answers: int = 0) -> dict[str, Any]:
    """Let a bounded number of clients use one review server until time or number are reached."""
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder, "pages")
        pages.mkdir()
        for number in range(6):
            (pages / f"{number}.txt").write_text(RECORD.format(number, 2) * (number + 1), encoding="utf-8")
        command = [sys.executable, "-m", "cleaner", "review", str(pages), "-o", str(Path(folder, "review"))]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment(Path(folder))) as process:
            assert process.stderr is not None
            address = next(found[0] for line in process.stderr if (found := re.search(r"http://\S+", line)))
            ask(address, "GET", "/")
            before = take_sample(process.pid, 0)
            done, counts = Event(), {"answers": 0, "refused": 0, "hung": 0}
            clients = [Thread(target=use, args=(address, done, counts, n)) for n in range(CLIENTS)]
            clients += [Thread(target=hang, args=(address, done, counts)) for _ in range(HANGING)]
            for client in clients:
                client.start()
            samples = watch(process.pid, answers or seconds, (lambda: counts["answers"]) if answers else None)
            done.set()
            for client in clients:
                client.join()
            after = settle(process.pid, before)
            problems = judge_all(samples) + judge_rest(before, after)
            process.terminate()  # a process in the background of a shell is deaf to Ctrl-C
            process.stderr.read()
            if process.wait() != 143:
                problems.append(f"exit code {process.returncode}")
        return {**counts, "problems": problems, **describe(samples, process.pid)}


def use(address: str, done: Event, counts: dict[str, int], number: int) -> None:
    """Load the page, decide, take it back, and send what must be refused, one after the other."""
    chance = random.Random(number)
    while not done.is_set():
        decision = {"page": number, "item": "e0", "verdict": chance.choice(["accept", "reject"]), "text": ""}
        status = [
            ask(address, "GET", "/"),
            ask(address, "POST", "/decide", decision),
            ask(address, "POST", "/undo", {}),
        ]
        wrong = [ask(address, "POST", "/decide", {**decision, "item": "e99999"}), ask(address, "GET", "/?token=x")]
        wrong.append(ask(address, "POST", "/decide", {"text": "x" * 200_000}))
        assert status == [200, 200, 200], status
        assert set(wrong) <= {400, 403, 0}, wrong
        counts["answers"] += len(status)
        counts["refused"] += len(wrong)


def ask(address: str, method: str, path: str, value: object = None) -> int:
    """Send one request and read the answer; return its status, 0 when the server closed the line."""
    parts = urlsplit(address)
    token = parse_qs(parts.query)["token"][0]
    headers = {"Origin": f"http://{parts.netloc}", "X-Cleaner-Token": token, "Content-Type": "application/json"}
    body = None if value is None else json.dumps(value)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        connection.request(method, f"/?{parts.query}" if path == "/" else path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (ConnectionError, HTTPException):
        return 0
    finally:
        connection.close()


def hang(address: str, done: Event, counts: dict[str, int]) -> None:
    """Begin a request and say no more, until the server hangs up; again and again."""
    parts = urlsplit(address)
    while not done.is_set():
        with socket.create_connection((parts.hostname, parts.port)) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: ")
            line.settimeout(1)
            while not done.is_set():
                try:
                    if not line.recv(100):
                        counts["hung"] += 1
                        break
                except TimeoutError:
                    continue


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a command: this checkout, and a cache as users have one."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "CLEANER_CACHE": str(folder / "cache")}


def watch(pid: int, length: float, clock: Callable[[], float] | None = None) -> dict[int, list[Sample]]:
    """Look at a process and its children until the seconds are over, or it ends: 40 samples of each, or one a second.

    Another `clock` counts something else from 0 on, such as records: then nothing depends on how fast the machine is.
    It may go on in leaps; what is looked at then goes on beyond the length until there are 40 samples.
    """
    samples: dict[int, list[Sample]] = {}
    begin = time.monotonic()
    wait = length / SAMPLES if clock else min(1.0, length / SAMPLES)
    least = SAMPLES if clock else 0
    clock = clock or (lambda: time.monotonic() - begin)
    look, moved = 0.0, (0.0, begin)  # when to look next; when the clock has gone on last
    while (now := clock()) < length or len(samples.get(pid, ())) < least:
        if take_sample(pid, now) is None:
            break
        moved = moved if now == moved[0] else (now, time.monotonic())
        if time.monotonic() - moved[1] > HANGING_SECONDS:
            break
        if now < look:
            time.sleep(0.02)
            continue
        for number in (pid, *children(pid)):
            if (sample := take_sample(number, now)) is not None:
                samples.setdefault(number, []).append(sample)
        look = now + wait
    return samples


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    try:
        return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def take_sample(pid: int, seconds: float) -> Sample | None:
    """Return what a process holds now; None when it is gone."""
    try:
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines())
        files = len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208 - Path.iterdir opens it no differently
        return Sample(seconds, int(status["VmRSS"].split()[0]) / 1024, files, int(status["Threads"]))
    except (FileNotFoundError, ProcessLookupError, KeyError):
        return None


def settle(pid: int, before: Sample | None) -> Sample | None:
    """Wait until no more files and threads are open than before, some minutes at most; return what they are."""
    for _ in range(2 * HANGING_SECONDS):
        after = take_sample(pid, 0)
        if not judge_rest(before, after) or after is None:
            break
        time.sleep(0.5)
    return after


def judge_rest(before: Sample | None, after: Sample | None) -> list[str]:
    """Say what is left open when all clients are gone."""
    if before is None or after is None:
        return ["the process is gone"]
    names = ("open files", "threads")
    pairs = zip(names, before[2:], after[2:], strict=True)
    return [f"{name} at rest: {was}, then {now}" for name, was, now in pairs if now > was]


def judge_all(samples: dict[int, list[Sample]]) -> list[str]:
    """Judge each process that was there most of the time."""
    longest = max(map(len, samples.values()))
    return [
        f"process {pid}: {problem}" for pid, row in samples.items() if len(row) > longest / 2 for problem in judge(row)
    ]


def judge(samples: list[Sample]) -> list[str]:
    """Say what rose: memory along a straight line, open files and threads in the second half beside the first."""
    row = samples[int(len(samples) * WARM_UP) :]
    if len(row) < 10:
        return ["too few samples"]
    rise, level = find_rise(row), mean(sample.megabytes for sample in row)
    problems = [f"memory rose by {rise:.1f} MB of {level:.0f}"] if rise > RISE * level + ROOM else []
    half = len(row) // 2
    for name in ("files", "threads"):
        first, second = (max(getattr(sample, name) for sample in part) for part in (row[:half], row[half:]))
        if second > first + FILES:
            problems.append(f"{name}: {first}, then {second}")
    return problems


def find_rise(row: list[Sample]) -> float:
    """Return by how many MB memory rises along the straight line that fits best."""
    slope = linear_regression([sample.seconds for sample in row], [sample.megabytes for sample in row]).slope
    return float(slope) * (row[-1].seconds - row[0].seconds)


def describe(samples: dict[int, list[Sample]], pid: int) -> dict[str, Any]:
    """Return the figures: of the process, and of the one of its children that holds most."""
    longest = max(map(len, samples.values()))
    rows = [row[int(len(row) * WARM_UP) :] for row in samples.values() if len(row) > longest / 2]
    own = samples[pid][int(len(samples[pid]) * WARM_UP) :]
    return {
        "seconds": round(samples[pid][-1].seconds),
        "processes": len(rows),
        "megabytes": [round(own[0].megabytes), round(own[-1].megabytes)],
        "rise": round(max(find_rise(row) for row in rows), 1),
        "files": [own[0].files, max(s.files for s in own)],
        "threads": [own[0].threads, max(s.threads for s in own)],
    }


if __name__ == "__main__":
    sys.exit(main())
