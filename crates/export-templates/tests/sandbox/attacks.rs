//! What has been tried against template engines, case by case: D01 to D16 of the attack table, and some of our own.

use std::time::Duration;

use export_core::template::MAX_TEMPLATE_BYTES;
use export_templates::TemplateErrorKind::{self, *};
use export_templates::sandbox::WALL_LIMIT;
use export_templates::{CustomTemplate, ReportView};

use crate::samples;
use crate::support::{BOMB, SHORT, check, render, render_within};

fn kind(source: &str) -> TemplateErrorKind {
    kind_within(WALL_LIMIT, source)
}

fn kind_within(limit: Duration, source: &str) -> TemplateErrorKind {
    match render_within(limit, source, &ReportView::sample()) {
        Err(error) => {
            let told = error.to_string();
            assert!(!told.contains("Aurora") && !told.contains("CHG-20417"), "values are told: {told}");
            error.kind
        }
        Ok(page) => panic!("{} bytes came out of {source}", page.len()),
    }
}

#[test]
fn d01_d02_nothing_leads_out_of_a_value() {
    assert_eq!(kind(r#"{{ "".__class__.__mro__[1].__subclasses__() }}"#), Undefined);
    assert_eq!(kind("{{ cycler.__init__.__globals__.os.popen('id').read() }}"), Undefined);
}

#[test]
fn d03_what_data_says_is_text() {
    let mut view = ReportView::sample();
    view.cover.title = "{{ 7*7 }}{% include '_cover' %}<b>".to_owned();
    let page = render("{{ cover.title }} {{ cover.title | upper }} {{ cover }}", &view).unwrap();
    assert!(page.starts_with("{{ 7*7 }}{% include &#39;_cover&#39; %}&lt;b&gt; {{ 7*7 }}"), "{page}");
    assert!(!page.contains("49") && !page.contains('<'), "{page}");
}

#[test]
fn d04_loops_run_out_of_fuel() {
    let source = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}";
    assert_eq!(kind(source), TooLong);
}

#[test]
fn d05_d06_texts_and_lists_run_out_of_fuel() {
    for source in [
        r#"{{ "a\nb"|indent(1000000000) }}"#,
        "{{ [1]|batch(1000000000,0)|list|length }}",
        "{{ [1]|slice(1000000000)|list|length }}",
        r#"{{ "%2147483647s"|format("a") }}"#,
        &format!(r#"{{{{ "aaaaaaaaaa"{} }}}}"#, r#"|replace("a", "aaaaaaaaaa")"#.repeat(9)),
        r#"{% set ns = namespace(s="x") %}{% for i in range(40) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}"#,
        "{{ 'a' * 1000000000 }}",
    ] {
        assert_eq!(kind(source), TooLong, "{source}");
    }
}

#[test]
fn d07_json_is_not_indented_without_end() {
    assert_eq!(kind("{{ [1]|tojson(indent=1000000000) }}"), Operation);
    assert_eq!(kind("{{ [1]|tojson(1000000000) }}"), Operation);
}

#[test]
fn d08_lists_that_hold_each_other_are_not_written_out() {
    for filter in ["tojson", "tojson(indent=8)", "pprint", "string", "escape", "e", "default(1)"] {
        assert_eq!(kind(&format!("{BOMB}{{{{ ns.l|{filter} }}}}")), Output, "{filter}");
    }
    assert_eq!(kind(&format!("{BOMB}{{{{ ns.l }}}}")), Output);
}

#[test]
fn d08_their_comparison_is_ended_by_the_clock() {
    assert_eq!(kind_within(SHORT, &format!("{BOMB}{{{{ ns.l == ns.m }}}}")), TooLong);
}

#[test]
fn d09_lists_added_to_themselves_are_ended_by_the_clock() {
    let source = "{% set ns = namespace(l=[1]) %}\
        {% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}{{ ns.l|list|length }}";
    assert_eq!(kind_within(SHORT, source), TooLong);
}

#[test]
fn d10_recursion_has_an_end() {
    for source in [
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% include 'custom-aurora-own' %}",
        "{% extends 'custom-aurora-own' %}",
        "{% import 'custom-aurora-own' as own %}",
    ] {
        assert_eq!(kind(source), Operation, "{source}");
    }
}

#[test]
fn d10_nesting_is_refused_where_it_is_parsed() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{'a':", "}")] {
        let source = format!("{{{{ {}1{} }}}}", open.repeat(5_000), close.repeat(5_000));
        assert_eq!(check(&source).unwrap_err().kind, Syntax, "{open}");
    }
    let ifs = format!("{}{}", "{% if 1 %}".repeat(5_000), "{% endif %}".repeat(5_000));
    assert_eq!(check(&ifs).unwrap_err().kind, Syntax);
}

/// The engine's parser bounds the depth of brackets, but not of these. What they take is the child's stack.
#[test]
fn d10_chains_as_long_as_a_template_can_be_are_the_childs_business() {
    let expressions = [
        ("", "not ", "1"),
        ("", "-", "1"),
        ("1", "+1", ""),
        ("1", "~1", ""),
        ("1", "**1", ""),
        ("1", " and 1", ""),
        ("1", "<1", ""),
        ("a", ".a", ""),
        ("a", "[1]", ""),
        ("a", "|e", ""),
        ("a", "()", ""),
        ("1", " if 1 else 1", ""),
        ("1", " if 1", ""),
    ];
    let mut overflowed = 0;
    for (before, piece, after) in expressions {
        let chain = piece.repeat((MAX_TEMPLATE_BYTES - 40) / piece.len());
        for source in [
            format!("{{{{ {before}{chain}{after} }}}}"),
            format!("{{% if {before}{chain}{after} %}}{{% endif %}}"),
        ] {
            if let Err(error) = check(&source) {
                assert!(matches!(error.kind, TooLarge | Syntax), "{error}");
                overflowed += u32::from(error.kind == TooLarge);
            }
        }
    }
    assert!(overflowed > 0, "the engine has become better, and this test has lost its meaning");
}

#[test]
fn d11_nothing_prints_all_there_is() {
    assert_eq!(kind("{{ debug() }}"), Unknown);
}

#[test]
fn d12_text_of_data_never_becomes_markup() {
    assert_eq!(kind("{{ cover.title|safe }}"), Unknown);
    let view = samples::hostile();
    let source = "{% autoescape false %}{{ cover.title }}{{ cover.title|e }}{% set x %}{{ cover.title }}{% endset %}\
        {{ x }}{% endautoescape %}{% autoescape 'json' %}{{ cover.title|escape }}{% endautoescape %}";
    assert!(!render(source, &view).unwrap().contains('<'));
}

#[test]
fn d13_size_and_name_have_bounds() {
    let text = "x".repeat(MAX_TEMPLATE_BYTES);
    assert!(CustomTemplate::new("custom-a", text.clone()).is_ok());
    assert_eq!(CustomTemplate::new("custom-a", format!("{text}x")).unwrap_err().kind, Text);
    assert_eq!(CustomTemplate::new("custom-a", "x".repeat(5 << 20)).unwrap_err().kind, Text);
    // What else a tenant may not call a template is checked where it is stored.
    for name in ["../x", "compliance-detailed", "_base", ""] {
        assert_eq!(CustomTemplate::new(name, "x").unwrap_err().kind, Name, "{name}");
    }
}

#[test]
fn d14_a_name_that_is_not_there_is_a_mistake_with_its_place() {
    let error = render("<p>\n  {{ findng.title }}", &ReportView::sample()).unwrap_err();
    assert_eq!((error.line, error.column, error.kind), (Some(2), Some(6), Undefined));
    assert_eq!(
        error.to_string(),
        r#"template "custom-aurora-own", line 2, column 6: undefined name or field"#
    );
}

#[test]
fn d15_a_mistake_tells_no_value() {
    // `kind` looks at the words of each.
    assert_eq!(kind("{{ cover.tenant|mark }}"), Operation);
    assert_eq!(kind("{{ cover.tenant + 1 }}"), Operation);
    assert_eq!(kind("{{ cover[cover.tenant].x }}"), Undefined);
    assert_eq!(kind("{% include cover.tenant %}"), NotFound);
    assert_eq!(kind("{% include [cover.tenant, cover.custom[0].value] %}"), NotFound);
    assert_eq!(kind("{% extends cover.tenant %}"), NotFound);
    assert_eq!(kind("{{ cover.tenant() }}"), Operation);
}

#[test]
fn d16_a_page_has_an_end() {
    assert_eq!(kind(r#"{% set x = "y"*30000000 %}{{x}}{{x}}{{x}}"#), Output);
}

#[test]
fn memory_has_an_end() {
    // The engine counts what a filter made after it was made.
    let joined = r#"{% set x = "y"*30000000 %}{{ ([x]*60)|join("")|length }}"#;
    assert_eq!(kind(joined), TooLarge);
    // Each level takes stack to be written out.
    let deep =
        "{% set ns = namespace(l=[1]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}{% endfor %}";
    assert_eq!(kind(&format!("{deep}{{{{ ns.l }}}}")), TooLarge);
}

#[test]
fn tenants_do_not_reach_each_other_nor_any_file() {
    for name in ["custom-borealis-own", "/etc/passwd", "../../../../etc/passwd", "templates/_base.html"] {
        for tag in ["include", "extends", "import"] {
            let end = if tag == "import" { " as x" } else { "" };
            assert_eq!(kind(&format!("{{% {tag} '{name}'{end} %}}")), NotFound, "{name}");
        }
    }
}
