"""Uses syntax that some of the Pythons allowed to students do not have.

task 3a-i: 0, failed
task 3a-ii: 0, failed
task 3a-iii: 0, failed
task 3b: 0, failed
"""

type Rate = float
