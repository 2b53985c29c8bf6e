"""Who may do what: tokens and roles on every address, cookies with their header, PINs with their lock."""

import hashlib
import re
import sqlite3

import pytest
import requests

from branch.store.accounts import hash_pin, pin_fits
from tests.branch.conftest import Hub

SOME_ID = "6f0e9d52-6f9c-4a63-8f5d-6c9b2b0e8a11"
CLERKS = [
    f"/tickets/{SOME_ID}/{v}" for v in ("recall", "start", "finish", "hold", "resume", "return", "undo", "transfer")
]
ALLOWED = {
    ("POST", "/tickets"): {"kiosk"},
    ("POST", f"/tickets/{SOME_ID}/confirm"): {"kiosk"},
    ("POST", f"/tickets/{SOME_ID}/void"): {"kiosk", "clerk"},
    ("POST", f"/tickets/{SOME_ID}/note"): {"clerk", "admin"},
    ("POST", f"/tickets/{SOME_ID}/priority"): {"clerk", "admin"},
    ("GET", f"/tickets/{SOME_ID}"): {"kiosk", "clerk", "board", "admin"},
    ("GET", "/state"): {"kiosk", "clerk", "board", "admin"},
    ("GET", "/stats"): {"clerk", "admin"},
    ("POST", "/help"): {"kiosk"},
    ("POST", "/help/1/take"): {"clerk", "admin"},
    ("PUT", "/kiosks/K1/health"): {"kiosk"},
    ("POST", "/counters/1/release"): {"admin"},
    **{("POST", f"/counters/1/{verb}"): {"clerk"} for verb in ("open", "close", "pause", "call-next", "call")},
    **{("POST", path): {"clerk"} for path in CLERKS},
}


def test_every_address_asks_for_its_role(hub: Hub) -> None:
    people = {"kiosk": hub.kiosk, "clerk": hub.clerk, "board": hub.board, "admin": hub.admin}
    for (method, path), allowed in ALLOWED.items():
        missing = hub.nobody._call(method, path, {}, {})
        assert (missing.status, missing.code, missing.headers["WWW-Authenticate"]) == (401, "token-missing", "Bearer")
        for role, person in people.items():
            answer = person._call(method, path, {}, {})
            if role in allowed:
                assert answer.status not in {401, 403}, (path, role)
            else:
                assert (answer.status, answer.code) == (403, "role-forbidden"), (path, role)


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic YTpi", "Bearer " + "x" * 4000])
def test_a_bad_token_is_refused(hub: Hub, header: str) -> None:
    answer = hub.nobody.get("/state", Authorization=header)
    assert (answer.status, answer.code, answer.body["retry"]) == (401, "token-invalid", "reauth")


def test_tokens_and_pins_are_not_in_the_database(hub: Hub) -> None:
    token = hub.server.grant("clerk", "somebody", "2468")
    with sqlite3.connect(hub.folder / "branch.db") as db:
        everything = "\n".join(db.iterdump())
    db.close()
    assert token not in everything
    assert hashlib.sha256(token.encode()).hexdigest() in everything
    assert "2468" not in re.sub(r"[0-9a-f]{32,}", "", everything)


def test_a_pin_is_kept_with_a_salt_of_its_own() -> None:
    one, two = hash_pin("2468"), hash_pin("2468")
    assert one != two
    assert pin_fits("2468", one)
    assert not pin_fits("2469", one)


def sign_in(hub: Hub, name: str, pin: str, page: str = "console", **headers: str) -> requests.Response:
    with requests.Session() as session:
        return session.post(
            f"{hub.url}/console/sign-in", data={"name": name, "pin": pin, "page": page}, headers=headers,
            allow_redirects=False, timeout=20,
        )  # fmt: skip


def test_a_clerk_signs_in_and_gets_a_cookie_that_scripts_cannot_read(hub: Hub) -> None:
    hub.person("clerk", "李芳", "2468")
    answer = sign_in(hub, "李芳", "2468")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "李芳" not in cookie


def test_a_page_needs_its_header_for_orders_but_not_for_reading(hub: Hub) -> None:
    hub.person("clerk", "李芳", "2468")
    cookies = sign_in(hub, "李芳", "2468").cookies
    with requests.Session() as page:
        page.cookies.update(cookies)
        assert page.get(f"{hub.url}/api/v1/state", timeout=20).json()["queue"] == []
        for headers in ({}, {"X-CSRF-Token": "guess"}):
            answer = page.post(f"{hub.url}/api/v1/counters/1/open", json={}, headers=headers, timeout=20)
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
        html = page.get(f"{hub.url}/console", timeout=20).text
        found = re.search(r'name="csrf" value="([^"]+)"', html)
        assert found is not None
        headers = {"X-CSRF-Token": found[1]}
        assert page.post(f"{hub.url}/api/v1/counters/1/open", json={}, headers=headers, timeout=20).status_code == 200
        page.post(f"{hub.url}/console/sign-out", data={"csrf": found[1]}, timeout=20)
        assert page.get(f"{hub.url}/api/v1/state", timeout=20).status_code == 401
        page.cookies.update(cookies)
        assert page.get(f"{hub.url}/api/v1/state", timeout=20).status_code == 401, "the session itself is over"


def test_five_wrong_pins_lock_the_account_and_only_that_one(hub: Hub) -> None:
    hub.person("clerk", "李芳", "2468")
    hub.person("clerk", "王敏", "1357")
    assert [sign_in(hub, "李芳", "0000").status_code for _ in range(5)] == [401] * 5
    locked = sign_in(hub, "李芳", "2468")
    assert locked.status_code == 429
    assert "Set-Cookie" not in locked.headers
    assert sign_in(hub, "王敏", "1357").status_code == 303
    hub.clock.advance(301)
    assert sign_in(hub, "李芳", "2468").status_code == 303


def test_an_unknown_name_reads_like_a_wrong_pin(hub: Hub) -> None:
    hub.person("clerk", "李芳", "2468")
    hub.person("clerk", "no-pin")
    wrong = sign_in(hub, "李芳", "9999").text.replace("李芳", "")
    for name in ("nobody", "no-pin"):
        assert sign_in(hub, name, "9999").text.replace(name, "") == wrong


def test_one_address_may_not_try_forever(hub: Hub) -> None:
    statuses = [sign_in(hub, f"name-{n}", "0000").status_code for n in range(31)]
    assert statuses == [401] * 30 + [429]


def test_a_foreign_page_cannot_sign_somebody_in(hub: Hub) -> None:
    hub.person("clerk", "李芳", "2468")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        assert sign_in(hub, "李芳", "2468", **headers).status_code == 403


def test_a_new_pin_replaces_the_old_one(hub: Hub) -> None:
    hub.person("clerk", "李芳", "2468")
    hub.person("clerk", "李芳", "8642")
    assert sign_in(hub, "李芳", "2468").status_code == 401
    assert sign_in(hub, "李芳", "8642").status_code == 303


def test_a_supervisor_comes_to_her_own_page(hub: Hub) -> None:
    hub.person("admin", "赵班长", "2468")
    assert sign_in(hub, "赵班长", "2468", "supervisor").headers["Location"] == "/supervisor"
    assert sign_in(hub, "赵班长", "2468").headers["Location"] == "/supervisor"


def test_the_boards_token_leaves_the_address_at_once(hub: Hub) -> None:
    with requests.Session() as page:
        entered = page.get(f"{hub.url}/board", params={"token": hub.board.token}, allow_redirects=False, timeout=20)
        assert (entered.status_code, entered.headers["Location"]) == (303, "/board")
        assert "HttpOnly" in entered.headers["Set-Cookie"]
        assert "SameSite=lax" in entered.headers["Set-Cookie"]
        assert hub.board.token not in entered.headers["Set-Cookie"]
        assert page.get(f"{hub.url}/board", timeout=20).status_code == 200
        state = page.get(f"{hub.url}/api/v1/state", timeout=20).json()
        assert "queue" not in state
        assert page.post(f"{hub.url}/api/v1/counters/1/open", timeout=20).status_code == 403
    assert requests.get(f"{hub.url}/board", params={"token": "wrong"}, timeout=20).status_code == 401
    assert requests.get(f"{hub.url}/board", timeout=20).status_code == 401
