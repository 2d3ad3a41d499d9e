//! Documents that want more than to be printed.

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;

use super::support::{has_browser, job, launch, patient, print, scratch, text};
use export_render_pdf::chromium::{Browser, BrowserConfig, ChromiumError, Isolation};

/// Every way we know to reach the network or a file from HTML, with and without script.
const ATTACK: &str = include_str!("attack.html");
const PORT: &str = "18099";

/// A listener on loopback, and a document that attacks it.
struct Sink {
    listener: TcpListener,
    html: String,
}

impl Sink {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("it is bound").port().to_string();
        Self { html: ATTACK.replace(PORT, &port), listener }
    }

    /// How many came. The listener queues in order, so whoever stands before us came from the document.
    fn hits(self) -> usize {
        let us = TcpStream::connect(self.listener.local_addr().expect("it is bound")).expect("it listens");
        let us = us.local_addr().expect("it is connected");
        let peers = self.listener.incoming().map(|next| next.and_then(|stream| stream.peer_addr()));
        peers.take_while(|peer| peer.as_ref().is_ok_and(|peer| *peer != us)).count()
    }
}

fn attack(config: &BrowserConfig, expected: Isolation) {
    let sink = Sink::new();
    let mut browser = Browser::launch(config, &patient()).expect("the browser starts");
    assert_eq!(browser.isolation(), expected);
    let mut pdf = Vec::new();
    let printed = browser.print(&job(&sink.html), &mut pdf).expect("the document's own text is printed");
    drop(browser);

    let words = text(&pdf);
    assert!(words.contains("BODY-OK"), "the report is gone: {words}");
    for leak in ["root:x:0", "HOME=", "JS-RAN", "XHR"] {
        assert!(!words.contains(leak), "{leak} in {words}");
    }
    let raw = String::from_utf8_lossy(&pdf);
    for action in ["/OpenAction", "/JavaScript", "/EmbeddedFile", "/Launch"] {
        assert!(!raw.contains(action), "{action} in the PDF");
    }
    for path in ["img", "css", "bg", "printed", "sandboxed", "nested"] {
        assert!(printed.blocked.iter().any(|url| url.ends_with(path)), "{path} not in {:?}", printed.blocked);
    }
    assert_eq!(sink.hits(), 0);
}

#[test]
fn a_hostile_page_reaches_nothing() {
    if has_browser() {
        let folder = scratch();
        attack(&BrowserConfig::new(folder.path()), Isolation::SandboxWithoutNetwork);
    }
}

/// Here the listener could be reached: flags and interception have to do.
#[test]
fn a_hostile_page_reaches_nothing_without_a_network_namespace_either() {
    if has_browser() {
        let folder = scratch();
        let config =
            BrowserConfig { unshare: PathBuf::from("/nonexistent"), ..BrowserConfig::new(folder.path()) };
        attack(&config, Isolation::Sandbox);
    }
}

#[test]
fn an_endless_script_does_not_run() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let html =
        "<p>before</p><script>while (true) {}</script><img src=x onerror='while (true) {}'><p>after</p>";
    let words = text(&print(&mut launch(&folder), &job(html)).expect("a PDF"));
    assert!(words.contains("before") && words.contains("after"), "{words}");
}

/// An empty page is the one place a document can still go to; printing that as the report would be a lie.
#[test]
fn a_document_that_replaces_itself_is_refused() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let html = "<meta http-equiv=refresh content='0;url=about:blank'><p>text</p>";
    let mut pdf = Vec::new();
    match launch(&folder).print(&job(html), &mut pdf) {
        Err(ChromiumError::UnexpectedNavigation { .. }) => assert!(pdf.is_empty()),
        Err(other) => panic!("{other}"),
        Ok(_) => assert!(text(&pdf).contains("text"), "the printing was faster, and yet the text is gone"),
    }
}
