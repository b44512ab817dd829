#!/usr/bin/env python3
"""Takes the picture of every page of the demonstration, at the width of a desk and of a phone.

    python3 docs/pages/take.py target/release/entente      # all of them, into this folder
    python3 docs/pages/take.py target/release/entente case # those whose name begins so

Needs Chromium with its driver, and PyPI's selenium and pillow. It serves a demonstration of its own in a
temporary folder, and ends it.
"""

import datetime
import re
import socket
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.ui import WebDriverWait

FOLDER = Path(__file__).resolve().parent
WIDTHS = {"desk": 1280, "phone": 390}
HIGHEST = 2200
DAY = "as_of=2012-09-30"
NEW_PASSWORD = "five quiet herons wade"

# Of each account: the name of the picture, and the way to the page: an address, and then what is clicked, link by
# link, by the selector of each.
PAGES = {
    "chair": [
        ("brief", "/"),
        ("alerts", "/alerts"),
        ("alerts-of-a-kind", "/alerts?kind=overdue"),
        ("figure", "/figures/deliveries.delivered"),
        ("execution-report", "/execution-report"),
        ("contracts", "/contracts"),
        ("contract", "/contracts/S-2011-0001"),
        ("contract-payments", "/contracts/S-2011-0001/payments"),
        ("line", "/contracts/S-2011-0001", "a[href*='/lines/']"),
        ("delivery", "/figures/deliveries.delivered", "main td a[href*='/deliveries/'], main th a[href*='/deliveries/']"),
        ("reports", "/reports"),
        ("report", "/reports", "main a[href*='/reports/']"),
        ("slippages", "/slippages"),
        ("opportunities", "/opportunities"),
        ("opportunity", "/opportunities", "main table a[href*='/opportunities/']"),
        ("opportunity-analysis", "/opportunities/analysis"),
        ("calendar", "/calendar"),
        ("timeline", "/timeline"),
        ("partners", "/partners"),
        ("partner", "/partners/IND"),
        ("parties", "/parties"),
        ("party", "/parties", "main a[href*='/parties/']"),
        ("payments", "/payments"),
        ("rates", "/rates"),
        ("plans", "/plans"),
        ("plan", "/plans/2012:3"),
        ("plan-comparison", "/plans/2012:3", "main a[href*='/compare']"),
        ("forecasts", "/forecasts"),
        ("search", "/search?q=helicopters+india"),
        ("saved-views", "/me/views"),
        ("me", "/me"),
    ],
    "contract.officer": [
        ("act-open-contract", "/acts/open-contract"),
        ("act-many", "/acts/contracts/suspend?chosen=C-2007-0007&chosen=C-2007-0002"),
        ("act-register-party", "/acts/register-party"),
        ("act-agree-offset", "/contracts?state=in_force", "main table a[href*='/contracts/']", "a[href*='agree-offset']"),
        ("act-report-slippage", "/contracts?state=in_force", "main table a[href*='/contracts/']", "a[href*='/acts/report-slippage']"),
        ("act-accept-report", "/reports?state=filed", "main table a[href*='/reports/']", "a[href*='/acts/accept']"),
        ("import", "/import"),
    ],
    "licensing.officer": [
        ("screening", "/screening?kind=person&names=Мохаммед+Салех"),
        ("cases", "/cases"),
        ("case", "/cases", "main a[href*='/cases/']"),
        ("act-propose-clearance", "/cases", "main a[href*='/cases/']", "a[href*='/acts/propose']"),
        ("lists", "/lists"),
        ("list", "/lists/national"),
        ("list-changes", "/lists/national/changes"),
        ("list-entry", "/lists/national/entries", "main a[href*='/entries/']"),
        ("act-load-list", "/lists/national", "a[href*='/acts/load']"),
        ("embargo", "/embargo"),
        ("embargo-regime", "/embargo", "main table a[href*='/embargo/']"),
        ("embargo-check", "/embargo-check"),
        ("applications", "/applications"),
        ("application", "/applications?state=running", "main table a[href*='/applications/']"),
        ("licences", "/licences"),
        ("licence", "/licences", "main table a[href*='/licences/']"),
        ("breaks", "/breaks"),
        ("certificates", "/certificates"),
        ("certificate", "/certificates", "main table a[href*='/certificates/']"),
        ("specimens", "/specimens"),
        ("inspections", "/inspections"),
        ("annual-reports", "/annual-reports?report=common-position&year=2012&audience=OFFICIAL"),
        ("act-register-certificate", "/certificates", "a[href*='/acts/']"),
    ],
    "exporter": [
        ("exporter-contracts", "/contracts"),
        ("exporter-reports", "/reports"),
        ("exporter-application", "/applications", "main table a[href*='/applications/']"),
    ],
    "auditor": [("ledger", "/ledger"), ("reads", "/ledger/reads")],
    "administrator": [("accounts", "/accounts")],
}


def browser():
    options = webdriver.ChromeOptions()
    for option in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update", "--disable-sync"):
        options.add_argument(option)
    # Debian's names; selenium would fetch others.
    options.binary_location = "/usr/bin/chromium"
    return webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def sign_in(driver, base, account, password):
    driver.delete_all_cookies()
    driver.get(base + "/sign-in")
    driver.find_element(By.NAME, "account").send_keys(account)
    field = driver.find_element(By.NAME, "password")
    field.send_keys(password)
    press(driver, field)
    # A password that is good for one time is changed first.
    if driver.find_elements(By.NAME, "again"):
        for name, text in (("old", password), ("new", NEW_PASSWORD), ("again", NEW_PASSWORD)):
            driver.find_element(By.NAME, name).send_keys(text)
        press(driver, driver.find_element(By.NAME, "again"))


def press(driver, field):
    """Sends the form of a field, and waits for the page after it."""
    form = field.find_element(By.XPATH, "ancestor::form")
    form.find_element(By.CSS_SELECTOR, "button[type=submit], button:not([type])").click()
    WebDriverWait(driver, 20).until(expected_conditions.staleness_of(form))


def follow(driver, clicks):
    """Goes link by link: of those that fit, to the first from which the next ones fit."""
    if not clicks:
        return True
    found = driver.find_elements(By.CSS_SELECTOR, clicks[0])
    for address in [link.get_attribute("href") for link in found][:20]:
        driver.get(address)
        if follow(driver, clicks[1:]):
            return True
    return False


def take(driver, base, name, address, clicks):
    # Acts are offered on pages of the present alone.
    sign = "&" if "?" in address else "?"
    day = f"as_of={datetime.date.today()}" if name.startswith("act-") else DAY
    driver.get(base + address + sign + day)
    if not follow(driver, clicks):
        return f"nothing fits {' > '.join(clicks)} from {address}"
    for width, pixels in WIDTHS.items():
        # A window of the browser cannot be as narrow as a telephone: the page is told its width.
        size = {"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        high, wide = driver.execute_script(
            "const e = document.documentElement; return [e.scrollHeight, e.scrollWidth]")
        if wide > pixels:
            return f"at {pixels} pixels the page is {wide} wide"
        size["height"] = min(max(high, 600), HIGHEST)
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        picture = Image.open(BytesIO(driver.get_screenshot_as_png()))
        picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(
            FOLDER / f"{name}-{width}.png", optimize=True)
    if any(words in driver.page_source for words in ("This cannot be done", "Nothing here")):
        return f"a refusal: {driver.current_url}"
    return None


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "target/release/entente"
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        command = [program, "demo", "--data", folder, "--listen", f"127.0.0.1:{port}"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            text = ""
            for line in server.stdout:
                text += line
                if "127.0.0.1" in line:
                    break
            time.sleep(1)
            base = f"http://127.0.0.1:{port}"
            driver = browser()
            for account, pages in PAGES.items():
                pages = [page for page in pages if page[0].startswith(wanted)]
                if not pages:
                    continue
                password = re.search(rf"^\s*{re.escape(account)}\s.*\s(\S+)$", text, re.MULTILINE)
                if password is None:
                    sys.exit(f"no password of {account} was printed:\n{text}")
                sign_in(driver, base, account, password.group(1))
                for name, address, *clicks in pages:
                    fault = take(driver, base, name, address, clicks)
                    failed |= fault is not None
                    print(f"{name}: {fault or 'taken'}", flush=True)
            driver.quit()
        finally:
            server.terminate()
            server.wait()
    sys.exit(1 if failed else 0)


main()
