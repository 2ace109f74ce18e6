"""A security key in software: it answers as one does, and on request as none should."""

import hashlib
import json
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from tests.templates.markup import Markup
from workflow.models import Person

SITE, NAME = "https://service.example", "service.example"
ADD = "/account/second-step/security-keys/add/"
FLAG = AuthenticatorData.FLAG
Options = dict[str, Any]


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Key:
    """One key; what is named `odd` says otherwise than an honest browser would."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    identity: bytes = field(default_factory=lambda: token_bytes(16))

    def adds(self, options: Options, **odd: Any) -> str:
        """What the browser sends when the key is added."""
        public = ES256.from_cryptography_key(self.private.public_key())  # type: ignore[no-untyped-call]
        told = AttestedCredentialData.create(bytes(16), self.identity, public)
        data = self._data(FLAG.UP | FLAG.AT, odd, bytes(told))
        made = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", options, odd)
        return self._sent({"attestationObject": made, "clientDataJSON": client})

    def answers(self, options: Options, **odd: Any) -> str:
        """What the browser sends when the key is used."""
        data, client = self._data(FLAG.UP, odd), self._client("webauthn.get", options, odd)
        signed = data + hashlib.sha256(client).digest()
        signature = self.private.sign(odd.get("signed", signed), ec.ECDSA(hashes.SHA256()))
        told = {"authenticatorData": data, "clientDataJSON": client, "signature": signature}
        return self._sent(told)

    def _data(self, flags: FLAG, odd: dict[str, Any], told: bytes = b"") -> AuthenticatorData:
        party = hashlib.sha256(odd.get("party", NAME).encode()).digest()
        data: AuthenticatorData = AuthenticatorData.create(party, odd.get("flags", flags), 0, told)
        return data

    def _client(self, kind: str, options: Options, odd: dict[str, Any]) -> bytes:
        said = {"type": kind, "origin": SITE, "challenge": options["challenge"], **odd}
        return bytes(
            CollectedClientData.create(
                said["type"], said["challenge"], said["origin"], said.get("framed", False)
            )
        )

    def _sent(self, response: dict[str, bytes]) -> str:
        identity = websafe_encode(self.identity)
        return json.dumps(
            {
                "id": identity,
                "rawId": identity,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {name: websafe_encode(value) for name, value in response.items()},
            }
        )


def asked(client: Client, path: str) -> Options:
    """What a page tells the browser to ask the key."""
    page = Markup(client.get(path).content.decode())
    (form,) = (one for one in page.all("form") if "data-security-key" in one.attrs)
    return dict(json.loads(form.attrs["data-options"] or "")["publicKey"])


def added(client: Client, key: Key, name: str = "blue key", **odd: Any) -> Any:
    """The answer to adding the key on its page."""
    told = key.adds(asked(client, ADD), **odd)
    return client.post(ADD, {"name": name, "credential": told})


def has_a_key(person: Person, name: str = "blue key") -> tuple[Key, Authenticator]:
    """The person has a key, and no recovery codes with it: the key, and its row."""
    key = Key()
    told = json.loads(key.adds({"challenge": websafe_encode(token_bytes(32))}))
    return key, WebAuthn.add(person, name, told).instance
