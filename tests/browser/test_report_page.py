"""The report opens in a real browser without a network, in light and dark, on a desk and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.unit.rehearse_face.made_up import facts, gone_wrong

from landbridge.rehearse.judge import Expectation, judge
from landbridge.rehearse.report import write_report

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Browser]:
    assert CHROMIUM.exists(), f"{CHROMIUM} is missing: run ./dev test, or install Debian's package chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(name="good")
def _good(tmp_path: Path) -> str:
    return write_report(tmp_path, facts(), judge(facts(), Expectation.of(()))).as_uri()


@pytest.fixture(name="bad")
def _bad(tmp_path: Path) -> str:
    seen = gone_wrong()
    return write_report(tmp_path, seen, judge(seen, Expectation.of(seen.faults))).as_uri()


class _Watched:
    """A page whose every request, complaint and dialog is noted."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.goto(address)


def test_the_verdict_is_seen_at_once(browser: Browser, good: str) -> None:
    """Without scrolling, without a request beyond the file itself, without a complaint."""
    with browser.new_context(viewport={"width": 1200, "height": 800}, offline=True) as context:
        watched = _Watched(context.new_page(), good)
        heading = watched.page.get_by_role("heading", level=1)
        box = heading.bounding_box()
        assert heading.inner_text() == "The platform moved to eu-central-1, and its users noticed nothing."
        assert box
        assert box["y"] + box["height"] < 800
        assert watched.requests == [good]
        assert watched.complaints == []


def test_names_that_look_like_markup_stay_words(browser: Browser, bad: str) -> None:
    """Nothing runs, nothing is fetched, and the sentences are readable."""
    with browser.new_context(offline=True) as context:
        watched = _Watched(context.new_page(), bad)
        assert watched.page.get_by_text("3 of 2304 failed").is_visible()
        assert watched.page.locator("script").count() == 0
        assert (watched.requests, watched.complaints) == ([bad], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_in_light_and_dark(browser: Browser, good: str, scheme: str) -> None:
    """The ink is far from the paper, and the paper follows the reader's choice."""
    with browser.new_context(color_scheme="dark" if scheme == "dark" else "light") as context:
        page = context.new_page()
        page.goto(good)
        paper, ink = (_brightness(page, name) for name in ("backgroundColor", "color"))
        assert (paper < 60) == (scheme == "dark")
        assert abs(paper - ink) > 150


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_it_fits_the_screen(browser: Browser, good: str, width: int) -> None:
    """No sideways scrolling of the page, on a phone neither, and every chart has a size."""
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(good)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        sizes = page.locator("svg").evaluate_all("charts => charts.map(c => Math.min(c.clientWidth, c.clientHeight))")
        assert len(sizes) == 5
        assert min(sizes) > 8


def test_it_can_be_printed(browser: Browser, good: str) -> None:
    """Printing makes a PDF of more than one page."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(good)
        printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") > 1


def _brightness(page: Page, name: str) -> float:
    colour = str(page.evaluate(f"getComputedStyle(document.body).{name}"))
    parts = [float(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    return sum(parts) / 3
