"""The demo project: articles, and what the demo accounts marked. `python -m seeds.build` writes it."""
