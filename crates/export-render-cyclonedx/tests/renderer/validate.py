"""Holds files to CycloneDX with the reference library's strict validator: `validate.py VERSION FILE...`."""

import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

version, files = sys.argv[1], sys.argv[2:]
validator = JsonStrictValidator(SchemaVersion.from_version(version))
failed = 0
for name in files:
    with open(name, encoding="utf-8") as file:
        error = validator.validate_str(file.read())
    if error is not None:
        failed += 1
        print(f"{name}: {str(error)[:2000]}")
sys.exit(1 if failed else 0)
