"""A real Chromium, driven over the DevTools pipe; its network is closed and everything it asks for is noted.

No driver is needed: Chromium reads commands from its file descriptor 3 and writes answers to 4, JSON with a zero byte after each.
"""

import base64
import contextlib
import itertools
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Self

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps", "--mute-audio",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--force-device-scale-factor=1", "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip
# puts the pipes where Chromium looks for them, and becomes Chromium
_PLUG = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(fd), fcntl.F_DUPFD, 10) for fd in sys.argv[1:3]]
for end, place in zip(ends, (3, 4)):
    os.dup2(end, place)
os.execv(sys.argv[3], sys.argv[3:])
"""
LOCAL = ("file:", "data:", "about:", "blob:")


def chromium_path() -> str | None:
    """Give the path of a Chromium, ``None`` where the machine has none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    """One page in one Chromium; use as a context manager."""

    def __init__(self, *, width: int = 1280, height: int = 800) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []
        self._numbers = itertools.count(1)
        self._answers: dict[int, dict[str, Any]] = {}
        self._loaded = 0
        self._buffer = b""
        self._session: str | None = None
        self.size = (width, height)

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        command = [str(chromium_path()), *FLAGS, f"--user-data-dir={self._folder.name}", f"--window-size={self.size[0]},{self.size[1]}"]
        process = subprocess.Popen(
            [sys.executable, "-c", _PLUG, str(to_browser), str(from_browser), *command, "about:blank"],
            pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._process = process
        os.close(to_browser)
        os.close(from_browser)
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "Accessibility"):
            self.send(f"{domain}.enable")
        self.resize(*self.size)
        return self

    def __exit__(self, *_: object) -> None:
        self._session = None
        with contextlib.suppress(OSError, TimeoutError, RuntimeError):
            self.send("Browser.close", patience=5)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._out)
        os.close(self._in)
        self._folder.cleanup()

    def send(self, method: str, *, patience: float = 30, **parameters: object) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + patience
        while number not in self._answers:
            self._listen(end)
        answer = self._answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, where: Path | str, *, drawn: bool = True) -> None:
        """Open a file or address, wait until it has loaded and, for our pages, until the map is drawn."""
        self._loaded = 0
        url = where.resolve().as_uri() if isinstance(where, Path) else where
        self.send("Page.navigate", url=url)
        end = time.monotonic() + 30
        while not self._loaded:
            self._listen(end)
        while drawn and not self.run("document.documentElement.classList.contains('drawn')"):
            if time.monotonic() > end:
                raise TimeoutError(f"{url} was not drawn; errors: {self.errors}")
            time.sleep(0.02)

    def run(self, script: str) -> Any:  # noqa: ANN401 whatever the script gives
        """Evaluate JavaScript, a promise is awaited, and give its value."""
        answer = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", {}).get("description", str(answer["exceptionDetails"])))
        return answer["result"].get("value")

    def resize(self, width: int, height: int, *, mobile: bool = False) -> None:
        """Set the window's size in CSS pixels."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def prefer(self, **features: str) -> None:
        """Set media features, ``prefers_color_scheme="dark"``, and the medium, ``media="print"``."""
        media = features.pop("media", "")
        pairs = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.send("Emulation.setEmulatedMedia", media=media, features=pairs)

    def click(self, x: float, y: float) -> None:
        """Click at a point of the window."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left" if kind != "mouseMoved" else "none", clickCount=1)

    def click_on(self, selector: str) -> None:
        """Click in the middle of the first element that a selector finds."""
        self.run(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block:'nearest'}})")
        box = self.run(f"(() => {{ const b = document.querySelector({json.dumps(selector)}).getBoundingClientRect(); "
                       "return [b.x + b.width / 2, b.y + b.height / 2]; })()")  # fmt: skip
        self.click(*box)

    def press(self, key: str) -> None:
        """Press and release a key by its DOM name ("ArrowRight", "Enter", " ")."""
        codes = {"ArrowLeft": 37, "ArrowRight": 39, "ArrowUp": 38, "ArrowDown": 40, "Enter": 13, " ": 32, "Tab": 9, "Escape": 27}
        codes |= {"End": 35, "Home": 36}
        text = {"Enter": "\r", " ": " "}.get(key, "")
        code = "Space" if key == " " else key
        down = {"text": text} if text else {}
        self.send("Input.dispatchKeyEvent", type="keyDown", key=key, code=code, windowsVirtualKeyCode=codes[key], **down)
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key, code=code, windowsVirtualKeyCode=codes[key])

    def type(self, text: str) -> None:
        """Type text into the focused field."""
        self.send("Input.insertText", text=text)

    def screenshot(self, path: Path | None = None, *, whole: bool = False) -> bytes:
        """Take a PNG of the window, or of the whole page."""
        png = base64.b64decode(self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"])
        if path is not None:
            path.write_bytes(png)
        return png

    def _listen(self, end: float) -> None:
        """Take in one message, or raise when it does not come in time."""
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise TimeoutError("Chromium did not answer")
            piece = os.read(self._in, 1 << 20)
            if not piece:
                raise RuntimeError("Chromium has ended")
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\0")
        self._note(json.loads(line))

    def _note(self, message: dict[str, Any]) -> None:
        if "id" in message:
            self._answers[message["id"]] = message
            return
        method, parameters = message.get("method", ""), message.get("params", {})
        if method == "Page.loadEventFired":
            self._loaded += 1
        elif method == "Network.requestWillBeSent":
            url = parameters["request"]["url"]
            if not url.startswith(LOCAL):
                self.requests.append(url)
        elif method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in {"error", "warning", "assert"}:
            self.errors.append(" ".join(str(part.get("value", part.get("description"))) for part in parameters["args"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in {"error", "warning"}:
            self.errors.append(f"{parameters['entry']['text']} {parameters['entry'].get('url', '')}")
