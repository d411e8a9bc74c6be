"""Cleaner in engines that people already run: datatrove, Spark, Ray Data and what speaks Arrow (docs/engines.md)."""
