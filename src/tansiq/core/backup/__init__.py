"""Backup and restore: one file with the database, the uploaded files and a manifest.

A backup is made while people work: the database gives one consistent copy, and files are taken
after it, so that none is missing which the copy speaks of. A restore checks everything before
it touches anything, sets what is there aside, and can be undone until its last step; a process
killed half-way leaves the old data, which the next start puts back.
"""
