"""How quick the workbench is on a large city: `python benchmarks/web.py city.gpkg`.

Makes the city when the file is not there (20,000 street sections, some 100,000 works; minutes), serves it, and
measures in a headless Chromium without WebGL: seconds until the first useful map, frames a second while panning, seconds
of a change of year, frames a second of the timeline while it scrolls, rows that the timeline draws, megabytes of the page.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
from workbench import chromium, served

VISITS = 5  # first visits, each with a browser that knows nothing
# The page itself says when its map has drawn streets for the first time, in milliseconds after the address was opened.
WATCH = """(() => { const look = () => { const map = window.integralieMap?.()?.map;
  const streets = map?.getLayers().getArray().some(l => (l.getSource?.()?.getFeatures?.().length ?? 0) > 1);
  if (!streets) return requestAnimationFrame(look);
  map.once('postrender', () => requestAnimationFrame(() => { window.firstMap = performance.now(); })); map.render(); };
  requestAnimationFrame(look); })()"""
FRAMES = """step => new Promise(done => { const times = []; let n = 0, last = performance.now();
  const go = now => { times.push(now - last); last = now; step(n); n++ < 90 ? requestAnimationFrame(go) : done(times.slice(5)); };
  requestAnimationFrame(go); })"""


def make(path: Path, sections: int, seconds: float) -> None:
    """The city with its programme, saved as a study."""
    import integralie as itg
    from integralie.demo import town

    study = itg.Study.of(itg.Settings(name="Stad", periods=20), **town(sections))
    itg.save(itg.run(study, only=("forecast", "match", "programme"), seconds=seconds), path)


def rate(times: list[float]) -> str:
    """Frames a second over the whole run, and the slowest frame."""
    return f"{1000 * len(times) / sum(times):.0f} frames/s, slowest frame {max(times):.0f} ms"


def first_map(browser: Any, url: str) -> str:
    """Seconds from the address to a map with streets, each time in a browser that knows nothing."""
    took = []
    for _ in range(VISITS):
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.add_init_script(WATCH)
        page.goto(f"{url}/?language=nl#look", wait_until="commit")
        took.append(_when(page, "firstMap"))
        page.close()
    return f"median {sorted(took)[len(took) // 2]:.2f} s of {len(took)} visits, the first {took[0]:.2f} s, slowest {max(took):.2f} s"


def _when(page: Any, name: str, patience: float = 60.0) -> float:
    """What the page has noted under that name, in seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        told = page.evaluate("name => window[name] ?? null", name)
        if told is not None:
            return float(told) / 1000
        time.sleep(0.05)
    raise SystemExit(f"the page did not come to '{name}' within {patience:.0f} s")


def measure(page: Any, url: str) -> dict[str, str]:
    """Every other figure, in the order in which a reader meets them."""
    out: dict[str, str] = {}
    start = time.perf_counter()
    page.goto(f"{url}/?language=nl#look", wait_until="commit")
    page.wait_for_selector('[data-ready="true"]', timeout=120_000)
    page.evaluate("location.hash = 'programme'")
    page.wait_for_selector("[data-block]", timeout=120_000)
    out["timeline ready"] = f"{time.perf_counter() - start:.2f} s"
    page.wait_for_timeout(3000)
    map_ = page.locator("[data-map]")
    box = map_.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    out["panning the whole city"] = _drag(page, box)
    page.evaluate("integralieMap().zoom(2.5)")
    page.wait_for_timeout(2500)
    out["panning a district"] = _drag(page, box)
    page.evaluate("integralieMap().zoom(-2.5)")
    page.wait_for_timeout(1000)
    out["change of year"] = _year(page)
    scroll = "(n) => { document.querySelector('[data-timeline]').scrollTop += 90 }"
    out["timeline scrolling"] = rate(page.evaluate(f"({FRAMES})({scroll})"))
    out["rows drawn"] = str(page.locator("[role=treeitem]").count())
    out["memory of the page"] = f"{page.evaluate('performance.memory.usedJSHeapSize') / 1024**2:.0f} MB of JavaScript"
    return out


def _drag(page: Any, box: Any) -> str:
    """The map dragged by hand in circles; frames as the browser gives them."""
    page.evaluate(
        """() => { const times = window.frameTimes = []; let last = performance.now(); window.counting = true;
          const go = now => { times.push(now - last); last = now; if (window.counting) requestAnimationFrame(go); }; requestAnimationFrame(go); }"""
    )
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(120):
        page.mouse.move(x + 60 * math.sin(step / 12), y + 60 * math.cos(step / 12))
    page.mouse.up()
    return rate(page.evaluate("() => { window.counting = false; return window.frameTimes.slice(3) }"))


def _year(page: Any) -> str:
    """From the key to the map that has drawn, ten years after each other."""
    took = page.evaluate(
        """async () => { const out = [], map = integralieMap().map, slider = document.querySelector('input[type=range]');
          for (let i = 0; i < 10; i++) { const start = performance.now(); slider.value = Number(slider.value) + 1;
            const drawn = new Promise(done => map.once('rendercomplete', done)); slider.dispatchEvent(new Event('input', {bubbles: true}));
            await Promise.race([drawn, new Promise(done => setTimeout(done, 5000))]); out.push(performance.now() - start); }
          return out; }"""
    )
    return f"median {sorted(took)[len(took) // 2]:.0f} ms, slowest {max(took):.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", type=Path)
    parser.add_argument("--sections", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=60, help="for the programme, when the city must be made")
    options = parser.parse_args()
    if not options.study.exists():
        make(options.study, options.sections, options.seconds)
    with served(options.study) as url, chromium("--enable-precise-memory-info") as browser:
        print(f"{'first useful map':>24}  {first_map(browser, url)}", flush=True)
        for name, value in measure(browser.new_page(viewport={"width": 1366, "height": 768}), url).items():
            print(f"{name:>24}  {value}", flush=True)


if __name__ == "__main__":
    main()
