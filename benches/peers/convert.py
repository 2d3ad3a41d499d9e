"""The whole way as a programmer would script it in an hour: python3 convert.py frugal|fast TRIVY_JSON OUT_FOLDER

A Trivy report becomes findings.csv, findings.json and findings.xlsx, in the order of the report and in our columns, as far as the
report fills them. Nothing is joined, sorted, counted or made harmless. `frugal` holds one target's findings at a time; `fast` holds
everything, with the fastest parser there is.
"""
import csv
import os
import sys

COLUMNS = ("scan_id image target kind rule_id title severity status cvss_score cvss_version cvss_vector package installed_version "
           "fixed_version fix_state purl path cwes published modified primary_url references description").split()
VERSIONS = (("V40Score", "V40Vector", "4.0"), ("V3Score", "V3Vector", "3.1"), ("V2Score", "V2Vector", "2.0"))


def row(image, result, it):
    """The cells of one finding."""
    score, version, vector = leading(it.get("CVSS"))
    return ["scan", image, result["Target"], "vulnerability", it["VulnerabilityID"], it.get("Title"), it["Severity"].lower(), "open",
            score, version, vector, it["PkgName"], it["InstalledVersion"], it.get("FixedVersion"), it.get("Status"),
            it["PkgIdentifier"].get("PURL"), it["Layer"].get("DiffID"), "|".join(it.get("CweIDs") or ()), it.get("PublishedDate"),
            it.get("LastModifiedDate"), it.get("PrimaryURL"), "|".join(it.get("References") or ()), it.get("Description")]


def leading(ratings):
    """Of the newest version, the highest score."""
    for score, vector, version in VERSIONS:
        scored = [it for it in (ratings or {}).values() if score in it]
        if scored:
            best = max(scored, key=lambda it: it[score])
            return float(best[score]), version, best.get(vector)
    return None, None, None


def frugal(source):
    """Target by target, as they are parsed."""
    import ijson.backends.yajl2_c as ijson
    with open(source, "rb") as file:
        image = next(ijson.items(file, "ArtifactName"))
        file.seek(0)
        for result in ijson.items(file, "Results.item", use_float=True):
            for it in result.get("Vulnerabilities") or ():
                yield row(image, result, it)


def fast(source):
    import orjson
    with open(source, "rb") as file:
        report = orjson.loads(file.read())
    for result in report["Results"]:
        for it in result.get("Vulnerabilities") or ():
            yield row(report["ArtifactName"], result, it)


def write(rows, folder):
    """All three files, row by row."""
    import orjson
    import xlsxwriter
    book = xlsxwriter.Workbook(os.path.join(folder, "findings.xlsx"), {"constant_memory": True, "use_zip64": True})
    sheet = book.add_worksheet("Findings")
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name)
    with open(os.path.join(folder, "findings.csv"), "w", newline="", encoding="utf-8") as table, \
            open(os.path.join(folder, "findings.json"), "wb") as document:
        table = csv.writer(table)
        table.writerow(COLUMNS)
        document.write(b'{"findings":[')
        for number, cells in enumerate(rows, 1):
            table.writerow(cells)
            document.write((b",\n" if number > 1 else b"\n") + orjson.dumps(dict(zip(COLUMNS, cells))))
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell[:32767])
                elif cell is not None:
                    sheet.write_number(number, column, cell)
        document.write(b"\n]}\n")
    book.close()


if __name__ == "__main__":
    write({"frugal": frugal, "fast": fast}[sys.argv[1]](sys.argv[2]), sys.argv[3])
