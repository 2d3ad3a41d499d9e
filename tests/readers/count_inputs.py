"""Counts what is in the files of tools, independently of the product: the standard library's parsers and the tools' own words.

usage: count_inputs.py FOLDER...    prints one JSON object: path -> {"findings": n, "statements": n, "components": n, ...}

Only what a format states plainly is counted; a number that needs a reader's judgement is left out, and then nothing is compared.
"""

import base64
import gzip
import json
import pathlib
import sys


def load(path):
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    text = data.decode("utf-8-sig")
    return json.loads(text)


def trivy_results(results):
    count = 0
    for result in results or []:
        count += len(result.get("Vulnerabilities") or [])
        count += sum(
            1
            for it in result.get("Misconfigurations") or []
            if it.get("Status") not in ("PASS", "EXCEPTION")
        )
        count += len(result.get("Secrets") or [])
        count += len(result.get("Licenses") or [])
        count += len(result.get("ExperimentalModifiedFindings") or [])
    return count


def components_of(components):
    return sum(1 + components_of(it.get("components")) for it in components or [])


def cyclonedx(it):
    told = {"components": components_of(it.get("components"))}
    states = [v.get("analysis", {}).get("state") for v in it.get("vulnerabilities") or []]
    if not any(states) and not it.get("vulnerabilities"):
        told["findings"] = 0
    return told


def osv(it):
    count = 0
    for result in it.get("results") or []:
        for package in result.get("packages") or []:
            groups = package.get("groups")
            count += len(groups if groups else package.get("vulnerabilities") or [])
    return {"findings": count}


NO_FINDING = {"pass", "notApplicable", "informational", "open", "review"}


def sarif(it):
    count = 0
    for run in it.get("runs") or []:
        for result in run.get("results") or []:
            if result.get("baselineState") == "absent":
                continue
            # Only a failure is a finding (SARIF 2.1.0, 3.27.9); what a tool wants reviewed is one too.
            if result.get("kind", "fail") in ("pass", "notApplicable", "informational"):
                continue
            count += 1
    return {"findings": count}


def checkov(reports):
    count = 0
    for report in reports if isinstance(reports, list) else [reports]:
        results = report.get("results") or {}
        count += len(results.get("failed_checks") or []) + len(results.get("skipped_checks") or [])
    return {"findings": count}


def conftest(files):
    counts = {"pass": 0, "fail": 0, "warn": 0, "waived": 0}
    for it in files:
        counts["fail"] += len(it.get("failures") or [])
        counts["warn"] += len(it.get("warnings") or [])
    return {"fail": counts["fail"], "warn": counts["warn"]}


def count(it):
    if isinstance(it, list):
        first = it[0] if it and isinstance(it[0], dict) else {}
        if "Target" in first:
            return {"findings": trivy_results(it)}
        if "check_type" in first:
            return checkov(it)
        if "namespace" in first and "filename" in first:
            return conftest(it)
        return None
    if not isinstance(it, dict):
        return None
    context = json.dumps(it.get("@context", ""))
    if it.get("SchemaVersion") == 2:
        return {"findings": trivy_results(it.get("Results"))}
    if "matches" in it and ("descriptor" in it or "source" in it):
        return {"findings": len(it["matches"] or []) + len(it.get("ignoredMatches") or [])}
    if "artifactRelationships" in it:
        # Its files are components too.
        return {"components_at_least": len(it.get("artifacts") or [])}
    if it.get("bomFormat") == "CycloneDX":
        return cyclonedx(it)
    if "spdxVersion" in it:
        return {"components_at_most": len(it.get("packages") or []) + len(it.get("files") or []) + 1}
    if "openvex" in context:
        return {"statements": sum(1 for s in it["statements"] if s.get("products"))}
    if "runs" in it:
        return sarif(it)
    if "results" in it and "check_type" in it:
        return checkov(it)
    results = it.get("results")
    if isinstance(results, list) and results and "packages" in results[0]:
        return osv(it)
    findings = it.get("findings")
    if isinstance(findings, list) and findings and "component" in findings[0] and "vulnerability" in findings[0]:
        return {"findings": len(findings)}
    if isinstance(findings, list) and findings and "rule_id" in findings[0]:
        return {"findings": len(findings)}
    if "catalogVersion" in it:
        return {"intelligence": len(it["vulnerabilities"])}
    if "payloadType" in it or "dsseEnvelope" in it:
        envelope = it.get("dsseEnvelope", it)
        statement = json.loads(base64.b64decode(envelope["payload"] + "=="))
        return {"attestations": 1, "predicate": statement.get("predicateType")}
    if "predicateType" in it:
        told = {"attestations": 1, "predicate": it["predicateType"]}
        if "/vulns/" in it["predicateType"]:
            told["findings"] = len(it["predicate"]["scanner"]["result"])
        return told
    return None


def main():
    told = {}
    for folder in sys.argv[1:]:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if not path.is_file():
                continue
            try:
                told[str(path)] = count(load(path))
            except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError):
                told[str(path)] = None
    json.dump(told, sys.stdout)


main()
