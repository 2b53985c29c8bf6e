"""What a thief of the database, a neighbour's kiosk or a stale key gets: nothing."""

import logging
import shutil
from base64 import b64decode, b64encode
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from central.unsealing import Unsealable, unseal
from central.vault import LIVE, Vault
from kiosk.domain.errors import Refusal
from tests.central.world import Device, World, close_world, code_of, content, open_world


def spellings(text: str) -> list[bytes]:
    """A word in the encodings in which it might lie in a file."""
    raw = [text.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]
    escaped = text.encode("unicode_escape")
    encoded = [b64encode(b"\0" * shift + text.encode())[4:-4] for shift in range(3)]
    return [*raw, escaped, *(word for word in encoded if len(word) >= 8), text.encode().hex().encode()]


def test_no_file_of_the_service_holds_what_a_citizen_typed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    world = open_world(tmp_path)
    try:
        device, staff = world.device(), world.staff()
        what = content(357, name="慕容金丝雀")
        told = device.submit(device.order(what)).json()
        assert device.submit(device.order(content(357, mobile="1390000035x"))).status_code == 422
        desk = f"{world.url}/api/v1/desk/requests/{told['id']}"
        assert world.http.get(desk, headers=staff).json()["applicant"]["name"] == "慕容金丝雀"
        assert world.http.post(f"{desk}/accept", headers=staff).status_code == 200
        assert world.http.get(f"{world.url}/s/{told['status_token']}").status_code == 200
        secrets = [what["applicant"]["number"], what["fields"]["mobile"], "慕容金丝雀", "金丝雀"]
        secrets += [told["status_token"], staff["Authorization"].split()[1]]
        files = [file for file in tmp_path.rglob("*") if file.is_file()]
        assert any(file.suffix == ".db" for file in files)
        for file in files:
            held = file.read_bytes()
            found = [word for word in secrets for spelling in spellings(word) if spelling in held]
            assert found == [], file
        printed = capfd.readouterr()
        ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
        said = "\n".join(ours) + printed.out + printed.err
        assert [word for word in secrets if word in said] == []
    finally:
        close_world(world)


def test_only_the_vault_opens_what_is_stored(world: World, device: Device, tmp_path: Path) -> None:
    order = device.order()
    sealed, request = order["sealed"], order["client_request_id"]
    vault = Vault(world.folder / "keys", world.clock())
    ciphertext = b64decode(sealed["ciphertext"])
    assert b"resident_id" in unseal(vault, sealed["kid"], ciphertext, device.id, request, "A4")
    other = Vault(tmp_path / "keys", world.clock())
    with pytest.raises(Unsealable, match="key-unknown"):
        unseal(other, sealed["kid"], ciphertext, device.id, request, "A4")
    for device_id, name, service in [("x", request, "A4"), (device.id, str(uuid4()), "A4"), (device.id, request, "A3")]:
        with pytest.raises(Unsealable, match="not-for-us"):
            unseal(vault, sealed["kid"], ciphertext, device_id, name, service)


@pytest.mark.parametrize("bound_to", ["device", "request", "service"])
def test_a_sealed_part_moved_elsewhere_is_not_opened(world: World, bound_to: str) -> None:
    device = world.device()
    if bound_to == "device":
        order = device.order(device=world.device().id)
    elif bound_to == "request":
        order = device.order() | {"client_request_id": str(uuid4())}
    else:
        order = device.order(sealed_service="A3")
    answer = device.submit(order)
    assert (answer.status_code, code_of(answer)) == (422, "unsealable")


@pytest.mark.parametrize(
    "spoil", [lambda c: c[:-4], lambda c: "AAAA" + c[4:], lambda _c: "AAAA", lambda c: c[:-4] + "AAA="]
)
def test_a_damaged_sealed_part_is_not_opened(device: Device, spoil: object) -> None:
    assert callable(spoil)
    order = device.order()
    order["sealed"]["ciphertext"] = spoil(order["sealed"]["ciphertext"])
    assert code_of(device.submit(order)) == "unsealable"


def test_a_downgraded_algorithm_or_a_foreign_key_is_refused(device: Device) -> None:
    order = device.order()
    order["sealed"]["alg"] = "none"
    assert code_of(device.submit(order)) == "unsealable"
    foreign = b64encode(X25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
    [key] = device.config.sealing_keys
    assert code_of(device.submit(device.order(keys=(key.model_copy(update={"public_key": foreign}),)))) == "unsealable"
    assert code_of(device.submit(device.order(keys=(key.model_copy(update={"kid": "20200101000000-000000"}),)))) == (
        "unsealable"
    )


def test_two_keys_live_while_they_change_and_old_requests_stay_readable(tmp_path: Path) -> None:
    world = open_world(tmp_path)
    try:
        device, staff = world.device(), world.staff()
        before = device.order()
        first = device.submit(before).json()
        late = device.order()
        outside = Vault(tmp_path / "keys", world.clock())  # as `kiosk central rotate` does from another process
        rotated = outside.rotate(world.clock().replace(year=2027))
        keys = device.call("GET", "/api/v1/devices/me/config").json()["sealing_keys"]
        assert [(key["kid"], key["preferred"]) for key in keys] == [(rotated, True), (late["sealed"]["kid"], False)]
        assert device.submit(late).status_code == 201
        too_late = device.order()
        for year in range(2028, 2028 + LIVE):
            outside.rotate(world.clock().replace(year=year))
        assert code_of(device.submit(too_late)) == "unsealable"
        # A retry of what was stored is a retry still, and the desk still reads it.
        assert device.submit(before).status_code == 200
        opened = world.http.get(f"{world.url}/api/v1/desk/requests/{first['id']}", headers=staff).json()
        assert opened["applicant"]["kind"] == "resident_id"
    finally:
        close_world(world)


def test_new_keys_beside_an_old_database_are_refused(tmp_path: Path) -> None:
    close_world(open_world(tmp_path))
    shutil.rmtree(tmp_path / "keys")
    with pytest.raises(Refusal, match="restore the keys"):
        open_world(tmp_path)


@pytest.mark.parametrize("name", ["server-secret", "x.sealing.pem"])
def test_damaged_keys_are_refused_in_one_line(tmp_path: Path, name: str) -> None:
    close_world(open_world(tmp_path))
    (tmp_path / "keys" / name).write_bytes(b"short")
    with pytest.raises(Refusal, match="restore them from their backup") as refusal:
        open_world(tmp_path)
    assert "\n" not in str(refusal.value)


def test_keys_and_database_are_their_owners_alone(world: World) -> None:
    for file in [*(world.folder / "keys").iterdir(), *world.folder.glob("central.db*")]:
        assert file.stat().st_mode & 0o077 == 0, file


def test_no_repr_shows_a_secret(world: World) -> None:
    vault = Vault(world.folder / "keys", world.clock())
    pair = vault.pair(vault.live()[0].kid)
    shown = f"{vault!r} {vault.__dict__.get('_pairs')!r} {pair!r}"
    assert vault.server_secret.hex() not in shown
    assert repr(vault.server_secret) not in shown
    assert "X25519PrivateKey" not in shown
