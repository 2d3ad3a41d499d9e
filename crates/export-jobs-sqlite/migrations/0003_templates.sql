-- Templates that tenants write. The row of a name stays when its versions are removed, so that no number comes twice.
CREATE TABLE template (
    tenant  TEXT NOT NULL,
    name    TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 0),
    PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE template_version (
    tenant      TEXT NOT NULL,
    name        TEXT NOT NULL,
    version     INTEGER NOT NULL CHECK (version >= 1),
    digest      BLOB NOT NULL CHECK (length(digest) = 32),
    description TEXT NOT NULL,
    text        TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    created_by  TEXT NOT NULL,
    PRIMARY KEY (tenant, name, version),
    FOREIGN KEY (tenant, name) REFERENCES template
) STRICT;

CREATE TRIGGER template_version_is_not_changed BEFORE UPDATE ON template_version
BEGIN
    SELECT RAISE(ABORT, 'a version of a template does not change');
END;
