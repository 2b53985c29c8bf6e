"""Benchmarks as ratios in one run: `python -m tests.bench` writes bench-out/report.json and report.md."""
