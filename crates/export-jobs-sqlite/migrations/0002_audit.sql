-- What was done in a tenant, by whom. Each tenant has a trail of its own, numbered from 1 without gaps: the number is given
-- inside the transaction that notes, and there is one writer at a time. Nothing changes or removes a row.
CREATE TABLE audit (
    tenant TEXT NOT NULL,
    seq    INTEGER NOT NULL CHECK (seq >= 1),
    at     INTEGER NOT NULL,
    actor  TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL CHECK (json_type(detail) IS 'object'),
    PRIMARY KEY (tenant, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_target ON audit (tenant, target, seq);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'an audit entry does not change');
END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'an audit entry is not removed');
END;
-- Also what stops INSERT OR REPLACE, for which no delete trigger fires.
CREATE TRIGGER audit_has_no_gaps BEFORE INSERT ON audit
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit WHERE tenant = NEW.tenant)
BEGIN
    SELECT RAISE(ABORT, 'an audit entry comes next behind the last one');
END;
