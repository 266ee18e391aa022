"""Whether a file is as its sender signed it. Only what was signed is read.

A certificate is trusted because somebody of the receiving body put it there, never because the file
brings it along: a file that vouches for itself proves nothing about its sender.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from cryptography import x509
from django.utils.translation import gettext as _
from lxml import etree
from signxml.verifier import SignatureConfiguration, XMLVerifier

from tansiq.incidents.cap.errors import CapError
from tansiq.incidents.cap.message import Alert
from tansiq.incidents.cap.reading import parsed, read_alert

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
# One reference, and the signature stands in the alert itself: nothing can be slipped in beside it.
_DEMANDED = SignatureConfiguration(require_x509=True, location="./", expect_references=1)
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


def certificates_in(text: str) -> list[x509.Certificate]:
    """Return the certificates of a PEM text. Raises CapError if one cannot be read."""
    try:
        found = [x509.load_pem_x509_certificate(p.encode()) for p in _CERTIFICATE.findall(text)]
    except ValueError:
        found = []
    if not found:
        raise CapError(_("This is no certificate in PEM. It begins with BEGIN CERTIFICATE."))
    return found


def is_signed(content: bytes) -> bool:
    """Return whether the file carries a signature at all, good or bad."""
    return parsed(content).find(_SIGNATURE) is not None


def read_signed(
    content: bytes, certificates: Sequence[x509.Certificate], *, at: dt.datetime
) -> Alert:
    """Return the alert that one of the certificates signed. Raises CapError otherwise."""
    # Read first: what is no alert need not be verified, and what is read here is harmless.
    read_alert(content)
    if not is_signed(content):
        raise CapError(_("The alert is not signed, and its source signs what it sends."))
    for certificate in certificates:
        if certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            signed = _signed_part(content, certificate, at)
            if signed is not None:
                return read_alert(etree.tostring(signed, encoding="utf-8"))
    raise CapError(_("The signature is not that of the source. The alert was forged or damaged."))


def _signed_part(
    content: bytes, certificate: x509.Certificate, at: dt.datetime
) -> etree._Element | None:
    demanded = replace(_DEMANDED, verification_time=at)
    try:
        verified = XMLVerifier().verify(content, x509_cert=certificate, expect_config=demanded)
    except Exception:  # Whatever a forger makes it stumble over: only a clean yes is a yes.
        return None
    found = verified if not isinstance(verified, list) else verified[0]
    return found.signed_xml
