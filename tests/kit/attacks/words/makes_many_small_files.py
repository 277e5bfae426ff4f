"""Makes as many small files as it has time for, next to honest work.

task 1: 3, passed
task 2: 2, passed
"""

import os
import time

started = time.process_time()
while time.process_time() < started + 0.4:
    folder = f"many-{time.process_time_ns()}"
    os.mkdir(folder)
    for number in range(1_000):
        os.close(os.open(f"{folder}/{number}", os.O_CREAT | os.O_WRONLY))
