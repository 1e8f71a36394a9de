//! Where requests are carried out, and what they wait for there.

use std::time::Duration;

use axum::http::header::{AUTHORIZATION, HOST};

use super::*;
use crate::clock::Clock;
use crate::directory::directories::{self, NewDirectoryRequest};
use crate::directory::organizations::{self, NewOrganization};
use crate::directory::{environments, tokens};
use crate::model::{DirectoryId, ExchangeId, ResourceKind};
use crate::store::{ReadLength, Store};

/// A directory and who answers its requests.
struct Fixture {
    provisioning: Provisioning,
    directory: DirectoryId,
    token: String,
    _data: tempfile::TempDir,
}

impl Fixture {
    fn new(limits: Limits) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let (store, _) = Store::open(data.path()).expect("a store");
        let core = Core::new(store, Clock::system(), 7246).expect("a core");
        environments::ensure_default(&core).expect("an environment");
        let all = core.store.read(crate::store::environments::all).expect("environments");
        let (environment_id, name) = (all[0].id.clone(), "Acme".to_owned());
        let new = NewOrganization { environment_id, name: name.clone(), external_id: None, email_domains: Vec::new() };
        let organization_id = organizations::create(&core, new).expect("an organization").id;
        let new = NewDirectoryRequest { organization_id, name, guide: None, copy_of: None, forwarding: None };
        let directory = directories::create(&core, new).expect("a directory").id;
        let token = tokens::create_token(&core, &directory).expect("a token").token;
        core.reload_scopes().expect("scopes");
        let provisioning = Provisioning::new(core.clone(), Recorder::start(core), limits);
        Self { provisioning, directory, token, _data: data }
    }

    fn request(&self, method: &str, target: &str) -> Request<Body> {
        let builder = Request::builder().method(method).uri(format!("/scim/v2/{}{target}", self.directory));
        let builder = builder.header(HOST, "localhost").header(AUTHORIZATION, format!("Bearer {}", self.token));
        builder.body(Body::empty()).expect("a request")
    }

    async fn status(&self, target: &str) -> u16 {
        self.provisioning.answer(self.request("GET", target)).await.status().as_u16()
    }

    fn admitted(&self, method: &str, target: &str) -> Box<AdmittedRequest> {
        let (head, body) = (self.request(method, target).into_parts().0, RequestBody::none());
        let asked = ProvisioningRequest { id: ExchangeId(1), at: 0, head: &head, body: &body, access: Access::Token };
        match admission::admit(&self.provisioning.core, &self.provisioning.limits, &asked) {
            Admission::Admitted(admitted) => admitted,
            Admission::Answered(outcome) => panic!("{method} {target} is answered with {}", outcome.status),
        }
    }
}

const USERS: &[ResourceKind] = &[ResourceKind::User];
const GROUPS: &[ResourceKind] = &[ResourceKind::Group];
const ALL: &[ResourceKind] = &[ResourceKind::User, ResourceKind::Group];

#[tokio::test]
async fn only_what_looks_at_all_there_is_waits_behind_others_that_do_and_never_where_connections_are_served() {
    let fixture = Fixture::new(Limits::default());
    for (kinds, target, place, length) in [
        (USERS, "/Users?filter=userName%20eq%20%22ada%22", Place::Here, ReadLength::Brief),
        (USERS, "/Users?filter=emails%5Bvalue%20eq%20%22a@b.example%22%5D&count=1", Place::Here, ReadLength::Brief),
        (USERS, "/Users?filter=active%20eq%20true%20and%20externalId%20eq%20%221%22", Place::Here, ReadLength::Brief),
        (GROUPS, "/Groups?filter=displayName%20eq%20%22Team%22", Place::Here, ReadLength::Brief),
        (USERS, "/Users?startIndex=1&count=2", Place::Here, ReadLength::Brief),
        (USERS, "/Users", Place::Here, ReadLength::Brief),
        (USERS, "/Users?startIndex=201&count=200", Place::Here, ReadLength::Brief),
        (USERS, "/Users?count=201", Place::Thread, ReadLength::Medium),
        (GROUPS, "/Groups", Place::Thread, ReadLength::Medium),
        (USERS, "/Users?filter=title%20co%20%22x%22", Place::Search, ReadLength::Long),
        (USERS, "/Users?filter=active%20eq%20true", Place::Search, ReadLength::Long),
        (USERS, "/Users?filter=userName%20eq%20%22ada%22&sortBy=title", Place::Search, ReadLength::Long),
        (USERS, "/Users?sortBy=title", Place::Search, ReadLength::Long),
        (USERS, "/Users?cursor", Place::Search, ReadLength::Long),
        (ALL, "/", Place::Search, ReadLength::Long),
        (ALL, "/?filter=id%20pr", Place::Search, ReadLength::Long),
    ] {
        let admitted = fixture.admitted("GET", target);
        let query = admitted.parameters.query(&admitted.scope, kinds, &mut scim::Notes::new()).expect("a query");
        let is = (admitted.place(&RequestBody::none()), query.length());
        assert_eq!(is, (place, length), "{target}");
        assert!(length <= place.longest_read(), "{target}");
    }
    for target in ["/Users/.search", "/Groups/.search", "/.search"] {
        assert_eq!(fixture.admitted("POST", target).place(&RequestBody::none()), Place::Search, "{target}");
    }
    assert_eq!([Place::Here, Place::AwaitingWriter].map(Place::longest_read), [ReadLength::Brief; 2]);
}

#[tokio::test]
async fn few_queries_that_no_index_helps_run_at_once_and_look_ups_do_not_wait_for_them() {
    const QUERY: &str = "/Users?filter=title%20co%20%22x%22";
    const LOOK_UP: &str = "/Users?filter=userName%20eq%20%22ada%22";
    let fixture = Fixture::new(Limits { wait: Duration::from_millis(200), ..Limits::default() });
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    let turn = || fixture.provisioning.turn(Place::Search).now_or_never();
    let mut running: Vec<_> = std::iter::from_fn(turn).take(MOST_THREADS).collect();
    assert_eq!(running.len(), processors.clamp(2, MOST_THREADS), "as many as there are processors, but two");
    assert_eq!([fixture.status(QUERY).await, fixture.status(LOOK_UP).await], [503, 200]);
    let searched = fixture.provisioning.answer(fixture.request("POST", "/Users/.search")).await;
    assert_eq!(searched.status(), 503, "it is a query, too");
    drop(running.pop());
    assert_eq!(fixture.status(QUERY).await, 200, "one has ended, so the next begins");
}
