use super::*;
use crate::model::{AuthVerdict, ResourceKind};
use crate::store::Store;

/// A store with two directories, 1 and 2.
fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _) = Store::open(folder.path()).expect("a store");
    store
        .write(|tx| {
            tx.execute_batch(
                "INSERT INTO environments (id, name, name_key, created_at) VALUES ('e', 'Local', 'local', 0);
                 INSERT INTO organizations (id, environment_id, name, name_key, created_at) VALUES ('o', 'e', 'Acme', 'acme', 0);
                 INSERT INTO directories (key, id, organization_id, name, name_key, is_primary, policy, created_at) VALUES
                   (1, 'one', 'o', 'One', 'one', 1, '{}', 0), (2, 'two', 'o', 'Two', 'two', 0, '{}', 0);",
            )?;
            Ok::<_, StoreError>(())
        })
        .expect("two directories");
    (folder, store)
}

fn exchange(id: i64, method: &str, path: &str, status: u16, subject: Subject) -> NewExchange {
    let summary = Sentence { text: format!("Okta sent {method}"), ..Sentence::default() };
    NewExchange {
        id,
        directory: Some(1),
        at: id,
        method: method.into(),
        target: format!("/scim/v2/one{path}"),
        path: path.into(),
        status,
        duration_us: 1,
        actor: "Okta".into(),
        is_write: method != "GET",
        findable: subject.findable(&format!("{method} {path} {status} Okta"), &summary, &[]),
        subject,
        summary,
        story: None,
        replay_of: None,
        is_simulated: false,
        changes: None,
        notes: Vec::new(),
        authorization: Authorization {
            verdict: AuthVerdict::Matched,
            text: String::new(),
            advice: None,
            last_four: None,
        },
        client: None,
        came_through: None,
        request: Message::default(),
        response: Message::default(),
    }
}

fn user(name: &str) -> Subject {
    Subject { kind: Some(ResourceKind::User), name: Some(name.into()), ..Subject::default() }
}

fn insert_all(store: &Store, exchanges: Vec<NewExchange>) {
    store
        .write_requests(move |tx| {
            exchanges.iter().try_for_each(|exchange| {
                let mut counts = RequestCounts::default();
                counts.add(exchange.status >= 400, exchange.is_write, !exchange.notes.is_empty());
                insert(tx, exchange, exchange.directory)?;
                activity::count(tx, exchange.directory, counts)
            })
        })
        .expect("they are stored");
}

fn ids(store: &Store, directory: Option<i64>, listing: &ExchangeListing) -> Vec<i64> {
    let listing = ExchangeListing { limit: 100, ..listing.clone() };
    let rows = store.read_with_requests(|c| list(c, directory, &listing)).expect("a list");
    rows.iter().map(|row| row.id).collect()
}

fn total_of(store: &Store, directory: Option<i64>, listing: &ExchangeListing) -> u64 {
    store.read_with_requests(|c| total(c, directory, listing)).expect("a total")
}

#[test]
fn every_term_has_to_be_met() {
    let (_folder, store) = store();
    let group = Subject { kind: Some(ResourceKind::Group), name: Some("Ada fans".into()), ..Subject::default() };
    insert_all(
        &store,
        vec![
            exchange(1, "GET", "/Users/1", 200, user("Ada Lovelace")),
            exchange(2, "PUT", "/Users/1", 400, user("Ada Lovelace")),
            exchange(3, "PATCH", "/Groups/2", 204, group),
            exchange(4, "POST", "/Users", 409, user("Ägir 100%_'")),
            NewExchange { directory: None, ..exchange(5, "GET", "/wp-login.php", 404, Subject::default()) },
        ],
    );
    use ExchangeTerm::{Group, Method, Status, Text, User};
    for (terms, expected) in [
        (vec![], vec![4, 3, 2, 1]),
        (vec![User("ada".into())], vec![2, 1]),
        (vec![Group("ada".into())], vec![3]),
        (vec![Text("ada".into())], vec![3, 2, 1]),
        (vec![Status(400..=499)], vec![4, 2]),
        (vec![User("ada".into()), Status(400..=499)], vec![2]),
        (vec![Method("p".into())], vec![4, 3, 2]),
        (vec![Method("pa".into()), Text("okta sent".into())], vec![3]),
        (vec![Text("ägir".into())], vec![4]),
        (vec![Text("%_'".into())], vec![4]),
        (vec![Text("%".into())], vec![4]),
        (vec![Text("nobody".into())], vec![]),
    ] {
        let listing = ExchangeListing { terms: terms.clone(), ..ExchangeListing::default() };
        assert_eq!(ids(&store, Some(1), &listing), expected, "{terms:?}");
        assert_eq!(total_of(&store, Some(1), &listing), expected.len() as u64, "{terms:?}");
    }
    assert_eq!(ids(&store, None, &ExchangeListing::default()), [5]);
    let before = ExchangeListing { before: Some(3), only_writes: true, ..ExchangeListing::default() };
    assert_eq!(ids(&store, Some(1), &before), [2], "pages go by id");
}

#[test]
fn counts_follow_what_comes_and_goes() {
    let (_folder, store) = store();
    let note = Note { rule: "op-case".into(), section: "RFC 7644 §3.5.2".into(), text: "…".into() };
    let noted = |id| NewExchange { notes: vec![note.clone()], ..exchange(id, "PUT", "/Users/1", 200, user("Ada")) };
    let mut exchanges: Vec<_> = (1..=5).map(noted).collect();
    exchanges.extend((6..=9).map(|id| exchange(id, "GET", "/Users/1", 404, user("Ada"))));
    exchanges.extend(
        (10..=12).map(|id| NewExchange { directory: None, ..exchange(id, "GET", "/", 404, Subject::default()) }),
    );
    insert_all(&store, exchanges);
    let counted = |directory| {
        let counts = store.read_with_requests(|c| activity::counts(c, directory)).expect("counts");
        [counts.exchanges, counts.writes, counts.errors, counts.notes]
    };
    assert_eq!(counted(Some(1)), [9, 5, 4, 5]);
    assert_eq!(counted(None), [3, 0, 3, 0]);
    assert_eq!(store.write_requests(|tx| retain_newest(tx, Some(1), 6)).expect("retention"), 3);
    assert_eq!(counted(Some(1)), [6, 2, 4, 2]);
    assert_eq!(store.write_requests(|tx| retain_newest(tx, Some(1), 6)).expect("retention"), 0);
    assert!(!store.write_requests(|tx| delete_some(tx, None, 11)).expect("deletion"));
    assert_eq!(counted(None), [1, 0, 1, 0], "what came later stays");
    let left: u64 = store
        .read_with_requests(|c| {
            Ok::<_, StoreError>(c.query_row("SELECT count(*) FROM exchange_details", [], |row| row.get(0))?)
        })
        .expect("a count");
    assert_eq!(left, 7, "details go with their rows");
    for only in [
        ExchangeListing { only_writes: true, ..ExchangeListing::default() },
        ExchangeListing { only_errors: true, ..ExchangeListing::default() },
        ExchangeListing { only_notes: true, ..ExchangeListing::default() },
    ] {
        assert_eq!(total_of(&store, Some(1), &only), ids(&store, Some(1), &only).len() as u64, "{only:?}");
    }
}

#[test]
fn no_list_sorts_or_reads_what_it_does_not_show() {
    let (_folder, store) = store();
    let all = ExchangeListing { limit: 100, ..ExchangeListing::default() };
    for (listing, index) in [
        (all.clone(), "exchanges_of_directory"),
        (ExchangeListing { only_writes: true, ..all.clone() }, "exchanges_written"),
        (ExchangeListing { only_errors: true, ..all.clone() }, "exchanges_failed"),
        (ExchangeListing { only_notes: true, ..all.clone() }, "exchanges_noted"),
        (ExchangeListing { terms: vec![ExchangeTerm::Text("x".into())], ..all }, "exchanges_of_directory"),
    ] {
        for directory in [Some(1), None] {
            let (condition, mut values) = condition(directory, &listing);
            values.extend([SqlValue::from(i64::MAX), i64::from(listing.limit).into()]);
            let sql =
                format!("EXPLAIN QUERY PLAN SELECT {ROW} WHERE {condition} AND e.id < ? ORDER BY e.id DESC LIMIT ?");
            let plan = store
                .read_with_requests(|c| {
                    let mut statement = c.prepare(&sql)?;
                    let rows = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3))?;
                    Ok::<_, StoreError>(rows.collect::<Result<Vec<_>, _>>()?.join("; "))
                })
                .expect("a plan");
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{listing:?}: {plan}");
        }
    }
}

#[test]
fn requests_of_an_earlier_version_are_read_once() {
    let (_folder, store) = store();
    let path = "/Users?filter=userName eq \"Ada@example.com\"&startIndex=1&count=100";
    let mut lookup = exchange(1, "GET", path, 200, Subject::default());
    lookup.summary.outcome = Some("no match".into());
    let mut update = exchange(2, "PUT", "/Users/2819c223", 200, Subject::default());
    update.summary.subject = Some("Ada Lovelace".into());
    insert_all(&store, vec![lookup, update]);
    store
        .write_requests(move |tx| {
            tx.execute("UPDATE exchanges SET text = NULL, users = ''", [])?;
            Ok::<_, StoreError>(())
        })
        .expect("as the migration leaves them");
    let read = || store.read_with_requests(catch_up::read_some).expect("they are read");
    let caught_up = read();
    store.write_requests(move |tx| catch_up::save(tx, &caught_up)).expect("they are kept");
    assert!(read().is_empty(), "each is read once");
    let of = |id| store.read_with_requests(|c| subject(c, id)).expect("a subject");
    assert_eq!((of(1).sought.as_deref(), of(1).found), (Some("Ada@example.com"), Some(0)));
    assert_eq!((of(2).id.as_deref(), of(2).name.as_deref()), (Some("2819c223"), Some("Ada Lovelace")));
    let ada = ExchangeListing { terms: vec![ExchangeTerm::User("ada".into())], ..ExchangeListing::default() };
    assert_eq!(ids(&store, Some(1), &ada), [2, 1]);
}
