use std::time::{Duration, Instant};

use scim::Note;

use super::search::select;
use super::*;
use crate::facts::{NamedResource, Operation};
use crate::model::{Actor, AuthVerdict, Authorization, ExchangeFilter, Message, ResourceKind, Sentence};
use crate::store::Store;
use crate::store::StoreError;
use crate::store::marks;
use crate::store::sql::plan;

const HERE: DirectoryKey = DirectoryKey(1);

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

fn exchange(id: i64, method: &str, path: &str, status: u16, facts: Facts) -> NewExchange {
    let summary = Sentence { text: format!("Okta sent {method}"), ..Sentence::default() };
    NewExchange {
        directory: Some(HERE),
        at: id,
        duration_us: 1,
        search_text: SearchText::of(&facts, &format!("{method} {path} {status} Okta"), &summary, &[]),
        facts,
        row: ExchangeRow {
            id: ExchangeId(id),
            directory_id: None,
            at: rfc3339(id),
            method: method.into(),
            path: path.into(),
            status,
            duration_ms: 0.001,
            actor: Actor::Known(idp::IdpId::Okta),
            summary,
            note_count: 0,
            is_write: method != "GET",
            story: None,
            replay_of: None,
            is_simulated: false,
            ..ExchangeRow::default()
        },
        changes: None,
        details: ExchangeDetails {
            target: format!("/scim/v2/one{path}"),
            authorization: Authorization::new(AuthVerdict::Matched, ""),
            ..ExchangeDetails::default()
        },
    }
}

fn user(name: &str) -> Facts {
    about(ResourceKind::User, name)
}

fn about(kind: ResourceKind, name: &str) -> Facts {
    let resource = NamedResource { kind: Some(kind), name: Some(name.into()), ..NamedResource::default() };
    Facts { resource, ..Facts::default() }
}

fn insert_all(store: &Store, exchanges: Vec<NewExchange>) {
    store
        .write_requests(move |tx| {
            exchanges.iter().try_for_each(|exchange| {
                let mut counts = RequestCounts::default();
                counts.add(exchange.row.status >= 400, exchange.row.is_write, !exchange.details.notes.is_empty());
                let bytes = insert(tx, exchange, exchange.directory, Sender::Known)?;
                kept::count(tx, exchange.directory, Sender::Known, Kept { requests: 1, bytes })?;
                activity::count(tx, exchange.directory, counts)
            })
        })
        .expect("they are stored");
}

fn ids(store: &Store, directory: Option<DirectoryKey>, listing: &ExchangeListing) -> Vec<i64> {
    let listing = ExchangeListing { limit: 100, ..listing.clone() };
    let (rows, _) = store.read_with_requests(|c| list(c, directory, &listing, in_a_minute())).expect("a list");
    rows.iter().map(|row| row.id.0).collect()
}

fn total_of(store: &Store, directory: Option<DirectoryKey>, listing: &ExchangeListing) -> u64 {
    store.read_with_requests(|c| total(c, directory, listing, in_a_minute())).expect("a total").expect("there is time")
}

fn in_a_minute() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

fn wanting(terms: impl IntoIterator<Item = ExchangeTerm>) -> ExchangeListing {
    let conditions = terms.into_iter().map(Condition::from).collect();
    ExchangeListing { conditions, limit: 100, ..ExchangeListing::default() }
}

#[test]
fn every_term_has_to_be_met() {
    let (_folder, store) = store();
    let group = about(ResourceKind::Group, "Ada fans");
    insert_all(
        &store,
        vec![
            exchange(1, "GET", "/Users/1", 200, user("Ada Lovelace")),
            exchange(2, "PUT", "/Users/1", 400, user("Ada Lovelace")),
            exchange(3, "PATCH", "/Groups/2", 204, group),
            exchange(4, "POST", "/Users", 409, user("Ägir 100%_'")),
            NewExchange { directory: None, ..exchange(5, "GET", "/wp-login.php", 404, Facts::default()) },
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
        (vec![Text("agir".into())], vec![4]),
        (vec![Text("%_".into())], vec![4]),
        (vec![Text("%".into())], vec![4]),
        (vec![Text("nobody".into())], vec![]),
    ] {
        let listing = wanting(terms.clone());
        assert_eq!(ids(&store, Some(HERE), &listing), expected, "{terms:?}");
        assert_eq!(total_of(&store, Some(HERE), &listing), expected.len() as u64, "{terms:?}");
    }
    assert_eq!(ids(&store, None, &ExchangeListing::default()), [5]);
    let before =
        ExchangeListing { before: Some(ExchangeId(3)), show: ExchangeFilter::Writes, ..ExchangeListing::default() };
    assert_eq!(ids(&store, Some(HERE), &before), [2], "pages go by id");
}

/// As an identity provider sends it, and as it is answered.
fn saying(id: i64, client: &str, request: &str, response: &str) -> NewExchange {
    let message = |body: &str| Message { body: Some(body.into()), ..Message::default() };
    let mut exchange = exchange(id, "PUT", "/Users/1", 200, user("Ada"));
    exchange.details.client = Some(client.into());
    (exchange.details.request, exchange.details.response) = (message(request), message(response));
    exchange
}

#[test]
fn words_are_found_in_bodies_and_in_the_client() {
    let (_folder, store) = store();
    insert_all(
        &store,
        vec![
            saying(1, "Okta SCIM Client 1.0.0", r#"{"title":"Größe \"A\"", "active" : true}"#, "{}"),
            saying(2, "curl/8.5", r#"{"title":"M\u00fcller"}"#, r#"{"detail":"O'Brien"}"#),
            exchange(3, "GET", "/Users/1", 200, user("Ada")),
        ],
    );
    use ExchangeTerm::{Body, Client, Text};
    let not = |term: ExchangeTerm| Condition { term, is_negated: true };
    for (conditions, expected) in [
        (vec![Text("grosse".into()).into()], vec![1]),
        (vec![Text("muller".into()).into()], vec![2]),
        (vec![Body("title:muller".into()).into()], vec![2]),
        (vec![Text("obrien".into()).into(), Text("curl/8".into()).into()], vec![2]),
        (vec![Client("okta".into()).into()], vec![1]),
        (vec![Body("okta".into()).into()], vec![]),
        (vec![Text("ada".into()).into(), not(Text("title".into()))], vec![3]),
        (vec![not(Client("curl".into()))], vec![3, 1]),
        (vec![not(Text("okta sent get".into()))], vec![2, 1]),
        (vec![not(Body("zzz".into()))], vec![3, 2, 1]),
    ] {
        let listing = ExchangeListing { conditions: conditions.clone(), limit: 100, ..ExchangeListing::default() };
        assert_eq!(ids(&store, Some(HERE), &listing), expected, "{conditions:?}");
        assert_eq!(total_of(&store, Some(HERE), &listing), expected.len() as u64, "{conditions:?}");
    }
}

#[test]
fn who_has_no_more_time_goes_on_where_it_ended() {
    let (_folder, store) = store();
    insert_all(&store, (1..=5).map(|id| saying(id, if id == 2 { "okta" } else { "curl" }, "{}", "{}")).collect());
    let mut listing = wanting([ExchangeTerm::Client("okta".into())]);
    let (mut found, mut rests) = (Vec::new(), Vec::new());
    loop {
        let (rows, rest) = store
            .read_with_requests(|c| list(c, Some(HERE), &listing, Instant::now()))
            .expect("what there was time for");
        found.extend(rows.iter().map(|row| row.id.0));
        rests.extend(rest.map(|rest| rest.0));
        listing.before = rest;
        if rest.is_none() {
            break;
        }
    }
    assert_eq!((found, rests), (vec![2], vec![5, 4, 3, 2, 1]), "each takes a step");
    let counted = store.read_with_requests(|c| total(c, Some(HERE), &listing, Instant::now())).expect("an answer");
    assert_eq!(counted, None, "what was not looked into is not counted");
    let narrow = wanting([ExchangeTerm::Status(200..=299)]);
    let (rows, rest) = store.read_with_requests(|c| list(c, Some(HERE), &narrow, Instant::now())).expect("a row");
    assert_eq!((rows.len(), rest), (1, Some(ExchangeId(5))), "columns take time, too");
}

#[test]
fn counts_follow_what_comes_and_goes() {
    let (_folder, store) = store();
    let note = Note { rule: "op-case".into(), section: "RFC 7644 §3.5.2".into(), text: "…".into() };
    let noted = |id| {
        let mut noted = exchange(id, "PUT", "/Users/1", 200, user("Ada"));
        noted.details.notes.push(note.clone());
        noted
    };
    let mut exchanges: Vec<_> = (1..=5).map(noted).collect();
    exchanges.extend((6..=9).map(|id| exchange(id, "GET", "/Users/1", 404, user("Ada"))));
    exchanges
        .extend((10..=12).map(|id| NewExchange { directory: None, ..exchange(id, "GET", "/", 404, Facts::default()) }));
    insert_all(&store, exchanges);
    let counted = |directory| {
        let counts = store.read_with_requests(|c| activity::counts(c, directory)).expect("counts");
        [counts.exchanges, counts.writes, counts.errors, counts.notes]
    };
    assert_eq!(counted(Some(HERE)), [9, 5, 4, 5]);
    assert_eq!(counted(None), [3, 0, 3, 0]);
    assert_eq!(store.write_requests(|tx| retain_newest(tx, Some(HERE), 6)).expect("retention"), 3);
    assert_eq!(counted(Some(HERE)), [6, 2, 4, 2]);
    assert_eq!(store.write_requests(|tx| retain_newest(tx, Some(HERE), 6)).expect("retention"), 0);
    assert!(!store.write_requests(|tx| delete_some(tx, None, ExchangeId(11), Pinned::Stay)).expect("deletion"));
    assert_eq!(counted(None), [1, 0, 1, 0], "what came later stays");
    for only in [
        ExchangeListing { show: ExchangeFilter::Writes, ..ExchangeListing::default() },
        ExchangeListing { show: ExchangeFilter::Errors, ..ExchangeListing::default() },
        ExchangeListing { show: ExchangeFilter::Notes, ..ExchangeListing::default() },
    ] {
        assert_eq!(total_of(&store, Some(HERE), &only), ids(&store, Some(HERE), &only).len() as u64, "{only:?}");
    }
}

#[test]
fn strangers_push_nobody_out() {
    let (_folder, store) = store();
    let insert = |ids: std::ops::RangeInclusive<i64>, sender| {
        store
            .write_requests(move |tx| {
                for id in ids {
                    let mut counts = RequestCounts::default();
                    counts.add(sender != Sender::Known, false, false);
                    activity::count(tx, Some(HERE), counts)?;
                    let status = if sender == Sender::Known { 200 } else { 401 };
                    let exchange = exchange(id, "GET", "/Users/1", status, user("Ada"));
                    let bytes = super::insert(tx, &exchange, Some(HERE), sender)?;
                    kept::count(tx, Some(HERE), sender, Kept { requests: 1, bytes })?;
                }
                retain_newest(tx, Some(HERE), 300)
            })
            .expect("they are stored")
    };
    let kept = || {
        let counts = store.read_with_requests(|c| activity::counts(c, Some(HERE))).expect("counts");
        [counts.exchanges, counts.errors]
    };
    insert(1..=250, Sender::Known);
    assert_eq!(insert(251..=1_250, Sender::Stranger), 1_000 - STRANGERS as usize);
    assert_eq!(kept(), [250 + u64::from(STRANGERS), u64::from(STRANGERS)]);
    assert_eq!(insert(1_251..=1_400, Sender::Known), 100, "the others are held to their own number");
    assert_eq!(kept(), [300 + u64::from(STRANGERS), u64::from(STRANGERS)]);
    assert_eq!(insert(1_401..=3_000, Sender::ClosedToken), 1_600 - 300, "nor does who has an old token");
    assert_eq!(kept(), [600 + u64::from(STRANGERS), 300 + u64::from(STRANGERS)]);
    for sender in Sender::ALL {
        let number = sender.number();
        for which in [format!("directory IS 1 AND sender = {number}"), oldest_of(sender)] {
            let oldest = plan(&store, &format!("SELECT id FROM exchanges WHERE {which} ORDER BY id LIMIT 9"));
            let is_indexed = oldest.contains("USING") || (sender == Sender::Known && oldest == "SCAN exchanges");
            assert!(is_indexed && !oldest.contains("TEMP B-TREE"), "{which}: {oldest}");
        }
    }
}

#[test]
fn what_is_pinned_is_kept_apart_from_every_limit_until_it_is_pinned_no_more() {
    let (_folder, store) = store();
    let failing = |id| exchange(id, "POST", "/Users", 409, user("Ada"));
    insert_all(&store, (1..=9).map(failing).collect());
    let pinned =
        || ids(&store, Some(HERE), &ExchangeListing { show: ExchangeFilter::Pinned, limit: 9, ..Default::default() });
    let is_counted = || {
        let all = Sender::ALL.map(|sender| bytes_of(&store, sender));
        assert!(all.iter().all(|(counted, there)| counted == there), "{all:?}");
        let counts = store.read_with_requests(|c| activity::counts(c, Some(HERE))).expect("counts");
        assert_eq!(counts.pinned, pinned().len() as u64);
    };
    let pin = |id, most| store.write_requests(move |tx| marks::pin(tx, ExchangeId(id), most)).expect("a pin");
    assert!(pin(1, 2) && pin(2, 2) && pin(2, 2), "what is pinned can be pinned again");
    assert!(!pin(3, 2), "no more than that");
    is_counted();

    assert_eq!(store.write_requests(|tx| retain_newest(tx, Some(HERE), 3)).expect("by number"), 4);
    assert_eq!(pinned(), [2, 1]);
    is_counted();
    store.write_requests(|tx| retain_bytes(tx, 1)).expect("by bytes");
    assert_eq!(ids(&store, Some(HERE), &ExchangeListing { limit: 9, ..Default::default() }), [2, 1]);
    let older = |at| store.write_requests(move |tx| delete_older(tx, at)).expect("by age").len();
    assert_eq!(older(100), 0);
    let delete = |pinned| store.write_requests(move |tx| delete_some(tx, Some(HERE), ExchangeId::MAX, pinned));
    assert!(!delete(Pinned::Stay).expect("by a person"));
    assert_eq!(pinned(), [2, 1]);
    is_counted();

    let unpin = |id| store.write_requests(move |tx| marks::unpin(tx, ExchangeId(id))).expect("no pin");
    unpin(1);
    unpin(1);
    is_counted();
    assert_eq!(bytes_of(&store, Sender::Known).0, bytes_of(&store, Sender::Pinned).0, "with those that it was among");
    assert_eq!(older(100), 1);
    assert!(!delete(Pinned::Go).expect("all of them"));
    assert_eq!(pinned(), [0; 0]);
    is_counted();
    let left = store.read_with_requests(|c| fetch_one(c, "SELECT count(*) FROM marks", [], |row| row.get::<_, i64>(0)));
    assert_eq!(left.expect("a count"), 0, "the marks go with their requests");
}

/// What is counted, and what is there.
fn bytes_of(store: &Store, sender: Sender) -> (i64, i64) {
    let sql = format!("SELECT ifnull(sum({BYTES}), 0) FROM exchanges WHERE sender = {}", sender.number());
    let read = |c: &Connection| {
        let counted = kept::of_all(c)?.into_iter().find(|(one, _)| *one == sender).map_or(0, |(_, kept)| kept.bytes);
        Ok::<_, StoreError>((counted, c.query_row(&sql, [], |row| row.get(0))?))
    };
    store.read_with_requests(read).expect("bytes")
}

#[test]
fn all_together_take_no_more_than_they_may() {
    let (_folder, store) = store();
    let insert = |ids: std::ops::RangeInclusive<i64>, directory, sender| {
        store
            .write_requests(move |tx| {
                for id in ids {
                    let mut exchange = exchange(id, "PUT", "/Users/1", 200, user("Ada"));
                    // Of different lengths, and not to be compressed away.
                    let body = (0..id % 40).map(|line| format!("{} {line};", id * 7_919 % 10_007)).collect();
                    exchange.details.request = Message { body: Some(body), ..Message::default() };
                    let bytes = super::insert(tx, &exchange, directory, sender)?;
                    kept::count(tx, directory, sender, Kept { requests: 1, bytes })?;
                }
                Ok::<_, StoreError>(())
            })
            .expect("they are stored");
    };
    let limit = |bytes| store.write_requests(move |tx| retain_bytes(tx, bytes)).expect("retention");
    let there = Some(DirectoryKey(2));
    insert(1..=100, Some(HERE), Sender::Known);
    insert(101..=200, there, Sender::Known);
    assert_eq!(limit(1 << 30), [], "there is room");
    let (counted, there_is) = bytes_of(&store, Sender::Known);
    assert_eq!(counted, there_is);
    let half = counted.unsigned_abs() / 2;
    let gone = limit(half);
    assert!(gone.len() > 100 && gone[..100].iter().all(|directory| *directory == Some(HERE)), "{}", gone.len());
    assert!(gone[100..].iter().all(|directory| *directory == there), "the oldest first, whatever they addressed");
    let (counted, there_is) = bytes_of(&store, Sender::Known);
    assert_eq!(counted, there_is);
    let part = i64::try_from(half / OTHERS_PART).expect("a number");
    let most = i64::try_from(half).expect("a number") - 3 * part;
    assert!((most - 5_000..=most).contains(&counted), "{counted} of {most}");
    // However much they send, and however little fits.
    insert(201..=900, None, Sender::Stranger);
    insert(901..=1_600, Some(HERE), Sender::ClosedToken);
    assert!(!limit(half).is_empty());
    assert_eq!(bytes_of(&store, Sender::Known), (counted, counted), "they push nobody out");
    for sender in [Sender::Stranger, Sender::ClosedToken] {
        let (counted, there_is) = bytes_of(&store, sender);
        assert_eq!(counted, there_is);
        assert!((part - 5_000..=part).contains(&counted), "{counted} of {part}");
    }
}

#[test]
fn no_list_sorts_or_reads_what_it_does_not_show() {
    let (_folder, store) = store();
    let all = ExchangeListing { limit: 100, ..ExchangeListing::default() };
    for (listing, index) in [
        (all.clone(), "exchanges_of_directory"),
        (ExchangeListing { show: ExchangeFilter::Writes, ..all.clone() }, "exchanges_written"),
        (ExchangeListing { show: ExchangeFilter::Errors, ..all.clone() }, "exchanges_failed"),
        (ExchangeListing { show: ExchangeFilter::Notes, ..all.clone() }, "exchanges_noted"),
        (wanting([ExchangeTerm::Text("x".into())]), "exchanges_of_directory"),
    ] {
        for directory in [Some(HERE), None] {
            let plan = plan(&store, &select(directory, &listing).0);
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{listing:?}: {plan}");
        }
    }
}

#[test]
fn requests_of_an_earlier_version_are_read_once() {
    let (_folder, store) = store();
    let path = "/Users?filter=userName eq \"Ada@example.com\"&startIndex=1&count=100";
    let mut lookup = exchange(1, "GET", path, 200, Facts::default());
    lookup.row.summary.outcome = Some("no match".into());
    let mut update = exchange(2, "PUT", "/Users/2819c223", 200, Facts::default());
    update.row.summary.subject = Some("Ada Lovelace".into());
    insert_all(&store, vec![lookup, update]);
    store
        .write_requests(move |tx| {
            tx.execute("UPDATE exchanges SET facts = NULL, text = NULL, users = ''", [])?;
            Ok::<_, StoreError>(())
        })
        .expect("as the migration leaves them");
    let read = || store.read_with_requests(catch_up::read_some).expect("they are read");
    let caught_up = read();
    store.write_requests(move |tx| catch_up::save(tx, &caught_up)).expect("they are kept");
    assert!(read().is_empty(), "each is read once");
    let of = |id| store.read_with_requests(|c| facts(c, ExchangeId(id))).expect("facts");
    assert_eq!((of(1).sought(), of(1).total()), (Some("Ada@example.com"), Some(0)));
    let ada = of(2).resource;
    assert_eq!((ada.id.as_deref(), ada.name.as_deref()), (Some("2819c223"), Some("Ada Lovelace")));
    let ada = wanting([ExchangeTerm::User("ada".into())]);
    assert_eq!(ids(&store, Some(HERE), &ada), [2, 1]);
}

/// Rows as the version before wrote them: with columns of their own for the resource, and without facts.
#[test]
fn requests_of_the_version_before_are_read_once() {
    let (_folder, store) = store();
    let body = |text: &str| Message { body: Some(text.into()), ..Message::default() };
    let patch = r#"{"Operations": [ { "op": "Replace", "path": "active", "value": "False" } ]}"#;
    let at = "2026-06-07T12:02:00.000Z";
    let mut page = exchange(2, "GET", "/Users?startIndex=101&count=100", 200, Facts::default());
    page.row.summary.outcome = Some("128".into());
    let mut retired = exchange(3, "PUT", "/Users/2819c223", 401, Facts::default());
    (retired.details.request, retired.details.response) =
        (body(r#"{"active" : false}"#), body(r#"{"detail":"Not valid."}"#));
    retired.details.authorization.verdict = AuthVerdict::Retired;
    retired.details.authorization.text = format!("This token was replaced on {at}.").as_str().into();
    let mut patched = exchange(1, "PATCH", "/Users/2819c223", 204, Facts::default());
    patched.details.request = body(patch);
    insert_all(&store, vec![patched, page, retired]);
    store
        .write_requests(move |tx| {
            tx.execute_batch(
                "UPDATE exchanges SET facts = NULL;
                 UPDATE exchanges SET resource_kind = 'user', resource_id = '2819c223', resource_name = 'Ada' WHERE id <> 2;
                 UPDATE exchanges SET resource_kind = 'user', found = 128 WHERE id = 2;",
            )?;
            Ok::<_, StoreError>(())
        })
        .expect("as the migration leaves them");
    let caught_up = store.read_with_requests(catch_up::read_some).expect("they are read");
    store.write_requests(move |tx| catch_up::save(tx, &caught_up)).expect("they are kept");
    let of = |id| store.read_with_requests(|c| facts(c, ExchangeId(id))).expect("facts");
    const USER: ResourceKind = ResourceKind::User;
    assert_eq!(of(1).operation, Operation::Modify(USER));
    assert!(of(1).deactivates && of(1).refusal.is_none());
    assert_eq!(of(1).resource.name.as_deref(), Some("Ada"));
    let page = of(2).query.expect("a query");
    assert_eq!((page.start_index, page.count, page.total), (Some(101), Some(100), Some(128)));
    let refusal = of(3).refusal.expect("a refusal");
    assert_eq!((refusal.status, refusal.detail.as_deref()), (401, Some("Not valid.")));
    assert!(of(3).deactivates);
    let details = store
        .read_with_requests(|c| exchange_details::by_id(c, ExchangeId(3)))
        .expect("details")
        .expect("they are kept");
    assert_eq!(
        details.authorization.text,
        crate::model::DatedText::from("This token was replaced ").at(at.into()).and(".")
    );
    let unread = "SELECT count(*) FROM exchanges WHERE facts IS NULL";
    let left: u64 =
        store.read_with_requests(|c| Ok::<_, StoreError>(c.query_row(unread, [], |row| row.get(0))?)).expect("a count");
    assert_eq!(left, 0, "each is read once");
}

#[test]
fn bodies_are_kept_whole_whatever_their_length() {
    let (_folder, store) = store();
    let message = |text: &str, times| Message { body: Some(text.repeat(times)), ..Message::default() };
    let bodies = [(message("in", 5_000), message("out", 1)), (message("in", 1), message("out", 5_000))];
    let exchanges = bodies.iter().zip(1..).map(|((request, response), id)| {
        let mut exchange = exchange(id, "PUT", "/Users/1", 200, Facts::default());
        (exchange.details.request, exchange.details.response) = (request.clone(), response.clone());
        exchange
    });
    insert_all(&store, exchanges.collect());
    for ((request, response), id) in bodies.into_iter().zip(1..) {
        let details = store.read_with_requests(|c| exchange_details::by_id(c, ExchangeId(id))).expect("details");
        let details = details.expect("they are kept");
        assert_eq!((details.request, details.response), (request, response));
    }
}
