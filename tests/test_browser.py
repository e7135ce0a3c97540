"""Reports in a real browser: nothing goes wrong, nothing is asked of a network, and everything can be seen and used."""

import json
import os
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest

from shirube.cli import run_command_line

ROOT = Path(__file__).parents[1]
BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "headless",
    "no-sandbox",
    "disable-gpu",
    "disable-quic",
    "no-first-run",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
)
SIZES = (400, 1400)

LACKING = "there is no Chromium with its driver on the path (Debian: apt-get install chromium chromium-driver)"

if os.environ.get("SHIRUBE_BROWSER") == "required" and not (BROWSER and DRIVER):
    pytest.exit(LACKING, returncode=1)
pytest.importorskip("selenium", reason="selenium is not installed; tox -e browser brings it")
pytestmark = pytest.mark.skipif(BROWSER is None or DRIVER is None, reason=LACKING)

from selenium import webdriver  # noqa: E402 only where it is installed
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

#: Returns the pairs of letters of one figure that touch each other.
OVERLAPPING_TEXTS = """
const found = [];
for (const figure of document.querySelectorAll('svg[role=img]')) {
  const boxes = Array.from(figure.querySelectorAll('text'), one => [one.textContent, one.getBoundingClientRect()]);
  boxes.forEach(([a, one], index) => boxes.slice(index + 1).forEach(([b, other]) => {
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    if (one.width && other.width && across > 1 && down > 1) found.push([a, b]);
  }));
}
return found;
"""
#: Returns elements that lie over the element after them.
OVERLAPPING_BLOCKS = """
const found = [];
for (const part of document.querySelectorAll('body, main, section, details[open], figure, header')) {
  const shown = Array.from(part.children).filter(one => one.getClientRects().length && !one.matches('.skip'));
  shown.slice(1).forEach((one, index) => {
    const before = shown[index].getBoundingClientRect(), here = one.getBoundingClientRect();
    if (before.bottom > here.top + 1 && before.right > here.left + 1 && here.right > before.left + 1
        && before.height && here.height)
      found.push(shown[index].tagName + ' over ' + one.tagName);
  });
}
return found;
"""
#: Returns texts whose contrast to what is behind them is below that of WCAG 2.2, level AA.
LOW_CONTRAST = """
const light = colour => {
  const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(one => one / 255)
    .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
};
const behind = one => {
  for (; one; one = one.parentElement) {
    const colour = getComputedStyle(one).backgroundColor;
    if (!/, 0\\)$/.test(colour)) return colour;
  }
  return 'rgb(255, 255, 255)';
};
const found = new Set();
const texts = 'h1, h2, p, td, th, th button, small, a, summary, figcaption, .word, svg text';
for (const one of document.querySelectorAll(texts)) {
  if (!one.getClientRects().length) continue;
  const style = getComputedStyle(one);
  const [a, b] = [light(one.matches('svg *') ? style.fill : style.color), light(behind(one))];
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (contrast < 4.5) found.add(one.tagName + '.' + one.className + ' ' + contrast.toFixed(2));
}
return Array.from(found);
"""


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """Return a folder with the reports of a run in both languages, and those of a small and a large batch."""
    folder = tmp_path_factory.mktemp("browser")
    settings = folder / "small.toml"
    settings.write_text("[analyses.bicfit]\nmax_peaks = 4\nstarts = 8\n", encoding="utf-8")

    def call(*arguments):
        assert run_command_line([str(one) for one in (*arguments, "--config", settings)]) in (0, 1)

    examples = [ROOT / "examples" / name for name in ("cu-hhtp", "fe2p-haxpes")]
    call("run", *examples, "--guide", "ses2002", "--no-export", "-o", folder / "run")
    for lang in ("en", "ja"):
        call("report", folder / "run", "--lang", lang, "-o", folder / f"run-{lang}.html")
    for name, count in (("few", 3), ("many", 130)):
        (folder / name / "items").mkdir(parents=True)
        shutil.copytree(folder / "run", folder / name / "items" / "0001_run")
        states = [
            {
                "schema": "shirube-batch/1",
                "event": "item",
                "item": f"試料/{number:04d}.txt",
                "name": f"{number}",
                "folder": "0001_run",
                "state": "done" if number % 7 else "failed",
                "spectra": 4,
                "attempts": 1,
                "seconds": float(number),
                "statuses": {"doubtful": 3},
                "failure": None if number % 7 else {"message": {"en": "It is cut.", "ja": "途切れています。"}},
            }
            for number in range(1, count + 1)
        ]
        text = "".join(json.dumps(one) + "\n" for one in states)
        (folder / name / "batch.jsonl").write_text(text, encoding="utf-8")
        call("report", folder / name, "--lang", "en", "-o", folder / f"{name}.html")
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*FLAGS, f"user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def shown(browser, work):
    """Return the function that opens a report at a width, and look afterwards at what the browser had to say."""
    for log in ("browser", "performance"):
        browser.get_log(log)

    def show(name, width=1400, scheme="light"):
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        browser.get("about:blank")
        browser.get((work / f"{name}.html").as_uri())
        return browser

    yield show
    assert [entry["message"] for entry in browser.get_log("browser")] == []
    assert [one for one in requests(browser) if not one.startswith(("data:", "about:", work.as_uri()))] == []


def requests(browser):
    messages = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    return [
        unquote(one["params"]["request"]["url"]) for one in messages if one["method"] == "Network.requestWillBeSent"
    ]


def sort_keys(browser, table, column):
    script = """return Array.from(document.querySelectorAll(arguments[0] + ' tbody tr'),
        row => row.cells[arguments[1]].dataset.sort ?? row.cells[arguments[1]].textContent)"""
    return browser.execute_script(script, table, column)


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("name", ["run-en", "run-ja", "few", "many"])
def test_everything_is_seen_and_nothing_overlaps_or_runs_off_the_page(shown, name, width):
    page = shown(name, width)
    for unfolded in (False, True):
        if unfolded:
            page.execute_script("document.querySelectorAll('details').forEach((one, at) => { one.open = at < 40; })")
            page.execute_async_script("setTimeout(arguments[0], 300)")
        assert page.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        assert page.execute_script(OVERLAPPING_TEXTS) == []
        assert page.execute_script(OVERLAPPING_BLOCKS) == []
    sizes = page.execute_script(
        "return Array.from(document.querySelectorAll('svg[role=img]'), one => one.getBoundingClientRect())"
        ".map(one => [one.width, one.height])"
    )
    seen = [one for one in sizes if one[0]]
    assert len(seen) >= 4
    assert all(across > 250 and down > 120 for across, down in seen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_in_light_and_dark(shown, scheme):
    page = shown("run-en", scheme=scheme)
    dark = page.execute_script("return getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")
    assert page.execute_script(LOW_CONTRAST) == []


def test_tables_are_sorted_by_click_and_by_key(shown):
    page = shown("few")
    before = sort_keys(page, "table.overview", 6)
    button = page.find_elements(By.CSS_SELECTOR, "table.overview th button")[6]
    button.click()
    head = button.find_element(By.XPATH, "..")
    assert head.get_attribute("aria-sort") == "ascending"
    rising = [float(one) for one in sort_keys(page, "table.overview", 6)]
    assert rising == sorted(map(float, before))
    button.send_keys(Keys.ENTER)
    assert head.get_attribute("aria-sort") == "descending"
    assert [float(one) for one in sort_keys(page, "table.overview", 6)] == rising[::-1]
    page.find_elements(By.CSS_SELECTOR, "table.overview th button")[0].send_keys(Keys.SPACE)
    assert head.get_attribute("aria-sort") is None


def test_rows_are_filtered_by_words_and_status(shown):
    page = shown("many")
    text, said = (page.find_element(By.CSS_SELECTOR, one) for one in ("[data-filter=text]", "output"))
    assert said.text == "130 of 130 rows are shown."
    text.send_keys("試料/001")
    assert said.text == "10 of 130 rows are shown."
    text.clear()
    text.send_keys(" ")
    page.find_element(By.CSS_SELECTOR, "[data-filter=status] option[value=failed]").click()
    assert said.text == "18 of 130 rows are shown."
    rows = page.find_elements(By.CSS_SELECTOR, "table.overview tbody tr")
    assert sum(row.is_displayed() for row in rows) == 18


@pytest.mark.parametrize("name", ["few", "many"])
def test_a_row_leads_to_its_item_which_unfolds(shown, name):
    page = shown(name)
    assert not page.find_element(By.ID, "i2").get_attribute("open")
    page.find_element(By.CSS_SELECTOR, "a[href='#i2']").click()
    item = page.find_element(By.ID, "i2")
    assert item.get_attribute("open")
    WebDriverWait(page, 10).until(lambda _: item.find_elements(By.CSS_SELECTOR, "th button"))
    assert item.find_element(By.CSS_SELECTOR, "svg[role=img]").is_displayed()
    assert "Peaks of rank 1" in item.text


def test_the_keyboard_is_enough(shown):
    page = shown("run-en")
    page.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    skip = page.switch_to.active_element
    assert skip.text == "Skip to the content"
    assert page.execute_script("return arguments[0].getBoundingClientRect().left >= 0", skip)
    skip.send_keys(Keys.ENTER)
    assert page.execute_script("return document.activeElement.id") == "main"
    reached = []
    for _ in range(12):
        page.switch_to.active_element.send_keys(Keys.TAB)
        outline, tag = page.execute_script(
            "const one = document.activeElement; return [getComputedStyle(one).outlineStyle, one.tagName]"
        )
        assert outline == "solid"
        reached.append(tag)
    assert {"INPUT", "SELECT", "DIV", "BUTTON", "A"} <= set(reached)


def test_it_prints_and_is_as_it_was_afterwards(shown):
    page = shown("run-ja")
    count = "return document.querySelectorAll('details[open]').length"
    before = page.execute_script(count)
    watch = "window.unfolded = document.querySelectorAll('.printed[open]').length"
    page.execute_script(f"addEventListener('beforeprint', () => {{ {watch}; }})")
    printed = page.execute_cdp_cmd("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
    assert len(printed["data"]) > 100_000
    assert page.execute_script("return window.unfolded") == page.execute_script(
        "return document.querySelectorAll('.printed').length"
    )
    assert page.execute_script(count) == before
