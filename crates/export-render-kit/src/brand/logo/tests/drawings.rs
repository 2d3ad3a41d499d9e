//! SVG: group I of the attacks, and drawings as programs write them.

use super::*;

const SHAPE: &str = r#"<path d="M0 0h9v9z"/>"#;

/// Refuses `text` with `code`, in less time than an attack would take.
fn refused(text: &str, code: &str) {
    let before = Instant::now();
    let error = Logo::check(text.as_bytes()).unwrap_err();
    assert!(before.elapsed() < Duration::from_millis(500), "{:?}", before.elapsed());
    assert_eq!(error.code(), code, "{error}");
}

#[test]
fn i01_a_document_type_is_refused_outright() {
    for declared in [
        r#"<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>"#,
        r#"<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">"#,
        "<!DOCTYPE svg>",
        "<!DOCTYPE svg []>",
    ] {
        refused(&format!("<?xml version=\"1.0\"?>{declared}{}", svg("<text>&x;</text>")), "dtd_forbidden");
    }
    refused(&svg("<text>&x;</text>"), "svg_invalid");
}

#[test]
fn i02_entities_do_not_grow() {
    let mut lol = String::from("<!DOCTYPE lolz [<!ENTITY lol \"lol\">");
    for n in 1..10 {
        let before = if n == 1 { "lol".to_owned() } else { format!("lol{}", n - 1) };
        lol.push_str(&format!("<!ENTITY lol{n} \"{}\">", format!("&{before};").repeat(10)));
    }
    refused(&format!("{lol}]>{}", svg("<text>&lol9;</text>")), "dtd_forbidden");
    let long = format!("<!DOCTYPE x [<!ENTITY a \"{}\">]>", "a".repeat(50_000));
    refused(&format!("{long}{}", svg(&format!("<text>{}</text>", "&a;".repeat(10_000)))), "dtd_forbidden");
}

#[test]
fn i03_nothing_is_fetched() {
    refused(
        &format!("<!DOCTYPE r [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/x.dtd\"> %p;]>{}", svg(SHAPE)),
        "dtd_forbidden",
    );
    let styled = format!("<?xml-stylesheet href=\"http://127.0.0.1:1/x.css\"?>{}", svg(SHAPE));
    assert!(!written(&drawn(&styled)).contains("stylesheet"));
}

#[test]
fn i04_what_runs_or_loads_does_not_come_out() {
    let hostile = [
        ("<script>alert(1)</script>", "<script>"),
        ("<ScRiPt>alert(1)</ScRiPt>", "<ScRiPt>"),
        (
            "<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='x'/></foreignObject>",
            "<foreignObject>",
        ),
        ("<image href='http://127.0.0.1:1/x.png'/>", "<image>"),
        ("<image xlink:href='file:///etc/passwd'/>", "<image>"),
        ("<use xlink:href='file:///etc/passwd#a'/>", "<use>"),
        ("<use href='http://127.0.0.1:1/x.svg#a'/>", "<use>"),
        ("<use href='data:image/svg+xml;base64,AAAA#a'/>", "<use>"),
        ("<animate attributeName='href' to='javascript:alert(1)'/>", "<animate>"),
        ("<set attributeName='onload' to='alert(1)'/>", "<set>"),
        ("<style>@import url(http://127.0.0.1:1/x.css)</style>", "<style>"),
        ("<handler>alert(1)</handler>", "<handler>"),
        ("<filter id='f'><feImage href='http://127.0.0.1:1/x'/></filter>", "<filter>"),
        ("<pattern id='p'><image href='http://127.0.0.1:1/x'/></pattern>", "<pattern>"),
        ("<iframe xmlns='http://www.w3.org/1999/xhtml' src='x'/>", "<iframe>"),
        ("<g onload='alert(1)'/>", "onload"),
        ("<g OnClick='alert(1)'/>", "OnClick"),
        ("<g fill='url(http://127.0.0.1:1/x#p)'/>", "fill"),
        ("<g style='fill:url(http://127.0.0.1:1/x#p)'/>", "fill"),
        ("<g style='fill: URL( \"http://127.0.0.1:1/\" )'/>", "fill"),
        ("<g clip-path='url(\"http://127.0.0.1:1/x#p\")'/>", "clip-path"),
        ("<g filter='url(http://127.0.0.1:1/x)'/>", "filter"),
        ("<g style='marker-end:url(http://127.0.0.1:1/x)'/>", "marker-end"),
        ("<g color='image(\"http://127.0.0.1:1/x\")'/>", "color"),
        ("<g fill='\\75rl(http://127.0.0.1:1/x)'/>", "fill"),
        ("<g font-family='a;src:url(http://127.0.0.1:1/x)'/>", "font-family"),
    ];
    for (inside, told) in hostile {
        let logo = drawn(&svg(&format!("{inside}{SHAPE}")));
        let text = written(&logo).to_lowercase();
        for evil in
            ["alert", "127.0.0.1", "file:", "javascript", "url(h", "data:", "iframe", "<image", "script"]
        {
            assert!(!text.contains(evil), "{evil} in {text}");
        }
        assert!(text.contains("m0 0h9v9z"), "the shape stays: {text}");
        let names = logo.left_out();
        assert!(names.iter().any(|name| name.starts_with(told.trim_end_matches('>'))), "{told}: {names:?}");
    }
}

#[test]
fn names_without_the_right_namespace_are_not_of_svg() {
    let text = r#"<x:svg xmlns:x="http://www.w3.org/2000/svg" xmlns:e="urn:evil" viewBox="0 0 1 1"><e:path d="M1 1"/><x:path d="M0 0h9"/><e:script/></x:svg>"#;
    let logo = drawn(text);
    assert!(written(&logo).contains(r#"<path d="M0 0h9"></path>"#) && !written(&logo).contains("M1 1"));
    refused(r#"<svg viewBox="0 0 1 1"><path d="M0 0h9"/></svg>"#, "svg_invalid");
}

#[test]
fn a_drawing_of_which_nothing_is_left_says_what_it_was() {
    refused(&svg(""), "svg_empty");
    refused(&svg("<defs><path d='M0 0'/></defs>"), "svg_empty");
    let error = Logo::check(svg("<image href='#a'/><script/>").as_bytes()).unwrap_err();
    assert!(error.to_string().contains("it consists of <image>, <script>: convert it to paths"), "{error}");
}

#[test]
fn uses_do_not_grow() {
    // Twenty generations of two uses each would be a million shapes.
    let mut chain = String::from("<g id='g0'><path d='M0 0h9'/></g>");
    for n in 1..20 {
        chain.push_str(&format!("<g id='g{n}'><use href='#g{0}'/><use href='#g{0}'/></g>", n - 1));
    }
    let logo = drawn(&svg(&chain));
    assert_eq!(written(&logo).matches("<use").count(), 2, "only those of a shape");
    let many = format!("<g id='a'>{}</g>{}", SHAPE.repeat(300), "<use href='#a'/>".repeat(300));
    refused(&svg(&many), "svg_invalid");
    let itself = drawn(&svg(&format!("<g id='a'><use href='#a'/>{SHAPE}</g>")));
    assert!(!written(&itself).contains("<use"));
}

#[test]
fn cuts_do_not_chain() {
    let chain = "<clipPath id='a'><path id='p' d='M0 0h9' clip-path='url(#b)'/></clipPath>\
                 <clipPath id='b'><use href='#q'/></clipPath><path id='q' style='clip-path:url(#a)' d='M0 0h9'/>";
    let logo = drawn(&svg(chain));
    let cuts = written(&logo);
    assert_eq!(cuts.matches("url(#").count(), 1, "{cuts}");
    assert!(!cuts.contains("<use"), "{cuts}");
}

#[test]
fn depth_and_number_have_limits() {
    let deep = format!("{}{SHAPE}{}", "<g>".repeat(100), "</g>".repeat(100));
    refused(&svg(&deep), "svg_invalid");
    let very = format!("{}{SHAPE}{}", "<g>".repeat(9_000), "</g>".repeat(9_000));
    refused(&svg(&very), "svg_invalid");
    refused(&svg(&"<g/>".repeat(30_000)), "svg_invalid");
    refused(&svg(&SHAPE.repeat(3)).replace("</svg>", ""), "svg_invalid");
}

#[test]
fn drawings_of_common_programs_stay_what_they_are() {
    let logo = drawn(include_str!("inkscape.svg"));
    assert_eq!(logo.left_out(), <[String; 0]>::default());
    assert!((logo.size().0 / logo.size().1 - 2.5).abs() < 1e-4, "{:?}", logo.size());
    for part in [
        r##"<stop offset="0" stop-color="#0F766E" stop-opacity="1">"##,
        r#"fill="url(#lg-1)""#,
        r#"transform="matrix(1,0,0,1,2,3) translate(-1.5 2e-3)""#,
        r#"stroke="none" width="9" x="1" y="2""#,
    ] {
        assert!(written(&logo).contains(part), "{part} in {}", written(&logo));
    }
    let illustrator = svg(
        r##"<switch><g><defs><rect id="S1_" width="9" height="9"/></defs><clipPath id="S2_"><use xlink:href="#S1_" overflow="visible"/></clipPath><g clip-path="url(#S2_)"><path fill="#F00" d="M1-2.5c0,.5"/></g></g></switch>"##,
    );
    let logo = drawn(&illustrator);
    assert!(
        written(&logo).contains(r##"<clipPath id="S2_"><use href="#S1_"></use></clipPath>"##),
        "{}",
        written(&logo)
    );
    assert!(logo.left_out().is_empty(), "{:?}", logo.left_out());
    let figma = r#"<svg width="40" height="10" fill="none" xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9" stroke="rgb(15, 118, 110)"/></svg>"#;
    let outlined = r#"<g fill="none"><path d="M0 0h9" stroke="rgb(15, 118, 110)">"#;
    assert!(written(&drawn(figma)).contains(outlined), "what the first element says holds for all");
}

#[test]
fn text_is_kept_as_text() {
    let logo = drawn(&svg(
        "<text x='1' font-family=\"Inter, 'Noto Sans'\">A&amp;B &lt;b&gt; <tspan>\u{202E}C</tspan><script>x</script></text>",
    ));
    let text = written(&logo);
    assert!(text.contains("A&amp;B &lt;b&gt; <tspan>\u{FFFD}C</tspan></text>"), "{text}");
    assert_eq!(logo.left_out(), ["<script>"]);
}

#[test]
fn a_size_is_needed_and_has_bounds() {
    let of =
        |attributes: &str| format!(r#"<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{SHAPE}</svg>"#);
    assert_eq!(drawn(&of("viewBox='-5,-5 40 10'")).size(), (40.0, 10.0));
    assert_eq!(drawn(&of("width='1in' height='48px' viewBox='0 0 1 1'")).size(), (96.0, 48.0));
    assert_eq!(drawn(&of("width='100%' height='100%' viewBox='0 0 3 1'")).size(), (3.0, 1.0));
    for bad in [
        "",
        "width='4'",
        "viewBox='0 0 0 9'",
        "viewBox='0 0 1 nan'",
        "viewBox='0 0 1e30 1'",
        "width='-1' height='4'",
        "width='1' height='200'",
    ] {
        refused(&of(bad), "svg_invalid");
    }
}
