#!/usr/bin/env bash
# Test the adapters in their engines: an environment for each, since their requirements exclude one another.
#   tools/test_engines.sh [--bench] [--budget SECONDS] [ENGINE...]      default: all engines
# With --bench it also measures what the engine adds for each document, and writes it into docs/engines.md.
# Exit code 1 when a test fails or is skipped, and when datatrove is not tested. Another engine that cannot be installed
# here, or comes when the budget is used up, is left out, and the last lines say so.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bench='' budget=100000
while [ $# -gt 0 ]; do
    case $1 in
        --bench) bench=yes && shift ;;
        --budget) budget=$2 && shift 2 ;;
        *) break ;;
    esac
done
[ $# -gt 0 ] || set -- datatrove spark ray datasets polars daft
skipped=() missing=''
skip() {
    skipped+=("$1 ($2)")
    [ "$1" != datatrove ] || missing=yes
}
for engine in "$@"; do
    if [ "$SECONDS" -ge "$budget" ]; then
        skip "$engine" "the time is used up: tools/test_engines.sh $engine"
        continue
    fi
    echo "== $engine (${SECONDS}s)"
    case $engine in
        polars | daft) wanted=(-e '.[dump]' "$engine") ;;
        *) wanted=(-e ".[$engine]") ;;
    esac
    chosen=test_$engine
    [ "$engine" != datatrove ] || chosen=TestDatatrove
    if [ "$engine" = spark ] && ! command -v java >/dev/null; then
        skip spark "no Java: apt-get install openjdk-17-jre-headless"
        continue
    fi
    python3 -m venv "$work/$engine"
    if ! timeout 400 "$work/$engine/bin/pip" install -q --disable-pip-version-check "${wanted[@]}" pytest hypothesis \
        >"$work/log" 2>&1; then
        tail -3 "$work/log"
        skip "$engine" "not installable here"
        rm -rf "${work:?}/$engine"
        continue
    fi
    # a skipped engine would be a test that cannot fail
    "$work/$engine/bin/pytest" -q -rs tests/test_engines.py -k "$chosen" | tee "$work/out"
    if grep -q skipped "$work/out"; then
        echo "$engine: its tests were skipped, though it is installed" >&2
        exit 1
    fi
    [ -z "$bench" ] || "$work/$engine/bin/python" -m benchmarks.engines "$engine" --write
    rm -rf "${work:?}/$engine"
done
[ ${#skipped[@]} = 0 ] || {
    printf '\n!!! %s of the engines were NOT tested:\n' ${#skipped[@]}
    printf '!!! SKIPPED: %s\n' "${skipped[@]}"
} >&2
[ -z "$missing" ] || exit 1
