"""The desk, search, the menu, public pages, the demo: the only part that knows all others."""
