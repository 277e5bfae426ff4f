"""The formgrader: nbgrader's pages for markers, served by Jupyter on loopback."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import requests

BOUND = 300
"""Seconds after which a server ends by itself, should its test not end it."""

START = 120
"""Seconds within which it must answer; on a machine that is free it takes four."""

LOG = "formgrader.log"
EXTENSIONS = {
    "nbgrader.server_extensions.formgrader": True,
    # This Python has these too. They cost seconds, and one asks the network.
    "jupyter_lsp": False,
    "jupyter_server_terminals": False,
    "jupyterlab": False,
    "nbgrader.server_extensions.assignment_list": False,
    "nbgrader.server_extensions.course_list": False,
    "nbgrader.server_extensions.validate_assignment": False,
    "notebook": False,
    "notebook_shim": False,
}


class Formgrader:
    """The formgrader, asked over HTTP as its own pages ask it."""

    def __init__(self, address: str, token: str) -> None:
        self.address = f"{address}formgrader/"
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy between here and loopback
        self._session.headers["Authorization"] = f"token {token}"

    def get(self, path: str, **query: str) -> Any:
        """Return what the API answers to a question."""
        return self._ask("GET", f"api/{path}", params=query).json()

    def put(self, path: str, **body: Any) -> Any:
        """Change something; return it as it is then."""
        return self._ask("PUT", f"api/{path}", json=body).json()

    def read_page(self, submission: str) -> str:
        """Return the page on which a notebook is marked."""
        return str(self._ask("GET", f"submissions/{submission}/").text)

    def find_notebooks(self, assignment: str, notebook: str) -> dict[str, str]:
        """Return the ids of the notebooks that can be marked, by student."""
        waiting = self.get(f"submissions/{assignment}")
        ready = {row["student"] for row in waiting if row["autograded"]}
        rows = self.get(f"submitted_notebooks/{assignment}/{notebook}")
        return {row["student"]: row["id"] for row in rows if row["student"] in ready}

    def find_cells(self, kind: str, submission: str) -> dict[str, str]:
        """Return the ids of the ``grades`` or ``comments`` of a notebook, by cell."""
        rows = self.get(kind, submission_id=submission)
        return {row["name"]: row["id"] for row in rows}

    def give_marks(self, submission: str, marks: Mapping[str, float]) -> None:
        """Give marks by hand, cell by cell."""
        grades = self.find_cells("grades", submission)
        for cell, score in marks.items():
            given = self.put(f"grade/{grades[cell]}", manual_score=score)
            assert (given["manual_score"], given["needs_manual_grade"]) == (
                score,
                False,
            )

    def give_comment(self, submission: str, cell: str, text: str) -> None:
        """Write a comment under an answer."""
        comments = self.find_cells("comments", submission)
        given = self.put(f"comment/{comments[cell]}", manual_comment=text)
        assert given["manual_comment"] == text

    def put_without_token(self, path: str, **body: Any) -> int:
        """Try to change something as a stranger; return the status of the answer."""
        stranger = requests.Session()
        stranger.trust_env = False
        url = f"{self.address}api/{path}"
        return stranger.put(url, json=body, timeout=30).status_code

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        answer = self._session.request(method, self.address + path, timeout=30, **more)
        answer.raise_for_status()
        return answer


@contextmanager
def running_formgrader(course: Path) -> Iterator[Formgrader]:
    """Serve the formgrader of a course for as long as the ``with`` statement runs.

    Nothing of the user's own Jupyter is read or written, and no kernel or browser
    is started.
    """
    token = secrets.token_hex()
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        with _running(course, home, token) as server:
            yield _wait(server, home, token)


@contextmanager
def _running(course: Path, home: Path, token: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a group of processes that ends with the ``with`` statement."""
    command = [
        *("timeout", "--kill-after", "5", str(BOUND)),
        *(sys.executable, "-P", "-m", "jupyter_server"),
        *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
        f"--ServerApp.jpserver_extensions={EXTENSIONS}",
        *("--no-browser", "--allow-root"),
    ]
    with (home / LOG).open("wb") as log:
        server = subprocess.Popen(
            command,
            cwd=course,
            env={**os.environ, **_isolate(home), "JUPYTER_TOKEN": token},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield server
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _isolate(home: Path) -> dict[str, str]:
    """Return what makes Jupyter keep to a folder."""
    names = {"CONFIG_DIR": "config", "DATA_DIR": "data", "RUNTIME_DIR": "runtime"}
    places = {f"JUPYTER_{name}": str(home / place) for name, place in names.items()}
    return places | {
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_PATH": "",
        "JUPYTER_PATH": "",
    }


def _wait(server: subprocess.Popen[bytes], home: Path, token: str) -> Formgrader:
    """Return the formgrader as soon as it answers."""
    end = time.monotonic() + START
    while server.poll() is None and time.monotonic() < end:
        for told in (home / "runtime").glob("jpserver-*.json"):
            # It may not be written to its end yet, nor the server listen.
            with suppress(ValueError, requests.ConnectionError):
                address = json.loads(told.read_text(encoding="utf-8"))["url"]
                formgrader = Formgrader(address, token)
                assert formgrader.get("status") == {"status": True}
                return formgrader
        time.sleep(0.05)
    state = "did not answer" if server.poll() is None else "ended"
    log = (home / LOG).read_text(encoding="utf-8", errors="replace")
    raise AssertionError(f"The formgrader {state}:\n{log}")
