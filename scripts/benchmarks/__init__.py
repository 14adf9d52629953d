"""Measurements of `scripts/benchmark.py`, one kind per module.

Each module has `measure(values) -> list of results`, which are dicts for JSON (`values` are
the flags), and `page(results)`, which turns results into Markdown.
"""
