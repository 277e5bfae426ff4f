"""A headless browser, driven by the protocol of its developer tools."""

from __future__ import annotations

import base64
import contextlib
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import websocket

BROWSER = "/usr/bin/chromium"
START_SECONDS = 30.0
ANSWER_SECONDS = 120.0
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0"),
    "--remote-allow-origins=*",
)


class Browser:
    """One page of a browser.

    Args:
        url: The address of the page's developer tools.
    """

    def __init__(self, url: str) -> None:
        self._line = websocket.create_connection(url, timeout=ANSWER_SECONDS)
        self._number = 0
        for domain in ("Page", "Runtime"):
            self.ask(f"{domain}.enable")
        self.ask("Performance.enable", timeDomain="threadTicks")

    def close(self) -> None:
        """Close the connection."""
        self._line.close()

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its answer; ignore events in between."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._line.send(json.dumps(message))
        while (answer := json.loads(self._line.recv())).get("id") != self._number:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def run(self, script: str) -> Any:
        """Return the value of a script; for a promise, wait for its value."""
        options = {"awaitPromise": True, "returnByValue": True}
        answer = self.ask("Runtime.evaluate", expression=script, **options)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def open(self, page: Path) -> float:
        """Open a page; return the seconds until it was painted and usable."""
        started = time.monotonic()
        self.ask("Page.navigate", url=page.resolve().as_uri())
        while self.run("document.readyState") != "complete":
            time.sleep(0.01)
        self.run(_AFTER_PAINTING)
        return time.monotonic() - started

    def time(self, act: str) -> float:
        """Return the seconds from a user's action until the result is painted."""
        script = (
            f"(async () => {{ const begun = performance.now(); {act}; "
            f"await {_AFTER_PAINTING}; return performance.now() - begun; }})()"
        )
        milliseconds: float = self.run(script)
        return milliseconds / 1000

    def count_work(self) -> float:
        """Return the seconds of processor time that the page has taken so far."""
        metrics = self.ask("Performance.getMetrics")["metrics"]
        found = {each["name"]: each["value"] for each in metrics}
        seconds: float = found["TaskDuration"]
        return seconds

    def resize(self, width: int, height: int, *, is_mobile: bool = False) -> None:
        """Set the size of the page, in CSS pixels."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=is_mobile,
        )

    def show_as(self, *, medium: str = "", scheme: str = "light") -> None:
        """Show the page on a medium such as ``print``, in light or dark colours."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.ask("Emulation.setEmulatedMedia", media=medium, features=features)

    def photograph(self, path: Path) -> None:
        """Write a screenshot as a PNG."""
        answer = self.ask("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(answer["data"]))

    def print_to(self, path: Path) -> int:
        """Write the page as a PDF on A4; return how many sheets it takes."""
        paper = {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": True}
        answer = self.ask("Page.printToPDF", **paper)
        data = base64.b64decode(answer["data"])
        path.write_bytes(data)
        return data.count(b"/Type /Page\n") or data.count(b"/Type /Page ")


_AFTER_PAINTING = (
    "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))"
)


@contextlib.contextmanager
def open_browser() -> Iterator[Browser]:
    """Start a browser; afterwards, it and its files are removed."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [BROWSER, *OPTIONS, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            browser = Browser(_find_page(Path(profile, "DevToolsActivePort")))
            yield browser
            browser.close()
        finally:
            process.terminate()
            process.wait()


def _find_page(told: Path) -> str:
    """Wait until a browser says where it listens; return its page's address."""
    import urllib.request

    deadline = time.monotonic() + START_SECONDS
    while not (told.exists() and told.read_text().count("\n")):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{BROWSER} does not start")
        time.sleep(0.05)
    port = told.read_text().splitlines()[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
        pages = [each for each in json.load(answer) if each["type"] == "page"]
    address: str = pages[0]["webSocketDebuggerUrl"]
    return address
