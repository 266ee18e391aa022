"""The incident room: a response plan activated, run together, and learnt from."""
