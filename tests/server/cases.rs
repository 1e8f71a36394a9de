//! Requests that leave this program: as a case that another one opens, or as an archive, with other names.

use std::collections::HashSet;

use scim::comparison_key;
use serde_json::{Value, json};

use crate::ask::ask;
use crate::harness::{Directory, Running};

/// What identifies somebody, each a word that stands nowhere else.
const IDENTIFYING: [&str; 16] = [
    "qadaz",
    "qlovez",
    "q'brienz",
    "müqller",
    "qacmez",
    "qtitlez",
    "qteamz",
    "qcostz",
    "qstreetz",
    "qextz",
    "7315559",
    "qtunnelz",
    "203.0.113.77",
    "qheaderz",
    "qpathz",
    "qbrokenz",
];

/// The same of places that are easily overlooked.
const PLANTED: &str = "\
    qorganization qpublic qdomain qdeclared qdescribed qbadge qdirectory qother qbare qhalf qunclosed qmarine qpen qescaped qname qmail \
    qwrong qid qdeeper qsecond qoutside qurn qnumbers qkey qnested qlocation qhome qstatus qversion qssn qmeta qschemas qscripts \
    qoperators qursula qguin qpath qinner qada qbulk qbulkpath qops qprefer qreferee qcustom qform qblanc qbroken qbrokena qjson";

fn person() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "userName": "Qadaz.Qlovez@qacmez.com",
        "externalId": "00uqextz",
        "name": {"givenName": "Qadaz", "familyName": "Q'Brienz", "formatted": "Qadaz Q'Brienz"},
        "displayName": "Qadaz Qlovez Müqller",
        "title": "Qtitlez",
        "active": true,
        "emails": [{"value": "QADAZ@qacmez.com", "type": "work", "primary": true}],
        "phoneNumbers": [{"value": "+1 7315559", "type": "mobile"}],
        "addresses": [{"streetAddress": "1 Qstreetz Road", "type": "work"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"costCenter": "Qcostz", "employeeNumber": "7315559"},
    })
}

/// Whatever an identity provider sends, right and wrong, with such words in it.
async fn provision(directory: &Directory) -> u64 {
    let looked =
        directory.idp("GET", "/Users?filter=userName%20eq%20%22Qadaz.Qlovez%40qacmez.com%22&count=1", None).await;
    assert_eq!(looked.json()["totalResults"], 0);
    let id = directory.idp("POST", "/Users", Some(person())).await.id();
    let taken = directory.idp("POST", "/Users", Some(person())).await;
    assert_eq!(taken.status, 409, "{taken:?}");
    let patch = |operations: Value| json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
    let renamed = patch(json!([
        {"op": "Replace", "path": "name.familyName", "value": "Müqller"},
        {"op": "replace", "path": "emails[value eq \"qadaz@qacmez.com\"].type", "value": "other"},
        {"op": "replace", "value": {"title": "Head of Qtitlez", "active": "False"}},
    ]));
    directory.idp("PATCH", &format!("/Users/{id}"), Some(renamed)).await;
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Qteamz", "members": [{"value": id, "display": "Qadaz Qlovez"}],
    });
    let group = directory.idp("POST", "/Groups", Some(group)).await.id();
    let removed = patch(json!([{"op": "remove", "path": format!("members[value eq \"{id}\"]")}]));
    directory.idp("PATCH", &format!("/Groups/{group}"), Some(removed)).await;
    directory.idp("GET", "/Users/qpathz@qacmez.com", None).await;
    directory.idp("GET", "/Users?filter=emails[type%20eq%20%22work%22].value+eq+%22M%C3%9CQLLER%22", None).await;
    directory.idp("GET", "/Users?filter=login+eq+Qadaz", None).await;
    let headers = [
        ("x-forwarded-host", "qtunnelz.trycloudflare.com"),
        ("x-forwarded-for", "203.0.113.77"),
        ("x-request-source", "Qheaderz of Qacmez"),
    ];
    for (name, value) in headers {
        directory.with_header("GET", "/Users?startIndex=1&count=2", None, (name, value)).await;
    }
    let token = format!("Bearer {}", directory.token);
    let sent = [("Authorization", token.as_str()), ("Content-Type", "application/scim+json")];
    let broken = r#"{"userName": "Qbrokenz", "name": {"givenName": "Qadaz""#;
    let url = format!("{}/Users", directory.base_url);
    let refused = crate::client::send("POST", &url, &sent, Some(broken)).expect("an answer");
    assert_eq!(refused.status, 400);
    13
}

async fn recorded(running: &Running, directory: &Directory, count: u64) -> Value {
    let path = format!("/api/directories/{}/exchanges", directory.id);
    running.eventually(&path, "recording", |page| page["total"] == count).await
}

fn identifying(text: &str) -> Vec<&'static str> {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    let key = comparison_key(&decoded);
    IDENTIFYING.into_iter().filter(|word| key.contains(&comparison_key(word))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leaves_has_other_names_and_still_shows_what_went_wrong() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let count = provision(&directory).await;
    recorded(&running, &directory, count).await;
    let of = format!("/api/directories/{}", directory.id);

    let open = running.person("GET", &format!("{of}/case?title=As+it+is"), None).await;
    assert_eq!(identifying(&open.to_string()), IDENTIFYING, "as they are unless they are to be replaced");
    assert_eq!((&open["format"], &open["title"]), (&json!("scim-setup-case-1"), &json!("As it is")));
    assert!(!open.to_string().contains(&directory.token), "a token never leaves");

    for path in ["case?anonymize=true", "exchanges.har?anonymize=true"] {
        let file = running.person("GET", &format!("{of}/{path}"), None).await;
        assert_eq!(identifying(&file.to_string()), Vec::<&str>::new(), "{path}: {file:#}");
    }
    let case = running.person("GET", &format!("{of}/case?anonymize=true"), None).await;
    let exchanges = case["exchanges"].as_array().expect("exchanges");
    assert_eq!(exchanges.len() as u64, count);
    let body = |index: usize, side: &str| -> Value {
        let body = exchanges[index][side]["body"].as_str().expect("a body");
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"))
    };
    // The same one everywhere, with its letter case.
    let created = body(1, "request");
    let user_name = created["userName"].as_str().expect("a name");
    let target = exchanges[0]["target"].as_str().expect("a target");
    assert!(
        target.contains(&format!("userName%20eq%20%22{}%22&count=1", user_name.replace('@', "%40"))),
        "{target} of {user_name}"
    );
    let email = created["emails"][0]["value"].as_str().expect("an address");
    let (local, domain) = email.split_once('@').expect("an address");
    assert_eq!((local, domain), (&*local.to_uppercase(), &*domain.to_lowercase()), "in capitals, as it was");
    assert!(user_name.to_uppercase().starts_with(local) && user_name.ends_with(domain), "{user_name} {email}");
    assert!(
        created["name"]["familyName"]
            .as_str()
            .is_some_and(|name| name.starts_with(char::is_uppercase) && name.chars().nth(1) == Some('\'')),
        "{created}"
    );
    // Sentences say the same.
    assert!(
        body(2, "response")["detail"].as_str().is_some_and(|detail| detail.contains(user_name)),
        "{}",
        exchanges[2]
    );
    let created_name = created["displayName"].as_str().expect("a name");
    assert_eq!(exchanges[1]["row"]["summary"]["subject"], created_name);
    assert!(
        exchanges[1]["row"]["summary"]["text"].as_str().is_some_and(|text| text.contains(created_name)),
        "{}",
        exchanges[1]["row"]
    );
    // What says nothing of anybody stays.
    let patched = body(3, "request");
    assert_eq!(patched["Operations"][0]["op"], "Replace");
    assert_eq!(patched["Operations"][0]["path"], "name.familyName");
    assert_eq!(patched["Operations"][2]["value"]["active"], "False");
    let id = body(1, "response")["id"].clone();
    assert_eq!(body(4, "request")["members"][0]["value"], id);
    assert_eq!(body(5, "request")["Operations"][0]["path"], format!("members[value eq {id}]"));
    assert!(
        exchanges[8]["target"].as_str().is_some_and(|target| target.contains("?filter=login+eq+")),
        "{}",
        exchanges[8]
    );
    assert_eq!(exchanges[12]["response"]["headers"], open["exchanges"][12]["response"]["headers"]);
    assert_eq!(exchanges[2]["explanation"]["fix"]["takenBy"], Value::Null, "nothing to be done elsewhere");

    let preview = running.person("GET", &format!("{of}/case/preview?anonymize=true"), None).await;
    assert_eq!(preview["exchangeCount"], count);
    assert_eq!(
        preview["bytes"],
        json!(serde_json::to_vec(&case).map(|json| json.len()).unwrap_or_default()),
        "as it will be"
    );
    let replaced = preview["replacements"].as_array().expect("replacements");
    let user_name_replaced = json!({"of": "userName", "from": "Qadaz.Qlovez@qacmez.com", "to": user_name});
    assert!(
        replaced.iter().any(|one| one["from"] == user_name_replaced["from"] && one["to"] == *user_name),
        "{preview:#}"
    );
}

/// Whatever else has a word in it that says who somebody is, each in a place where it is easily overlooked.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_named_in_places_that_are_easily_overlooked() {
    let running = Running::start().await;
    let directory = running.directory("Qorganization Corp").await;
    let tree = running.person("GET", "/api/tree", None).await;
    let environment = format!("/api/environments/{}", tree["environments"][0]["id"].as_str().expect("an id"));
    running.person("PATCH", &environment, Some(json!({"publicUrl": "https://qpublic.example.org"}))).await;
    let organization = format!("/api/organizations/{}", tree["organizations"][0]["id"].as_str().expect("an id"));
    running.person("PATCH", &organization, Some(json!({"emailDomains": ["qdomain.com"]}))).await;
    let schema = json!({"resourceKind": "user", "schema": {
        "id": "urn:qacme:2.0:User", "name": "Qdeclared", "description": "Of Qdescribed",
        "attributes": [{"name": "badge", "type": "string", "description": "Qbadge of Qdescribed"}],
    }});
    let at = format!("/api/directories/{}", directory.id);
    running.person("PATCH", &at, Some(json!({"name": "Qdirectory", "schemas": [schema]}))).await;
    let other = running.directory("Qother").await;

    let user = |name: &str, more: Value| {
        let mut user = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name});
        user.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        Some(user)
    };
    let mut sent = 0;
    for target in [
        "/Users?filter=userName+eq+qbare.name",
        "/Users?filter=userName+eq+%22qhalf+and+qunclosed",
        "/Users?filter=displayName+eq+%22Qmarine+Le+Qpen%22",
        "/Users?filter=displayName+eq+%22\\u0051escaped%22",
        "/Users?qname%40qmail.com=1",
        "/Usres/qwrong.path",
        "/Users/qid/qdeeper",
        "/Users//qsecond",
        "/ServiceProviderConfig",
        "/Schemas",
        "/ResourceTypes",
    ] {
        directory.idp("GET", target, None).await;
        sent += 1;
    }
    for body in [
        user("qmail@qoutside.com", json!({"nickName": "Le", "employeeNumber": 0})),
        user("urn:qacme:person:qurn.name", json!({"displayName": "Le"})),
        user("qnumbers", json!({"urn:qacme:2.0:User": {"badge": 81_007, "qkey@qmail.com": true}})),
        user(
            "qnested",
            json!({"urn:qacme:2.0:User": {
                "location": "Qlocation", "path": "/home/qhome", "status": "Qstatus", "version": "Qversion",
                "attributes": {"ssn": "Qssn"}, "meta": {"by": "Qmeta"}, "schemas": "Qschemas",
            }}),
        ),
        user("qscripts", json!({"displayName": "สมชายใจดี", "name": {"givenName": "ნინო", "familyName": "ﾀﾛｳ"}})),
        user("qoperators", json!({"displayName": "Qursula Le Qguin"})),
    ] {
        directory.idp("POST", "/Users", body).await;
        sent += 1;
    }
    let patch = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [
        {"op": "replace", "path": "qpath@qmail.com", "value": "x"},
        {"op": "add", "value": {"emails[value eq \"qinner@qmail.com\"].type": "work"}},
    ]});
    let [ada] = directory.people(["qada"]).await;
    directory.idp("PATCH", &format!("/Users/{ada}"), Some(patch)).await;
    let bulk = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
        {"method": "POST", "path": "/Qbulkpath", "bulkId": "qbulk", "data": {"userName": "qbulk"}},
    ]});
    directory.idp("POST", "/Bulk", Some(bulk)).await;
    let foreign = Some(format!("Bearer {}", other.token));
    directory.with_authorization("GET", "/Users", None, foreign).await;
    let token = format!("Bearer {}", directory.token);
    for (name, value) in [
        ("User-Agent", "qacme-sync/1.0 (qops@qmail.com)"),
        ("Prefer", "qprefer"),
        ("Referer", "https://intranet.example.com/people/qreferee"),
        ("X-Custom", "of Qcustom"),
    ] {
        let headers = [("Authorization", token.as_str()), (name, value)];
        crate::client::send("GET", &format!("{}/Users?count=1", directory.base_url), &headers, None)
            .expect("an answer");
        sent += 1;
    }
    for body in ["name=Qform Le Qblanc", "{\"displayName\": \"Qbroken\\u0041 Le Qjson\", "] {
        let headers = [("Authorization", token.as_str()), ("Content-Type", "application/scim+json")];
        crate::client::send("POST", &format!("{}/Users", directory.base_url), &headers, Some(body)).expect("an answer");
        sent += 1;
    }
    recorded(&running, &directory, sent + 4).await;
    for path in ["case?anonymize=true", "exchanges.har?anonymize=true"] {
        let file = running.person("GET", &format!("{at}/{path}"), None).await.to_string();
        let decoded = percent_encoding::percent_decode_str(&file).decode_utf8_lossy().to_lowercase();
        let words: HashSet<&str> = decoded.split(|c: char| !c.is_alphanumeric()).collect();
        let named: Vec<&str> = PLANTED.split_whitespace().filter(|word| words.contains(word)).collect();
        let around = |word: &&str| {
            let at = decoded.find(word).unwrap_or_default();
            decoded[decoded.floor_char_boundary(at.saturating_sub(80))..decoded.ceil_char_boundary(at + 40)].to_owned()
        };
        assert_eq!(named.iter().map(around).collect::<Vec<_>>(), Vec::<String>::new(), "{path}");
        for name in ["สมชายใจดี", "ნინო", "ﾀﾛｳ", "81007"] {
            assert!(!decoded.contains(name), "{name} in {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_opens_elsewhere_as_it_was_explained_and_becomes_part_of_nothing() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    let count = provision(&directory).await;
    let rows = recorded(&running, &directory, count).await;
    let ids: Vec<&Value> = [2, 0].iter().map(|index| &rows["items"][index]["id"]).collect();
    let path = format!("/api/directories/{}/case?title=Two+of+them&ids={},{}", directory.id, ids[0], ids[1]);
    let case = running.person("GET", &path, None).await;

    let other = Running::start().await;
    let opened = other.person("POST", "/api/cases", Some(case.clone())).await;
    assert_eq!(opened["about"]["title"], "Two of them");
    assert_eq!(opened["about"]["madeBy"], format!("SCIM Setup {}", env!("CARGO_PKG_VERSION")));
    assert_eq!(opened["exchanges"][0]["id"], *ids[1], "the newest first");
    let at = format!("/api/cases/{}", opened["id"].as_str().expect("an id"));
    assert_eq!(other.person("GET", &at, None).await, opened);
    for id in ids {
        let exchange = other.person("GET", &format!("{at}/exchanges/{id}"), None).await;
        let here = case["exchanges"].as_array().expect("exchanges").iter().find(|here| here["row"]["id"] == *id);
        assert_eq!(Some(&exchange), here);
        assert_eq!(exchange["row"]["directoryId"], Value::Null);
    }
    assert_eq!(other.person("GET", "/api/cases", None).await[0]["title"], "Two of them");
    let unattributed = other.person("GET", "/api/directories/unattributed/exchanges", None).await;
    assert_eq!(unattributed["total"], 0, "nothing came");
    let (status, _) = other.person_refused("GET", &format!("{at}/exchanges/999999"), None).await;
    assert_eq!(status, 404);

    other.person("DELETE", &at, None).await;
    assert_eq!(other.person_refused("GET", &at, None).await.0, 404);
    assert_eq!(other.person("GET", "/api/cases", None).await, json!([]));
    let left: Vec<_> = std::fs::read_dir(other.data.path().join("cases")).expect("the folder").collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_case_is_refused_with_what_to_do() {
    let running = Running::start().await;
    for (file, said) in [
        (json!({"log": {"version": "1.2"}}), "not a case"),
        (json!({"format": "other"}), "not a case file"),
        (json!({"format": "scim-setup-case-9"}), "newer SCIM Setup"),
        (json!({"format": "scim-setup-case-1", "title": "x"}), "damaged"),
    ] {
        let (status, refused) = running.person_refused("POST", "/api/cases", Some(file)).await;
        assert!(
            status == 422 && refused["message"].as_str().is_some_and(|message| message.contains(said)),
            "{refused}"
        );
    }
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    recorded(&running, &directory, 1).await;
    let mut case = running.person("GET", &format!("/api/directories/{}/case", directory.id), None).await;
    let twice = case["exchanges"][0].clone();
    case["exchanges"].as_array_mut().expect("exchanges").push(twice);
    let (status, refused) = running.person_refused("POST", "/api/cases", Some(case)).await;
    assert!(
        status == 422 && refused["message"].as_str().is_some_and(|message| message.contains("damaged")),
        "{refused}"
    );
    for id in ["..", "../scim-setup", "%2e%2e%2fsettings", "nobody"] {
        let (status, _) = running.person_refused("GET", &format!("/api/cases/{id}"), None).await;
        assert_eq!(status, 404, "{id}");
    }
    assert_eq!(ask(&running.control, "GET", "/api/cases", None).await, (200, json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_made_a_case_puts_no_secret_in() {
    let running = Running::start().await;
    let directory = running.directory("Acme Corp").await;
    directory.people(["ada"]).await;
    recorded(&running, &directory, 1).await;
    let mut case = running.person("GET", &format!("/api/directories/{}/case", directory.id), None).await;
    let exchange = &mut case["exchanges"][0];
    exchange["request"]["body"] = json!(format!("{{\"password\":\"hunter22\",\"title\":\"{}\"}}", directory.token));
    exchange["target"] = json!("/scim/v2/x/Users?access_token=hunter22");
    exchange["request"]["headers"] = json!([["authorization", "Bearer hunter22"], ["x-note", directory.token]]);
    exchange["client"] = json!("agent token=hunter22");
    exchange["notes"] = json!([{"rule": "x", "text": format!("It is {}", directory.token), "section": ""}]);
    exchange["changes"][0]["fields"] = json!([{"path": "password", "after": "hunter22"}]);
    case["title"] = json!(format!("With {}", directory.token));
    let opened = running.person("POST", "/api/cases", Some(case)).await;
    let at = format!("/api/cases/{}/exchanges/{}", opened["id"].as_str().expect("an id"), opened["exchanges"][0]["id"]);
    let about = opened["about"].to_string();
    let read = running.person("GET", &at, None).await.to_string() + &about;
    assert!(!read.contains("hunter22") && !read.contains(&directory.token), "{read}");
    assert!(read.contains("••••"), "{read}");
}
