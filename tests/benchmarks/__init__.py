"""How fast it is: starts the real server and measures it beside what the same machine does without it.

`make bench` runs all of it; `python -m tests.benchmarks create list export page` some of it.
"""
