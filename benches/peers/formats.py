"""What programmers use in Python to write rows to a file: python3 formats.py PEER IN OUT

Each peer reads rows that lie ready, and writes them. What reading takes is told apart: a peer that reads everything first prints
what it took until then; one that goes row by row cannot, and `read` does only that part of it. Strings are written as they are;
none of the peers makes formulas harmless or links clickable.
"""
import csv
import json
import resource
import sys
import time

BEGAN = time.monotonic()


def json_lines(path):
    import orjson
    with open(path, "rb") as lines:
        for line in lines:
            yield orjson.loads(line)


def read_lines(source, _):
    for _ in json_lines(source):
        pass


def csv_rows(source, target):
    """Row by row: as frugal with memory as can be."""
    with open(target, "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(json_lines(source))


def polars_table(source, target):
    """All rows in memory, on every processor."""
    import polars
    table = polars.read_csv(source, infer_schema=False)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"wall_s": time.monotonic() - BEGAN, "user_s": usage.ru_utime, "system_s": usage.ru_stime}))
    table.write_csv(target, line_terminator="\r\n")


def orjson_rows(source, target):
    """Finding by finding, into one document."""
    import orjson
    with open(target, "wb") as out:
        out.write(b'{"findings":[')
        for index, line in enumerate(json_lines(source)):
            if "finding" in line:
                out.write((b"," if index else b"") + orjson.dumps(line["finding"]) + b"\n")
        out.write(b"]}\n")


def xlsxwriter_rows(source, target):
    """Row by row, with temporary files instead of memory."""
    import xlsxwriter
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "use_zip64": True})
    sheet = book.add_worksheet("Findings")
    for number, row in enumerate(json_lines(source)):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell[:32767])
            elif isinstance(cell, bool):
                sheet.write_boolean(number, column, cell)
            elif cell is not None:
                sheet.write_number(number, column, cell)
    book.close()


def openpyxl_rows(source, target):
    """Row by row, in the mode that only writes."""
    import openpyxl
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Findings")
    for row in json_lines(source):
        # It ends at characters that XML forbids, and takes texts that begin with `=` for formulas.
        sheet.append([text(cell, ILLEGAL_CHARACTERS_RE) if isinstance(cell, str) else cell for cell in row])
    book.save(target)


def text(cell, illegal):
    cell = illegal.sub("", cell[:32767])
    return "'" + cell if cell.startswith("=") else cell


PEERS = {"read": read_lines, "csv": csv_rows, "polars": polars_table, "orjson": orjson_rows, "xlsxwriter": xlsxwriter_rows,
         "openpyxl": openpyxl_rows}

if __name__ == "__main__":
    PEERS[sys.argv[1]](sys.argv[2], sys.argv[3])
