#!/usr/bin/env bash
# Wheel and sdist: built twice alike, both installed; and the tests that matter with the lowest versions allowed.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work/build"
"$work/build/bin/pip" install -q --disable-pip-version-check build hatchling
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1700000000}
for name in one two; do
  "$work/build/bin/python" -m build --no-isolation --outdir "$work/$name" . >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
done
for file in "$work"/one/*; do cmp "$file" "$work/two/${file##*/}"; done
echo "built twice, alike: $(cd "$work/one" && echo *)"

# The wheel that the sdist makes is the wheel of the checkout.
mkdir "$work/sdist" && tar -xf "$work"/one/*.tar.gz -C "$work/sdist" --strip-components 1
(cd "$work/sdist" && "$work/build/bin/python" -m build --no-isolation --wheel --outdir "$work/three" . >"$work/log" 2>&1) ||
  { cat "$work/log"; exit 1; }
cmp "$work"/one/*.whl "$work"/three/*.whl
echo "the sdist makes the same wheel"

# The lowest versions that pyproject.toml allows: of what is needed, and of the extras that read and write dumps.
lowest=$("$python" - <<'PY'
import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
items = project["dependencies"] + project["optional-dependencies"]["dump"]
print(*(f'"{item}"' for item in (item.replace(">=", "==") for item in items)))
PY
)
"$python" -m venv "$work/lowest"
eval "\"$work/lowest/bin/pip\" install -q --disable-pip-version-check \"$work\"/one/*.whl $lowest pytest hypothesis"
cd "$work/sdist"
"$work/lowest/bin/python" -m pytest -q -p no:cacheprovider tests/test_convert.py tests/test_engine.py tests/test_repeatable.py \
  tests/test_dump.py tests/test_dump_parquet.py tests/test_trust.py -k "not any_"
echo "tests pass with $lowest"
