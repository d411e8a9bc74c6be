"""Hypothesis profiles: `ci` is quick and always the same; HYPOTHESIS_PROFILE=long runs 10,000 examples a property."""

from __future__ import annotations

import os
import signal
from functools import partialmethod
from inspect import signature

from click.testing import CliRunner
from hypothesis import HealthCheck, settings

if "mix_stderr" in signature(CliRunner).parameters:  # click before 8.2 gives both streams in one
    CliRunner.__init__ = partialmethod(CliRunner.__init__, mix_stderr=False)  # type: ignore[method-assign]
os.environ["CLEANER_CACHE"] = ""  # tests neither read nor write the user's cache
# A background job inherits an ignored SIGINT, one of `nohup` SIGHUP; the programs that tests start shall meet both.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

settings.register_profile(  # `too_slow` goes by the clock, which on a busy machine says nothing of the test
    "ci", max_examples=200, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.register_profile(
    "long", max_examples=10_000, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
settings.register_profile(  # tools/trust.py: fresh examples, as many a property as it asks for
    "fresh", max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "500")), deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
