"""The course: a coursework in nbgrader; code is marked sealed, the report by hand.

nbgrader keeps the gradebook, releases, collects, shows submissions to markers and
writes feedback. What it does not do here is run what students wrote: marks of
code come from `reelmark.grading.run`, in processes of their own, and are only copied
into the gradebook. Modules here import nbgrader, which is in the extra
``instructor``; `reelmark.course.app` does so when a command runs.
"""
