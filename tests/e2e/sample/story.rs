//! What happened until the moment of the pictures.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Directory, Extent, NOW, PUBLIC_URL, Sample, people::colleague};
use crate::okta::{Okta, Person};

/// People beside those that the story names.
const COLLEAGUES: usize = 116;

impl Sample {
    /// Starts a server on an empty folder, and plays the whole story up to [`NOW`].
    pub(crate) async fn full(data: &std::path::Path, extent: Extent) -> Self {
        let sample = Self::empty(data, extent.port).await;
        sample.play(extent.largest).await;
        sample
    }

    /// A demo that was stopped before anybody arrived.
    pub(crate) async fn stop_a_demo(&self) {
        let environment = self.person("GET", "/api/tree", Value::Null).await["environments"][0]["id"].take();
        let demo = self.person("POST", "/api/demo", json!({ "environmentId": environment })).await;
        let id = demo["simulation"]["id"].as_str().expect("an id");
        self.person("POST", &format!("/api/simulations/{id}/stop"), Value::Null).await;
    }

    /// The first directory, connected by nobody yet.
    pub(crate) async fn connect_nobody(&self) -> Directory {
        self.name_environment().await;
        self.at("2026-06-02 16:02:00");
        let acme = self.organization("Acme Corp").await;
        self.directory(&acme, "Okta Preview").await
    }

    /// A directory in which something went wrong: Okta could not deactivate Ada, a group has a member that nobody knows, Grace
    /// was deleted.
    pub(crate) async fn go_wrong(&self) {
        let Directory { id, okta } = self.connect_nobody().await;
        self.at("12:00:07");
        let ada = Person::new("ada@example.com", "Ada", "Lovelace");
        let ada_id = okta.create(&ada).await;
        let grace = okta.create(&Person::new("grace.hopper@example.com", "Grace", "Hopper")).await;
        okta.create(&Person::new("alan.turing@example.com", "Alan", "Turing")).await;
        okta.create_group_of("Engineering", &[&ada_id, "2819c223-7f76-453a-919d-413861904646"]).await;
        assert_eq!(okta.send(Method::DELETE, &format!("/Users/{grace}"), None).await.status(), StatusCode::NO_CONTENT);
        self.at("12:01:58");
        // Nobody has told Okta of the new token.
        self.new_token(&id).await;
        let refused = okta.try_to_replace(&ada_id, &Person { active: false, ..ada }).await;
        assert_eq!(refused, StatusCode::UNAUTHORIZED);
        self.at("12:03:23");
    }

    async fn name_environment(&self) {
        let environment = self.person("GET", "/api/tree", Value::Null).await["environments"][0]["id"].take();
        let path = format!("/api/environments/{}", environment.as_str().expect("an id"));
        self.person("PATCH", &path, json!({ "name": "Local dev", "publicUrl": PUBLIC_URL })).await;
    }

    async fn play(&self, largest: usize) {
        let Directory { id, okta } = self.connect_nobody().await;
        self.at("2026-06-02 16:12:00");
        assert_eq!(okta.test_connection().await, StatusCode::OK);
        okta.list_groups().await;
        self.at("2026-06-02 16:20:00");
        let mut ids = Vec::new();
        for index in 0..COLLEAGUES {
            let person = colleague(index);
            okta.look_up(&person.email).await;
            ids.push(okta.create(&person).await);
            self.pass(2_500);
        }
        let mut named = Vec::new();
        for person in named_people() {
            okta.look_up(&person.email).await;
            named.push(okta.create(&person).await);
            self.pass(2_500);
        }
        let all: Vec<&str> = ids.iter().map(String::as_str).collect();
        let [ada, katherine, alan, margaret, barbara, edsger, radia, donald, frances, dennis, _karen] =
            named.iter().map(String::as_str).collect::<Vec<_>>().try_into().expect("those who are named");
        for (index, id) in ids.iter().enumerate().filter(|(index, _)| index % 17 == 3) {
            okta.replace(id, &Person { active: false, ..colleague(index) }).await;
        }
        let mut engineering = Group::create(&okta, "Engineering", &[&all[..44], &[alan]].concat()).await;
        let mut marketing = Group::create(&okta, "Marketing", &all[50..71]).await;
        let mut emea =
            Group::create(&okta, "Everyone EMEA", &[&all[20..78], &[ada, katherine, alan, margaret]].concat()).await;
        let mut network = Group::create(&okta, "Network", &[&all[..7], &[margaret]].concat()).await;
        let mut oncall = Group::create(&okta, "On call", &[&all[8..12], &[katherine, alan]].concat()).await;
        engineering.add(&okta, &[margaret, barbara, donald]).await;

        self.at("2026-06-04 09:14:00");
        let okta = self.okta(&id, &self.new_token(&id).await);
        let dennis_now = person("dennis.ritchie@example.com", "Dennis", "Ritchie");
        self.at("2026-06-05 17:40:00");
        okta.replace(dennis, &Person { active: false, ..dennis_now.clone() }).await;
        self.at("2026-06-06 15:10:00");
        okta.replace(dennis, &dennis_now).await;
        okta.create_group("Contractors").await;

        self.at("10:02:40");
        let frances_gone = Person { active: false, ..person("frances.allen@example.com", "Frances", "Allen") };
        okta.replace(frances, &frances_gone).await;
        self.at("10:03:10");
        oncall.name = "Oncall";
        oncall.push(&okta).await;
        self.at("11:02:00");
        okta.replace(donald, &person("donald.knuth@example.com", "Donald", "Knuth")).await;
        self.at("11:22:10");
        network.add(&okta, &[radia]).await;
        oncall.add(&okta, &[radia]).await;
        self.at("11:37:00");
        engineering.add(&okta, &[edsger]).await;
        self.at("11:52:05");
        okta.replace(barbara, &person("barbara.liskov@example.com", "Barbara", "Liskov")).await;
        self.at("11:58:02");
        okta.list_groups().await;
        okta.test_connection().await;
        self.at("11:58:40");
        okta.look_up("ada@example.com").await;
        marketing.add(&okta, &[ada]).await;
        self.at("12:00:07");
        let margaret_now = person("margaret.hamilton@example.com", "Margaret", "Hamilton");
        okta.replace(margaret, &margaret_now.with_job("Director of Software", "Engineering")).await;
        for group in [&mut engineering, &mut emea, &mut oncall] {
            group.remove(&okta, alan).await;
        }
        okta.read(alan).await;
        okta.replace(alan, &Person { active: false, ..person("alan.turing@example.com", "Alan", "Turing") }).await;
        self.at("12:01:58");
        let former = self.okta(&id, "scimsetup-000000000000000000000000000000000000000x7Kd");
        assert_eq!(former.test_connection().await, StatusCode::UNAUTHORIZED);
        let pasted = Okta::new(&format!("{}/Users", okta.base_url()), okta.token()).through(PUBLIC_URL);
        assert_eq!(pasted.test_connection().await, StatusCode::NOT_FOUND);
        let mistyped = self.okta(&format!("{}0", &id[..id.len() - 1]), okta.token());
        assert_eq!(mistyped.test_connection().await, StatusCode::NOT_FOUND);
        self.at("12:02:35");
        engineering.add(&okta, &[katherine, all[100], all[101]]).await;
        self.at("12:03:11");
        okta.read(ada).await;
        self.pass(482);
        okta.replace(ada, &person("ada@example.com", "Ada", "Lovelace").with_job("Campaign Lead", "Marketing")).await;
        self.others(largest).await;
        self.at("12:03:23");
        let grace = person("grace.hopper@example.com", "Grace", "Hopper");
        okta.look_up(&grace.email).await;
        okta.create(&grace).await;
        self.at(NOW.trim_start_matches("2026-06-07T").trim_end_matches('Z'));
        // The story's clock has leapt over nights, which the server may have taken for sleep.
        self.person("DELETE", "/api/status/absence", Value::Null).await;
    }

    /// The other directories, so that the sidebar is not empty.
    async fn others(&self, largest: usize) {
        let tree = self.person("GET", "/api/tree", Value::Null).await;
        let acme = tree["organizations"][0]["id"].as_str().expect("an id").to_owned();
        let (globex, initech) = (self.organization("Globex").await, self.organization("Initech").await);
        self.directory(&initech, "JumpCloud").await;
        for (organization, name, people, moment) in [
            (&globex, "OneLogin", 17, "2026-06-03 08:00:00"),
            (&globex, "Okta staging", largest, "12:02:50"),
            (&acme, "Entra ID", 42, "12:03:02"),
        ] {
            self.at(moment);
            let directory = self.directory(organization, name).await;
            for index in 0..people {
                directory.okta.create(&colleague(index)).await;
            }
        }
    }
}

/// Those whom the story names, as they were at first. Grace comes last of all.
fn named_people() -> [Person; 11] {
    [
        person("ada@example.com", "Ada", "Lovelace").with_job("Account Executive", "Sales"),
        person("katherine.johnson@example.com", "Katherine", "Johnson"),
        person("alan.turing@example.com", "Alan", "Turing"),
        person("margaret.hamilton@example.com", "Margaret", "Hamilton").with_job("Lead", "Engineering"),
        Person { email: "bliskov@example.com".to_owned(), ..person("barbara.liskov@example.com", "Barbara", "Liskov") },
        person("edsger.dijkstra@example.com", "Edsger", "Dijkstra"),
        person("radia.perlman@example.com", "Radia", "Perlman"),
        Person { email: "dek@example.com".to_owned(), ..person("donald.knuth@example.com", "Donald", "Knuth") },
        person("frances.allen@example.com", "Frances", "Allen"),
        person("dennis.ritchie@example.com", "Dennis", "Ritchie"),
        person("karen.sparck.jones@example.com", "Karen", "Spärck Jones"),
    ]
}

fn person(email: &str, given_name: &str, family_name: &str) -> Person {
    Person::new(email, given_name, family_name).with_job("Engineer", "Engineering")
}

/// A group that Okta pushes.
struct Group {
    id: String,
    name: &'static str,
    members: Vec<String>,
}

impl Group {
    async fn create(okta: &Okta, name: &'static str, members: &[&str]) -> Self {
        let id = okta.create_group_of(name, members).await;
        Self { id, name, members: members.iter().map(|&id| id.to_owned()).collect() }
    }

    async fn push(&self, okta: &Okta) {
        let members: Vec<&str> = self.members.iter().map(String::as_str).collect();
        okta.replace_group(&self.id, self.name, &members).await;
    }

    async fn add(&mut self, okta: &Okta, users: &[&str]) {
        self.members.extend(users.iter().map(|&id| id.to_owned()));
        self.push(okta).await;
    }

    async fn remove(&mut self, okta: &Okta, user: &str) {
        self.members.retain(|id| id != user);
        self.push(okta).await;
    }
}
