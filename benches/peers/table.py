"""The page that the peers print: one table of the rows, in the look that a programmer gives it in ten minutes."""
import html as escape
import json

HEAD = ["Severity", "Finding", "Package", "Installed", "Fixed", "Score", "EPSS", "Exploited", "VEX", "Verdict", "Title"]
STYLE = """
@page { size: A4; margin: 15mm 16mm; @bottom-right { content: "Page " counter(page) " of " counter(pages) } }
body { font: 8pt Inter, "Noto Sans", sans-serif } table { width: 100%; border-collapse: collapse; table-layout: fixed }
th, td { text-align: left; vertical-align: top; padding: 2pt; border-bottom: .5pt solid #e5e7eb; overflow-wrap: anywhere }
tr { break-inside: avoid } .CRITICAL { color: #7a0c1e } .HIGH { color: #c2410c }
"""


def html(source):
    rows = []
    with open(source, encoding="utf-8") as lines:
        for cells in map(json.loads, lines):
            shown = "".join("<td>%s</td>" % escape.escape("" if cell is None else str(cell)) for cell in cells)
            rows.append("<tr>%s</tr>" % shown)
    head = "".join("<th>%s</th>" % name for name in HEAD)
    return "<!doctype html><html lang=en><meta charset=utf-8><title>Findings</title><style>%s</style><h1>Findings</h1><table><thead><tr>%s</tr></thead><tbody>%s</tbody></table>" % (STYLE, head, "".join(rows))


if __name__ == "__main__":
    import sys
    sys.stdout.write(html(sys.argv[1]))
