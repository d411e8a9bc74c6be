"""How fast Cleaner is beside other tools, in one run: `python -m benchmarks` measures and writes docs/speed.md."""
