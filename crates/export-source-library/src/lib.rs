//! A folder or bucket of what real tools wrote, as scans, verdicts and VEX statements.
