"""Imports a package that the kit does not have.

task 3a-i: 0, failed
task 3a-ii: 0, failed
task 3a-iii: 0, failed
task 3b: 0, failed
"""

import no_such_package
