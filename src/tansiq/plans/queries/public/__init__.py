"""What everybody reads of a plan without signing in: its page, its documents, its feeds."""
