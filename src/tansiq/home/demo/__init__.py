"""A believable country for developers, browser tests, pictures and training.

Made-up bodies live under the public facts of real plans. What is made up says so: bodies carry
the word "demo", plans the word "fictional", and each real plan a line that says what is
invented. Everything is written through the parts' actions, in the order of time, so that the log
reads like life; the same moment gives the same demo.
"""
