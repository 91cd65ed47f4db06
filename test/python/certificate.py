"""A certificate for localhost, which signs itself."""

import ssl
import subprocess


def own(path):
    """Writes the certificate and its key into one file, and gives the settings of a server that shows it."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        + ["-subj", "/CN=localhost/O=Example", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        + ["-addext", "keyUsage=digitalSignature,keyCertSign", "-keyout", path, "-out", path + ".part"],
        check=True,
        capture_output=True,
    )
    with open(path, "a") as both, open(path + ".part") as certificate:
        both.write(certificate.read())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
