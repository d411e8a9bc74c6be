# Common commands; `just` lists them.

default:
    @just --list

# set up a virtual environment for work
setup:
    python3 -m venv .venv
    .venv/bin/pip install -q -e '.[dev]'

# format and lint
style:
    .venv/bin/ruff format .
    .venv/bin/ruff check --fix .

types:
    .venv/bin/mypy --strict

test *args:
    .venv/bin/pytest -q -n 2 {{args}}

# rules on their own examples
rules:
    .venv/bin/cleaner rules test

# the pages of docs/rules, after a change of rules
rule-docs:
    .venv/bin/python tools/make_rule_docs.py

# the site of the docs, in site/ (`pip install -e '.[docs]'` brings mkdocs); to read it with search: just serve
docs: rule-docs
    NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --strict

serve: docs
    .venv/bin/python -m http.server --bind 127.0.0.1 --directory site

# the part of docs/compare.md that other tools write (`pip install autocorrect-py ftfy pangu`)
compare:
    .venv/bin/python tools/compare.py

# long runs of the property tests: 10,000 examples each
properties:
    HYPOTHESIS_PROFILE=long .venv/bin/pytest -q -n 2 tests/test_trace.py tests/test_properties.py

# laws of restore on mutated bytes, added up in docs/trust.json (`pip install -e '.[fuzz]'` brings atheris)
fuzz runs="1000000":
    .venv/bin/python tools/fuzz.py --runs {{runs}} --keep

# long property runs and hostile texts in full size, and docs/trust.md written from what they found
trust:
    .venv/bin/python tools/trust.py properties
    .venv/bin/python tools/trust.py hostile
    .venv/bin/python tools/trust.py write

# measure speed beside other tools (`pip install -e '.[bench]'` brings them) and write docs/speed.md
bench *args:
    .venv/bin/python -m benchmarks {{args}}

# the adapters, each in its engine
engines *names:
    tools/test_engines.sh {{names}}

# measure on the pages in ../shared and write docs/accuracy.md
accuracy:
    .venv/bin/python tools/accuracy.py

# everything that the continuous check runs
ci:
    .ci/run
