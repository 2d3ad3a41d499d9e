"""Reads artifacts with readers that are not ours, and prints as JSON what each of them holds.

  python3 read.py FORMAT FILE [FORMAT FILE ...]      [{"ids": [finding ids, sorted], "rows": N, ...}, ...]
"""

import csv
import json
import subprocess
import sys
import tarfile
import zipfile

PROPERTY = "export-center:finding_id"


def of_csv(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        first = f.readline()
        f.seek(0)
        rows = list(csv.DictReader(f, delimiter=max(",;|\t", key=first.count)))
    changes = count(row["change"] for row in rows if "change" in row)
    # Tables of vulnerabilities, upgrades and scans have no findings.
    held = {"ids": [row["id"] for row in rows]} if rows and "id" in rows[0] else {"table": rows}
    return {**held, "rows": len(rows), "changes": changes}


def count(words):
    """How often each word comes; of words with a + between, each."""
    import collections

    return dict(collections.Counter(word for words in words for word in words.split("+")))


def of_xlsx(path):
    import openpyxl

    book = openpyxl.load_workbook(path)
    ids, formulas, rows_of, changes, counted = [], 0, {}, {}, {}
    for sheet in book.worksheets:
        rows = sheet.iter_rows()
        head = [cell.value for cell in next(rows, ())]
        at = head.index("id") if "id" in head else None
        for row in rows:
            formulas += sum(cell.data_type == "f" for cell in row)
            rows_of[sheet.title] = rows_of.get(sheet.title, 0) + 1
            if at is not None and sheet.title.startswith("Findings"):
                ids.append(row[at].value)
    if "Changes" in book.sheetnames:
        rows = list(book["Changes"].values)
        changes = count(row[rows[0].index("change")] for row in rows[1:])
        told = list(book["What changed"].values)
        at = next(at for at, row in enumerate(told) if "Introduced" in row)
        counted = {name: number for name, number in zip(told[at], told[at + 1]) if name}
    held = {"ids": ids, "rows": len(ids), "formulas": formulas, "sheets": book.sheetnames, "rows_of": rows_of}
    return {**held, "changes": changes, "counted": counted}


def of_json(path):
    if path.endswith(".ndjson"):
        with open(path, encoding="utf-8") as f:
            lines = [json.loads(line) for line in f]
        assert lines[-1].keys() == {"end"}, "the last line says that the file is whole"
        findings = [line["finding"] for line in lines if "finding" in line]
    else:
        with open(path, encoding="utf-8") as f:
            document = json.load(f)
        if "verdicts" in document:
            return {"rows": len(document["verdicts"]), "overall": document["overall"]}
        if "events" in document:
            return {"rows": len(document["events"]), "actions": [event["action"] for event in document["events"]]}
        findings = document["findings"]
    return {"ids": [it["id"] for it in findings], "rows": len(findings)}


def of_sarif(path):
    with open(path, encoding="utf-8") as f:
        runs = json.load(f)["runs"]
    results = [result for run in runs for result in run["results"]]
    assert all(run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] == r["ruleId"] for run in runs for r in run["results"])
    return {"ids": [r["partialFingerprints"]["findingId/v1"] for r in results], "rows": len(results), "runs": len(runs)}


def of_cyclonedx(path):
    with open(path, encoding="utf-8") as f:
        bom = json.load(f)
    refs = [c["bom-ref"] for c in bom.get("components", [])]
    assert len(refs) == len(set(refs)), "references are unique"
    root = [bom["metadata"]["component"]["bom-ref"]] if "component" in bom.get("metadata", {}) else []
    affected = {a["ref"] for v in bom.get("vulnerabilities", []) for a in v.get("affects", [])}
    assert affected <= set(refs + root), sorted(affected - set(refs + root))[:3]
    ids = [p["value"] for v in bom.get("vulnerabilities", []) for p in v.get("properties", []) if p["name"] == PROPERTY]
    parts = bom.get("components", []) + [bom["metadata"][m] for m in ["component"] if m in bom.get("metadata", {})]
    names = sorted({"%s@%s" % (":".join(filter(None, [c.get("group"), c["name"]])), c.get("version", "")) for c in parts})
    return {"ids": ids, "rows": len(ids), "components": names, "version": bom["specVersion"]}


def of_strict_cyclonedx(path):
    """As the other, by the reference implementation as well: half a minute for the larger scans of the library."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    held = of_cyclonedx(path)
    with open(path, encoding="utf-8") as f:
        problem = JsonStrictValidator(SchemaVersion.from_version(held["version"])).validate_str(f.read())
    return {**held, "problem": str(problem) if problem else None}


def of_spdx(path):
    with open(path, encoding="utf-8") as f:
        document = json.load(f)
    if "@graph" in document:
        packages = [e for e in document["@graph"] if e["type"] == "software_Package"]
        names = sorted({"%s@%s" % (p["name"], p.get("software_packageVersion", "")) for p in packages})
        return {"components": names, "problem": None, "version": "3.0.1"}
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    messages = validate_full_spdx_document(parse_file(path))
    names = sorted({"%s@%s" % (p["name"], p.get("versionInfo", "")) for p in document["packages"]})
    problem = "; ".join(m.validation_message for m in messages) or None
    return {"components": names, "problem": problem, "version": document["spdxVersion"]}


def of_archive(names, read):
    manifest = json.loads(read("manifest.json"))
    import hashlib

    for entry in manifest["entries"]:
        data = read(entry["path"])
        assert len(data) == entry["size"] and hashlib.sha256(data).hexdigest() == entry["sha256"], entry["path"]
    entries = [entry["path"] for entry in manifest["entries"]]
    seal = {"manifest.json", "attestation.dsse.json", "timestamp.tsr", "checkpoint.txt"}
    assert sorted(set(names) - seal) == entries and len(names) == len(set(names))
    ids = [f["id"] for name in names if name.startswith("scans/") for f in json.loads(read(name))["findings"]]
    verdicts = sum(len(read(name).splitlines()) for name in names if name.startswith("verdicts/"))
    statements = sum(len(json.loads(read(name))["statements"]) for name in names if name.startswith("vex/"))
    return {"ids": ids, "rows": len(ids), "names": sorted(names), "verdicts": verdicts, "statements": statements}


def of_zip(path):
    subprocess.run(["unzip", "-tqq", path], check=True)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return of_archive(archive.namelist(), archive.read)


def of_tar_gz(path):
    subprocess.run(["tar", "-tzf", path], check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(path) as archive:
        files = {member.name: archive.extractfile(member).read() for member in archive.getmembers()}
    return of_archive(list(files), files.__getitem__)


def of_pdf(path):
    info = dict(line.split(":", 1) for line in subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True).stdout.splitlines())
    text = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True).stdout
    # Ids that were broken over lines are whole without white space.
    return {"text": "".join(text.split()), "pages": int(info["Pages"]), "tagged": info["Tagged"].strip(), "by": info["Producer"].strip()}


READERS = {
    "pdf": of_pdf,
    "csv": of_csv, "xlsx": of_xlsx, "json": of_json, "sarif": of_sarif, "cyclonedx": of_cyclonedx, "strict-cyclonedx": of_strict_cyclonedx, "spdx": of_spdx,
    "zip": of_zip, "tar.gz": of_tar_gz,
}

if __name__ == "__main__":
    held = [READERS[name](path) for name, path in zip(sys.argv[1::2], sys.argv[2::2])]
    for one in held:
        one.get("ids", []).sort()
    json.dump(held, sys.stdout)
