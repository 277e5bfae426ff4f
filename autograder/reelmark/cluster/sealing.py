"""Sealing: what passes through a scheduler is readable only at both ends.

A run has its own key, which is sent along, encrypted for each node that may have it.
Everything sent is encrypted with this key and bound to a label of what it is about, so
nobody on the way can read it, change it, or pass one answer off as another.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from reelmark.errors import KitFault, UsageError

KEY_BITS = 256
NONCE_BYTES = 12

_PADDING = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def make_key() -> bytes:
    """Make the key of a run."""
    return AESGCM.generate_key(KEY_BITS)


class Seal:
    """Encrypts what is sent, and decrypts what arrives.

    Args:
        key: The key of the run.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, content: bytes, about: str) -> bytes:
        """Encrypt something.

        Args:
            content: The content.
            about: A label of what it is about, needed to decrypt it.
        """
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, about.encode())

    def open(self, closed: object, about: str) -> bytes:
        """Decrypt what `close` encrypted.

        Raises:
            KitFault: It is something else, or about something else.
        """
        try:
            if not isinstance(closed, bytes):
                raise TypeError(f"it is {type(closed).__name__}")
            nonce, encrypted = closed[:NONCE_BYTES], closed[NONCE_BYTES:]
            return self._cipher.decrypt(nonce, encrypted, about.encode())
        except (InvalidTag, TypeError, ValueError) as error:
            reason = str(error) or "it is not what was sealed for this run"
            raise KitFault(f"What came over the network is unusable: {reason}") from (
                error
            )


def wrap_key(key: bytes, certificate: str) -> bytes:
    """Encrypt a run's key for the owner of a certificate.

    Args:
        key: The key.
        certificate: In PEM.

    Raises:
        UsageError: It is not the certificate of a node.
    """
    try:
        public = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    except ValueError as error:
        raise UsageError(f"The certificate of a node is unusable: {error}") from error
    if not isinstance(public, rsa.RSAPublicKey):
        raise UsageError(
            "The certificate of a node is of another kind than `reelmark cluster keys` "
            "makes."
        )
    return public.encrypt(key, _PADDING)


def unwrap_key(wrapped: Iterable[bytes], private: str) -> bytes:
    """Return the key of a run, wrapped for several nodes including this one.

    Args:
        wrapped: The key, as `wrap_key` encrypted it for each node.
        private: The private key of this node, in PEM.

    Raises:
        KitFault: It was not wrapped for this node.
    """
    own = serialization.load_pem_private_key(private.encode(), None)
    if isinstance(own, rsa.RSAPrivateKey):
        for each in wrapped:
            try:
                return own.decrypt(each, _PADDING)
            except ValueError:
                continue  # this one is for another node
    raise KitFault(
        "it is not among the nodes whose keys the instructor made, so that it may not "
        "read what is to be marked. Start it with the keys of a node: "
        "`reelmark cluster keys` makes them"
    )
