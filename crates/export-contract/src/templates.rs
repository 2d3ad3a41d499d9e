//! The suite of [`TemplateStore`]: one case for each sentence of its documentation.

use std::sync::Arc;

use export_core::audit::AuditEvent;
use export_core::digest::Digest;
use export_core::error::ErrorKind;
use export_core::id::TenantId;
use export_core::ports::{AuditSource, TemplateStore};
use export_core::template::{MAX_TEMPLATE_BYTES, MAX_TEMPLATES, MAX_VERSIONS, NewTemplate, Template};

use crate::audit::all;
use crate::corpus::job as of;

/// An empty store, and the trail that it notes in.
pub struct Subject {
    /// The store.
    pub store: Arc<dyn TemplateStore>,
    /// The trail.
    pub trail: Arc<dyn AuditSource>,
}

/// Makes one test of each case: `async fn open() -> (templates::Subject, impl Sized)`.
#[macro_export]
macro_rules! templates_suite {
    ($open:expr) => {
        $crate::cases! { $open => templates:
            a_template_is_kept_as_it_was_given
            a_change_is_a_new_version_and_old_ones_stay
            the_same_text_and_description_change_nothing
            a_template_that_the_tenant_may_not_store_is_invalid
            a_tenant_has_so_many_templates_and_no_more
            a_template_has_so_many_versions_and_no_more
            what_is_not_there_is_none
            a_list_has_the_newest_versions_by_name
            a_removed_template_is_gone_with_all_its_versions
            a_removed_template_goes_on_counting_when_it_comes_back
            every_change_is_noted_in_the_trail
            writers_at_the_same_time_make_versions_of_their_own
        }
    };
}

fn acme() -> TenantId {
    of::tenant("acme")
}

fn new(name: &str, text: &str) -> NewTemplate {
    NewTemplate { name: name.to_owned(), description: "for the board".to_owned(), text: text.to_owned() }
}

impl Subject {
    async fn put(&self, name: &str, text: &str) -> Template {
        self.store.put(&acme(), new(name, text), "ann", of::second(1)).await.unwrap()
    }

    async fn names(&self, after: Option<&str>, limit: usize) -> (Vec<(String, u32)>, bool) {
        let page = self.store.list(&acme(), after, limit).await.unwrap();
        (page.templates.into_iter().map(|it| (it.name, it.version)).collect(), page.more)
    }
}

/// One version of a template, as it is stored.
pub async fn a_template_is_kept_as_it_was_given(subject: Subject) {
    let hostile = "{{ 7*7 }}'); DROP TABLE template; --\u{0}\u{202e}🙂\r\n";
    let given = NewTemplate { description: hostile.to_owned(), ..new("custom-acme", hostile) };
    let stored = subject.store.put(&acme(), given, hostile, of::second(4)).await.unwrap();
    let expected = Template {
        name: "custom-acme".to_owned(),
        version: 1,
        digest: Digest::of(hostile.as_bytes()),
        description: hostile.to_owned(),
        text: hostile.to_owned(),
        created_at: of::second(4).wall,
        created_by: hostile.to_owned(),
    };
    assert_eq!(stored, expected);
    for version in [None, Some(1)] {
        let got = subject.store.get(&acme(), "custom-acme", version).await.unwrap();
        assert_eq!(got.as_ref(), Some(&expected));
    }
}

/// Stores a new version of it; from 1, and old ones stay.
pub async fn a_change_is_a_new_version_and_old_ones_stay(subject: Subject) {
    subject.put("custom-acme", "one").await;
    assert_eq!(subject.put("custom-acme", "two").await.version, 2);
    // The text of an older version is a change all the same.
    assert_eq!(subject.put("custom-acme", "one").await.version, 3);
    let described = NewTemplate { description: "else".to_owned(), ..new("custom-acme", "one") };
    assert_eq!(subject.store.put(&acme(), described, "ann", of::second(2)).await.unwrap().version, 4);
    for (version, text) in [(Some(1), "one"), (Some(2), "two"), (Some(3), "one"), (None, "one")] {
        let got = subject.store.get(&acme(), "custom-acme", version).await.unwrap().unwrap();
        assert_eq!((got.text.as_str(), got.version), (text, version.unwrap_or(4)));
    }
}

/// The same text and description as the newest version change nothing, and give that version.
pub async fn the_same_text_and_description_change_nothing(subject: Subject) {
    let first = subject.put("custom-acme", "one").await;
    let again = subject.store.put(&acme(), new("custom-acme", "one"), "bob", of::second(9)).await.unwrap();
    assert_eq!(again, first);
    assert_eq!(all(&*subject.trail, &acme()).await.len(), 1);
}

/// `Invalid` if the tenant may not store a template of that name, or the text is too long.
pub async fn a_template_that_the_tenant_may_not_store_is_invalid(subject: Subject) {
    let long = "x".repeat(MAX_TEMPLATE_BYTES + 1);
    for refused in [new("custom-globex", "x"), new("compliance-detailed", "x"), new("custom-acme", &long)] {
        let error = subject.store.put(&acme(), refused, "ann", of::second(1)).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid, "{error}");
    }
    assert_eq!(subject.names(None, 10).await, (vec![], false));
    assert_eq!(all(&*subject.trail, &acme()).await, []);
    subject.put("custom-acme", &long[1..]).await;
}

/// `Limit` if the tenant has as many templates as it may; others and other tenants are not concerned.
pub async fn a_tenant_has_so_many_templates_and_no_more(subject: Subject) {
    for number in 0..MAX_TEMPLATES {
        subject.put(&format!("custom-acme-{number}"), "x").await;
    }
    let one_more = subject.store.put(&acme(), new("custom-acme", "x"), "ann", of::second(1)).await;
    assert_eq!(one_more.unwrap_err().kind, ErrorKind::Limit);
    assert_eq!(subject.put("custom-acme-0", "y").await.version, 2, "a version is no template");
    let globex = of::tenant("globex");
    subject.store.put(&globex, new("custom-globex", "x"), "gus", of::second(1)).await.unwrap();
    assert!(subject.store.delete(&acme(), "custom-acme-7", "ann", of::second(2)).await.unwrap());
    assert_eq!(subject.put("custom-acme", "x").await.version, 1, "there is room again");
}

/// `Limit` if the template has as many versions as it may.
pub async fn a_template_has_so_many_versions_and_no_more(subject: Subject) {
    for number in 0..MAX_VERSIONS {
        subject.put("custom-acme", &number.to_string()).await;
    }
    let one_more = subject.store.put(&acme(), new("custom-acme", "more"), "ann", of::second(1)).await;
    assert_eq!(one_more.unwrap_err().kind, ErrorKind::Limit);
    let newest = subject.store.get(&acme(), "custom-acme", None).await.unwrap().unwrap();
    assert_eq!(newest.version as usize, MAX_VERSIONS);
    subject.put("custom-acme-other", "x").await;
}

/// None if there is none; a template of another tenant is none.
pub async fn what_is_not_there_is_none(subject: Subject) {
    subject.put("custom-acme", "x").await;
    let globex = of::tenant("globex");
    assert_eq!(subject.store.get(&acme(), "custom-acme", Some(2)).await.unwrap(), None);
    assert_eq!(subject.store.get(&acme(), "custom-acme-other", None).await.unwrap(), None);
    assert_eq!(subject.store.get(&globex, "custom-acme", None).await.unwrap(), None);
    assert!(subject.store.list(&globex, None, 10).await.unwrap().templates.is_empty());
    assert!(!subject.store.delete(&globex, "custom-acme", "eve", of::second(2)).await.unwrap());
    assert!(!subject.store.delete(&acme(), "custom-acme-other", "ann", of::second(2)).await.unwrap());
    assert_eq!(all(&*subject.trail, &globex).await, []);
    assert_eq!(subject.names(None, 10).await.0.len(), 1);
}

/// The newest version of each, in the order of their names, behind `after`, at most `limit`.
pub async fn a_list_has_the_newest_versions_by_name(subject: Subject) {
    for (name, text) in [("custom-acme-b", "1"), ("custom-acme-c", "1"), ("custom-acme-a", "1")] {
        subject.put(name, text).await;
    }
    subject.put("custom-acme-b", "2").await;
    let named = |name: &str, version| (format!("custom-acme-{name}"), version);
    assert_eq!(subject.names(None, 2).await, (vec![named("a", 1), named("b", 2)], true));
    assert_eq!(subject.names(Some("custom-acme-b"), 2).await, (vec![named("c", 1)], false));
    assert_eq!(subject.names(None, 3).await.0.len(), 3);
    let page = subject.store.list(&acme(), Some("custom-acme-a"), 1).await.unwrap();
    assert_eq!((page.templates[0].text.as_str(), page.more), ("2", true));
}

/// Removes a template with all its versions.
pub async fn a_removed_template_is_gone_with_all_its_versions(subject: Subject) {
    subject.put("custom-acme", "1").await;
    subject.put("custom-acme", "2").await;
    subject.put("custom-acme-other", "1").await;
    assert!(subject.store.delete(&acme(), "custom-acme", "ann", of::second(2)).await.unwrap());
    assert!(!subject.store.delete(&acme(), "custom-acme", "ann", of::second(3)).await.unwrap());
    for version in [None, Some(1), Some(2)] {
        assert_eq!(subject.store.get(&acme(), "custom-acme", version).await.unwrap(), None);
    }
    assert_eq!(subject.names(None, 10).await, (vec![("custom-acme-other".to_owned(), 1)], false));
}

/// A template of the same name that is stored later goes on counting its versions.
pub async fn a_removed_template_goes_on_counting_when_it_comes_back(subject: Subject) {
    subject.put("custom-acme", "1").await;
    subject.put("custom-acme", "2").await;
    subject.store.delete(&acme(), "custom-acme", "ann", of::second(2)).await.unwrap();
    assert_eq!(subject.put("custom-acme", "2").await.version, 3);
}

/// Every change is one transaction with its entry in the audit trail.
pub async fn every_change_is_noted_in_the_trail(subject: Subject) {
    let stored = subject.put("custom-acme", "1").await;
    subject.put("custom-acme", "2").await;
    subject.store.delete(&acme(), "custom-acme", "bob", of::second(2)).await.unwrap();
    let trail = all(&*subject.trail, &acme()).await;
    let told = |event: &AuditEvent<'_>| {
        let entry = &event.entry;
        let detail: Vec<_> = entry.detail.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{} {} {} {}", entry.actor, entry.action.as_str(), entry.target, detail.join(" "))
    };
    let two = Digest::of(b"2");
    assert_eq!(
        trail.iter().map(told).collect::<Vec<_>>(),
        [
            format!("ann template.stored custom-acme sha256={} version=1", stored.digest),
            format!("ann template.stored custom-acme sha256={two} version=2"),
            "bob template.deleted custom-acme versions=2".to_owned(),
        ]
    );
}

/// Each change makes a new version, also when many come at the same time.
pub async fn writers_at_the_same_time_make_versions_of_their_own(subject: Subject) {
    let writers = (0..8).map(|writer| {
        let store = Arc::clone(&subject.store);
        tokio::spawn(async move {
            for number in 0..10 {
                let template = new("custom-acme", &format!("{writer}/{number}"));
                store.put(&acme(), template, "ann", of::second(1)).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let mut texts = std::collections::BTreeSet::new();
    for version in 1..=80 {
        texts.insert(subject.store.get(&acme(), "custom-acme", Some(version)).await.unwrap().unwrap().text);
    }
    assert_eq!(texts.len(), 80);
}
