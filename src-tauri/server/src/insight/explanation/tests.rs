use idp::admin::{Failure, Job, Response, Who};
use idp::{ConnectionTest, IdpId};
use serde_json::json;

use super::*;
use crate::facts::{self, Query, Sought, earlier, read_refused_body};
use crate::model::{
    Actor, AuthVerdict, ChangeKind, ChangeSeq, DatedText, ExchangeId, FixAction, MembersChange, ResourceKind, Sentence,
};

const NOW: Millis = 1_780_833_791_480;

/// A request as it was recorded, told in a few words.
#[derive(Clone)]
struct Told {
    row: ExchangeRow,
    authorization: Authorization,
    facts: Facts,
    changes: Vec<Change>,
    policy: Policy,
    misaddressed: Option<Misaddressed>,
    last_change: Option<Change>,
    story: Vec<(ExchangeRow, Facts)>,
    age: Millis,
    answer: Option<&'static str>,
}

fn row(id: ExchangeId, method: &str, path: &str, status: u16) -> ExchangeRow {
    ExchangeRow {
        id,
        directory_id: Some("k3v9tq2mxa".into()),
        at: String::new(),
        method: method.into(),
        path: path.into(),
        status,
        duration_ms: 1.0,
        actor: Actor::Known(IdpId::Okta),
        summary: Sentence::default(),
        note_count: 0,
        is_write: method != "GET",
        story: None,
        replay_of: None,
        is_simulated: false,
        ..ExchangeRow::default()
    }
}

/// A request with its body, that no handler has read.
fn sent(method: &str, path: &str, status: u16, body: &str) -> Told {
    let mut told = told(method, path, status);
    read_refused_body(&mut told.facts, method, body.as_bytes(), true);
    told
}

/// A look-up just before, with what it found.
fn lookup_before(path: &str, found: u64) -> (ExchangeRow, Facts) {
    let told = told("GET", path, 200).found(found, None);
    (ExchangeRow { id: ExchangeId(4), ..told.row }, told.facts)
}

fn told(method: &str, path: &str, status: u16) -> Told {
    let refusal = (status >= 400).then_some(Refusal { status, scim_type: None, detail: None, taken_by: None });
    Told {
        row: row(ExchangeId(5), method, path, status),
        authorization: Authorization::new(AuthVerdict::Matched, ""),
        facts: Facts { refusal, ..earlier::asked(method, path) },
        changes: Vec::new(),
        policy: Policy::tolerant(),
        misaddressed: None,
        last_change: None,
        story: Vec::new(),
        age: 0,
        answer: None,
    }
}

impl Told {
    fn by(mut self, idp: IdpId) -> Self {
        self.row.actor = Actor::Known(idp);
        self
    }

    fn error(mut self, scim_type: &str, detail: &str) -> Self {
        let scim_type = serde_json::from_value(json!(scim_type)).ok();
        self.facts.refusal =
            Some(Refusal { status: self.row.status, scim_type, detail: Some(detail.to_owned()), taken_by: None });
        self
    }

    fn about(mut self, name: &str, sought: Option<&str>) -> Self {
        self.facts.resource.name = Some(name.into());
        match &mut self.facts.query {
            Some(query) => query.sought = sought.map(by_user_name),
            None => self.facts.resource.user_name = sought.map(str::to_owned),
        }
        self
    }

    fn found(mut self, number: u64, name: Option<&str>) -> Self {
        self.facts.query.get_or_insert_default().total = Some(number);
        self.facts.resource.name = name.map(str::to_owned);
        self
    }

    fn changed(mut self, changes: Vec<Change>) -> Self {
        self.changes = changes;
        self
    }

    fn explained(&self) -> Explanation {
        explain(&Recorded {
            row: &self.row,
            at: NOW - self.age,
            authorization: &self.authorization,
            facts: &self.facts,
            answer: self.answer,
            changes: &self.changes,
            is_change_gone: false,
            policy: &self.policy,
            misaddressed: self.misaddressed.as_ref(),
            last_change: self.last_change.as_ref(),
            story: &self.story,
            now: NOW,
        })
    }
}

fn by_user_name(value: &str) -> Sought {
    Sought { attribute: "userName".into(), value: value.into() }
}

fn change(kind: ChangeKind, resource_kind: ResourceKind, name: &str, fields: &[&str]) -> Change {
    Change {
        seq: ChangeSeq(1),
        at: "2026-06-07T12:02:00.000Z".into(),
        directory_id: "".into(),
        resource_kind,
        resource_id: "1".into(),
        resource_name: name.into(),
        kind,
        field_count: fields.len() as u64,
        fields: fields
            .iter()
            .map(|path| scim::FieldChange { path: (*path).into(), before: None, after: None })
            .collect(),
        members: None,
        actor: Actor::Known(IdpId::Okta),
        exchange_id: None,
    }
}

fn members(added_count: u64, removed_count: u64) -> Change {
    let members = MembersChange { added_count, removed_count, ..MembersChange::default() };
    Change { members: Some(members), ..change(ChangeKind::MembersChanged, ResourceKind::Group, "Engineering", &[]) }
}

const USER: ResourceKind = ResourceKind::User;
const GROUP: ResourceKind = ResourceKind::Group;

#[test]
fn the_effect_counts_what_changed() {
    use ChangeKind::{Created, Deactivated, Deleted, Reactivated, Updated};
    let ada = |kind, fields: &[&str]| vec![change(kind, USER, "Ada Lovelace", fields)];
    for (told, expected) in [
        (told("POST", "/Users", 201).changed(ada(Created, &["userName"])), "Created 1 user"),
        (
            told("PUT", "/Users/1", 200).changed(ada(Updated, &["title", "department"])),
            "Changed 2 attributes of Ada Lovelace",
        ),
        (told("PUT", "/Users/1", 200).changed(ada(Deactivated, &["active"])), "Deactivated Ada Lovelace"),
        (
            told("PUT", "/Users/1", 200).changed(ada(Reactivated, &["active", "title"])),
            "Reactivated Ada Lovelace and changed 1 other attribute",
        ),
        (told("DELETE", "/Users/1", 204).changed(ada(Deleted, &[])), "Deleted 1 user: Ada Lovelace"),
        (told("PATCH", "/Groups/1", 204).changed(vec![members(3, 0)]), "Engineering: 3 members added"),
        (told("PUT", "/Groups/1", 200).changed(vec![members(1, 2)]), "Engineering: 1 member added, 2 removed"),
        (told("PATCH", "/Groups/1", 200).changed(vec![members(0, 1)]), "Engineering: 1 member removed"),
        (
            told("POST", "/Bulk", 200).changed(vec![
                change(Created, USER, "a", &[]),
                change(Created, USER, "b", &[]),
                change(Created, GROUP, "c", &[]),
                change(Deleted, USER, "d", &[]),
            ]),
            "Created 2 users and 1 group, deleted 1 user",
        ),
        (told("PUT", "/Users/1", 200), "Changed nothing"),
        (told("PUT", "/Users/1", 400), "Changed nothing"),
        (told("GET", "/Users?filter=userName eq \"a\"", 200).found(0, None), "Changed nothing. Found nobody"),
        (told("GET", "/Groups?filter=displayName eq \"a\"", 200).found(0, None), "Changed nothing. Found nothing"),
        (
            told("GET", "/Users?filter=userName eq \"a\"", 200).found(1, Some("Ada Lovelace")),
            "Changed nothing. Found 1 user: Ada Lovelace",
        ),
        (told("GET", "/Users?startIndex=1&count=100", 200).found(128, None), "Changed nothing. Found 128 users"),
        (told("GET", "/Users/1", 200).about("Ada Lovelace", None), "Changed nothing. Read Ada Lovelace"),
        (told("GET", "/ServiceProviderConfig", 200), "Changed nothing"),
    ] {
        assert_eq!(told.explained().effect, expected, "{} {}", told.row.method, told.row.path);
    }
}

#[test]
fn nothing_is_wrong_with_what_worked() {
    let explained = told("PUT", "/Users/1", 200).explained();
    assert_eq!((explained.cause, explained.fix, explained.admin_sees), (None, None, None));
}

/// okta-44-invalid-value-detail, okta-14-create-conflict-409, okta-21-get-deleted-user-404, okta-40-bad-token-401
#[test]
fn a_failure_has_a_cause_and_a_fix_in_the_words_of_who_asked() {
    let refused = |verdict| {
        let mut told = told("GET", "/Users?startIndex=1&count=2", 401);
        told.authorization = Authorization {
            verdict,
            text: DatedText::from("This token was replaced ").at("2026-06-07T12:02:00.000Z".into()).and("."),
            advice: Some("Paste the new one.".into()),
            last_four: None,
        };
        told
    };
    let mut gone = told("GET", "/Users/1", 404);
    gone.last_change = Some(change(ChangeKind::Deleted, USER, "Ada Lovelace", &[]));
    let mut taken = told("POST", "/Users", 409).error("uniqueness", "A user is there.");
    let plainly_taken = taken.clone();
    let mut wrong_type = told("POST", "/Users", 400).error("invalidValue", "`title` has to be a text.");
    wrong_type.facts.has_wrong_type = true;
    taken.story = vec![lookup_before("/Users?filter=userName eq \"ada\"", 0), (taken.row.clone(), taken.facts.clone())];
    for (told, cause, fix) in [
        (
            told("POST", "/Users", 400).error("invalidValue", "`userName` is required."),
            "`userName` is required.",
            "To App › Attribute Mappings",
        ),
        (told("POST", "/Users", 400).error("invalidValue", "No.").by(IdpId::Entra), "No.", "Attribute mapping"),
        (told("POST", "/Users", 400).error("invalidValue", "No.").by(IdpId::Curl), "No.", "send it if it is missing"),
        (wrong_type.clone().by(IdpId::Curl), "`title` has to be a text.", "of the right type"),
        (wrong_type, "`title` has to be a text.", "map a value of the right type"),
        (told("OPTIONS", "/Users", 405).by(IdpId::Browser).error("", "No page."), "No page.", "no web page"),
        (told("GET", "/Users/{{userId}}", 404), "\"{{userId}}\" is a placeholder", "Fill the variable in"),
        (told("DELETE", "/Groups/undefined", 404), "\"undefined\" is a placeholder", "Fill the variable in"),
        (plainly_taken, "A user is there.", "Import Now"),
        (
            told("PUT", "/Users/1", 409).error("uniqueness", "A user is there."),
            "A user is there.",
            "give one of them another in Okta",
        ),
        (
            told("PATCH", "/Groups/1", 409).error("uniqueness", "A group is there.").by(IdpId::Curl),
            "A group is there.",
            "Give one of the two groups another name",
        ),
        (taken, "The lookup just before found nobody", "Unique identifier field for users"),
        (gone.clone(), "is no longer here: deleted by Okta on 2026-06-07", "remove the person, then assign them again"),
        (gone.by(IdpId::Entra), "deleted by", "Provision on demand"),
        (
            told("PUT", "/Groups/1", 404),
            "No group with this id, now or in the recorded past.",
            "unlink the pushed group",
        ),
        (refused(AuthVerdict::Retired), "was replaced on 2026-06-07T12:02:00.000Z", "Paste the new one."),
        (
            told("GET", "/Users?filter=x", 400).error("invalidFilter", "Bad."),
            "Bad.",
            "Unique identifier field for users",
        ),
        (told("PUT", "/Users", 405), "The answer was 405.", "Allow header"),
        (told("POST", "/Groups", 413).error("", "Too large."), "Too large.", "several PATCH requests"),
        (told("POST", "/Users", 500).error("", "Failed."), "Failed.", "bug in SCIM Setup"),
    ] {
        let explained = told.explained();
        let line = format!("{} {} {} by {}", told.row.method, told.row.path, told.row.status, told.row.actor);
        let found = explained.cause.map(|text| text.to_string());
        assert!(found.as_ref().is_some_and(|text| text.contains(cause)), "{line}: {found:?}");
        let found = explained.fix.unwrap_or_else(|| panic!("{line} has no fix"));
        assert!(found.text.contains(fix), "{line}: {found:?}");
    }
    let action = |verdict| refused(verdict).explained().fix.and_then(|fix| fix.action);
    assert_eq!(action(AuthVerdict::Unknown), Some(FixAction::Token));
    assert_eq!(action(AuthVerdict::Retired), None, "the new one is to be pasted, not replaced");
    assert_eq!(action(AuthVerdict::Malformed), None, "the token is there already");
}

#[test]
fn a_strict_directory_says_that_a_tolerant_one_may_accept() {
    let mut told = told("PATCH", "/Users/1", 400).error("invalidValue", "`active` has to be a boolean.");
    assert_eq!(told.explained().fix.and_then(|fix| fix.action), None);
    told.policy = Policy::strict();
    let fix = told.explained().fix.expect("a fix");
    assert!(fix.text.contains("strict") && fix.action == Some(FixAction::Policy), "{fix:?}");
}

#[test]
fn a_wrong_address_gets_the_right_one() {
    let known = [path_doctor::Known {
        id: "k3v9tq2mxa".into(),
        name: "Okta".into(),
        base_url: "https://ada.example/scim/v2/k3v9tq2mxa".into(),
    }];
    for (target, path, status, is_wrong) in [
        ("/scim/v2/k3v9tq2mxa/Users/Users", "/Users/Users", 404, true),
        ("/scim/v2/nobody/Users", "/Users", 404, true),
        ("/scim/v2/K3V9TQ2MXA/Users", "/Users", 404, true),
        ("/wp-login.php", "/wp-login.php", 404, true),
        ("/", "/", 404, true),
        ("/scim/v2/k3v9tq2mxa/Users/2819c223", "/Users/2819c223", 404, false),
        ("/scim/v2/k3v9tq2mxa/Schemas/x", "/Schemas/x", 404, false),
        ("/scim/v2/k3v9tq2mxa/Users", "/Users", 200, false),
        ("/scim/v2/k3v9tq2mxa", "/", 401, false),
    ] {
        // As the handler notes it: there is no such directory, or nothing of this name in it.
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let is_there = target.contains(&*known[0].id);
        let leads_nowhere = status == 404 && (!is_there || facts::leads_nowhere(&segments));
        let facts = Facts { leads_nowhere, ..told("GET", path, status).facts };
        assert_eq!(misaddressed(target, &facts, &known).is_some(), is_wrong, "{target}");
    }
    let mut told = told("GET", "/Users/Users", 404);
    told.facts.leads_nowhere = true;
    told.misaddressed = misaddressed("/scim/v2/k3v9tq2mxa/Users/Users", &told.facts, &known);
    let explained = told.explained();
    assert_eq!(explained.cause, Some("The path has /Users twice.".into()));
    assert_eq!(explained.fix.and_then(|fix| fix.base_url).as_deref(), Some(known[0].base_url.as_str()));
    told.row.actor = Actor::Known(IdpId::Browser);
    told.authorization.verdict = AuthVerdict::UnknownDirectory;
    assert!(told.explained().cause.is_some_and(|cause| cause.to_string().contains("browser")));
}

/// The words of `idp::okta`, with the status phrase and the detail that were really answered.
#[test]
fn okta_tells_its_admin_in_its_own_words() {
    let ada = |told: Told| told.about("Ada Lovelace", Some("ada@example.com"));
    let deactivation = |method: &str, body: &str| ada(sent(method, "/Users/1", 503, body));
    for (told, expected) in [
        (
            ada(told("POST", "/Users", 400)).error("invalidValue", "department is required"),
            "Automatic provisioning of user ada@example.com to app … failed: Error while creating user Ada Lovelace: Bad Request. Errors reported by remote server: department is required",
        ),
        (
            ada(told("PUT", "/Users/1", 409)).error("uniqueness", "taken"),
            "Automatic profile push of user ada@example.com to app … failed: Error while trying to push profile update for ada@example.com: Conflict. Errors reported by remote server: taken",
        ),
        (
            ada(told("GET", "/Users?filter=userName eq \"ada@example.com\"", 400)).error("invalidFilter", "no"),
            "Error while verifying if user ada@example.com exists: Bad Request. Errors reported by remote server: no",
        ),
        (told("GET", "/Users?startIndex=1&count=2", 401), "Error authenticating: Unauthorized"),
        (
            deactivation("PUT", r#"{"active": false}"#),
            "Task: Application accounts need deprovisioning. Service Unavailable",
        ),
        (
            deactivation("PATCH", r#"{"Operations":[{"op":"replace","value":{"active":false}}]}"#),
            "Task: Application accounts need deprovisioning. Service Unavailable",
        ),
        (told("GET", "/Users/1", 404).error("", "gone"), "Not Found. Errors reported by remote server: gone"),
        (told("PUT", "/Groups/1", 500), "System Log: application.provision.group.add, FAILURE. Internal Server Error"),
        (told("GET", "/Users?startIndex=1&count=2", 200), "Connector configured successfully"),
    ] {
        let view = told.explained().admin_sees.unwrap_or_else(|| panic!("{} {}", told.row.method, told.row.path));
        assert_eq!(view.text, expected);
        assert!(view.provider == "Okta" && !view.evidence.is_empty());
        assert_eq!(told.clone().by(IdpId::Google).explained().admin_sees, None, "of others it is not known");
    }
    assert_eq!(told("PUT", "/Users/1", 200).explained().admin_sees, None);
}

/// The simulator asks the same table with the same failure; here stands every job that a request can be told to be.
#[test]
fn what_the_admin_sees_is_what_the_simulator_shows() {
    const BODY: &str = r#"{"detail":"It is taken.","status":"409"}"#;
    let ada = || Who { user_name: "ada@example.com".into(), name: "Ada Lovelace".into() };
    let json = serde_json::from_str(BODY).ok();
    let answer = Response {
        status: 409,
        phrase: "Conflict",
        body: BODY,
        json: json.as_ref(),
        detail: Some("It is taken."),
        because: "",
    };
    let known: Vec<_> = IdpId::ALL.into_iter().filter(|id| id.idp().admin.value().is_some()).collect();
    assert!(known.contains(&IdpId::Okta) && known.contains(&IdpId::Entra), "{known:?}");
    for idp in known {
        let test = match idp.idp().connection_test.value() {
            Some(ConnectionTest::Guid) => "/Users?filter=userName eq \"c5c9a1b0-12ab-4c3d-8e9f-0123456789ab\"",
            _ => "/Users?startIndex=1&count=2",
        };
        for (method, path, body, job) in [
            ("GET", test, "", Job::Connect),
            ("GET", "/Users?filter=userName eq \"ada@example.com\"", "", Job::Verify(ada())),
            ("GET", "/Users/1", "", Job::Read(ada())),
            ("POST", "/Users", "{}", Job::Create(ada())),
            ("PUT", "/Users/1", "{}", Job::Update(ada())),
            (
                "PATCH",
                "/Users/1",
                r#"{"Operations":[{"op":"Replace","path":"active","value":"False"}]}"#,
                Job::Deactivate(ada()),
            ),
            ("DELETE", "/Users/1", "", Job::Delete(ada())),
            ("GET", "/Users?startIndex=1&count=100", "", Job::Import),
            ("GET", "/Groups?startIndex=1&count=100", "", Job::Import),
            ("GET", "/Groups?filter=displayName eq \"Eng\"", "", Job::PushGroup("Ada Lovelace".into())),
            ("GET", "/Groups/1", "", Job::PushGroup("Ada Lovelace".into())),
            ("POST", "/Groups", "{}", Job::PushGroup("Ada Lovelace".into())),
            ("PUT", "/Groups/1", "{}", Job::PushGroup("Ada Lovelace".into())),
            ("PATCH", "/Groups/1", "{}", Job::PushGroup("Ada Lovelace".into())),
            ("DELETE", "/Groups/1", "", Job::PushGroup("Ada Lovelace".into())),
        ] {
            let told = sent(method, path, 409, body).by(idp).about("Ada Lovelace", Some("ada@example.com"));
            let told = Told { answer: Some(BODY), ..told.error("uniqueness", "It is taken.") };
            let shown = idp.failure_shown(&job, &Failure::Response(answer), "…").expect("its words are known");
            let view = told.explained().admin_sees.unwrap_or_else(|| panic!("{idp:?} {job:?} is told nothing"));
            assert_eq!((&view.text, view.evidence.as_str()), (&shown.text, shown.known_from), "{idp:?} {job:?}");
        }
    }
}

/// okta-21-get-deleted-user-404, as a deactivation: what is said of it must not contradict itself.
#[test]
fn a_deactivation_of_nobody_says_one_thing() {
    for (method, body) in
        [("PUT", r#"{"active":false}"#), ("PATCH", r#"{"Operations":[{"op":"replace","value":{"active":false}}]}"#)]
    {
        let never = sent(method, "/Users/1", 404, body);
        let deleted =
            Told { last_change: Some(change(ChangeKind::Deleted, USER, "Ada Lovelace", &["active"])), ..never.clone() };
        for (told, cause) in [
            (&never, "No user with this id, now or in the recorded past."),
            (&deleted, "The user Ada Lovelace is no longer here: deleted by Okta on 2026-06-07T12:02:00.000Z."),
        ] {
            for (idp, fix, next) in [
                (IdpId::Okta, "mark the task as complete", "Okta does not try again. Its task"),
                (IdpId::Entra, "Provision on demand", "provisioning logs"),
                (IdpId::Curl, "mark it as done", ""),
            ] {
                let explained = told.clone().by(idp).explained();
                assert_eq!(explained.cause.map(|text| text.to_string()).as_deref(), Some(cause), "{method} {idp:?}");
                assert!(explained.fix.is_some_and(|it| it.text.contains(fix)), "{method} {idp:?}");
                let text = explained.next.map(|next| next.text).unwrap_or_default();
                assert!(text.contains(next) && !text.contains("active here"), "{method} {idp:?}: {text}");
            }
        }
        // Whoever is here is another matter.
        let failed = sent(method, "/Users/1", 503, body).explained().next.map(|next| next.text);
        assert!(failed.is_some_and(|text| text.contains("if this person is active here")), "{method}");
    }
    let deletion = told("DELETE", "/Users/1", 404).explained();
    assert!(deletion.fix.is_some_and(|fix| fix.text.contains("mark the task")), "there is nobody to assign again");
}

#[test]
fn entra_id_shows_its_admin_the_answer() {
    let told = Told { answer: Some(r#"{"detail":"taken"}"#), ..told("POST", "/Users", 409).by(IdpId::Entra) };
    let view = told.explained().admin_sees.expect("it is known");
    assert!(view.text.starts_with("StatusCode: Conflict Message: "), "{view:?}");
    assert!(view.text.ends_with(r#"Web Response: {"detail":"taken"}"#), "{view:?}");
}

#[test]
fn what_comes_next_is_said_and_found() {
    let lookup = || told("GET", "/Users?filter=userName eq \"ada@example.com\"&startIndex=1&count=100", 200);
    let text = |told: &Told| told.explained().next.map(|next| next.text).unwrap_or_default();
    let nobody = lookup().found(0, None);
    assert_eq!(text(&nobody), "Okta creates the user next: POST /Users.");
    let overdue = Told { age: 60_000, ..nobody.clone() };
    assert!(text(&overdue).contains("Create Users has to be on"), "{}", text(&overdue));
    let created = (row(ExchangeId(6), "POST", "/Users", 201), told("POST", "/Users", 201).facts);
    let story = vec![(nobody.row.clone(), nobody.facts.clone()), created];
    let came = Told { story, ..overdue };
    assert_eq!(came.explained().next.and_then(|next| next.exchange_id), Some(ExchangeId(6)));
    assert!(!text(&came).contains("Create Users"), "it came");

    let deactivate = sent("PUT", "/Users/1", 503, r#"{"active":false}"#);
    for (told, expected) in [
        (lookup().found(1, Some("Ada")), "takes over the user"),
        (told("GET", "/Groups?filter=displayName eq \"Eng\"", 200).found(0, None), "POST /Groups"),
        (told("GET", "/Users/1", 200), "sends the whole user back"),
        (told("GET", "/Users?startIndex=1&count=100", 200).found(250, None), "startIndex=101&count=100"),
        (told("GET", "/Users?startIndex=201&count=100", 200).found(250, None), ""),
        (deactivate, "Okta does not try again"),
        (told("GET", "/Users/1", 404), "does not create them again"),
        (told("POST", "/Users", 409), "The job stops here"),
        (told("POST", "/Users", 429), "5 minutes"),
        (told("PUT", "/Users/1", 500), "Retry there runs the whole sequence again"),
        (told("PUT", "/Groups/1", 500), "Push now"),
        (told("GET", "/?filter=userName eq \"ada\"", 500), ""),
        (
            Told {
                facts: Facts {
                    query: Some(Query {
                        total: Some(0),
                        sought: Some(by_user_name("c5c9a1b0-12ab-4c3d-8e9f-0123456789ab")),
                        ..Query::default()
                    }),
                    ..lookup().facts
                },
                ..lookup().by(IdpId::Entra)
            },
            "cannot exist",
        ),
        (lookup().found(0, None).by(IdpId::Entra), "POST /Users"),
        (told("POST", "/Users", 400).by(IdpId::Entra), "quarantine"),
        (told("POST", "/Users", 400).by(IdpId::Curl), ""),
    ] {
        let text = text(&told);
        let line = format!("{} {} by {}", told.row.method, told.row.path, told.row.actor);
        assert!(text.contains(expected) && text.is_empty() == expected.is_empty(), "{line}: {text:?}");
    }
}

/// A rule that read sentences or bodies would fall for each of these.
#[test]
fn what_merely_looks_like_something_is_not_it() {
    let taken = |before: (ExchangeRow, Facts)| {
        let taken = told("POST", "/Users", 409).error("uniqueness", "A user is there.");
        let story = vec![before, (taken.row.clone(), taken.facts.clone())];
        Told { story, ..taken }.explained().cause.map(|cause| cause.to_string()).unwrap_or_default()
    };
    let read = told("GET", "/Users/filter=", 200).about("no match", None);
    let outcome = Some("no match".to_owned());
    let row = ExchangeRow { summary: Sentence { outcome, ..Sentence::default() }, ..read.row };
    assert_eq!(taken((row, read.facts)), "A user is there.", "somebody is called so, and was found");
    let lookup = "/Users?filter=userName eq \"ada\"";
    assert_eq!(taken(lookup_before(lookup, 1)), "A user is there.", "the look-up found somebody");
    assert!(taken(lookup_before(lookup, 0)).contains("The lookup just before found nobody"));

    let told_to_admin = |method: &str, body: &str| {
        let told = sent(method, "/Users/1", 503, body).about("Ada", None);
        told.explained().admin_sees.map(|view| view.text).unwrap_or_default()
    };
    for (method, body, is_deactivation) in [
        ("PUT", r#"{"active": false}"#, true),
        ("PUT", r#"{"title": "\"active\":false"}"#, false),
        ("PUT", r#"{"manager": {"active":false}}"#, false),
        ("PUT", r#"{"active": true, "x": {"value":"false"}}"#, false),
        ("PATCH", r#"{"Operations":[{"op":"Replace","path":"active","value":"False"}]}"#, true),
        (
            "PATCH",
            r#"{"Operations":[{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:User:active","value":false}]}"#,
            true,
        ),
        ("PATCH", r#"{"Operations":[{"op":"replace","path":"nickName","value":"false"}]}"#, false),
    ] {
        let text = told_to_admin(method, body);
        assert_eq!(text.contains("need deprovisioning"), is_deactivation, "{method} {body}: {text}");
    }
}
