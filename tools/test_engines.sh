#!/usr/bin/env bash
# Test the adapters in their engines: an environment for each, since their requirements exclude one another.
#   tools/test_engines.sh [ENGINE...]      default: datatrove spark ray datasets
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- datatrove spark ray datasets
for engine in "$@"; do
    echo "== $engine (${SECONDS}s)"
    python3 -m venv "$work/$engine"
    "$work/$engine/bin/pip" install -q --disable-pip-version-check -e ".[$engine]" pytest hypothesis
    # a skipped engine would be a test that cannot fail
    "$work/$engine/bin/pytest" -q -rs tests/test_engines.py -k "$engine" | tee "$work/out"
    ! grep -q skipped "$work/out"
    rm -rf "$work/$engine"
done
