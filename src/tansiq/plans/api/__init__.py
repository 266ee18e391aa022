"""The same as JSON: plans, their parts and figures, reports, the activity register."""
