"""TLS as the SDK for Go wants it: tls.py make FOLDER writes a certificate; tls.py check PORT FOLDER KEY asks with it."""

import datetime
import http.client
import ipaddress
import ssl
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def make(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    with open(f"{folder}/key.pem", "wb") as file:
        file.write(key.private_bytes(serialization.Encoding.PEM, form, plain))
    with open(f"{folder}/cert.pem", "wb") as file:
        file.write(certificate.public_bytes(serialization.Encoding.PEM))


def check(port, folder, key):
    context = ssl.create_default_context(cafile=f"{folder}/cert.pem")
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    connection = http.client.HTTPSConnection("127.0.0.1", int(port), context=context, timeout=30)
    connection.request("GET", "/user/me", headers={"Authorization": f"Bearer {key}"})
    assert connection.sock.version() == "TLSv1.3", connection.sock.version()
    answer = connection.getresponse()
    assert answer.status == 200 and b'"email"' in answer.read(), answer.status
    # What is older is not spoken at all.
    context = ssl.create_default_context(cafile=f"{folder}/cert.pem")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        old = http.client.HTTPSConnection("127.0.0.1", int(port), context=context, timeout=30)
        old.request("GET", "/healthz")
        raise SystemExit("TLS 1.2 was spoken")
    except ssl.SSLError:
        print("ok")


{"make": make, "check": check}[sys.argv[1]](*sys.argv[2:])
