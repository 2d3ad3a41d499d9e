-- What proves the audit trail: a chain of hashes over its rows, a tree over the hashes, and heads of the tree that were
-- signed. docs/evidence-format.md has the hashing, which SQL cannot do.

-- NULL only in rows from before, until the file is opened the next time.
ALTER TABLE audit ADD COLUMN hash BLOB CHECK (length(hash) = 32);
CREATE INDEX audit_without_hash ON audit (tenant, seq) WHERE hash IS NULL;

CREATE TRIGGER audit_has_a_hash BEFORE INSERT ON audit WHEN length(NEW.hash) IS NOT 32
BEGIN
    SELECT RAISE(ABORT, 'an audit entry has a hash');
END;
DROP TRIGGER audit_is_not_changed;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
WHEN NOT (
    OLD.hash IS NULL AND NEW.hash IS NOT NULL AND NEW.tenant IS OLD.tenant AND NEW.seq IS OLD.seq AND NEW.at IS OLD.at
    AND NEW.actor IS OLD.actor AND NEW.action IS OLD.action AND NEW.target IS OLD.target AND NEW.detail IS OLD.detail
)
BEGIN
    SELECT RAISE(ABORT, 'an audit entry does not change');
END;

-- Complete subtrees, two for each event on the whole. Level 0 has the leaves; event seq is leaf seq - 1.
CREATE TABLE audit_node (
    tenant TEXT NOT NULL,
    level  INTEGER NOT NULL CHECK (level BETWEEN 0 AND 63),
    idx    INTEGER NOT NULL CHECK (idx >= 0),
    hash   BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (tenant, level, idx)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_node_is_not_changed BEFORE UPDATE ON audit_node
BEGIN
    SELECT RAISE(ABORT, 'a node of the audit tree does not change');
END;
CREATE TRIGGER audit_node_is_not_removed BEFORE DELETE ON audit_node
BEGIN
    SELECT RAISE(ABORT, 'a node of the audit tree is not removed');
END;
-- For INSERT OR REPLACE no delete trigger fires; this one stops it, here and below.
CREATE TRIGGER audit_node_is_not_replaced BEFORE INSERT ON audit_node
WHEN EXISTS (SELECT 1 FROM audit_node WHERE tenant = NEW.tenant AND level = NEW.level AND idx = NEW.idx)
BEGIN
    SELECT RAISE(ABORT, 'a node of the audit tree does not change');
END;

CREATE TABLE audit_checkpoint (
    tenant TEXT NOT NULL,
    size   INTEGER NOT NULL CHECK (size >= 0),
    root   BLOB NOT NULL CHECK (length(root) = 32),
    at     INTEGER NOT NULL,
    note   TEXT NOT NULL,
    PRIMARY KEY (tenant, size)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_checkpoint_is_not_changed BEFORE UPDATE ON audit_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint does not change');
END;
CREATE TRIGGER audit_checkpoint_is_not_removed BEFORE DELETE ON audit_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is not removed');
END;
CREATE TRIGGER audit_checkpoint_is_not_replaced BEFORE INSERT ON audit_checkpoint
WHEN EXISTS (SELECT 1 FROM audit_checkpoint WHERE tenant = NEW.tenant AND size = NEW.size)
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint does not change');
END;
