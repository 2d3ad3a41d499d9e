//! Cases of `page`.

use export_core::ports::{AuditFilter, AuditPage};

use super::{Subject, acme, entry, note};
use crate::corpus::job as of;

fn places(page: &AuditPage) -> Vec<u64> {
    page.events.iter().map(|event| event.seq).collect()
}

/// Up to `limit` events, newest first.
pub async fn a_page_shows_the_newest_first(trail: Subject) {
    note(&*trail, 5).await;
    let page = trail.page(&acme(), &AuditFilter::default(), 3).await.unwrap();
    assert_eq!((places(&page), page.more), (vec![5, 4, 3], true));
    assert_eq!(page.events[0].entry, entry(5));
    assert_eq!(page.events[0].at, of::second(5).wall);
}

/// Older than the last one of the page before.
pub async fn a_trail_has_pages(trail: Subject) {
    note(&*trail, 5).await;
    let behind = |seq| AuditFilter { older_than: Some(seq), ..AuditFilter::default() };
    let page = trail.page(&acme(), &behind(3), 2).await.unwrap();
    assert_eq!((places(&page), page.more), (vec![2, 1], false));
    let page = trail.page(&acme(), &behind(1), 2).await.unwrap();
    assert_eq!(page, AuditPage::default());
}

/// Events that `filter` names, and all members of it restrict.
pub async fn a_page_has_what_its_filter_names(trail: Subject) {
    note(&*trail, 40).await;
    let all = AuditFilter::default;
    let at = |second| Some(of::second(second).wall);
    let passes: [(AuditFilter, fn(u64) -> bool); 7] = [
        (AuditFilter { action: Some(entry(3).action), ..all() }, |n| entry(n).action == entry(3).action),
        (AuditFilter { actor: Some("ann".to_owned()), ..all() }, |n| n.is_multiple_of(2)),
        (AuditFilter { actor: Some("an".to_owned()), ..all() }, |_| false),
        (AuditFilter { target: Some("exp-1".to_owned()), ..all() }, |n| n % 3 == 1),
        (AuditFilter { after: at(30), ..all() }, |n| n >= 30),
        (AuditFilter { before: at(30), ..all() }, |n| n < 30),
        (
            AuditFilter {
                actor: Some("bob".to_owned()),
                target: Some("exp-1".to_owned()),
                after: at(5),
                before: at(30),
                older_than: Some(20),
                ..all()
            },
            |n| n % 2 == 1 && n % 3 == 1 && (5..20).contains(&n),
        ),
    ];
    for (filter, passes) in passes {
        let page = trail.page(&acme(), &filter, 100).await.unwrap();
        let expected: Vec<u64> = (1..=40).rev().filter(|number| passes(*number)).collect();
        assert_eq!((places(&page), page.more), (expected, false), "{filter:?}");
    }
}

/// Events of `tenant`.
pub async fn a_page_has_nothing_of_another_tenant(trail: Subject) {
    note(&*trail, 5).await;
    let page = trail.page(&of::tenant("globex"), &AuditFilter::default(), 3).await.unwrap();
    assert_eq!(page, AuditPage::default());
}
