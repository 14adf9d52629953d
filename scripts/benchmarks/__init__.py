"""What `scripts/benchmark.py` measures, one kind of measurement per module.

Each has `measure(values) -> list of results`, dicts for JSON, and `page(results)`,
which turns them into Markdown. `values` are the flags.
"""
