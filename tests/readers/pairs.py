"""What a SARIF log, a CycloneDX or an SPDX document says of vulnerabilities and packages, whoever wrote it.

usage: pairs.py FILE...    prints a JSON list: {"found": [[id, package, severity], ...], "packages": [name@version, ...]}

Peers put the package into the message of a SARIF result, each in its own words; ours into its properties. A severity that a format
does not state is "".
"""

import json
import re
import sys

MESSAGES = (
    re.compile(r"Package: (?P<name>\S+)\nInstalled Version: (?P<version>\S*)\n.*Severity: (?P<severity>\w+)", re.S),
    re.compile(r"A (?P<severity>\w+) vulnerability in \w+ package: (?P<name>\S+), version (?P<version>\S+) was found"),
    re.compile(r"Package '(?P<name>.+)@(?P<version>[^@']+)' is vulnerable to"),
)


def package(name, version):
    return "%s@%s" % (name, version) if version else name


def sarif(log):
    found = []
    for run in log["runs"]:
        for result in run.get("results") or []:
            component = result.get("properties", {}).get("component")
            if component:
                named = package(component["name"], component.get("version"))
                found.append([result["ruleId"], named, result["properties"]["severity"]])
                continue
            for pattern in MESSAGES:
                told = pattern.search(result["message"]["text"])
                if told:
                    told = told.groupdict()
                    rule = result["ruleId"]
                    # Grype writes the package into the rule's id.
                    rule = rule[: -len(told["name"]) - 1] if rule.endswith("-" + told["name"]) else rule
                    found.append([rule, package(told["name"], told["version"]), told.get("severity", "").lower()])
                    break
    return {"found": found, "packages": []}


def cyclonedx(document):
    components = {}

    def walk(items):
        for it in items or []:
            components[it.get("bom-ref")] = it
            walk(it.get("components"))

    walk(document.get("components"))
    found = []
    for it in document.get("vulnerabilities") or []:
        words = [rating.get("severity") for rating in it.get("ratings") or [] if rating.get("severity")]
        for affected in it.get("affects") or [{}]:
            component = components.get(affected.get("ref"), {})
            found.append([it["id"], package(component.get("name", ""), component.get("version")), words[0] if words else ""])
    return {"found": found, "packages": [package(it["name"], it.get("version")) for it in components.values()]}


def spdx(document):
    return {"found": [], "packages": [package(it["name"], it.get("versionInfo")) for it in document["packages"]]}


def read(path):
    with open(path, encoding="utf-8-sig") as file:
        document = json.load(file)
    for member, of in (("runs", sarif), ("bomFormat", cyclonedx), ("spdxVersion", spdx)):
        if member in document:
            told = of(document)
            return {"found": sorted(told["found"]), "packages": sorted(set(told["packages"]))}
    raise SystemExit("%s: unknown" % path)


json.dump([read(path) for path in sys.argv[1:]], sys.stdout)
