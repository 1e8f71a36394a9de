use super::segments::distance;
use super::*;
use crate::model::PathPartState;

const BASE: &str = "https://ada.example/scim/v2/k3v9tq2mxa";

fn known() -> Vec<Known> {
    let directory = |id: &str, name: &str| Known {
        id: id.into(),
        name: name.into(),
        base_url: format!("https://ada.example/scim/v2/{id}"),
    };
    vec![directory("k3v9tq2mxa", "Okta Preview"), directory("zzzzzzzzzz", "Entra ID")]
}

#[test]
fn a_path_that_names_a_directory_gets_its_base_url() {
    for (path, reason) in [
        ("/scim/v2/k3v9tq2mxa/Users/Users", "/Users appears twice"),
        ("/scim/v2/k3v9tq2mxa/Users/Users/2819c223", "/Users appears twice"),
        ("/scim/v2/k3v9tq2mxa/Users/Groups", "/Users before /Groups"),
        ("/scim/v2/k3v9tq2mxa/Users/ServiceProviderConfig", "/Users before /ServiceProviderConfig"),
        ("/scim/v2/K3V9TQ2MXA/Users", "the id is in a different case"),
        ("/scim/v1/k3v9tq2mxa/Users", "wrong version"),
        ("/scim/v2.0/k3v9tq2mxa/Users", "wrong version"),
        ("/v2/k3v9tq2mxa/Users", "/scim is missing"),
        ("/k3v9tq2mxa/Users", "/scim/v2 is missing"),
        ("/k3v9tq2mxa", "/scim/v2 is missing"),
        ("/scim/v2/scim/v2/k3v9tq2mxa/Users", "/scim/v2 appears twice"),
        ("/scim/v2/k3v9tq2mxa/scim/v2/k3v9tq2mxa/Users", "the base URL appears twice"),
        ("/scim/v2/k3v9tq2mxa/https:/ada.example/scim/v2/k3v9tq2mxa/Users", "the base URL appears twice"),
        ("/scim/v2/k3v9tq2mxa/k3v9tq2mxa", "the base URL appears twice"),
        ("/scim/v2/k3v9tq2mxa/scim/v2/Users", "/scim appears twice"),
        ("/scim/v2/k3v9tq2mxa/v1/Users", "a version after the base URL"),
        ("/api/scim/v2/k3v9tq2mxa/Users", "there is something before /scim/v2"),
        ("/directories/k3v9tq2mxa", "the beginning of the path is wrong"),
        ("/scim/v2/k3v9tq2mxa/User", "the endpoint is called /Users"),
        ("/scim/v2/k3v9tq2mxa/Grops", "the endpoint is called /Groups"),
    ] {
        let found = diagnose(path, &known());
        assert_eq!(found.reason.as_deref(), Some(reason), "{path}: {found:?}");
        assert_eq!(found.base_url.as_deref(), Some(BASE), "{path}");
        assert!(detail_for_named(&found).ends_with(BASE), "{path}: {found:?}");
    }
    assert_eq!(diagnose("/scim/v2/k3v9tq2mxa/usres", &known()).reason, None, "two letters differ");
}

#[test]
fn an_answer_to_a_stranger_is_known_again() {
    for path in ["/", "/scim", "/v2/Users", "/Users", "/wp-login.php", "/a/b"] {
        let detail = detail_for_strangers(path, "https://ada.example");
        assert!(is_for_strangers(&detail), "{path}: {detail}");
    }
    assert!(!is_for_strangers("There is nothing here."));
}

#[test]
fn a_path_that_names_none_says_what_is_missing() {
    for (path, reason) in [
        ("/", Some("only the host")),
        ("/scim", Some("id is missing")),
        ("/scim/v2", Some("id is missing")),
        ("/scim/v2/", Some("id is missing")),
        ("/scim/v2/Users", Some("id is missing")),
        ("/scim/v2/Users/1", Some("id is missing")),
        ("/scim/Users", Some("/v2 and the directory")),
        ("/v2/Users", Some("/v2 and the directory")),
        ("/scim/v1/Users", Some("wrong version")),
        ("/Users", Some("only the host was pasted")),
        ("/ServiceProviderConfig", Some("only the host was pasted")),
        ("/scim/v2/k3v9tq2mx/Users", Some("a mistyped id")),
        ("/scim/v2/k3v9tq2mxb/Users", Some("a mistyped id")),
        ("/scim/v2/k3v9tqmxa2/Users", Some("a mistyped id")),
        ("/scim/v2/%3Cid%3E/Users", Some("a placeholder for the id")),
        ("/scim/v2/{id}/Users", Some("a placeholder for the id")),
        ("/scim/v2/aaaaaaaaaa/Users", Some("no directory has this id")),
        ("/favicon.ico", None),
        ("/wp-login.php", None),
        ("/.env", None),
        ("/something/else", None),
    ] {
        let found = diagnose(path, &known());
        match reason {
            Some(reason) => {
                assert!(found.reason.as_deref().is_some_and(|text| text.contains(reason)), "{path}: {found:?}")
            }
            None => assert_eq!(found.reason, None, "{path}: {found:?}"),
        }
        let is_near = reason == Some("a mistyped id");
        assert_eq!(found.base_url.as_deref(), is_near.then_some(BASE), "{path}: which of the two is not told");
        let detail = detail_for_strangers(path, "https://ada.example");
        assert!(!detail.contains("k3v9tq2mxa"), "{path}: strangers learn no id: {detail}");
    }
    let one = &known()[..1];
    assert_eq!(
        diagnose("/scim/v2", one).base_url.as_deref(),
        Some(BASE),
        "where there is one directory only, it is meant"
    );
    assert!(detail_for_strangers("/scim/Users", "https://ada.example").contains("https://ada.example/scim/v2/"));
    assert!(detail_for_strangers("/wp-login.php", "https://ada.example").starts_with("There is nothing here"));
}

#[test]
fn long_paths_are_no_work() {
    let path = format!("/scim/v2/{}", "k3v9tq2mx/".repeat(100_000));
    assert_eq!(diagnose(&path, &known()).reason.as_deref(), Some("a mistyped id"));
    assert_eq!(distance(&"x".repeat(100_000), "k3v9tq2mxa"), usize::MAX);
    assert_eq!(distance("kitten", "sitting"), 3);
}

#[test]
fn a_path_shows_which_letters_differ() {
    for (path, expected) in [
        ("/scim/v2/k3v9tq2mxb/Users", "/scim/v2/k3v9tq2mx[-b][+a]/Users"),
        ("/scim/v2/k3v9tq2mx/Users/1", "/scim/v2/k3v9tq2mx[+a]/Users/1"),
        ("/scim/v2/k3v9tqq2mxa", "/scim/v2/k3v9tq[-q]2mxa"),
        ("/scim/v2/{id}/Users", "/scim/v2/[-{id}][+k3v9tq2mxa]/Users"),
        ("/scim/v2/K3v9tq2mxa/Users", "/scim/v2/[-K][+k]3v9tq2mxa/Users"),
        ("/scim/v2/k3v9tq2mxa/Users/Users", "/scim/v2/k3v9tq2mxa/Users[-/Users]"),
        ("/scim/v2/k3v9tq2mxa/scim/v2/k3v9tq2mxa/Users", "/scim/v2/k3v9tq2mxa/[-scim/v2/k3v9tq2mxa/]Users"),
        ("/scim/v2/k3v9tq2mxa/User/1", "/scim/v2/k3v9tq2mxa/User[+s]/1"),
        ("/api/scim/v2/k3v9tq2mxa/Users", "/[-api/]scim/v2/k3v9tq2mxa/Users"),
        ("/scim/v1/k3v9tq2mxa/Users", "/scim/v[-1][+2]/k3v9tq2mxa/Users"),
        ("/Users", "/[+scim/v2/k3v9tq2mxa/]Users"),
        ("/", "/[+scim/v2/k3v9tq2mxa]"),
        ("/scim/v2/k3v9%74q2mxb/Users", "/scim/v2/k3v9tq2mx[-b][+a]/Users"),
        ("/scim/v2/k3v9tq2m\u{e4}a/Users", "/scim/v2/k3v9tq2m[-\u{e4}][+x]a/Users"),
    ] {
        let found = diagnose(path, &known()[..1]);
        let shown = found.path.iter().map(|part| match part.is {
            PathPartState::Right => part.text.clone(),
            PathPartState::Wrong => format!("[-{}]", part.text),
            PathPartState::Missing => format!("[+{}]", part.text),
        });
        assert_eq!(shown.collect::<String>(), expected, "{path}");
        assert_eq!(found.directory.as_deref(), Some("k3v9tq2mxa"), "{path}");
    }
    assert_eq!(diagnose("/wp-login.php", &known()[..1]).path, [], "it is nobody's");
    assert_eq!(compared(&"/x".repeat(10_000).replace("/x", &"x".repeat(50)), "k3v9tq2mxa"), [], "too long to look at");
}
