//! The built-in reports on many data sets, and the promises that the environment makes for any template.

mod samples;

use std::collections::BTreeMap;

use export_render_kit::charts::tokens;
use export_templates::{
    BUILT_IN, Limits, ReportView, TemplateErrorKind, Templates, footer_html, header_html,
};

fn page(name: &str, view: &ReportView) -> String {
    let mut out = Vec::new();
    Templates::built_in().render(name, view, &mut out).unwrap_or_else(|error| panic!("{error}"));
    text(out)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("templates and values are UTF-8")
}

/// One template of the given text, with the limits of a tenant's.
fn tenant(text: &str) -> Templates {
    Templates::new(BTreeMap::from([("own".to_owned(), text.to_owned())]), Limits::TENANT)
}

fn render(templates: &Templates) -> Result<String, export_templates::TemplateError> {
    let mut out = Vec::new();
    templates.render("own", &samples::little(), &mut out).map(|()| text(out))
}

#[test]
fn every_template_renders_every_sample() {
    for (sample, view) in samples::all() {
        for name in BUILT_IN {
            let page = page(name, &view);
            assert_accessible(&page, &format!("{sample} {name}"));
            assert!(
                page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"),
                "{sample} {name}"
            );
            for part in ["default-src 'none'", "At a glance", "Method and proof", "What was read"] {
                assert!(page.contains(part), "{part} in {sample} {name}");
            }
        }
    }
}

#[test]
fn all_templates_parse() {
    let templates = Templates::built_in();
    for name in BUILT_IN {
        templates.check(name).unwrap();
    }
    assert_eq!(templates.check("absent").unwrap_err().kind, TemplateErrorKind::NotFound);
}

#[test]
fn hostile_text_stays_text() {
    let view = samples::hostile();
    let margins = [("header", header_html(&view)), ("footer", footer_html(&view))];
    let pages = BUILT_IN.map(|name| (name, page(name, &view)));
    for (name, html) in margins.iter().map(|(n, h)| (*n, h)).chain(pages.iter().map(|(n, h)| (*n, h))) {
        let lower = html.to_lowercase();
        for evil in ["<script", "<img", "javascript:", "</title></style>", "\u{202e}"] {
            assert!(!lower.contains(evil), "{evil} in {name}");
        }
        assert!(!html.contains(">49"), "{name} evaluated what it was given");
    }
    assert!(pages[0].1.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "the text itself is there");
    assert_eq!(pages[0].1.matches("</body>").count(), 1);
    assert_eq!(pages[0].1.matches("<style>").count(), 1);
}

#[test]
fn a_finding_is_told_whole_in_the_detailed_report_and_not_at_all_in_the_executive_one() {
    let view = samples::little();
    let finding = &view.images[0].tables[0].packages[0].findings[0];
    let (detailed, executive) = (page(BUILT_IN[0], &view), page(BUILT_IN[1], &view));
    let title = finding.title.as_deref().unwrap();
    assert!(detailed.contains("<img class=\"logo\" src=\"data:image/png;base64,iVBOR"), "the tenant's logo");
    for text in [finding.id.as_str(), title, finding.score.as_deref().unwrap()] {
        assert!(detailed.contains(text), "{text}");
    }
    assert!(detailed.contains("class=\"description\"") && !executive.contains("class=\"description\""));
    assert!(executive.contains("Upgrades by image"));
}

#[test]
fn every_finding_has_its_row_and_no_table_is_long() {
    let view = samples::much();
    let findings: usize =
        view.images.iter().flat_map(|i| &i.tables).flat_map(|t| &t.packages).map(|p| p.findings.len()).sum();
    let page = page(BUILT_IN[0], &view);
    assert_eq!(page.matches("<tbody class=\"finding\">").count(), findings);
    for table in page.split("<table class=\"findings\">").skip(1) {
        let table = table.split("</table>").next().unwrap();
        assert!(table.matches("<tbody class=\"finding\">").count() <= 200);
        assert_eq!(table.matches("<thead>").count(), 1, "each table repeats its head");
    }
}

#[test]
fn a_report_as_long_as_reports_get_is_within_the_limits() {
    let view = samples::long();
    let findings: u64 = view.images.iter().map(|image| image.counts.total()).sum();
    assert!(findings >= 5_000, "{findings}");
    assert!(page(BUILT_IN[0], &view).len() > 1 << 20);
}

/// Each head is below the one that it belongs to, cells that head say what, and pictures have words.
fn assert_accessible(page: &str, name: &str) {
    assert_eq!(page.matches("<h1>").count(), 1, "{name}");
    let levels = page.split("<h").skip(1).filter_map(|rest| rest[..1].parse::<u32>().ok());
    let mut last = 0;
    for level in levels {
        assert!(level <= last + 1, "{name}: h{level} follows h{last}");
        last = level;
    }
    for cell in page.split("<th").skip(1).filter(|cell| !cell.starts_with("ead")) {
        let tag = cell.split('>').next().expect("split gives one part");
        assert!(tag.contains("scope=\"col\"") || tag.contains("scope=\"row"), "{name}: <th{tag}");
        assert!(!cell.starts_with(" scope=\"col\"></th>"), "{name}: a column without a name");
    }
    for svg in page.split("<svg").skip(1) {
        let svg = svg.split("</svg>").next().expect("split gives one part");
        let told = svg.contains("role=\"img\"") && svg.contains("aria-label=\"") && svg.contains("<title>");
        assert!(told, "{name}: {svg}");
    }
    for (open, close) in
        [("<table", "</table>"), ("<tr", "</tr>"), ("<section", "</section>"), ("<dl", "</dl>")]
    {
        let opened = page.matches(open).count();
        assert_eq!(opened, page.matches(close).count(), "{name}: {open}");
    }
}

#[test]
fn each_section_says_what_it_has() {
    let view = samples::every_section(12, "Out-of-bounds read");
    for (name, parts) in [
        (
            BUILT_IN[0],
            &["All 24 scans", "CVE-2026-10011", "What to do", "Waivers", "ran out on", "What changed"][..],
        ),
        (BUILT_IN[1], &["What breaks the rules", "What to do", "Images, worst first", "Compliance by image"]),
        (
            BUILT_IN[2],
            &["sha256:9f86d0819f86d081", "How to verify", "Decisions about findings", "Waivers", "r.okafor"],
        ),
    ] {
        let page = page(name, &view).replace("<wbr>", "").replace("<span class=\"whole\">", "");
        for part in parts {
            assert!(page.contains(part), "{part} in {name}");
        }
    }
    let (executive, evidence) = (page(BUILT_IN[1], &view), page(BUILT_IN[2], &view));
    assert!(!executive.contains("CVE-<wbr>2026-<wbr>10011") && !executive.contains("All 24 scans"));
    assert!(!evidence.contains("First things first") && !evidence.contains("<h2>Picture</h2>"));
}

#[test]
fn nothing_found_is_a_result() {
    for name in BUILT_IN {
        let page = page(name, &samples::none());
        assert!(page.contains("Nothing was found in the one image that was looked"), "{name}");
        assert!(page.contains("No open findings.") || name == "audit-evidence", "{name}");
        assert!(page.contains("registry.<wbr>example.<wbr>com/<wbr>base/<wbr>static:<wbr>12"), "{name}");
        assert!(!page.contains("First things first") && !page.contains("<figure>"), "{name}");
    }
}

#[test]
fn warnings_are_announced_on_the_first_page() {
    let mut view = samples::little();
    assert!(page(BUILT_IN[1], &view).contains("One thing was not done as asked"));
    view.warnings.clear();
    assert!(!page(BUILT_IN[1], &view).contains("not done as asked"));
}

#[test]
fn header_and_footer_have_their_facts_and_their_size() {
    let view = samples::little();
    let (header, footer) = (header_html(&view), footer_html(&view));
    assert!(header.contains("Aurora Savings Bank") && header.contains("Container compliance report"));
    for part in ["Confidential", "9f86d081884c", "class=\"pageNumber\"", "class=\"totalPages\""] {
        assert!(footer.contains(part), "{part}");
    }
    let size = format!("font-size:{}pt", tokens::SMALL_PT);
    assert!(header.contains(&size) && footer.contains(&size));
}

#[test]
fn an_undefined_name_is_an_error_with_its_place_and_without_values() {
    let error = render(&tenant("<p>{{ cover.title }}</p>\n\n  {{ cover.titel }}")).unwrap_err();
    assert_eq!((error.template.as_str(), error.line, error.column), ("own", Some(3), Some(6)));
    assert_eq!(error.kind, TemplateErrorKind::Undefined);
    assert_eq!(error.to_string(), "template \"own\", line 3, column 6: undefined name or field");
}

#[test]
fn a_mistake_in_a_part_is_told_where_it_is() {
    let sources = [("own", "{% include 'part' %}"), ("part", "\n{{ nobody }}")];
    let sources = sources.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let error = render(&Templates::new(BTreeMap::from(sources), Limits::TENANT)).unwrap_err();
    assert_eq!((error.template.as_str(), error.line), ("part", Some(2)));
}

#[test]
fn kinds_of_mistakes_are_told_apart_and_tell_no_values() {
    let kinds = [
        ("{{ ", TemplateErrorKind::Syntax),
        ("{{ cover.title | shout }}", TemplateErrorKind::Unknown),
        ("{% include 'passwd' %}", TemplateErrorKind::NotFound),
        ("{{ cover.title | mark }}", TemplateErrorKind::Operation),
        ("{{ cover.title + 1 }}", TemplateErrorKind::Operation),
        ("{{ cover.tenant | safe }}", TemplateErrorKind::Unknown),
        ("{{ debug() }}", TemplateErrorKind::Unknown),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
            TemplateErrorKind::TooLong,
        ),
    ];
    for (text, kind) in kinds {
        let error = render(&tenant(text)).unwrap_err();
        assert_eq!(error.kind, kind, "{text}");
        assert!(
            !error.to_string().contains("Aurora") && !error.to_string().contains("compliance"),
            "{error}"
        );
    }
}

#[test]
fn text_is_escaped_whatever_a_template_says() {
    let view = samples::hostile();
    let mut out = Vec::new();
    let text = "{% autoescape false %}{{ cover.title }}{{ cover }}{% endautoescape %}";
    tenant(text).render("own", &view, &mut out).unwrap();
    assert!(!String::from_utf8(out).unwrap().contains('<'));
}

#[test]
fn a_page_has_a_limit() {
    let sources = BTreeMap::from([("own".to_owned(), "0123456789".repeat(10))]);
    let limited = |output| Templates::new(sources.clone(), Limits { output, ..Limits::TENANT });
    assert!(render(&limited(100)).is_ok());
    assert_eq!(render(&limited(99)).unwrap_err().kind, TemplateErrorKind::Output);
}

#[test]
fn the_digest_follows_the_template_and_its_parts_and_nothing_else() {
    let sources = |part: &str, other: &str| {
        let texts = [("own", "{% include 'part' %}"), ("part", part), ("other", other)];
        let texts = texts.map(|(name, text)| (name.to_owned(), text.to_owned()));
        Templates::new(BTreeMap::from(texts), Limits::TENANT).digest("own").unwrap()
    };
    assert_eq!(sources("a", "x"), sources("a", "y"));
    assert_ne!(sources("a", "x"), sources("b", "x"));
    let built_in = Templates::built_in();
    let digests = BUILT_IN.map(|name| built_in.digest(name).unwrap());
    assert_ne!(digests[0], digests[1]);
    assert!(digests[0].len() == 64 && digests[0].bytes().all(|b| b.is_ascii_hexdigit()));
    assert_eq!(built_in.digest("absent"), None);
}

#[test]
fn the_same_view_gives_the_same_page() {
    assert_eq!(page(BUILT_IN[0], &samples::much()), page(BUILT_IN[0], &samples::much()));
}
