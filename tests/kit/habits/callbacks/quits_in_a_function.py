"""Ends the program in a function.

task 3a-ii: 0, failed
"""


def scheduler(epoch, lr):
    quit()
