"""A signed alert counts only as the one whose certificate was put there signed it."""

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import XMLSigner

from tansiq.incidents.cap.errors import CapError
from tansiq.incidents.cap.reading import read_alert
from tansiq.incidents.cap.signature import certificates_in, is_signed, read_signed
from tansiq.incidents.cap.writing import write_alert
from tests.incidents.alerts import alert, is_valid

NOW = dt.datetime(2026, 5, 14, 2, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def pair(name="city"):
    """Return a key and its certificate, as a warning office would hold them."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


@pytest.fixture(scope="module")
def office():
    return pair()


@pytest.fixture(scope="module")
def forger():
    return pair()


def signed(some, by):
    key, certificate = by
    root = etree.fromstring(write_alert(some))
    return etree.tostring(XMLSigner().sign(root, key=key, cert=[certificate]))


def test_a_signed_alert_is_read_as_it_was_signed(office):
    content = signed(alert(), office)

    assert is_valid(content)
    assert is_signed(content)
    assert read_signed(content, [office[1]], at=NOW) == alert()
    # Without a certificate the signature says nothing, and does not get in the way.
    assert read_alert(content) == alert()


def test_a_changed_word_is_refused(office):
    content = signed(alert(), office).replace(b"Stay away", b"Come soon")

    with pytest.raises(CapError, match="forged or damaged"):
        read_signed(content, [office[1]], at=NOW)


def test_the_signature_of_another_is_refused_though_it_brings_its_certificate(office, forger):
    content = signed(alert(), forger)

    assert read_signed(content, [forger[1]], at=NOW) == alert()
    with pytest.raises(CapError, match="forged or damaged"):
        read_signed(content, [office[1]], at=NOW)


def test_a_true_signature_in_a_false_alert_is_refused(office):
    true = etree.fromstring(signed(alert(), office))
    false = etree.fromstring(write_alert(alert(identifier="false-1")))
    false.append(true.find("{*}Signature"))

    with pytest.raises(CapError, match="forged or damaged"):
        read_signed(etree.tostring(false), [office[1]], at=NOW)


def test_a_true_alert_hidden_in_the_signature_of_a_false_one_does_not_vouch_for_it(office):
    true = etree.fromstring(signed(alert(), office))
    false = etree.fromstring(write_alert(alert(identifier="false-1")))
    signature = true.find("{*}Signature")
    false.append(signature)
    hidden = etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object")
    hidden.append(true)

    with pytest.raises(CapError):
        read_signed(etree.tostring(false), [office[1]], at=NOW)


def test_two_signatures_of_which_one_is_false_do_not_make_a_true_one(office, forger):
    root = etree.fromstring(signed(alert(), forger))
    root.append(etree.fromstring(signed(alert(), office)).find("{*}Signature"))

    with pytest.raises(CapError):
        read_signed(etree.tostring(root), [office[1]], at=NOW)


def test_an_unsigned_alert_of_a_source_that_signs_is_refused(office):
    with pytest.raises(CapError, match="not signed"):
        read_signed(write_alert(alert()), [office[1]], at=NOW)


@pytest.mark.parametrize("days", [-2, 2])
def test_a_certificate_out_of_its_time_vouches_for_nothing(office, days):
    with pytest.raises(CapError, match="forged or damaged"):
        read_signed(signed(alert(), office), [office[1]], at=NOW + days * DAY)


def test_a_certificate_is_read_from_its_text(office):
    text = office[1].public_bytes(serialization.Encoding.PEM).decode()

    assert certificates_in(f"Our office\n{text}\n") == [office[1]]
    for bad in ("", "hello", text.replace("M", "#")):
        with pytest.raises(CapError, match="no certificate"):
            certificates_in(bad)
