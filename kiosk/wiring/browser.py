"""Pictures of board and console as a browser shows them, for the demo."""

from pathlib import Path

from playwright.sync_api import Playwright

from kiosk.wiring.desk import CLERK, Desk

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""The demo's browser looks at this machine only; a container's root has no sandbox to put it in."""


def picture_pages(play: Playwright, desk: Desk, out: Path) -> list[str]:
    """Look at the board and at the console of the counter that has just called."""
    browser = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
    try:
        board = browser.new_page(viewport={"width": 1920, "height": 1080})
        board.goto(f"{desk.branch_url}/board?token={desk.keys.board}")
        board.wait_for_selector("text=/[A-C]\\d{3}/", timeout=8000)
        board.screenshot(path=out / "board.png")
        console = browser.new_page(viewport={"width": 1440, "height": 900})
        console.goto(f"{desk.branch_url}/console")
        console.get_by_label("姓名").fill(CLERK)
        console.get_by_label("PIN").fill(desk.keys.pin)
        console.get_by_role("button").first.click()
        console.wait_for_selector("text=/[A-C]\\d{3}/", timeout=15000)
        console.screenshot(path=out / "console.png")
    finally:
        browser.close()
    return ["board.png", "console.png"]
