"""One command a question; each figure is one JSON line. Run with `make bench-plans`."""
