"""Clean a dump with datatrove: `python examples/datatrove_pipeline.py shards/ clean/ --tasks 8 --workers 2`.

Give the same command again after a crash: tasks that are done are skipped. Instead of LocalPipelineExecutor take
SlurmPipelineExecutor or RayPipelineExecutor, with the same steps.
"""

from __future__ import annotations

import argparse

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.writers import JsonlWriter

from cleaner.adapters.datatrove import ArticleStep, CleanStep, DumpReader


def main() -> None:
    """Run the pipeline."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+", help="files of JSON Lines, folders, patterns")
    parser.add_argument("out", help="a folder for all that is made")
    parser.add_argument("--articles", action="store_true", help="one document for each article")
    parser.add_argument("--profile", default="newspaper")
    parser.add_argument("--tasks", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    step = ArticleStep if options.articles else CleanStep
    pipeline = [
        DumpReader(options.inputs, quarantine=f"{options.out}/quarantine"),
        step(manifest=f"{options.out}/clean.manifest.json", profile=options.profile),
        JsonlWriter(f"{options.out}/documents"),
    ]
    LocalPipelineExecutor(
        pipeline, tasks=options.tasks, workers=options.workers, logging_dir=f"{options.out}/logs"
    ).run()


if __name__ == "__main__":
    main()
