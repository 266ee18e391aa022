"""What the platforms' posts look like, one file a family.

Each format says how to tell it, how to read one record, and, where lines are many, which columns a
parser should read instead. Names, profiles, pictures and places finer than a city are never read.
"""
