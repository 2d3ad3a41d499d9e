"""Reads workbooks with openpyxl: a path a line on standard input, a JSON document a line on standard output.

Texts are unescaped by the rule that Excel follows and openpyxl leaves to its caller (ECMA-376 Part 1, 22.9.2.19: `_x000D_`).
"""
import json
import sys
import warnings

import openpyxl
from openpyxl.utils.escape import unescape

warnings.simplefilter("error")


def cell(cell):
    """Type and value: `s` text, `n` number, `b` flag, `d` date, `f` formula; nothing for an empty cell."""
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "d":
        value = value.isoformat()
    elif cell.data_type == "s":
        value = unescape(value)
    return [cell.data_type, value]


def widths(sheet):
    """The width of each column; equal neighbours are one entry in the file."""
    spans = sheet.column_dimensions.values()
    return [next((it.width for it in spans if it.min <= at <= it.max), None) for at in range(1, sheet.max_column + 1)]


def coloured(cell):
    return cell.font.color is not None and cell.font.color.type == "rgb"


def points(chart):
    """The fill of each point of a chart's first series, in order."""
    return [it.graphicalProperties.solidFill.srgbClr for it in chart.series[0].dPt]


def sheet(sheet):
    rows = list(sheet.iter_rows())
    return {
        "name": sheet.title,
        "rows": [[cell(it) for it in row] for row in rows],
        "quoted": [it.coordinate for row in rows for it in row if it.value is not None and it.quotePrefix],
        "formats": [it.number_format for it in rows[1]] if len(rows) > 1 else [],
        "colours": {it.coordinate: it.font.color.rgb for row in rows for it in row if it.value is not None and coloured(it)},
        "header": sheet.oddHeader.left.text,
        "points": [points(it) for it in sheet._charts],
        "links": {it.coordinate: [it.hyperlink.target, it.hyperlink.location] for row in rows for it in row if it.hyperlink},
        "freeze": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "repeat": sheet.print_title_rows,
        "merged": [str(it) for it in sheet.merged_cells.ranges],
        "widths": widths(sheet),
        "charts": len(sheet._charts),
        "rules": sum(len(it.rules) for it in sheet.conditional_formatting),
        "paper": [sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage
                  if sheet.sheet_properties.pageSetUpPr else None],
    }


def read(path):
    book = openpyxl.load_workbook(path)
    return {"created": book.properties.created.isoformat(), "sheets": [sheet(it) for it in book.worksheets]}


for line in sys.stdin:
    try:
        answer = read(line.rstrip("\n"))
    except Exception as error:
        answer = {"error": "%s: %s" % (type(error).__name__, error)}
    print(json.dumps(answer), flush=True)
