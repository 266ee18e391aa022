"""Maps of a national plan: one measure, one level, one moment; as a drawing, table and file."""
