"""Keys: certificates for the machines of a cluster, and which machines these are.

An authority that is made for one cluster signs a certificate for each part of it: the
instructor's command, the scheduler, and the nodes. Dask lets only parts with a
certificate talk to each other. The key of a run is encrypted only for the nodes'
certificates (`sealing`), so the scheduler, whose certificate is different, cannot read
what passes through it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from reelmark.errors import UsageError
from reelmark.files import write_whole

KEY_BITS = 2048
VALID_DAYS = 366
CLOCK_DAYS = 1
"""How far apart the clocks of two machines may be."""

AUTHORITY, INSTRUCTOR, SCHEDULER, NODES = (
    "authority",
    "instructor",
    "scheduler",
    "nodes",
)
NODE = "node"
"""The folders of a cluster's keys, and the default name of a node."""

CA, CERTIFICATE, KEY = "ca.pem", "certificate.pem", "key.pem"
"""The files in the folder of each part."""


@dataclass(frozen=True)
class Part:
    """The keys of one part of a cluster, as texts in PEM.

    Attributes:
        ca: The authority's certificate.
        certificate: Its own.
        key: Its own private key.
    """

    ca: str
    certificate: str
    key: str


@dataclass(frozen=True)
class KeyRing:
    """The keys of a cluster that a run needs.

    Attributes:
        instructor: The keys of the instructor's command.
        nodes: The certificates of the nodes that may read what is sent, by name.
    """

    instructor: Part
    nodes: Mapping[str, str]


class Authority:
    """Signs certificates for one cluster.

    Args:
        part: The keys of an authority that was made earlier; by default, a new one is
            made.
    """

    def __init__(self, part: Part | None = None) -> None:
        if part is None:
            self._key = _make_key()
            self._certificate = _sign(self._key, AUTHORITY, self._key)
            return
        key = serialization.load_pem_private_key(part.key.encode(), None)
        assert isinstance(key, rsa.RSAPrivateKey), "that is what is made here"
        self._key = key
        self._certificate = x509.load_pem_x509_certificate(part.certificate.encode())

    @property
    def part(self) -> Part:
        """Its own keys."""
        certificate = _write_certificate(self._certificate)
        return Part(certificate, certificate, _write_key(self._key))

    def make_part(self, name: str) -> Part:
        """Make a key and a certificate for a part of the cluster."""
        key = _make_key()
        certificate = _sign(key, name, self._key, self._certificate.subject)
        return Part(
            ca=_write_certificate(self._certificate),
            certificate=_write_certificate(certificate),
            key=_write_key(key),
        )


def write_keys(folder: Path, nodes: Sequence[str]) -> list[Path]:
    """Make those keys of a cluster that are not in a folder yet.

    Args:
        folder: Where they are written, in one folder for each part.
        nodes: Names of the nodes that may read what is sent.

    Returns:
        The folders that were made.

    Raises:
        UsageError: A node's name cannot be a folder's; or something else is there.
    """
    for name in nodes:
        if not name.replace("-", "").replace("_", "").replace(".", "").isalnum():
            raise UsageError(
                f"{name!r} cannot be the name of a node: letters, digits, '-', '_' and "
                "'.' make one."
            )
    place = folder / AUTHORITY
    authority = Authority(read_part(place) if place.exists() else None)
    wanted = [folder / INSTRUCTOR, folder / SCHEDULER]
    wanted += [folder / NODES / name for name in nodes]
    missing = [each for each in wanted if not each.exists()]
    for each in missing:
        _write_part(authority.make_part(each.name), each)
    if not place.exists():
        _write_part(authority.part, place)
        missing.insert(0, place)
    return missing


def read_ring(folder: Path) -> KeyRing:
    """Read those keys written by `write_keys` that a run needs.

    Raises:
        UsageError: They are missing.
    """
    instructor = read_part(folder / INSTRUCTOR)
    paths = sorted((folder / NODES).glob(f"*/{CERTIFICATE}"))
    nodes = {path.parent.name: path.read_text("ascii") for path in paths}
    if not nodes:
        raise UsageError(
            f"{folder / NODES} names no node, so nobody may read what is to be marked. "
            f"Make keys for one: reelmark cluster keys --out {folder} --node NAME"
        )
    return KeyRing(instructor, nodes)


def read_part(folder: Path) -> Part:
    """Read the keys of one part of a cluster.

    Raises:
        UsageError: They are missing, or must not be read.
    """
    try:
        texts = [(folder / name).read_text("ascii") for name in (CA, CERTIFICATE, KEY)]
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{folder} does not hold the keys of a cluster ({error}). Name the folder "
            "that `reelmark cluster keys --out DIR` wrote, with --keys DIR."
        ) from error
    return Part(*texts)


def make_ring(names: Sequence[str]) -> tuple[KeyRing, Part, dict[str, Part]]:
    """Make keys that last as long as this process, for nodes that it starts.

    Args:
        names: The names of the nodes.

    Returns:
        The ring, and the keys of the scheduler and of each node.
    """
    authority = Authority()
    # They are all started from here, and get their keys from here.
    node = authority.make_part(NODE)
    ring = KeyRing(authority.make_part(INSTRUCTOR), {NODE: node.certificate})
    return ring, authority.make_part(SCHEDULER), dict.fromkeys(names, node)


def _make_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def _sign(
    key: rsa.RSAPrivateKey,
    name: str,
    by: rsa.RSAPrivateKey,
    issuer: x509.Name | None = None,
) -> x509.Certificate:
    """Sign a certificate for a key; without an issuer, it is the authority's own."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"reelmark {name}")])
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=CLOCK_DAYS))
        .not_valid_after(now + datetime.timedelta(days=VALID_DAYS))
        .add_extension(x509.BasicConstraints(issuer is None, None), critical=True)
    )
    return builder.sign(by, hashes.SHA256())


def _write_certificate(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _write_key(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")


def _write_part(part: Part, folder: Path) -> None:
    """Write the keys of a part; only the owner can enter the folder."""
    folder.mkdir(parents=True, mode=0o700)
    for name, text in ((CA, part.ca), (CERTIFICATE, part.certificate), (KEY, part.key)):
        write_whole(folder / name, text)
        (folder / name).chmod(0o600)
