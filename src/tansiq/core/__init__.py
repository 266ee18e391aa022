"""What every part stands on: the look, jobs, live events, files, words in the reader's language.

Knows no other part. Nothing here decides who may see what; that is `access`.
"""
