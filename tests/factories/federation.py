"""Other platforms, and the bodies that live there."""

import factory
from factory.django import DjangoModelFactory

from tansiq.exchange.federation.keys import Key, fingerprint_of
from tansiq.exchange.models import Peer, PeerBody
from tests.factories.access import NOON, OrganisationFactory


class PeerFactory(DjangoModelFactory):
    """Another platform that is trusted; nobody has its private key."""

    class Meta:
        model = Peer

    keeper = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Platform {}".format)
    public_key = factory.Sequence(lambda n: Key(n.to_bytes(32)).public)
    fingerprint = factory.LazyAttribute(lambda peer: fingerprint_of(peer.public_key))
    our_fingerprint = "0" * 64
    state = "trusted"
    markings = factory.LazyFunction(lambda: ["clear", "green", "amber"])
    introduced_at = NOON
    trusted_at = NOON


class PeerBodyFactory(DjangoModelFactory):
    class Meta:
        model = PeerBody

    peer = factory.SubFactory(PeerFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    slug = factory.LazyAttribute(lambda body: f"{body.organisation.slug}-there")
    country = factory.LazyAttribute(lambda body: body.organisation.country_code)
