"""Who does what, where, when (4Ws) as a workbook: given out, filled in, looked at, taken."""
