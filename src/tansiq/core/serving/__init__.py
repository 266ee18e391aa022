"""How one process answers: pages in a few threads, streams and static files in the event loop."""
