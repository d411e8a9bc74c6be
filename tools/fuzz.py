"""Feed mutated inputs to decode → clean → restore and check the laws on each.

    python tools/fuzz.py --runs 1000000 --keep            # atheris, led by what an input reaches in the code
    python tools/fuzz.py --runs 1000000 --keep --plain    # without: more in the same time, and nothing to install

The laws stand in `tests/laws.py`; the first byte of an input chooses encoding, format and how the others are read. The
corpus is kept in `tests/corpus/`, which the test suite replays. An input that breaks a law is cut down to what is
needed for that and put there as `break-….bin`, and stays. With `--keep` executions are added up in `docs/trust.json`
while they run, with the state of the code and the seeds, so that a run may be stopped at any time and taken up again.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests"), str(HERE)]
CORPUS = HERE.parent / "tests" / "corpus"
PART = 50_000  # executions of one process: memory is given back, and a crash costs one part
COUNTED = 500  # executions after which the count is added to the tally
LARGEST = 64  # bytes: some 20 characters, or up to 64 pieces of a page; every eighth part has inputs of ten times that
SLOW = 20.0  # seconds of processor time for one input, of milliseconds: more is a break on any machine
STALLED = 300  # seconds on the clock, for what never ends
CURRENT = "current"  # file that holds the input that is being checked, without coverage
CUTS = 3000  # executions for cutting one input down


def main() -> int:
    """Run the parts until enough was executed; 1 when a law was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000, help="executions (default: %(default)s)")
    parser.add_argument("--plain", dest="mode", action="store_const", const="plain", help="without coverage")
    parser.add_argument("--jobs", type=int, default=1, help="processes side by side (default: %(default)s)")
    parser.add_argument("--found", type=Path, help="folder for inputs that reached new code; --plain uses it too")
    parser.add_argument("--keep", action="store_true", help="add the count to docs/trust.json")
    parser.add_argument("--seed", type=int, default=0, help="of the first part (default: counted on from the last run)")
    parser.add_argument("--part", action="store_true", help=argparse.SUPPRESS)  # this is the process of one part
    parser.set_defaults(mode="guided")
    options = parser.parse_args()
    if options.part:
        return run_guided(options) if options.mode == "guided" else run_plain(options)
    with tempfile.TemporaryDirectory() as folder:
        found = (options.found or Path(folder) / "found").resolve()
        found.mkdir(parents=True, exist_ok=True)
        return run_parts(options, found, Path(folder))


def run_parts(options: argparse.Namespace, found: Path, folder: Path) -> int:
    """Run the processes of `PART` executions; they add up what they did themselves."""
    from tally import read_tally

    first = options.seed or read_tally().get("fuzz", {}).get(options.mode, {}).get("seed", 0) + 1
    sizes = [min(PART, options.runs - start) for start in range(0, options.runs, PART)]

    def run(number: int) -> int:
        work = folder / str(number)
        work.mkdir()
        command = [sys.executable, __file__, "--part", "--runs", str(sizes[number]), "--seed", str(first + number)]
        command += ["--found", str(found), *([] if options.mode == "guided" else [f"--{options.mode}"])]
        code = subprocess.run([*command, *["--keep"] * options.keep], cwd=work, check=False).returncode
        if code and (work / CURRENT).exists():  # it hung or crashed: what it was at
            (work / "crash-ended").write_bytes((work / CURRENT).read_bytes())
        breaks = keep_breaks(work)
        done = f"{options.mode}: part {number + 1} of {len(sizes)}, exit code {code}"
        print(done, *breaks, sep="\n", file=sys.stderr, flush=True)
        return code or len(breaks)

    with ThreadPoolExecutor(options.jobs) as pool:
        return int(any(list(pool.map(run, range(len(sizes))))))


def keep_breaks(folder: Path) -> list[str]:
    """Put inputs that broke a law, or ended the process, into the corpus; return their names there."""
    names = []
    for path in [*folder.glob("crash-*"), *folder.glob("timeout-*"), *folder.glob("oom-*")]:
        data = path.read_bytes()
        name = CORPUS / f"break-{hashlib.sha256(data).hexdigest()[:12]}.bin"
        name.write_bytes(data)
        names.append(str(name))
    return names


class Watch:
    """Checks the laws on one input after the other, counts, and keeps one input of each kind of break."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.known: set[str] = set()
        self.numbers = {"executions": 0, "refused": 0, "breaks": 0}
        self.total, self.begin = 0, time.monotonic()

    def check(self, data: bytes) -> None:
        """Check one input; what breaks a law is cut down and written to `crash-…`, and the run goes on."""
        import laws

        self.total += 1
        self.numbers["executions"] += 1
        start = time.process_time()
        try:
            self.numbers["refused"] += laws.check_input(data) is None
            assert time.process_time() - start < SLOW, "slow"
        except Exception as error:  # noqa: BLE001 - whatever is raised is a break, and the next input is tried
            self.keep(data, error)
        if self.total % COUNTED == 0 or self.total == self.options.runs:
            self.count()

    def keep(self, data: bytes, error: Exception) -> None:
        """Write down a break of a new kind."""
        import laws

        kind = name_kind(error)
        if kind in self.known:
            return
        self.known.add(kind)
        self.numbers["breaks"] += 1
        data = cut_down(data, kind, laws.check_input)
        Path(f"crash-{len(self.known)}").write_bytes(data)
        print(f"BREAK {kind}: {data!r}", file=sys.stderr, flush=True)
        traceback.print_exception(error)

    def count(self) -> None:
        """Add what was done since the last time to the tally."""
        from tally import add_tally

        if self.options.keep:
            now = time.monotonic()
            numbers = {**self.numbers, "seconds": round(now - self.begin, 1)}
            add_tally("fuzz", self.options.mode, seed=self.options.seed, **numbers)
            self.begin = now
        self.numbers = dict.fromkeys(self.numbers, 0)


def name_kind(error: Exception) -> str:
    """Return a name for the kind of a break: type, place and message without what differs from input to input."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    message = re.sub(r"\W*[0-9]+.*", "", str(error).split(":")[0])[:60]
    return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}: {message}"


def cut_down(data: bytes, kind: str, check: Callable[[bytes], object]) -> bytes:
    """Leave out bytes as long as the break stays of its kind: halves first, then ever smaller pieces."""

    def breaks(candidate: bytes) -> bool:
        try:
            check(candidate)
        except Exception as error:  # noqa: BLE001 - as above
            return name_kind(error) == kind
        return False

    size, left = len(data) // 2, CUTS
    while size and left > 0:
        at = 1  # the first byte says how to read the others
        while at < len(data) and left > 0:
            left -= 1
            candidate = data[:at] + data[at + size :]
            data, at = (candidate, at) if breaks(candidate) else (data, at + size)
        size //= 2
    return data


def run_guided(options: argparse.Namespace) -> int:
    """Let atheris mutate what reached new code; it ends this process."""
    import atheris

    with atheris.instrument_imports(include=["cleaner"], enable_loader_override=False):
        import laws

        laws.warm_up()
    words = Path("words.dict")
    words.write_bytes(b"".join(b'"' + escape(word) + b'"\n' for word in laws.WORDS))
    settings = [f"-runs={options.runs}", f"-max_len={choose_largest(options.seed)}", f"-timeout={STALLED}"]
    settings += [f"-seed={options.seed}", f"-dict={words}", "-verbosity=0", "-reload=0", "-rss_limit_mb=2048"]
    watch = Watch(options)
    atheris.Setup([sys.argv[0], *settings, str(options.found), str(CORPUS)], watch.check)
    atheris.Fuzz()
    return 0


def choose_largest(seed: int) -> int:
    """Return how many bytes the inputs of a part have at most: mostly few, as these are fast and reach as much."""
    return LARGEST * (10 if seed % 8 == 0 else 1)


def escape(word: str) -> bytes:
    """Write a word as libFuzzer's dictionaries want it."""
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8")).encode("ascii")


def run_plain(options: argparse.Namespace) -> int:
    """Cut and splice the corpus, by chance alone."""
    import laws

    from cleaner.garbage import collect_seldom

    laws.warm_up()
    paths = [*sorted(CORPUS.glob("*.bin")), *sorted(options.found.iterdir())]
    seeds = [path.read_bytes()[1:] for path in paths]
    words = [word.encode("utf-8") for word in laws.WORDS]
    chance, largest = random.Random(options.seed), choose_largest(options.seed)
    watch = Watch(options)
    collect_seldom()
    with Path(CURRENT).open("wb", buffering=0) as current:
        for _ in range(options.runs):
            data = bytes([chance.randrange(256)]) + splice(chance, seeds, words, largest)
            current.seek(0)
            current.write(data)
            current.truncate()
            signal.alarm(STALLED)  # ends the process
            watch.check(data)
    signal.alarm(0)
    return 0


def splice(chance: random.Random, seeds: list[bytes], words: list[bytes], largest: int) -> bytes:
    """Return cuts of the corpus, words and bytes by chance, one after the other."""
    parts: list[bytes] = []
    size = min(largest, 1 + int(chance.expovariate(4 / largest)))
    while size > 0:
        draw = chance.random()
        if draw < 0.4:
            seed = chance.choice(seeds)
            at = chance.randrange(len(seed) + 1)
            parts.append(seed[at : at + chance.randint(1, size)])
        else:
            parts.append(chance.choice(words) if draw < 0.6 else chance.randbytes(chance.randint(1, 8)))
        size -= len(parts[-1]) or 1
    return b"".join(parts)


if __name__ == "__main__":
    sys.exit(main())
