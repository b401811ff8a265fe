"""Pictures of every mode of the workbench, for the docs: `python scripts/pictures.py study.gpkg folder`.

Starts the server of that study, opens a headless Chromium, and takes each mode in both languages at three sizes (a
small laptop, a large screen and a wall screen), with a street chosen.
"""

from __future__ import annotations

import argparse
import base64
from pathlib import Path
from typing import Any

from workbench import chromium, served

SIZES = {"1366": (1366, 768), "1920": (1920, 1080), "3840": (3840, 2160)}
HALVED = ("3840",)  # a wall screen is shown at half its size
MODES = {"look": "[data-card]", "find": "[data-line]", "programme": "[data-certificate=checked]", "section": "[data-section=true]",
         "compare": "[data-compare=ready]", "hand-over": "[data-hand] iframe"}  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--street", default="Kaasgang", help="the street that is chosen in the pictures")
    parser.add_argument("--sizes", nargs="+", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--languages", nargs="+", default=["nl", "en"])
    parser.add_argument("--png", action="store_true", help="sharp and large, to look at; WebP otherwise")
    parser.add_argument("--modes", nargs="+", default=list(MODES), choices=list(MODES))
    return parser.parse_args()


def _settled(page: Any) -> None:
    """Until nothing has been asked of the server for a while and the map has drawn."""
    page.wait_for_load_state("networkidle") if page.evaluate("!window.EventSource") else page.wait_for_timeout(1800)


def _mode(page: Any, mode: str, file: Path) -> None:
    page.evaluate("mode => { location.hash = mode }", mode)
    page.wait_for_selector(MODES[mode], timeout=60_000)
    if mode == "hand-over":
        page.wait_for_selector(".wait", state="detached", timeout=60_000)
    _settled(page)
    if file.suffix == ".png":
        page.screenshot(path=str(file))
    else:
        file.write_bytes(_small(page, file.stem.rsplit("-", 1)[-1] in HALVED))


def _small(page: Any, halved: bool) -> bytes:
    """The screen as WebP, small enough for the docs."""
    size = page.viewport_size
    clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 0.5 if halved else 1}
    told = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot", {"format": "webp", "quality": 72, "clip": clip}
    )
    return base64.b64decode(told["data"])


def _take(browser: Any, url: str, options: argparse.Namespace, language: str, size: str) -> None:
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, locale="nl-NL", reduced_motion="reduce")
    page.goto(f"{url}/?language={language}#look")
    page.wait_for_selector('[data-ready="true"]', timeout=60_000)
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill(options.street)
    page.locator("dialog li button b").first.wait_for()
    page.keyboard.press("Enter")
    for mode in options.modes:
        _mode(page, mode, options.folder / f"{mode}-{language}-{size}.{'png' if options.png else 'webp'}")
    page.close()


def main() -> None:
    options = _arguments()
    options.folder.mkdir(parents=True, exist_ok=True)
    with served(options.study) as url, chromium() as browser:
        for language in options.languages:
            for size in options.sizes:
                _take(browser, url, options, language, size)


if __name__ == "__main__":
    main()
