"""Kills, stops, slows and traces the process that it was forked from.

task 1: 0, failed
task 2: 2, passed
told: refused
"""

import os
import resource
import signal

from attempts import outcomes, system_call


def count_words(text):
    parent = os.getppid()
    return outcomes(
        kill=lambda: os.kill(parent, signal.SIGKILL),
        stop=lambda: os.kill(parent, signal.SIGSTOP),
        group=lambda: os.killpg(os.getpgid(parent), signal.SIGKILL),
        everybody=lambda: os.kill(-1, signal.SIGKILL),
        group_of_zero=lambda: os.kill(0, signal.SIGKILL),
        thread=lambda: system_call(200, parent, 9),  # tkill
        thread_of_group=lambda: system_call(234, parent, parent, 9),  # tgkill
        queue=lambda: system_call(129, parent, 9, 0),  # rt_sigqueueinfo
        trace=lambda: system_call(101, 16, parent, 0, 0),  # ptrace, to attach
        hold=lambda: os.pidfd_open(parent),
        limit=lambda: resource.prlimit(parent, resource.RLIMIT_CPU, (1, 1)),
        slow=lambda: os.setpriority(os.PRIO_PROCESS, parent, 19),
        slow_user=lambda: os.setpriority(os.PRIO_USER, 0, 19),
        idle=lambda: os.sched_setscheduler(parent, os.SCHED_IDLE, os.sched_param(0)),
        urgent=lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99)),
    )
