//! Where all of it comes from, for whoever has to prove it.

use export_templates::format;
use export_templates::view::ReportView;
use export_typeset::{Cell, Column, Flow, Row, Run};

use super::Done;
use super::parts::{count, counted, text};

/// Who asked what and when, and the digests.
pub(super) fn section(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let Some(evidence) = &view.evidence else { return Ok(()) };
    let method = &view.method;
    flow.heading(2, "What this report is made from")?;
    let mono = |text: &'_ str| vec![Run::new(text.to_owned()).mono()];
    flow.pairs(&[
        ("Export", mono(&evidence.export)),
        ("Asked for by tenant", vec![Run::new(evidence.tenant.as_str())]),
        ("Asked for at", vec![Run::new(evidence.asked_at.as_str())]),
        ("Sources read at", vec![Run::new(method.taken_at.as_str())]),
        ("Snapshot", mono(&evidence.snapshot)),
        (
            "Template",
            vec![Run::new(format!("{} ", method.template)), Run::new(evidence.template.as_str()).mono()],
        ),
        ("Made by", vec![Run::new(method.generator.as_str())]),
    ])?;
    flow.space(4.0)?;
    flow.qr(&evidence.snapshot, "The snapshot's digest as a QR code", 28.0)?;
    Ok(flow.aside(
        "The snapshot is the one list of records that every file of this export was made from. How to check that is under How \
         to verify this report.",
    )?)
}

/// The seal, on the page that goes with a sealed bundle.
pub(super) fn seal(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let Some(seal) = view.evidence.as_ref().and_then(|it| it.seal.as_ref()) else { return Ok(()) };
    flow.heading(2, "The seal")?;
    let mono = |text: &'_ str| vec![Run::new(text.to_owned()).mono()];
    let mut pairs = vec![
        ("Bundle", mono(&seal.bundle)),
        ("Archive", mono(&seal.archive)),
        ("Sealed at", vec![Run::new(seal.sealed_at.as_str())]),
        ("Root of the tree", mono(&seal.root)),
        ("Files in the tree", vec![Run::new(format::count(seal.entries))]),
        ("Key", mono(&seal.key)),
        ("Signature", mono(&seal.signature)),
        ("Statement", mono(&seal.attestation)),
    ];
    pairs.extend(seal.log.as_deref().map(|log| ("In the log", vec![Run::new(log)])));
    flow.pairs(&pairs)?;
    flow.space(4.0)?;
    flow.qr(&seal.root, "The tree's root as a QR code", 28.0)?;
    flow.aside(
        "The root stands for every file of the bundle with its path, type, size and digest: change one bit of one of them, and it \
         is another root. The signature is over a statement with this root. How to check both is under How to verify.",
    )?;
    flow.heading(2, "What was sealed")?;
    let mut table =
        flow.table(&[Column::rest("File, with its SHA-256").head(), Column::mm("Bytes", 24.0).right()])?;
    for file in &seal.files {
        let name = Cell::new(Run::new(file.path.as_str()).mono());
        let name = name.line(vec![Run::new(file.sha256.as_str()).mono().quiet()]);
        table.row(&Row::new([name, Cell::new(format::count(file.size))]))?;
    }
    table.finish()?;
    if seal.more_files > 0 {
        let more = counted(seal.more_files, "more file", "more files");
        flow.aside(&format!("{more}: the bundle's manifest lists all."))?;
    }
    Ok(())
}

/// The scans with whole digests.
pub(super) fn scans(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let Some(evidence) = &view.evidence else { return Ok(()) };
    flow.heading(2, "Scans that were looked at")?;
    if evidence.scans.is_empty() {
        return Ok(flow.paragraph(&[Run::new("None: the scope names no scan.")])?);
    }
    let mut table = flow.table(&[
        Column::rest("Image and scan").head(),
        Column::mm("Scanned", 36.0),
        Column::mm("Findings", 18.0).right(),
        Column::mm("Open", 16.0).right(),
    ])?;
    for row in &evidence.scans {
        let digest = row.digest.as_deref().unwrap_or("no digest known");
        let mut place = vec![Run::new(row.id.as_str()).mono().quiet()];
        place.extend(row.tool.as_deref().map(|tool| Run::new(format!(", {tool}")).quiet()));
        table.row(&Row::new([
            Cell::new(Run::new(row.image.as_str()).semibold())
                .line(vec![Run::new(digest).mono()])
                .line(place),
            Cell::new(row.scanned.as_deref().unwrap_or("not known")),
            Cell::new(format::count(row.findings)),
            count(row.counts.total()),
        ]))?;
    }
    table.finish()?;
    if evidence.more_scans > 0 {
        let more = counted(evidence.more_scans, "more scan was", "more scans were");
        flow.aside(&format!("{more} looked at: the manifest lists the sources of all."))?;
    }
    Ok(())
}

/// Who stated what as VEX.
pub(super) fn statements(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let Some(evidence) = view.evidence.as_ref().filter(|it| !it.statements.is_empty()) else { return Ok(()) };
    flow.heading(2, "VEX statements that count")?;
    let mut table = flow.table(&[
        Column::mm("Who", 50.0).head(),
        Column::rest("Document"),
        Column::mm("Findings", 44.0),
        Column::mm("Newest", 20.0).right(),
    ])?;
    for row in &evidence.statements {
        table.row(&Row::new([
            Cell::new(Run::new(row.author.as_str()).semibold()),
            Cell::new(Run::new(row.document.as_str()).mono()),
            Cell::new(row.what.as_str()),
            text(row.newest.as_deref()),
        ]))?;
    }
    table.finish()?;
    if evidence.more_statements > 0 {
        let more = counted(evidence.more_statements, "more finding comes", "more findings come");
        flow.aside(&format!("Statements of {more} from documents that have no room here."))?;
    }
    Ok(())
}
