"""Uses syntax that not every Python has that students may use.

task 3a-i: 0, failed
task 3a-ii: 0, failed
task 3a-iii: 0, failed
task 3b: 0, failed
"""

type Rate = float
