"""The citizen's page by the token on her receipt: masked, in two languages, limited, expiring, and for old phones."""

from datetime import timedelta

import httpx
import pytest

from tests.central.world import Device, World, close_world, code_of, content, mobile, open_world, resident_id


def test_the_page_shows_where_it_stands_and_little_else(world: World, device: Device) -> None:
    told = device.submit(device.order(content(844, name="欧阳示例"))).json()
    page = world.http.get(told["status_url"], headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    for word in ("已提交", "还没有受理", told["reference"], "欧阳**", "**************" + resident_id(844)[-4:]):
        assert word in page.text
    for word in ("欧阳示例", resident_id(844), resident_id(844)[6:14], mobile(844), mobile(844)[-4:]):
        assert word not in page.text


def test_the_word_accepted_appears_only_after_the_office_said_so(world: World, device: Device) -> None:
    told = device.submit(device.order()).json()
    before = world.http.get(told["status_url"], params={"lang": "en"}).text
    assert "has not been accepted yet" in before
    world.http.post(f"{world.url}/api/v1/desk/requests/{told['id']}/accept", headers=world.staff())
    after = world.http.get(told["status_url"], params={"lang": "en"}).text
    assert "has been accepted" in after
    assert "SL-421202-001-" in after


def test_a_kiosk_reads_the_same_as_json(world: World, device: Device) -> None:
    told = device.submit(device.order(content(845, name="张三示"))).json()
    answer = world.http.get(told["status_url"], headers={"Accept": "application/json"})
    status = answer.json()
    assert (status["state"], status["reference"]) == ("submitted", told["reference"])
    assert (status["name_masked"], status["number_masked"]) == ("张**", "*" * 14 + resident_id(845)[-4:])
    assert resident_id(845) not in answer.text


@pytest.mark.parametrize("token", ["A" * 22, "short", "x" * 500, "..%2F..%2Fetc", "' OR 1=1 --aaaaaaaaaaa"])
def test_a_guessed_token_shows_nothing(world: World, token: str) -> None:
    page = world.http.get(f"{world.url}/s/{token}", headers={"Accept-Language": "zh"})
    assert page.status_code == 404
    if page.headers["content-type"].startswith("text/html"):
        assert "这个链接不对或已过期" in page.text
    json = world.http.get(f"{world.url}/s/{token}", headers={"Accept": "application/json"})
    assert code_of(json) == "not-found"


def test_a_token_expires(world: World, device: Device) -> None:
    told = device.submit(device.order()).json()
    world.clock.offset = timedelta(days=89)
    assert world.http.get(told["status_url"]).status_code == 200
    world.clock.offset = timedelta(days=91)
    assert world.http.get(told["status_url"]).status_code == 404


def test_tokens_are_long_unlike_and_the_same_after_a_replay(device: Device) -> None:
    orders = [device.order(content(n)) for n in range(40, 48)]
    tokens = {device.submit(order).json()["status_token"] for order in orders}
    assert len(tokens) == len(orders)
    assert tokens == {device.submit(order).json()["status_token"] for order in orders}


def test_looking_and_guessing_are_limited(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = open_world(tmp_path_factory.mktemp("limited"), status_per_minute=5, guesses_per_minute=3)
    try:
        device = world.device()
        url = device.submit(device.order()).json()["status_url"]
        looks = [world.http.get(url).status_code for _ in range(7)]
        assert looks == [200] * 5 + [429] * 2
        limited = world.http.get(url, headers={"Accept-Language": "zh"})
        assert "查询太频繁" in limited.text
        assert int(limited.headers["Retry-After"]) <= 60
    finally:
        close_world(world)


def test_a_good_token_cannot_be_found_by_trying(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = open_world(tmp_path_factory.mktemp("tried"), guesses_per_minute=3)
    try:
        device = world.device()
        good = device.submit(device.order()).json()["status_url"]
        tries = [world.http.get(f"{world.url}/s/{'A' * 21}{n}").status_code for n in range(3)]
        assert tries == [404] * 3
        assert world.http.get(good).status_code == 429
    finally:
        close_world(world)


def test_without_a_public_address_there_is_no_address_to_print(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = open_world(tmp_path_factory.mktemp("private"), public_url="")
    try:
        device = world.device()
        told = device.submit(device.order()).json()
        assert told["status_url"] is None
        assert httpx.get(f"{world.url}/s/{told['status_token']}").status_code == 200
        assert device.config.public_url is None
    finally:
        close_world(world)
