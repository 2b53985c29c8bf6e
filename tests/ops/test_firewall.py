"""The packet filter: nft accepts it, it names what the settings need, and all else stays shut."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.ops.firewall import Peer, peers, ruleset


def accepts(rules: str) -> subprocess.CompletedProcess[str]:
    """What nft says to the rules, in a network of its own; skipped where it may not even look."""
    nft = shutil.which("nft") or shutil.which("nft", path="/usr/sbin")
    if nft is None:
        pytest.skip("nft is not installed here")
    probe = subprocess.run(
        [nft, "-c", "-f", "-"], input="table inet x {}\n", text=True, capture_output=True, check=False
    )
    if probe.returncode:
        pytest.skip("nft may not look at the kernel's tables here")
    return subprocess.run([nft, "-c", "-f", "-"], input=rules, text=True, capture_output=True, check=False)


@pytest.mark.parametrize("hub_port", [None, 8710])
@pytest.mark.parametrize(
    "urls",
    [[], ["https://192.0.2.9", "tcp://192.0.2.7:9100"], ["https://centre.example", "https://[2001:db8::7]:8720"]],
)
def test_nft_accepts_the_rules(urls: list[str], hub_port: int | None) -> None:
    done = accepts(ruleset(peers(urls), hub_port))
    assert done.returncode == 0, done.stderr


def test_a_wrong_rule_is_seen() -> None:
    assert accepts(ruleset([], None).replace("policy drop", "policy shut")).returncode


def test_what_the_settings_call_is_open_and_nothing_else() -> None:
    found = peers(["https://192.0.2.9/api", "tcp://192.0.2.7:9100", "http://127.0.0.1:8710", "serial:///dev/x", ""])
    assert found == (Peer("192.0.2.7", 9100), Peer("192.0.2.9", 443))
    rules = ruleset(found, None)
    assert re.findall(r"daddr .*", rules) == [
        "daddr 192.0.2.7 tcp dport 9100 accept",
        "daddr 192.0.2.9 tcp dport 443 accept",
    ]
    assert rules.count("policy drop") == 3
    assert "saddr" not in rules


def test_the_hub_is_open_to_the_branchs_own_network_alone() -> None:
    rules = ruleset([], 8710)
    opened = re.findall(r".*dport 8710.*", rules)
    assert len(opened) == 2
    assert all("saddr" in line for line in opened)


@pytest.mark.parametrize("host", ["fe80::1%eth0", "centre.example", ""])
def test_a_host_that_is_no_plain_address_opens_its_port(host: str) -> None:
    rules = ruleset([Peer(host, 443)], None)
    assert "\n        tcp dport 443 accept" in rules
    assert not host or host not in rules


def test_the_image_starts_with_the_filter_of_a_kiosk_without_settings(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "firewall", "--state", str(tmp_path)]) == 0
    assert capsys.readouterr().out == (tree / "image/overlay/etc/nftables.conf").read_text("utf-8")


def test_an_enrolled_kiosk_calls_its_centre_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "identity").mkdir()
    (tmp_path / "identity/identity.json").write_text(json.dumps({"central_url": "https://192.0.2.9:8720"}))
    (tmp_path / "kiosk.toml").write_text('[branch]\nlisten = "192.168.1.2:8710"\n')
    words = ["config", "firewall", "--state", str(tmp_path), "--config", str(tmp_path / "kiosk.toml")]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "ip daddr 192.0.2.9 tcp dport 8720 accept" in out
    assert "tcp dport 443 accept" not in out
    assert out.count("tcp dport 8710 accept") == 2


@pytest.mark.parametrize("enrolled", [True, False])
def test_behind_a_proxy_the_proxy_alone_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, enrolled: bool
) -> None:
    if enrolled:
        (tmp_path / "identity").mkdir()
        (tmp_path / "identity/identity.json").write_text(json.dumps({"central_url": "https://192.0.2.9:8720"}))
    monkeypatch.setenv("HTTPS_PROXY", "http://192.0.2.1:3128")
    assert main(["config", "firewall", "--state", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "ip daddr 192.0.2.1 tcp dport 3128 accept" in out
    assert "192.0.2.9" not in out
    assert "tcp dport 443 accept" not in out
