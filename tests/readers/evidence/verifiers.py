"""What six verifiers that are not ours say of evidence bundles.

usage: verifiers.py [--only NAME,...] [--expected FILE] DIR KEYS.jwks

Prints a line of JSON for each bundle of DIR (*.zip, *.tar.gz) and verifier: {"bundle", "verifier", "verdict", "code", "exit"}.
`verdict` is "whole" or "not"; `code` and `exit` are of those that have them. With --expected (the expected.json of make.py) a bundle that
has keys of its own there is verified with those, the lines
that differ from it are told on standard error, and the exit code is 1 if there are any.

  openssl           verifies the signature, and hashes the files
  pynacl            verifies the signature
  securesystemslib  parses the envelope and verifies its signature
  in-toto           parses and validates the statement (the signature is verified by `cryptography`)
  script            docs/verify_bundle.py
  page              crates/export-seal/assets/verify.html in headless Chromium

The first four know neither archives nor manifests. Each of their answers is completed to one on the bundle in the same plain way:
the archive is read by Python's library, the envelope has one reading, the statement's subjects are the files with their SHA-256, the manifest is the
one that the statement names and its tree has the root that was signed, and no file is left over. They do not look at step 13 and 14.
"""

import argparse
import base64
import hashlib
import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", "..", ".."))
SCRIPT = os.path.join(ROOT, "docs", "verify_bundle.py")
PAGE = os.path.join(ROOT, "crates", "export-seal", "assets", "verify.html")
MANIFEST, ATTESTATION = "manifest.json", "attestation.dsse.json"
UNLISTED = {MANIFEST, ATTESTATION, "timestamp.tsr", "checkpoint.txt"}
TYPES = {"scan_result", "sbom", "policy_verdict", "vex_statement", "attestation", "audit_event", "report"}
KIND = "application/vnd.in-toto+json"
BROWSERS = ["chromium-headless-shell", "/usr/lib/chromium/chromium-headless-shell", "/usr/bin/chromium-headless-shell", "chromium"]


class Refused(Exception):
    """The bundle is not whole."""


def need(holds, why):
    if not holds:
        raise Refused(why)


# What completes an answer on a signature to one on a bundle.


def read_archive(data):
    """Files by path, as Python's library reads them. How they are packed proves nothing, but what the archive says of itself must be right."""
    files, most = {}, max(64 << 20, 200 * len(data))

    def put(path, size, plain, read):
        nonlocal most
        most -= size
        parts = path.removesuffix("/").split("/")
        need(plain and all(part not in ("", ".", "..") for part in parts), "unsafe: " + path)
        need(not re.search(r"[\\\x00-\x1f\x7f]|^[A-Za-z]:", path), "unsafe: " + path)
        need(most >= 0, "too large")
        need(path not in files, "twice: " + path)
        if not path.endswith("/"):
            files[path] = read()

    def own_digest(head, said, rest):
        need(said == head + b"sha256:" + hashlib.sha256(rest).hexdigest().encode(), "the archive's own digest")

    if data[:2] == b"\x1f\x8b":
        unpacker = zlib.decompressobj(31)
        plain = unpacker.decompress(data, most)
        need(unpacker.eof, "too large, or cut off")
        if unpacker.unused_data:
            need(data.endswith(b"\0\3" + bytes(9)), "data behind the archive")
            first = len(data) - len(unpacker.unused_data)
            own_digest(bytes.fromhex("1f8b08100000000000ff"), data[first:-11], data[:first])
        archive = tarfile.open(fileobj=io.BytesIO(plain), mode="r:")
        for info in archive:
            need("size" not in info.pax_headers, "two sizes: " + info.name)
            if info.isdir() and info.name == ".":
                continue
            path = info.name.removeprefix("./") + "/" * info.isdir()
            put(path, info.size, info.isfile() or info.isdir(), lambda info=info: archive.extractfile(info).read())
        return files
    need(data[:2] == b"PK", "not an archive")
    archive = zipfile.ZipFile(io.BytesIO(data))
    end = data.rindex(b"PK\5\6") + 20
    if data[end:] != b"\0\0":
        own_digest(b"\x47\0", data[end:], data[:end])
    for info in archive.infolist():
        kind = stat.S_IFMT(info.external_attr >> 16)
        put(info.orig_filename, info.file_size, kind in (0, stat.S_IFREG, stat.S_IFDIR), lambda info=info: archive.read(info))
    return files


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def strict(data, what):
    """A JSON object in canonical form."""

    def no_fraction(text):
        raise Refused(what + ": not an integer")

    value = json.loads(data.decode("utf-8"), parse_float=no_fraction, parse_constant=no_fraction)
    need(isinstance(value, dict) and canonical(value) == data, what + " is not canonical")
    return value


def keys_of(path):
    with open(path, encoding="utf-8") as file:
        listed = json.load(file)["keys"]
    keys, seen = {}, set()
    for jwk in listed:
        if jwk.get("kty") == "OKP" and jwk.get("crv") == "Ed25519" and jwk.get("use", "sig") == "sig":
            core = {"crv": "Ed25519", "kty": "OKP", "x": jwk["x"]}
            thumbprint = base64.urlsafe_b64encode(hashlib.sha256(canonical(core)).digest()).rstrip(b"=").decode()
            need(jwk.get("kid", thumbprint) == thumbprint and thumbprint not in seen, "the keys are refused")
            seen.add(thumbprint)
            if jwk.get("status", "active") in ("active", "retired") and jwk.get("revoked_at") is None:
                keys[thumbprint] = base64.urlsafe_b64decode(jwk["x"] + "=")
    return keys


def envelope_of(files):
    """(envelope, payload, key id, signature)"""
    envelope = strict(files[ATTESTATION], "envelope")
    need(set(envelope) == {"payload", "payloadType", "signatures"} and envelope["payloadType"] == KIND, "envelope")
    need(len(envelope["signatures"]) == 1 and set(envelope["signatures"][0]) == {"keyid", "sig"}, "signatures")
    signature = envelope["signatures"][0]
    decoded = [base64.b64decode(text, validate=True) for text in (envelope["payload"], signature["sig"])]
    for text, value in zip((envelope["payload"], signature["sig"]), decoded):
        need(base64.b64encode(value).decode() == text, "base64")
    return envelope, decoded[0], signature["keyid"], decoded[1]


def check_files(files, payload):
    """Statement, manifest, tree and files; the payload's signature is right."""
    statement = strict(payload, "statement")
    need(set(statement) == {"_type", "predicate", "predicateType", "subject"}, "statement")
    need(statement["_type"] == "https://in-toto.io/Statement/v1", "statement")
    need(statement["predicateType"] == "https://export-center.example/attestations/evidence-bundle/v1", "predicate")
    names = [subject["name"] for subject in statement["subject"]]
    need(names == sorted(set(names)) and all(set(subject["digest"]) == {"sha256"} for subject in statement["subject"]), "subjects")
    claim, manifest = statement["predicate"], strict(files[MANIFEST], "manifest")
    members = {"bundle_id", "created_at", "export_id", "generator", "manifest_sha256", "merkle", "sealed_at", "snapshot", "tenant"}
    need(set(claim) - {"template"} == members and re.fullmatch("exp-[0-9a-z]{26}", claim["export_id"]), "predicate")
    for time in (claim["created_at"], claim["sealed_at"], claim["snapshot"]["taken_at"]):
        need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", time), "time")
    need(hashlib.sha256(files[MANIFEST]).hexdigest() == claim["manifest_sha256"], "manifest's digest")
    need(set(manifest) == {"bundle_id", "entries", "format", "merkle"} and manifest["format"] == "evidence-bundle/v1", "manifest")
    need(manifest["bundle_id"] == claim["bundle_id"] and manifest["merkle"] == claim["merkle"], "manifest")
    paths = [entry["path"] for entry in manifest["entries"]]
    need(paths and paths == sorted(set(paths)) and not UNLISTED & set(paths), "entries")
    for entry in manifest["entries"]:
        need(set(entry) - {"id"} == {"media_type", "path", "sha256", "size", "type"} and entry["type"] in TYPES, "entry")
        data = files[entry["path"]]
        need((entry["sha256"], entry["size"]) == (hashlib.sha256(data).hexdigest(), len(data)), "digest: " + entry["path"])
    level = [hashlib.sha256(b"\0" + canonical(entry)).digest() for entry in manifest["entries"]]
    while len(level) > 1:  # a node without a neighbour moves up
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\1" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    need(manifest["merkle"] == {"alg": "rfc6962-sha256", "root": level[0].hex(), "size": len(paths)}, "root")
    found = {path: hashlib.sha256(data).hexdigest() for path, data in files.items() if path not in UNLISTED - {MANIFEST}}
    need(found == {subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]}, "subjects are not the files")


def pae(payload):
    return b"DSSEv1 %d %s %d %s" % (len(KIND), KIND.encode(), len(payload), payload)


# The four libraries: each gives a function of (envelope, payload, key's 32 bytes, key id, signature) that raises if it refuses.


def openssl():
    folder = tempfile.mkdtemp()

    def verify(envelope, payload, key, keyid, signature):
        names = [os.path.join(folder, name) for name in ("key.der", "message", "signature")]
        # SubjectPublicKeyInfo of Ed25519 (RFC 8410): a fixed head before the 32 bytes.
        for name, data in zip(names, (bytes.fromhex("302a300506032b6570032100") + key, pae(payload), signature)):
            with open(name, "wb") as file:
                file.write(data)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", names[0], "-rawin", "-in", names[1], "-sigfile", names[2]]
        done = subprocess.run(command, capture_output=True, check=False)
        need(done.returncode == 0 and b"Verified Successfully" in done.stdout, "openssl")

    return verify


def pynacl():
    from nacl.signing import VerifyKey

    return lambda envelope, payload, key, keyid, signature: VerifyKey(key).verify(pae(payload), signature)


def securesystemslib():
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import SSlibKey

    def verify(envelope, payload, key, keyid, signature):
        public = SSlibKey(keyid, "ed25519", "ed25519", {"public": key.hex()})
        parsed = Envelope.from_dict(json.loads(json.dumps(envelope)))
        need(list(parsed.verify([public], 1)) == [keyid], "securesystemslib")

    return verify


def in_toto():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from google.protobuf.json_format import Parse
    from in_toto_attestation.v1 import statement_pb2
    from in_toto_attestation.v1.statement import Statement

    def verify(envelope, payload, key, keyid, signature):
        parsed = Statement.copy_from_pb(Parse(payload, statement_pb2.Statement()))
        parsed.validate()
        Ed25519PublicKey.from_public_bytes(key).verify(signature, pae(payload))

    return verify


LIBRARIES = {"openssl": openssl, "pynacl": pynacl, "securesystemslib": securesystemslib, "in-toto": in_toto}


def by_library(make):
    verify = make()

    def answer(path, jwks):
        try:
            keys = keys_of(jwks)
            with open(path, "rb") as file:
                files = read_archive(file.read())
            envelope, payload, keyid, signature = envelope_of(files)
            need(keyid in keys, "unknown key")
            verify(envelope, payload, keys[keyid], keyid, signature)
            check_files(files, payload)
        except Exception as refusal:  # whatever a reader says of broken data
            return {"verdict": "not", "why": ("%s: %s" % (type(refusal).__name__, refusal))[:200]}
        return {"verdict": "whole"}

    return answer


def by_script():
    def answer(path, jwks):
        done = subprocess.run([sys.executable, SCRIPT, path, jwks], capture_output=True, text=True, check=False)
        told = (done.stdout.strip() or done.stderr.strip()).splitlines()[-1:] or [""]
        if done.returncode == 0 and told[0].startswith("whole: "):
            return {"verdict": "whole", "code": None, "exit": 0}
        return {"verdict": "not", "code": told[0].split(" ")[0], "exit": done.returncode, "why": told[0][:200]}

    return answer


class Browser:
    """Headless Chromium over a pipe: JSON messages, each ended by a zero byte, on the descriptors 3 and 4 of the browser."""

    def __init__(self, url, *flags):
        program = next((found for found in map(shutil.which, BROWSERS) if found), None)
        if not program:
            sys.exit("verifiers.py: no Chromium found; install chromium-headless-shell")
        self.folder = tempfile.mkdtemp(prefix="evidence-page-")
        os.chmod(self.folder, 0o755)
        command = [program, "--headless", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--lang=en-US"]
        command += ["--proxy-server=http://127.0.0.1:1", "--disable-background-networking", "--user-data-dir=" + self.folder, *flags]
        if os.geteuid() == 0:  # which Chromium's sandbox refuses; the page is our own
            command.append("--no-sandbox")
        to_child, self.out = os.pipe()
        self.inp, from_child = os.pipe()

        def descriptors():
            # Copied out of the way first, for either may be 3 or 4 already.
            reading, writing = os.dup(to_child), os.dup(from_child)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        # In the child all others are closed on exec; so are these two in ours.
        self.process = subprocess.Popen(command, preexec_fn=descriptors, pass_fds=(3, 4), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_child)
        os.close(from_child)
        self.held, self.number, self.session = b"", 0, None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Page.navigate", url=url)
        self.wait("Page.loadEventFired")

    def read(self):
        while b"\0" not in self.held:
            piece = os.read(self.inp, 1 << 20)
            if not piece:
                raise EOFError("the browser ended")
            self.held += piece
        message, self.held = self.held.split(b"\0", 1)
        return json.loads(message)

    def wait(self, method):
        while self.read().get("method") != method:
            pass

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params, **({"sessionId": self.session} if self.session else {})}
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data) :]
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]))
                return answer["result"]

    def run(self, function, *arguments):
        """The value of an async JavaScript function."""
        expression = "(%s)(%s)" % (function, ",".join(json.dumps(argument) for argument in arguments))
        done = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            raise RuntimeError(json.dumps(done["exceptionDetails"]))
        return done["result"].get("value")

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


ASK = """async (data, jwks) => {
  const blob = new Blob([Uint8Array.from(atob(data), (char) => char.charCodeAt(0))]);
  const { verdict, code, exit, path, message } = await window.verifyBundle(blob, { jwks });
  return { verdict, code, exit, path, message };
}"""


def by_page():
    browser = Browser("file://" + PAGE)

    def answer(path, jwks):
        if path is None:
            return browser.close()
        with open(path, "rb") as file, open(jwks, encoding="utf-8") as keys:
            told = browser.run(ASK, base64.b64encode(file.read()).decode(), keys.read())
        whole = told["verdict"] == "whole"
        return {"verdict": "whole" if whole else "not", "code": told["code"], "exit": told["exit"], "path": told["path"], "why": told["message"]}

    return answer


def differences(name, answer, expected):
    """What an answer says that was not expected."""
    beyond = expected["step"] in (13, 14) and name != "page"  # steps that only the page looks at
    if expected.get("container") and name != "page" and answer["verdict"] == "whole":
        return  # which Python's readers of archives do not see
    if name == "script" and expected["what"] == "keys-kid-is-no-thumbprint":
        return  # it finds keys by what they are called
    verdict = "whole" if beyond or expected["verdict"] == "whole" else "not"
    if answer["verdict"] != verdict:
        yield "verdict"
    if "exit" not in answer or beyond or verdict == "whole":
        return
    codes = expected["code"].split("|")
    if answer["code"] not in codes:
        yield "code"
    elif answer["exit"] != {"archive_unsafe": 4, "unknown_key": 3, "key_revoked": 3, "usage": 2}.get(answer["code"], 1):
        yield "exit"
    elif len(codes) == 1 and expected["path"] and answer.get("path", expected["path"]) != expected["path"]:
        yield "path"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [*LIBRARIES, "script", "page"]
    parser.add_argument("--only", default=",".join(names), help="of " + ",".join(names))
    parser.add_argument("--expected", metavar="FILE")
    parser.add_argument("dir", metavar="DIR")
    parser.add_argument("keys", metavar="KEYS")
    options = parser.parse_args()
    wanted = options.only.split(",")
    if not set(wanted) <= set(names):
        parser.error("--only knows " + ", ".join(names))
    verifiers = {name: by_library(make) for name, make in LIBRARIES.items() if name in wanted}
    if "script" in wanted:
        verifiers["script"] = by_script()
    if "page" in wanted:
        verifiers["page"] = by_page()
    expected = {}
    if options.expected:
        with open(options.expected, encoding="utf-8") as file:
            expected = json.load(file)
    wrong = 0
    try:
        for bundle in sorted(name for name in os.listdir(options.dir) if name.endswith((".zip", ".tar.gz"))):
            for name, verify in verifiers.items():
                other = expected.get(bundle, {}).get("keys")
                answer = verify(os.path.join(options.dir, bundle), os.path.join(options.dir, other) if other else options.keys)
                print(json.dumps({"bundle": bundle, "verifier": name, **answer}))
                if bundle in expected:
                    for difference in differences(name, answer, expected[bundle]):
                        wrong += 1
                        print("%s of %s differs: %s says %s" % (difference, bundle, name, json.dumps(answer)), "expected", expected[bundle], file=sys.stderr)
    finally:
        if "page" in verifiers:
            verifiers["page"](None, None)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
