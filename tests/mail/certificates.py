"""Certificates for mail servers of the tests: good, expired, and of nobody known."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Authority:
    """Signs certificates; who trusts it has its context."""

    key: _Key
    certificate: x509.Certificate

    def context(self) -> ssl.SSLContext:
        """What a client that trusts this authority uses."""
        context = ssl.create_default_context()
        context.load_verify_locations(cadata=self._pem())
        return context

    def server(self, folder: Path, name: str = "localhost", *, days: int = 30) -> tuple[Path, Path]:
        """A certificate for `name` and its key, as files; with `days` below 0 it has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        ends = datetime.now(UTC) + timedelta(days=days)
        made = _signed(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
            key,
            self,
            ends,
            x509.SubjectAlternativeName([x509.DNSName(name)]),
        )
        folder.mkdir(parents=True, exist_ok=True)
        files = folder / "server.crt", folder / "server.key"
        files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return files

    def file(self, folder: Path) -> Path:
        """The certificate to trust, as a file."""
        file = folder / "authority.pem"
        file.write_text(self._pem())
        return file

    def _pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


def authority(name: str = "Test authority") -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    ends = datetime.now(UTC) + timedelta(days=60)
    certificate = _signed(subject, key, None, ends, x509.BasicConstraints(ca=True, path_length=0))
    return Authority(key, certificate)


def _signed(
    subject: x509.Name,
    key: _Key,
    signer: Authority | None,
    ends: datetime,
    extension: x509.ExtensionType,
) -> x509.Certificate:
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if signer is None else signer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=90))
        .not_valid_after(ends)
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    )
    if signer is not None:
        made = made.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()),
            critical=False,
        )
    else:
        made = made.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
        made = made.add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=True,
                crl_sign=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    return made.sign(key if signer is None else signer.key, hashes.SHA256())
