"""Reads SPDX 2 files with the SPDX project's own tools, and prints what they find wrong, a line each.

usage: validate_spdx2.py FILE...
"""

import sys

from spdx_tools.spdx.parser.error import SPDXParsingError
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document


def main(files):
    for file in files:
        try:
            document = parse_file(file)
        except SPDXParsingError as error:
            print(f"{file}: {' | '.join(error.get_messages())}")
            continue
        for message in validate_full_spdx_document(document):
            print(f"{file}: {message.validation_message} ({message.context.spdx_id or message.context.parent_id})")
        print(f"{file}: read {len(document.packages)} packages, {len(document.files)} files, "
              f"{len(document.relationships)} relationships", file=sys.stderr)


main(sys.argv[1:])
