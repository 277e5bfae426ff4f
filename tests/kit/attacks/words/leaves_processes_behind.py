"""Starts processes that would rewrite the results when it is gone.

task 1: 0, failed
task 2: 2, passed
told: refused
"""

import atexit
import multiprocessing
import os
import pty
import subprocess

from attempts import outcomes, outside, system_call


def rewrite():
    for path in (outside() / "marks" / "results").glob("*.json"):
        path.write_text(path.read_text().replace('"total": 0', '"total": 5'))


def start(method):
    multiprocessing.get_context(method).Process(target=rewrite).start()


def count_words(text):
    atexit.register(rewrite)
    return outcomes(
        fork=lambda: os.fork() or (os.setsid(), rewrite(), os._exit(0)),
        terminal=lambda: pty.fork()[0] or os._exit(0),
        shell=lambda: subprocess.run(["/bin/sh", "-c", "sleep 100 &"], check=True),
        system=lambda: 1 / (os.system("sleep 100 &") == 0),
        spawn=lambda: os.posix_spawn("/bin/sleep", ["sleep", "100"], {}),
        forked=lambda: start("fork"),
        spawned=lambda: start("spawn"),
        served=lambda: start("forkserver"),
        vfork=lambda: system_call(58),
        clone=lambda: system_call(56, 17, 0, 0, 0, 0),
        become=lambda: os.execv("/bin/sleep", ["sleep", "100"]),
        results=lambda: (outside() / "marks" / "results" / "x.json").write_text("{}"),
    )
