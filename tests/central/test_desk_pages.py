"""The desk and the fleet in a browser without script: signing in, forms of our own only, and nothing unescaped."""

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from tests.central.world import Device, World, close_world, content, mobile, open_world, resident_id

PIN = "4826"


@pytest.fixture
def browser(world: World) -> Iterator[httpx.Client]:
    world.server.grant("admin", "赵主管", PIN)
    with httpx.Client(base_url=world.url, follow_redirects=True, timeout=20) as client:
        client.headers["Accept-Language"] = "zh-CN"
        yield client


def sign_in(browser: httpx.Client, name: str = "赵主管", pin: str = PIN, to: str = "/desk") -> httpx.Response:
    return browser.post("/sign-in", data={"name": name, "pin": pin, "to": to})


def form_word(page: httpx.Response) -> str:
    found = re.search(r'name="word" value="([0-9a-f]{64})"', page.text)
    assert found
    return found[1]


def test_the_desk_asks_who_is_there(browser: httpx.Client) -> None:
    page = browser.get("/desk")
    assert "PIN" in page.text
    assert "登录" in page.text
    signed = sign_in(browser)
    assert "赵主管" in signed.text
    assert signed.url.path == "/desk"


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(browser: httpx.Client) -> None:
    browser.follow_redirects = False
    cookie = sign_in(browser).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_every_page_forbids_scripts_frames_and_foreign_things(browser: httpx.Client, device: Device) -> None:
    told = device.submit(device.order()).json()
    sign_in(browser)
    paths = ["/desk", "/fleet", "/desk/audit", f"/desk/requests/{told['id']}", f"/s/{told['status_token']}", "/s/none"]
    for path in paths:
        page = browser.get(path)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert page.headers["cache-control"] == "no-store"
        assert "<script" not in page.text
        assert " style=" not in page.text
        assert not re.search(r"\bon[a-z]+=", page.text)


def test_a_wrong_pin_says_so_and_five_lock_the_account(world: World, browser: httpx.Client) -> None:
    world.server.grant("desk", "钱经办", PIN)
    for _ in range(5):
        assert sign_in(browser, "钱经办", "0000").status_code == 401
    assert sign_in(browser, "钱经办").status_code == 401
    world.clock.offset += timedelta(minutes=6)
    assert sign_in(browser, "钱经办").status_code == 200


def test_an_unknown_name_looks_like_a_wrong_pin(browser: httpx.Client) -> None:
    one, other = sign_in(browser, "没有此人", PIN), sign_in(browser, "赵主管", "9999")
    assert (one.status_code, other.status_code) == (401, 401)
    assert one.text.replace("没有此人", "") == other.text.replace("赵主管", "")


def test_guessing_pins_from_one_address_is_slowed_down(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = open_world(tmp_path_factory.mktemp("guessed"), guesses_per_minute=4)
    try:
        with httpx.Client(base_url=world.url) as browser:
            codes = [sign_in(browser, f"name{n}", "0000").status_code for n in range(6)]
        assert codes == [401] * 4 + [429] * 2
    finally:
        close_world(world)


def test_a_session_ends_after_a_working_day_and_at_sign_out(world: World, browser: httpx.Client) -> None:
    sign_in(browser)
    world.clock.offset += timedelta(hours=10, seconds=5)
    assert "赵主管" not in browser.get("/desk").text
    sign_in(browser)
    held = {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)}
    browser.post("/sign-out")
    assert "赵主管" not in httpx.get(f"{world.url}/desk", headers=held).text


def test_a_session_is_no_bearer_token_and_the_other_way_round(world: World, browser: httpx.Client) -> None:
    sign_in(browser)
    [session] = [cookie.value for cookie in browser.cookies.jar if cookie.name == "desk_session"]
    api = browser.get("/api/v1/desk/requests", headers={"Authorization": f"Bearer {session}"})
    assert api.status_code == 401
    token = world.staff("admin")["Authorization"].split()[1]
    fresh = httpx.get(f"{world.url}/desk", headers={"Cookie": f"desk_session={token}"})
    assert "PIN" in fresh.text


def test_a_request_is_masked_until_the_officer_asks(browser: httpx.Client, device: Device) -> None:
    told = device.submit(device.order(content(733, name="司马公开"))).json()
    sign_in(browser)
    page = browser.get(f"/desk/requests/{told['id']}")
    assert "司马**" in page.text
    for word in ("司马公开", resident_id(733), mobile(733)):
        assert word not in page.text
    shown = browser.post(f"/desk/requests/{told['id']}/open", data={"word": form_word(page)})
    for word in ("司马公开", resident_id(733), mobile(733)):
        assert word in shown.text
    book = browser.get("/desk/audit").text
    assert "查看完整信息" in book
    assert "打开申请（已遮挡）" in book
    assert "司马" not in book


def test_consents_stand_there_as_she_read_them_with_time_and_version(
    browser: httpx.Client, world: World, device: Device
) -> None:
    order = device.order(consents=["correct", "sensitive"])
    known = device.submit(order).json()
    other = device.submit(device.order(consents=["agreed-v2"])).json()
    sign_in(browser)
    page = browser.get(f"/desk/requests/{known['id']}").text
    assert "✓ 属实" in page
    assert "✓ 同意" in page
    assert f"勾选于 {order['captured_at'][:10]}" in page
    assert "业务目录 test-1" in page
    assert "✓ agreed-v2" in browser.get(f"/desk/requests/{other['id']}").text
    opened = world.http.get(f"{world.url}/api/v1/desk/requests/{known['id']}", headers=world.staff()).json()
    assert (opened["catalogue_version"], opened["consents"]) == ("test-1", ["correct", "sensitive"])
    assert opened["consented_at"][:19] == order["captured_at"][:19]


def test_a_form_from_elsewhere_does_nothing(browser: httpx.Client, device: Device) -> None:
    told = device.submit(device.order()).json()
    sign_in(browser)
    for word in ("", "0" * 64, "字"):
        refused = browser.post(f"/desk/requests/{told['id']}/accept", data={"word": word})
        assert refused.status_code == 403
        assert "页面已过期" in refused.text
    assert device.call("GET", f"/api/v1/requests/{told['id']}").json()["state"] == "submitted"


def test_steps_by_form(browser: httpx.Client, device: Device) -> None:
    told = device.submit(device.order()).json()
    sign_in(browser)
    path = f"/desk/requests/{told['id']}"
    word = form_word(browser.get(path))
    reasons = "身份证复印件不清楚\r\n\r\n缺少<script>委托书</script>"
    asked = browser.post(f"{path}/needs-more", data={"word": word, "reasons": reasons})
    assert "待补正" in asked.text
    assert "&lt;script&gt;委托书" in asked.text
    seen = device.call("GET", f"/api/v1/requests/{told['id']}").json()
    assert seen["reasons"] == ["身份证复印件不清楚", "缺少<script>委托书</script>"]
    assert "&lt;script&gt;委托书" in browser.get(f"/s/{told['status_token']}").text
    assert "受理编号" in browser.post(f"{path}/accept", data={"word": word}).text
    late = browser.post(f"{path}/accept", data={"word": word})
    assert late.status_code == 409
    assert "状态已经变了" in late.text


def test_an_officer_withdraws_for_the_citizen_who_asks_and_only_before_acceptance(
    browser: httpx.Client, world: World, device: Device
) -> None:
    told, accepted = (device.submit(device.order(content(420 + n))).json() for n in range(2))
    sign_in(browser)
    path = f"/desk/requests/{told['id']}"
    page = browser.get(path)
    assert "撤回申请" in page.text
    assert "已撤回" in browser.post(f"{path}/withdraw", data={"word": form_word(page)}).text
    assert device.call("GET", f"/api/v1/requests/{told['id']}").json()["state"] == "withdrawn"
    book = world.http.get(f"{world.url}/api/v1/desk/audit?subject={told['id']}", headers=world.staff("auditor")).json()
    assert ("赵主管", "withdraw") in {(line["actor"], line["action"]) for line in book}
    assert "替申请人撤回" in browser.get("/desk/audit").text
    other = f"/desk/requests/{accepted['id']}"
    word = form_word(browser.get(other))
    assert "撤回申请" not in browser.post(f"{other}/accept", data={"word": word}).text
    assert browser.post(f"{other}/withdraw", data={"word": word}).status_code == 409
    assert browser.post(f"{path}/withdraw", data={"word": "0" * 64}).status_code == 403


def test_a_name_full_of_markup_is_shown_as_text(browser: httpx.Client, device: Device) -> None:
    told = device.submit(device.order(content(7, name="<img src=x onerror=alert(1)>"))).json()
    sign_in(browser)
    page = browser.get(f"/desk/requests/{told['id']}")
    shown = browser.post(f"/desk/requests/{told['id']}/open", data={"word": form_word(page)})
    assert "<img" not in shown.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown.text


def test_the_inbox_tells_age_and_finds_by_reference(world: World, browser: httpx.Client, device: Device) -> None:
    told = device.submit(device.order()).json()
    sign_in(browser)
    assert told["reference"] in browser.get("/desk").text
    world.clock.offset += timedelta(hours=30)
    sign_in(browser)
    assert "超过 1 天" in browser.get("/desk").text
    assert told["reference"] in browser.get(f"/desk?reference={told['reference'].lower()}").text
    nothing = browser.get("/desk", params={"reference": '"><u>'}).text
    assert "没有找到这个编号" in nothing
    assert "<u>" not in nothing


def test_a_role_sees_its_own_pages_only(world: World, browser: httpx.Client) -> None:
    world.server.grant("fleet", "孙技术", PIN)
    fleet = sign_in(browser, "孙技术", to="/fleet")
    assert fleet.url.path == "/fleet"
    assert fleet.status_code == 200
    refused = browser.get("/desk")
    assert refused.status_code == 403
    assert "没有这项权限" in refused.text


def test_sign_in_leads_nowhere_else(browser: httpx.Client) -> None:
    assert sign_in(browser, to="//evil.test").url.path == "/desk"


def test_both_languages_have_the_same_texts(world: World, browser: httpx.Client) -> None:
    texts = world.server._options.texts
    assert texts["zh"].keys() == texts["en"].keys()
    sign_in(browser)
    assert "Requests" in browser.get("/desk?lang=en").text
    assert "业务申请" in browser.get("/desk?lang=zh").text
