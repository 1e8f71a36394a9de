use idp::IdpId;

use crate::model::Actor;

use super::*;
use crate::secret::PlainToken;

fn token() -> String {
    PlainToken::generate().reveal().to_owned()
}

#[test]
fn the_token_is_found_in_crooked_headers() {
    for (header, token, deviation) in [
        ("Bearer abc", "abc", None),
        ("bearer abc", "abc", None),
        ("abc", "abc", Some(Deviation::NoScheme)),
        ("Bearer Bearer abc", "abc", Some(Deviation::DoubledScheme)),
        ("Bearer  abc", "abc", Some(Deviation::Blanks)),
        ("Bearer", "Bearer", Some(Deviation::NoScheme)),
    ] {
        let presented = read_header(header);
        assert_eq!((presented.token, presented.deviation), (token, deviation), "{header:?}");
    }
}

#[test]
fn a_right_token_is_found_in_whatever_is_around_it() {
    let token = token();
    let (other, secret) = (self::token(), &token[TOKEN_PREFIX.len()..]);
    let half = token.split_at(20);
    let basic = |pair: &str| format!("Basic {}", BASE64_STANDARD.encode(pair));
    for (header, words) in [
        (format!("Bearer {token}{token}"), "twice in a row"),
        (format!("Bearer {token}, Bearer {other}"), "another one"),
        (format!("Bearer \"{token}\""), "quotes"),
        (format!("Bearer '{token}'"), "quotes"),
        (format!("Bearer <{token}>"), "quotes"),
        (format!("Bearer {} {}", half.0, half.1), "blank or line break"),
        (format!("Bearer {}%0A{}", half.0, half.1), "blank or line break"),
        (format!("Bearer {secret}"), "beginning is missing"),
        (format!("Bearer setup-{secret}"), "beginning is missing"),
        (basic(&format!("scim:{token}")), "Basic"),
        (basic(&format!("{token}:")), "Basic"),
        (format!("Token {token}"), "not Bearer"),
        (format!("Bearer Token: {token};"), "more text"),
        (format!("Bearer {{\"token\":\"{token}\"}}"), "more text"),
    ] {
        let wrapped = wrapped(&header);
        let found =
            wrapped.iter().find(|wrapped| wrapped.token == token).unwrap_or_else(|| panic!("not found in {header}"));
        let diagnosis = found.diagnosis(Owner::This, &Actor::Known(IdpId::Okta)).text.to_string();
        assert!(
            diagnosis.starts_with("The token is right, but ") && diagnosis.contains(words),
            "{header}: {diagnosis:?}"
        );
        assert!(!diagnosis.contains(secret), "{diagnosis:?}");
        let retired = found.diagnosis(Owner::Retired(0), &Actor::Known(IdpId::Okta)).text.to_string();
        assert!(retired.contains("was replaced on 1970-01-01") && retired.contains(words), "{retired:?}");
    }
    assert_eq!(super::wrapped("Bearer"), []);
    assert!(super::wrapped(&"scimsetup-".repeat(10_000)).len() <= 4);
}

#[test]
fn an_unknown_token_is_described() {
    let ours = format!("{TOKEN_PREFIX}{}", "x".repeat(39) + "wxyz");
    for (header, expected) in [
        (format!("Bearer {ours}{}", token()), "Two tokens arrived"),
        (format!("Bearer {ours}"), "ending …wxyz, which this program did not make"),
        (format!("Bearer {}", &ours[..30]), "Only the first 30 of 53 characters"),
        (format!("Bearer {ours}abc"), "56 characters instead of 53"),
        (format!("Bearer {ours}."), "characters in the token that no token has"),
        (format!("Bearer {}", ours.to_uppercase()), "a different case"),
        ("Bearer".to_owned(), "no token after it"),
        ("Bearer ".to_owned(), "no token after it"),
        ("Basic dXNlcjpwYXNz".to_owned(), "Basic authentication as the user “user”"),
        (format!("Basic {}", BASE64_STANDARD.encode("ghp_0123456789abcdef:x")), "uses Basic authentication."),
        (
            format!("Basic {}", BASE64_STANDARD.encode("a8f7c6d5e4b3a2918070605040302010:x")),
            "uses Basic authentication.",
        ),
        ("Basic !!".to_owned(), "uses Basic authentication."),
        ("Bearer ab cd".to_owned(), "line break"),
        ("Bearer not-the-token".to_owned(), "ending …oken, which is not one of this program’s"),
        ("Bearer x".to_owned(), "not a token of this program"),
        ("Bearer glpat-0123456789abcdefghij".to_owned(), "GitLab"),
    ] {
        let diagnosis = unknown(&header, &Actor::Known(IdpId::Okta));
        assert!(diagnosis.text.to_string().contains(expected), "{header}: {diagnosis:?}");
        assert!(diagnosis.advice.is_some_and(|advice| !advice.is_empty()), "{header}");
    }
}

#[test]
fn who_writes_the_word_bearer_is_told_of_who_asks() {
    for (idp, deviation, words) in [
        (IdpId::Okta, Deviation::NoScheme, "In Okta\u{2019}s (Header Auth) test app, type Bearer"),
        (IdpId::Okta, Deviation::DoubledScheme, "Okta adds the word Bearer itself: paste the token alone."),
        (IdpId::Entra, Deviation::NoScheme, "Where the word Bearer is not added for you, type it"),
        (IdpId::Entra, Deviation::DoubledScheme, "Entra ID adds the word Bearer itself: paste the token alone."),
        (IdpId::Onelogin, Deviation::DoubledScheme, "Most identity providers add the word Bearer themselves"),
        (IdpId::Onelogin, Deviation::Blanks, "without blanks"),
    ] {
        let actor = Actor::Known(idp);
        let advice = deviation.refusal(&actor).advice.unwrap_or_default();
        assert!(advice.contains(words) && advice.ends_with("tolerant."), "{idp:?} {deviation:?}: {advice}");
        let note = deviation.note(&actor);
        assert!(note.contains(words) && note.contains("It was accepted."), "{idp:?} {deviation:?}: {note}");
    }
}

#[test]
fn advice_names_the_fields_of_who_asks() {
    let advice = |actor| missing(actor).advice.unwrap_or_default();
    assert!(advice(&Actor::Known(IdpId::Okta)).contains("Authentication Mode HTTP Header"));
    assert!(advice(&Actor::Known(IdpId::Entra)).contains("Secret Token"));
    assert!(advice(&Actor::Client("somebody".into())).contains("the identity provider"));
}
