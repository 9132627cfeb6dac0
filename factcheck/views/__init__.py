"""Pages and htmx fragments: each view is access, form, one service call, render."""
