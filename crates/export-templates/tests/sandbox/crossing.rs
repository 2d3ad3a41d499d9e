//! What crosses the border between the processes: text stays text, pictures stay pictures.

use export_templates::{BUILT_IN, CustomTemplate, ReportView, TemplateErrorKind, Templates};
use serde_json::Value;

use crate::samples;
use crate::support::{check, render};

fn in_process(name: &str, view: &ReportView) -> String {
    let mut page = Vec::new();
    Templates::built_in().render(name, view, &mut page).expect("a built-in template renders");
    String::from_utf8(page).expect("a page is UTF-8")
}

#[test]
fn a_page_is_the_same_on_both_sides() {
    for (sample, view) in samples::all().into_iter().chain([("sample", ReportView::sample())]) {
        for name in BUILT_IN {
            let page = render(&format!("{{% extends '{name}' %}}"), &view).unwrap();
            assert!(page == in_process(name, &view), "{sample} {name}");
        }
    }
}

#[test]
fn mistakes_are_found_without_a_view_as_far_as_that_goes() {
    assert_eq!(check("{% extends '_base' %}{% block detail %}{{ shout(cover|loud) }}{% endblock %}"), Ok(()));
    let error = check("<p>\n {{ cover.title").unwrap_err();
    assert_eq!((error.line, error.kind), (Some(2), TemplateErrorKind::Syntax));
    assert_eq!(
        render("{{ cover|loud }}", &ReportView::sample()).unwrap_err().kind,
        TemplateErrorKind::Unknown
    );
}

#[test]
fn blocks_of_the_base_are_a_tenants_to_fill() {
    let source = "{% extends '_base' %}{% block style %}h1 { color: teal }{% endblock %}\
        {% block cover %}<h1>Ours: {{ cover.title }}</h1>{% endblock %}{% block glance %}{% endblock %}\
        {% block detail %}{% include '_policies' %}{% endblock %}";
    let page = render(source, &ReportView::sample()).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("default-src 'none'"));
    for part in
        ["h1 { color: teal }", "<h1>Ours: Container compliance report</h1>", "First things", "Policies"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("At a glance"));
}

#[test]
fn a_text_in_the_likeness_of_a_picture_is_a_text() {
    let mut view = ReportView::sample();
    let svg = "<svg role=\"img\"></svg>";
    view.cover.title = svg.to_owned();
    view.cover.tenant = format!(r#"{{"safe":{svg:?}}}"#);
    view.charts[0].title = svg.to_owned();
    let page = render("{{ cover.title }}{{ cover.tenant }}{{ charts[0].title }}", &view).unwrap();
    assert!(!page.contains('<') && page.contains("&lt;svg"), "{page}");
    let picture = render("{{ charts[0].picture }}{{ glance.distribution }}", &view).unwrap();
    assert!(picture.starts_with("<svg") && picture.trim_end().ends_with("</svg>"));
}

#[test]
fn a_view_read_back_is_checked_again() {
    let view = serde_json::to_value(ReportView::sample()).unwrap();
    let read = |change: &dyn Fn(&mut Value)| {
        let mut view = view.clone();
        change(&mut view);
        serde_json::from_value::<ReportView>(view)
    };
    assert!(read(&|_| ()).is_ok());
    assert!(read(&|view| view["accent"] = "red;} body {".into()).is_err());
    assert!(read(&|view| view["cover"]["logo"] = "data:image/svg+xml;base64,AAAA".into()).is_err());
    assert!(read(&|view| view["first_things"][0]["link"] = "javascript:alert(1)".into()).is_err());
}

#[test]
fn a_huge_view_is_rendered() {
    let mut view = samples::long();
    let images = view.images.clone();
    for n in 1..4 {
        view.images.extend(images.iter().cloned().map(|mut image| {
            image.name = format!("registry.example.com/legacy/monolith:{n}");
            image
        }));
    }
    let bytes = serde_json::to_vec(&view).unwrap().len();
    let rows: u64 = view.images.iter().map(|image| image.counts.total()).sum();
    assert!(bytes > 10 << 20 && rows > 20_000, "{bytes} bytes, {rows} rows");
    let source = "{% for image in images %}{% for table in image.tables %}{% for package in table.packages %}\
        {% for row in package.findings %}<p>{{ row.id }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}";
    let page = render(source, &view).unwrap();
    assert_eq!(page.matches("<p>").count() as u64, rows);
}

#[test]
fn the_longest_report_of_the_designed_kind_has_the_fuel_it_needs() {
    let view = samples::long();
    assert!(render("{% extends 'compliance-detailed' %}", &view).is_ok());
}

#[test]
fn json_in_a_page_is_the_value_and_cannot_end_its_element() {
    let mut view = ReportView::sample();
    view.cover.title = "</script><b>'&".to_owned();
    let page = render("{{ cover|tojson }} {{ cover.custom|tojson(indent=2) }}", &view).unwrap();
    assert!(!page.contains(['<', '&', '\'']), "{page}");
    let mut values = serde_json::Deserializer::from_str(&page).into_iter::<Value>();
    assert_eq!(values.next().unwrap().unwrap()["title"], "</script><b>'&");
    assert_eq!(values.next().unwrap().unwrap()[0]["value"], "CHG-20417");
}

#[test]
fn the_sample_has_every_value_and_fills_every_section() {
    let value = serde_json::to_value(ReportView::sample()).unwrap();
    let mut seen = std::collections::BTreeMap::new();
    look(&value, "", &mut seen);
    // What a number can have besides its value is there if one of the six has it.
    for part in ["note", "change"] {
        seen.retain(|path, filled| *filled || !(path.starts_with(".glance.") && path.ends_with(part)));
        assert!(seen.keys().any(|path| path.starts_with(".glance.") && path.ends_with(part)), "{part}");
    }
    let empty: Vec<_> = seen.iter().filter(|(_, filled)| !**filled).map(|(path, _)| path).collect();
    assert!(empty.is_empty(), "never filled in the sample: {empty:#?}");
}

/// Notes for each place in a view, whatever the index in lists, whether something stands there at least once.
fn look(value: &Value, path: &str, seen: &mut std::collections::BTreeMap<String, bool>) {
    let filled = seen.entry(path.to_owned()).or_default();
    match value {
        Value::Null => {}
        Value::Array(items) => {
            *filled |= !items.is_empty();
            items.iter().for_each(|item| look(item, &format!("{path}[]"), seen));
        }
        Value::Object(fields) => {
            *filled = true;
            fields.iter().for_each(|(name, field)| look(field, &format!("{path}.{name}"), seen));
        }
        Value::String(text) => *filled |= !text.is_empty(),
        Value::Bool(_) | Value::Number(_) => *filled = true,
    }
}

#[test]
fn a_digest_follows_the_tenants_text_and_the_parts_that_it_uses() {
    let digest = |source: &str| CustomTemplate::new("custom-a", source).unwrap().digest();
    assert_eq!(digest("{{ cover.title }}"), digest("{{ cover.title }}"));
    assert_ne!(digest("{{ cover.title }}"), digest("{{ cover.tenant }}"));
    assert_eq!(digest("x").len(), 64);
}
