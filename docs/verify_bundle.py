"""Verifies an evidence bundle (see evidence-format.md): python3 verify_bundle.py BUNDLE KEYS.jwks"""
import base64, hashlib, json, re, sys
from nacl.signing import VerifyKey  # PyNaCl
from bundle_archive import EXITS, PATH, WRONG, check, read_archive
MANIFEST, SEAL, *_ = UNLISTED = ["manifest.json", "attestation.dsse.json", "timestamp.tsr", "checkpoint.txt"]
# Canonical JSON has one order and one spelling, so that a regular expression can check the form of an object.
HEX, TEXT, TIME = '"[0-9a-f]{64}"', r'"([^"\\]|\\.)+"', r'"[0-9-]{10}T[0-9:]{8}(\.[0-9]+)?Z"'
ID, NAMED = '-[0-7][0-9a-hjkmnp-tv-z]{25}"', f'{{"name":{TEXT},"sha256":{HEX}}}'
ENTRY = (f'{{("id":{TEXT},)?"media_type":{TEXT},"path":{TEXT},"sha256":{HEX},"size":[0-9]+,'
         '"type":"(scan_result|sbom|policy_verdict|vex_statement|attestation|audit_event|report)"}').encode()
CLAIM = (f'{{"bundle_id":"bnd{ID},"created_at":{TIME},"export_id":"exp{ID},"generator":{{"name":{TEXT},'
         f'"version":{TEXT}}},"manifest_sha256":{HEX},"merkle":{{[^}}]+}},"sealed_at":{TIME},"snapshot":'
         f'{{"sha256":{HEX},"taken_at":{TIME}}},("template":{NAMED},)?"tenant":{TEXT}}}').encode()
def digest(data): return hashlib.sha256(data).digest()
def sha256(data): return digest(data).hex()
def b64(data): return base64.b64encode(data).decode()
def canonical(it): return json.dumps(it, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
def parse(raw, *wrong):
    check(True, *wrong), check(canonical(json.loads(raw.decode())) == raw)
    return json.loads(raw)
def root(hashes):
    left = 1 << (len(hashes) - 1).bit_length() >> 1  # the largest power of two below their number
    return digest(b"\1" + root(hashes[:left]) + root(hashes[left:])) if left else hashes[0]
def verify(bundle, jwks):
    jwks, files = json.load(open(jwks))["keys"], read_archive(bundle)
    for path in UNLISTED[:2]: check(path in files, "missing_file", path)
    seal = parse(files[SEAL], "envelope_not_canonical", SEAL)
    payload, signature = base64.b64decode(seal["payload"]), seal["signatures"][0]
    keyid, sig = signature["keyid"], base64.b64decode(signature["sig"])
    check(seal == {"payload": b64(payload), "payloadType": "application/vnd.in-toto+json",
                   "signatures": [{"keyid": keyid, "sig": b64(sig)}]})
    cores = [canonical({"crv": "Ed25519", "kty": "OKP", "x": key.get("x")}) for key in jwks]
    keys = {base64.urlsafe_b64encode(digest(core)).decode()[:43]: key for core, key in zip(cores, jwks)}
    check(keyid in keys, "unknown_key", SEAL), check(True, "signature", SEAL)
    message = b"DSSEv1 28 application/vnd.in-toto+json %d %b" % (len(payload), payload)
    VerifyKey(base64.urlsafe_b64decode(keys[keyid]["x"] + "=")).verify(message, sig)  # libsodium is strict
    statement = parse(payload, "statement_invalid", SEAL)
    claim, subjects = statement["predicate"], {s["name"]: s["digest"]["sha256"] for s in statement["subject"]}
    check(re.fullmatch(CLAIM, canonical(claim)) and statement == {"_type": "https://in-toto.io/Statement/v1",
        "predicate": claim, "predicateType": "https://export-center.example/attestations/evidence-bundle/v1",
        "subject": [{"digest": {"sha256": subjects[name]}, "name": name} for name in sorted(subjects)]})
    check(True, "digest_mismatch", MANIFEST)
    check(sha256(files[MANIFEST]) == claim["manifest_sha256"] == subjects.pop(MANIFEST))
    manifest = parse(files[MANIFEST], "manifest_invalid", MANIFEST)
    entries = {e["path"]: e for e in manifest["entries"] if re.fullmatch(ENTRY, canonical(e))}
    check(entries and all(re.fullmatch(PATH, path) and path not in UNLISTED for path in entries))
    check(manifest == {"bundle_id": claim["bundle_id"], "format": "evidence-bundle/v1",
                       "entries": [entries[path] for path in sorted(entries)], "merkle": manifest["merkle"]})
    top = root([digest(b"\0" + canonical(entry)) for entry in entries.values()]).hex()
    tree = {"alg": "rfc6962-sha256", "root": top, "size": len(entries)}
    check(manifest["merkle"] == claim["merkle"] == tree, "root_mismatch", MANIFEST)
    check(subjects == {path: e["sha256"] for path, e in entries.items()}, "statement_invalid", SEAL)
    for path, e in entries.items():
        check(path in files, "missing_file", path)
        check((len(files[path]), sha256(files[path])) == (e["size"], e["sha256"]), "digest_mismatch", path)
    for path in sorted(files.keys() - entries.keys() - {*UNLISTED}): check(False, "extra_file", path)
    check(keys[keyid].get("status", "active") in ("active", "retired"), "key_revoked", SEAL)
    print(f"whole: {len(entries)} files, root {top}")
try: verify(*sys.argv[1:]) if len(sys.argv) == 3 else sys.exit(print(__doc__) or 2)
except Exception: sys.exit(print(*WRONG) or EXITS.get(WRONG[0], 1))
