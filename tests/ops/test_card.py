"""A card as a technician prepares it: its files, a county's CSV with its mistakes named, a label without secrets."""

import configparser
import json

import pytest

from kiosk.domain.errors import Refusal
from kiosk.ops.card import Card, contents, label, mistakes, read_batch
from kiosk.ops.claim import read_claim

HEAD = "branch,kiosk,central,code,address,gateway,dns,proxy,modem\n"
ROW = "421202-001,2,https://centre.example,ABCD-EFGH,192.0.2.10/24,192.0.2.1,192.0.2.2 192.0.2.3,http://192.0.2.9:3128,yes\n"
PLAIN = Card("421202-001", "https://centre.example", "ABCD-EFGH")


def test_the_claim_on_the_card_is_one_that_the_kiosk_reads() -> None:
    slip = read_claim(contents(PLAIN)["kiosk-claim.json"])
    assert slip is not None
    assert (slip.central, slip.code, slip.branch) == ("https://centre.example", "ABCD-EFGH", "421202-001")


def test_a_fixed_address_a_proxy_and_a_modem_stand_in_their_files() -> None:
    (card,) = read_batch(HEAD + ROW)
    files = contents(card)
    network = configparser.RawConfigParser(strict=False)
    network.read_string(files["network/10-kiosk.network"])
    assert network["Network"]["address"] == "192.0.2.10/24"
    assert network["Network"]["gateway"] == "192.0.2.1"
    assert "DNS=192.0.2.2\nDNS=192.0.2.3\n" in files["network/10-kiosk.network"]
    assert "DHCP" not in files["network/10-kiosk.network"]
    assert files["network/proxy.env"].startswith("HTTPS_PROXY=http://192.0.2.9:3128\n")
    assert "wwan*" in files["network/20-modem.network"]
    assert card.name == "421202-001-K2"


def test_without_an_address_the_branch_gives_one() -> None:
    files = contents(PLAIN)
    assert "DHCP=yes" in files["network/10-kiosk.network"]
    assert sorted(files) == ["kiosk-claim.json", "network/10-kiosk.network"]


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("branch", "42120-1", "branch code"),
        ("kiosk", "0", "1 to 99"),
        ("central", "http://centre.example", "https://"),
        ("central", "https://centre.example\nX=1", "https://"),
        ("code", "A B", "claim code"),
        ("address", "192.0.2.10", "prefix"),
        ("address", "192.0.2.0/24", "prefix"),
        ("gateway", "198.51.100.1", "not another machine"),
        ("dns", "ns.example", "no address"),
        ("proxy", "http://name:word@192.0.2.9", "proxy"),
        ("proxy", "http://192.0.2.9/\nLD_PRELOAD=x", "proxy"),
    ],
)
def test_each_mistake_is_named(field: str, value: str, word: str) -> None:
    (good,) = read_batch(HEAD + ROW)
    assert mistakes(good) == []
    found = mistakes(Card(**{**vars(good), field: value}))
    assert [sentence for sentence in found if word in sentence], found


def test_a_gateway_without_an_address_is_refused() -> None:
    with pytest.raises(Refusal, match="a gateway needs an address"):
        contents(Card(**{**vars(PLAIN), "gateway": "192.0.2.1"}))


def test_a_batch_names_all_its_mistakes_with_their_lines() -> None:
    text = HEAD + ROW + ROW + "x,1,https://centre.example,EFGH-IJKL,,,,,maybe\nshort\n"
    with pytest.raises(Refusal) as refused:
        read_batch(text)
    told = str(refused.value)
    assert "line 3: the card of line 2 again" in told
    assert "line 3: the address of line 2 again" in told
    assert "line 3: the code of line 2 again" in told
    assert "line 4: modem is yes or no" in told
    assert "line 5: 1 values under 9 columns" in told
    assert "ABCD" not in told


def test_a_batch_with_a_strange_column_says_which_was_meant() -> None:
    with pytest.raises(Refusal, match="did you mean 'gateway'"):
        read_batch("branch,central,code,gatway\n")
    with pytest.raises(Refusal, match="code is missing"):
        read_batch("branch,central\n")


def test_what_a_spreadsheet_writes_is_read() -> None:
    (card,) = read_batch("\ufeffbranch,central,code\r\n421202-001,https://centre.example,ABCD-EFGH\r\n\r\n")
    assert card == PLAIN


def test_neither_label_nor_repr_tells_the_code() -> None:
    assert "ABCD" not in repr(label(PLAIN))
    assert "ABCD" not in repr(PLAIN)
    assert "ABCD" not in json.dumps([str(line) for line in label(PLAIN).lines])
