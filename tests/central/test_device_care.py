"""What a kiosk hands in about itself: keys with overlap, a journal that is counter-signed, collected logs."""

from base64 import b64decode, b64encode
from dataclasses import asdict, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.domain.promises import START, Promise, Witness
from kiosk.link.signing import Signer
from tests.central.world import Device, World, code_of

KEYS = "/api/v1/devices/me/keys"
JOURNAL = "/api/v1/devices/me/journal"
BEAT = "/api/v1/devices/me/heartbeat"
CHAIN = "00ff00ff00ff00ff"


def public(key: Ed25519PrivateKey) -> str:
    return b64encode(key.public_key().public_bytes_raw()).decode()


def records(device: Device, count: int, **changed: Any) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    previous = START
    for seq in range(1, count + 1):
        record = Promise(
            CHAIN, seq, "2026-11-23T09:00:00.000+08:00", "ticket", f"t{seq}", f"B{seq:03d}", "ab", previous
        )
        record = replace(record, **changed) if seq == count else record
        signature = b64encode(device.key.sign(record.signed)).decode()
        made.append({**asdict(record), "key_id": device.key_id, "signature": signature})
        previous = record.fingerprint
    return made


def test_both_keys_sign_until_the_new_one_is_confirmed(world: World) -> None:
    device = world.device()
    new = Ed25519PrivateKey.generate()
    told = device.call("POST", KEYS, {"public_key": public(new)}).json()
    assert told["state"] == "pending"
    assert device.call("POST", KEYS, {"public_key": public(new)}).json() == told, "an answer that was lost"
    signer = Signer(told["key_id"], new, world.clock)
    beat = {"version": "1"}
    assert (
        device.call("POST", BEAT, beat).status_code == device.call("POST", BEAT, beat, signer=signer).status_code == 200
    )
    confirmation = f"{KEYS}/{told['key_id']}/confirmation"
    assert code_of(device.call("POST", confirmation)) == "key-unproved"
    for _ in range(2):
        assert device.call("POST", confirmation, signer=signer).json()["state"] == "active"
    assert code_of(device.call("POST", BEAT, beat)) == "key-unknown"
    assert device.call("POST", BEAT, beat, signer=signer).status_code == 200
    assert code_of(device.call("POST", KEYS, {"public_key": public(device.key)}, signer=signer)) == "key-known"


def test_a_key_of_another_device_is_not_taken_in(world: World) -> None:
    one, other = world.device(), world.device()
    assert code_of(one.call("POST", KEYS, {"public_key": public(other.key)})) == "key-known"
    assert code_of(one.call("POST", f"{KEYS}/{other.key_id}/confirmation")) == "not-found"
    assert code_of(one.call("POST", KEYS, {"public_key": "AAAA"})) == "public-key-malformed"


def test_the_journal_is_counter_signed_and_found_by_its_codes(world: World) -> None:
    device = world.device()
    sent = records(device, 3)
    device.call("POST", JOURNAL, {"records": sent[:2]})
    told = device.call("POST", JOURNAL, {"records": sent}).json()
    assert (told["seq"], told["chain"], told["device"]) == (3, CHAIN, device.id)
    witness = Witness(**{key: value for key, value in told.items() if key != "public_key"})
    Ed25519PublicKey.from_public_bytes(b64decode(told["public_key"])).verify(
        b64decode(told["signature"]), witness.signed
    )
    plain = {key: value for key, value in sent[2].items() if key not in ("key_id", "signature")}
    code = Promise(**plain).code.lower().replace("-", "")
    [found] = world.http.get(f"{world.url}/api/v1/journal?code={code}", headers=world.staff("auditor")).json()
    assert (found["device_id"], found["seq"], found["word"]) == (device.id, 3, "B003")
    assert world.http.get(f"{world.url}/api/v1/journal?code={code}", headers=world.staff("fleet")).status_code == 403
    nothing = world.http.get(f"{world.url}/api/v1/journal?code=UUUUUUUU", headers=world.staff("auditor"))
    assert nothing.status_code == 404


def test_a_journal_that_was_tampered_with_is_refused(world: World) -> None:
    device, other = world.device(), world.device()
    device.call("POST", JOURNAL, {"records": records(device, 2)})
    assert code_of(device.call("POST", JOURNAL, {"records": records(device, 2, word="B999")})) == "journal-forked"
    assert code_of(device.call("POST", JOURNAL, {"records": records(device, 4)[3:]})) == "journal-gap"
    assert (
        code_of(device.call("POST", JOURNAL, {"records": records(device, 3, previous="1" * 64)[2:]}))
        == "journal-forked"
    )
    assert code_of(device.call("POST", JOURNAL, {"records": records(other, 3)[2:]})) == "journal-invalid"
    forged = records(device, 3)[2] | {"word": "B999"}
    assert code_of(device.call("POST", JOURNAL, {"records": [forged]})) == "journal-invalid"


def test_collected_logs_are_kept_for_the_fleet(world: World) -> None:
    device = world.device()
    bundle = {
        "version": "1",
        "taken_at": "2026-11-23T09:00:00+08:00",
        "facts": {"disk": "40 %"},
        "lines": ["core is up"],
    }
    kept = device.call("POST", "/api/v1/devices/me/diagnostics", bundle)
    assert kept.status_code == 201
    path = f"{world.url}/api/v1/fleet/devices/{device.id}/diagnostics"
    [seen] = world.http.get(path, headers=world.staff("admin")).json()
    assert (seen["id"], seen["lines"], seen["facts"]) == (kept.json()["id"], ["core is up"], {"disk": "40 %"})
    assert world.http.get(path).status_code == 401
