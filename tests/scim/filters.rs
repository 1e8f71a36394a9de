//! The filter language: RFC 7644 §3.4.2.2, and what identity providers send instead.

use scim::{ENTERPRISE_USER, Filter, Notes, Policy, Resource, ScimError, USER};
use serde_json::json;

use crate::support::{BADGE, badged_user, both, filter, kind, object};

fn ada() -> Resource {
    object(json!({
        "schemas": [USER, ENTERPRISE_USER, BADGE],
        "id": "2819c223",
        "externalId": "Ext-1",
        "userName": "Ada@Example.com",
        "name": {"givenName": "Ada", "familyName": "O'Malley"},
        "displayName": "Adé \u{1F600} \"quoted\" \\ back",
        "nickName": "",
        "title": "ΑΣΑ",
        "profileUrl": "https://Example.com/Ada",
        "active": true,
        "emails": [
            {"value": "ada@work.example.com", "type": "work", "primary": true},
            {"value": "ada@home.example.org", "type": "home"},
        ],
        "phoneNumbers": [],
        "ims": [{}],
        "addresses": [{"locality": "Paris"}],
        "x509Certificates": [{"value": "QUJD"}],
        "meta": {
            "resourceType": "User",
            "created": "2011-05-13T04:42:34Z",
            "lastModified": "2011-05-13T06:42:34.500+02:00",
            "version": "W/\"aB\"",
        },
        ENTERPRISE_USER: {"department": "R&D", "manager": {"value": "M-1"}},
        BADGE: {
            "label": "Gold", "serial": "aB1", "valid": false, "level": 7, "weight": 2.5, "issued": "2020-02-29T12:00:00Z",
            "chip": "QUJD", "photo": "https://example.com/P", "tags": ["North", "south"],
            "doors": [{"value": "A", "open": true, "floor": 1}, {"value": "B", "open": false, "floor": 3}],
            "desk": {"room": "R", "seat": 4},
        },
    }))
}

fn matches(text: &str, policy: &Policy) -> Result<bool, ScimError> {
    filter(text, badged_user(), policy).map(|(filter, _)| filter.matches(&ada(), badged_user()))
}

/// Each row holds in both modes; `{badge}` stands for the URN of the declared extension.
fn check(rows: &[(&str, bool)]) {
    for (text, expected) in rows {
        let text = text.replace("{badge}", BADGE).replace("{enterprise}", ENTERPRISE_USER);
        for policy in both() {
            let found = matches(&text, &policy).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(found, *expected, "{text}, {:?}", policy.mode);
        }
    }
}

/// Each row is refused in both modes.
fn check_refused(rows: &[&str]) {
    for text in rows {
        let text = text.replace("{badge}", BADGE).replace("{enterprise}", ENTERPRISE_USER);
        for policy in both() {
            let error = matches(&text, &policy).expect_err(&text);
            assert_eq!((error.status, kind(&error).as_str()), (400, "invalidFilter"), "{text}: {error}");
        }
    }
}

fn parse(text: &str, policy: &Policy) -> Result<Filter, ScimError> {
    Filter::parse(text, policy, &mut Notes::new())
}

#[test]
fn not_binds_tighter_than_and_and_and_tighter_than_or() {
    for (text, tree) in [
        ("a pr or b pr and c pr", "a pr or (b pr and c pr)"),
        ("a pr and b pr or c pr", "(a pr and b pr) or c pr"),
        ("a pr and b pr or c pr and d pr", "(a pr and b pr) or (c pr and d pr)"),
        ("not (a pr) and b pr", "(not (a pr)) and b pr"),
        ("not (a pr) or b pr and not (c pr)", "(not (a pr)) or (b pr and (not (c pr)))"),
        ("a pr or b pr or c pr", "(a pr or b pr) or c pr"),
        ("((a pr))", "a pr"),
        ("NOT(a pr)AND(b pr)OR(c pr)", "((not (a pr)) and b pr) or c pr"),
        ("e[a pr or b pr and c pr] and d pr", "(e[a pr or (b pr and c pr)]) and d pr"),
    ] {
        for policy in both() {
            assert_eq!(parse(text, &policy).expect(text), parse(tree, &policy).expect(tree), "{text}");
        }
    }
    assert_ne!(
        parse("(a pr or b pr) and c pr", &Policy::strict()),
        parse("a pr or b pr and c pr", &Policy::strict()),
        "parentheses change the tree"
    );
    check(&[
        ("active eq true or title pr and nickName pr", true),
        ("(active eq true or title pr) and nickName pr", false),
        ("not (active eq true) or nickName pr", false),
        ("not (active eq true or nickName pr)", false),
        ("not (nickName pr) and active eq true", true),
        ("not (not (active eq true))", true),
    ]);
}

#[test]
fn names_and_operators_have_no_letter_case_and_urns_may_stand_in_front() {
    check(&[
        (r#"USERNAME Eq "ada@example.COM""#, true),
        (r#"Name.GIVENname SW "a""#, true),
        ("Title PR", true),
        (r#"EMAILS[TYPE EQ "work" AND Value CO "WORK"]"#, true),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ADA""#, true),
        (r#"URN:IETF:params:SCIM:schemas:core:2.0:USER:name.familyName co "o'm""#, true),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "home"]"#, true),
        (r#"{enterprise}:department eq "r&d""#, true),
        (r#"URN:ietf:params:scim:schemas:extension:ENTERPRISE:2.0:user:Manager.Value eq "M-1""#, true),
        (r#"{enterprise}:manager[value eq "M-1"]"#, true),
        (r#"{enterprise}:manager eq "M-1""#, true),
        ("{enterprise} pr", true),
        ("{badge}:LEVEL gt 6", true),
        (r#"{badge}:doors[open eq true and floor ge 1]"#, true),
        (r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User""#, true),
        (r#"schemas eq "urn:example:other""#, false),
        (r#"meta.resourceType eq "User" or meta.resourceType eq "Group""#, true),
    ]);
}

#[test]
fn a_value_path_speaks_of_one_and_the_same_element() {
    check(&[
        (r#"emails[type eq "work" and value co "work"]"#, true),
        (r#"emails[type eq "work" and value co "home"]"#, false),
        (r#"emails.type eq "work" and emails.value co "home""#, true),
        (r#"emails[type eq "home" or type eq "none"]"#, true),
        (r#"emails[not (type eq "work")]"#, true),
        (r#"not (emails[type eq "home"])"#, false),
        (r#"emails[primary eq true and type eq "home"]"#, false),
        (r#"emails[value pr and display pr]"#, false),
        ("{badge}:doors[open eq true and floor eq 3]", false),
        ("{badge}:doors.open eq true and {badge}:doors.floor eq 3", true),
        (r#"{badge}:tags[value eq "NORTH"]"#, true),
        (r#"{badge}:tags[value sw "n" and value ew "h" and value ne "south"]"#, true),
        (r#"name[givenName eq "ada" and familyName pr]"#, true),
        (r#"phoneNumbers[type eq "work"]"#, false),
        (r#"phoneNumbers[not (type eq "work")]"#, false),
    ]);
    check_refused(&[
        "emails[type[value pr]]",
        "emails[]",
        "emails[type pr",
        "emails type pr]",
        "emails.value[type pr]",
        "emails[type pr] [value pr]",
    ]);
}

#[test]
fn every_operator_on_every_type() {
    check(&[
        // Texts.
        (r#"{badge}:label eq "gold""#, true),
        (r#"{badge}:label ne "gold""#, false),
        (r#"{badge}:label co "OL""#, true),
        (r#"{badge}:label sw "go""#, true),
        (r#"{badge}:label sw "old""#, false),
        (r#"{badge}:label ew "LD""#, true),
        (r#"{badge}:label ew "gol""#, false),
        (r#"{badge}:label gt "GOLA""#, true),
        (r#"{badge}:label ge "gold""#, true),
        (r#"{badge}:label lt "gold""#, false),
        (r#"{badge}:label le "gold""#, true),
        (r#"{badge}:label co """#, true),
        // At the end of a word a capital sigma has another small letter than inside of one.
        (r#"title co "ΑΣ""#, true),
        (r#"title sw "ΑΣ""#, true),
        (r#"title eq "ασα""#, true),
        // Numbers.
        ("{badge}:level eq 7", true),
        ("{badge}:level eq 7.0", true),
        ("{badge}:level ne 7", false),
        ("{badge}:level gt 6.5", true),
        ("{badge}:level ge 7", true),
        ("{badge}:level lt 7", false),
        ("{badge}:level le -7", false),
        ("{badge}:level lt 18446744073709551615", true),
        ("{badge}:weight eq 2.50", true),
        ("{badge}:weight eq 25e-1", true),
        ("{badge}:weight gt 2", true),
        ("{badge}:weight le 2", false),
        // Booleans.
        ("{badge}:valid eq false", true),
        ("{badge}:valid eq true", false),
        ("{badge}:valid ne true", true),
        ("active eq true", true),
        // Times.
        (r#"{badge}:issued eq "2020-02-29T13:00:00+01:00""#, true),
        (r#"{badge}:issued ne "2020-02-29T12:00:00Z""#, false),
        (r#"{badge}:issued gt "2020-02-29T12:30:00+01:00""#, true),
        (r#"{badge}:issued lt "2020-02-29T12:00:00.000000001Z""#, true),
        (r#"{badge}:issued sw "2020-02-29""#, true),
        (r#"{badge}:issued co "T12""#, true),
        (r#"{badge}:issued ew "Z""#, true),
        (r#"meta.lastModified eq "2011-05-13T04:42:34.5Z""#, true),
        (r#"meta.lastModified gt "2011-05-13T04:42:34Z""#, true),
        (r#"meta.lastModified ge "2011-05-13T04:42:34.500000Z""#, true),
        (r#"meta.lastModified lt "2011-05-13T04:42:34.50Z""#, false),
        (r#"meta.created le "2011-05-12T23:42:34-05:00""#, true),
        // Binaries and references: letter case counts, whatever a declaration leaves out.
        (r#"{badge}:chip eq "QUJD""#, true),
        (r#"{badge}:chip eq "qujd""#, false),
        (r#"{badge}:chip ne "qujd""#, true),
        (r#"{badge}:chip sw "QU""#, true),
        (r#"x509Certificates.value eq "qujd""#, false),
        (r#"{badge}:photo eq "https://example.com/P""#, true),
        (r#"{badge}:photo eq "https://example.com/p""#, false),
        (r#"{badge}:photo gt "https://example.com/O""#, true),
        // Complex attributes are compared by their value.
        (r#"emails co "example.org""#, true),
        (r#"emails eq "ada@home.example.org""#, true),
        ("{badge}:desk.seat ge 4", true),
    ]);
    check_refused(&[
        "active gt true",
        "active ge false",
        "active lt true",
        "active le true",
        "{badge}:doors.open gt false",
        "{badge}:doors[open lt true]",
        r#"{badge}:chip gt "A""#,
        r#"x509Certificates.value le "A""#,
        r#"x509Certificates[value ge "A"]"#,
        r#"active eq "maybe""#,
        "active eq 2",
        r#"{badge}:level eq "seven""#,
        "{badge}:level eq true",
        r#"{badge}:issued gt "yesterday""#,
        r#"{badge}:issued eq "2020-02-30T00:00:00Z""#,
        "{badge}:issued eq 5",
        "title gt null",
        "title co null",
        r#"name eq "Ada""#,
        r#"{badge}:desk eq "R""#,
        r#"{enterprise} eq "R&D""#,
        r#"password co "a""#,
        r#"password ne "a""#,
        "password pr",
        "{badge}:pin pr",
        r#"{badge}:pin sw "1""#,
    ]);
}

#[test]
fn letter_case_counts_where_the_schema_says_so() {
    check(&[
        (r#"userName eq "ADA@EXAMPLE.COM""#, true),
        (r#"externalId eq "Ext-1""#, true),
        (r#"externalId eq "ext-1""#, false),
        (r#"externalId ne "ext-1""#, true),
        (r#"externalId sw "ext""#, false),
        (r#"id eq "2819C223""#, false),
        (r#"meta.version eq "W/\"aB\"""#, true),
        (r#"meta.version eq "W/\"ab\"""#, false),
        (r#"meta.resourceType eq "user""#, false),
        (r#"profileUrl eq "https://example.com/ada""#, false),
        (r#"profileUrl co "Example""#, true),
        (r#"{badge}:serial eq "ab1""#, false),
        (r#"{badge}:serial ew "B1""#, true),
        (r#"{badge}:serial gt "aA""#, true),
        (r#"emails[value eq "ADA@work.example.com"]"#, true),
    ]);
}

#[test]
fn any_value_of_several_is_enough_and_what_has_none_equals_nothing() {
    check(&[
        (r#"{badge}:tags eq "south""#, true),
        (r#"{badge}:tags ne "south""#, true),
        (r#"{badge}:tags eq "west""#, false),
        (r#"not ({badge}:tags eq "south")"#, false),
        (r#"emails.type ne "work""#, true),
        (r#"phoneNumbers.value eq "1""#, false),
        (r#"phoneNumbers.value ne "1""#, true),
        (r#"userType eq "x""#, false),
        (r#"userType ne "x""#, true),
        (r#"userType gt "a""#, false),
        ("userType eq null", true),
        ("userType ne null", false),
        ("title eq null", false),
        ("title ne null", true),
        ("nickName eq null", true),
        ("emails.display eq null", true),
    ]);
}

#[test]
fn nothing_is_present_in_what_is_empty() {
    check(&[
        ("title pr", true),
        ("nickName pr", false),
        ("userType pr", false),
        ("phoneNumbers pr", false),
        ("ims pr", false),
        ("emails pr", true),
        ("emails.display pr", false),
        ("addresses pr", true),
        ("addresses.locality pr", true),
        ("addresses.country pr", false),
        ("name pr", true),
        ("name.middleName pr", false),
        ("{badge}:valid pr", true),
        ("{badge}:pin eq \"x\"", false),
        ("{enterprise}:manager pr", true),
        ("{enterprise}:costCenter pr", false),
    ]);
}

#[test]
fn texts_are_json_strings() {
    check(&[
        (r#"displayName sw "Ad\u00e9""#, true),
        (r#"displayName sw "Adé""#, true),
        (r#"displayName sw "AD\u00C9""#, true),
        (r#"displayName co "\uD83D\uDE00""#, true),
        (r#"displayName co "\"quoted\"""#, true),
        (r#"displayName ew "\\ back""#, true),
        (r#"displayName co "\/""#, false),
        (r#"displayName co "\n\t\b\f\r""#, false),
        (r#"name.familyName eq "O'Malley""#, true),
        (r#"displayName co ") or (title pr""#, false),
    ]);
    check_refused(&[
        r#"userName eq "\uD83D""#,
        r#"userName eq "\uDE00""#,
        r#"userName eq "\uD83Dx""#,
        r#"userName eq "\uD83D\uD83D""#,
        r#"userName eq "\u12""#,
        r#"userName eq "\x41""#,
        r#"userName eq "open"#,
        r#"userName eq "open\""#,
        "userName eq \"a\u{0}b\"",
        "userName eq \"a\nb\"",
    ]);
}

#[test]
fn what_the_grammar_does_not_have_is_tolerated_with_a_note_or_refused() {
    for (text, reads_as, rule) in [
        (
            r#"emails[type eq "work"].value eq "x""#,
            r#"emails[type eq "work" and value eq "x"]"#,
            "filter-behind-value-filter",
        ),
        (r#"emails[type eq "work"].value pr"#, r#"emails[type eq "work" and value pr]"#, "filter-behind-value-filter"),
        ("userName eq ada", r#"userName eq "ada""#, "filter-unquoted"),
        ("externalId eq 12", r#"externalId eq "12""#, "filter-unquoted"),
        ("userName eq true", r#"userName eq "true""#, "filter-unquoted"),
        ("userName eq 'ada'", r#"userName eq "ada""#, "filter-quotes"),
        ("userName eq 'ada l'", r#"userName eq "ada l""#, "filter-quotes"),
        ("(userName eq 'O'Malley') or title pr", r#"userName eq "O'Malley" or title pr"#, "filter-quotes"),
        ("emails[type eq 'work']", r#"emails[type eq "work"]"#, "filter-quotes"),
        ("userName eq ''", r#"userName eq """#, "filter-quotes"),
        ("userName eq `ada`", r#"userName eq "ada""#, "filter-quotes"),
        ("userName eq “ada l”", r#"userName eq "ada l""#, "filter-quotes"),
        ("userName eq „ada“", r#"userName eq "ada""#, "filter-quotes"),
        ("userName eq ‘ada’", r#"userName eq "ada""#, "filter-quotes"),
        ("userName eq 'tHooft", r#"userName eq "'tHooft""#, "filter-unquoted"),
        ("userName eq '", r#"userName eq "'""#, "filter-unquoted"),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User.title eq "a""#, r#"title eq "a""#, "dot-behind-urn"),
        (
            r#"urn:ietf:params:scim:schemas:core:2.0:User.name.givenName eq "a""#,
            r#"name.givenName eq "a""#,
            "dot-behind-urn",
        ),
        (
            r#"urn:ietf:params:scim:schemas:core:2.0:User.emails[type eq "work"]"#,
            r#"emails[type eq "work"]"#,
            "dot-behind-urn",
        ),
        (
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:user.Department eq "a""#,
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "a""#,
            "dot-behind-urn",
        ),
        (r#"email eq "a""#, r#"emails.value eq "a""#, "filter-singular-name"),
        (r#"email.value eq "a""#, r#"emails.value eq "a""#, "filter-singular-name"),
        (
            r#"manager eq "a""#,
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "a""#,
            "extension-without-urn",
        ),
        ("active eq True", "active eq true", "string-boolean"),
        (r#"active eq "False""#, "active eq false", "string-boolean"),
        ("active eq 1", "active eq true", "string-boolean"),
        (r#"roles[primary eq "True"]"#, "roles[primary eq true]", "string-boolean"),
        (r#"nothing eq "a""#, r#"nothing eq "a""#, "filter-unknown-attribute"),
        ("name.nothing pr", "name.nothing pr", "filter-unknown-attribute"),
        (r#"emails[nothing eq "a"]"#, r#"emails[nothing eq "a"]"#, "filter-unknown-attribute"),
        (
            r#"urn:example:2.0:User:nothing eq "a""#,
            r#"urn:example:2.0:User:nothing eq "a""#,
            "filter-unknown-attribute",
        ),
    ] {
        let (read, rules) = filter(text, scim::user(), &Policy::tolerant()).expect(text);
        assert_eq!(read.to_string(), reads_as, "{text}");
        assert!(rules.iter().any(|found| found == rule), "{text}: {rules:?}");
        let error = filter(text, scim::user(), &Policy::strict()).expect_err(text);
        assert_eq!(kind(&error), "invalidFilter", "{text}");
    }
    // A missing blank is in the RFC's own example.
    for policy in both() {
        let (read, rules) = filter(r#"userName eq"a""#, scim::user(), &policy).expect("a filter");
        assert_eq!((read.to_string().as_str(), rules), (r#"userName eq "a""#, vec!["filter-blank".to_owned()]));
    }
    // One switch can differ from the mode.
    let mixed = Policy { refuse_unknown_filter_attributes: Some(true), ..Policy::tolerant() };
    assert_eq!(kind(&filter("nothing pr", scim::user(), &mixed).expect_err("unknown")), "invalidFilter");
    let mixed = Policy { refuse_string_booleans: Some(true), ..Policy::tolerant() };
    assert_eq!(kind(&filter("active eq True", scim::user(), &mixed).expect_err("a text")), "invalidFilter");
}

#[test]
fn an_unknown_attribute_matches_what_happens_to_carry_it() {
    let resource = object(json!({
        "userName": "a", "shoeSize": 42, "undeclared": {"part": "x"}, "list": [{"a": 1, "b": 2}, {"a": 3}],
        "urn:example:2.0:User": {"hat": "Large"},
    }));
    for (text, expected) in [
        ("shoeSize eq 42", true),
        ("SHOESIZE gt 42", false),
        ("shoeSize pr", true),
        (r#"undeclared.part eq "X""#, true),
        ("list[a eq 1 and b eq 2]", true),
        ("list[a eq 3 and b eq 2]", false),
        (r#"urn:example:2.0:User:hat eq "large""#, true),
        ("hatSize pr", false),
        (r#"hatSize eq "x""#, false),
    ] {
        let (filter, rules) = filter(text, scim::user(), &Policy::tolerant()).expect(text);
        assert_eq!(filter.matches(&resource, scim::user()), expected, "{text}");
        assert_eq!(rules, ["filter-unknown-attribute"], "{text}");
    }
}

/// Windows names people DOMAIN\name.
#[test]
fn a_backslash_that_was_not_doubled_is_said() {
    for policy in both() {
        for text in [r#"userName eq "CORP\nancy""#, r#"userName eq "CORP\tim""#, r#"emails[value eq "a\bob"]"#] {
            let (_, rules) = filter(text, scim::user(), &policy).expect(text);
            assert_eq!(rules, ["filter-backslash"], "{text}");
        }
        for text in [r#"userName eq "CORP\dana""#, r#"userName eq "CORP\ursula""#, r#"userName eq "CORP\""#] {
            let error = filter(text, scim::user(), &policy).expect_err(text);
            assert!(kind(&error) == "invalidFilter" && error.detail.contains("has to be doubled"), "{text}: {error}");
        }
        let (read, rules) = filter(r#"userName eq "CORP\\nancy \"\u00e9\"""#, scim::user(), &policy).expect("a text");
        assert_eq!((read.sought(), rules), (Some("CORP\\nancy \"é\""), vec![]));
    }
}

#[test]
fn a_filter_that_was_encoded_twice_is_recognized() {
    for (text, hint) in [
        (r#"userName+eq+"ada""#, "%2B is a plus sign"),
        ("active+eq+true", "%2B is a plus sign"),
        (r#"userName eq+"ada""#, "%2B is a plus sign"),
        ("userName%20eq%20%22ada%22", "percent-encoded twice"),
        ("userName eq%20%22ada%22", "percent-encoded twice"),
    ] {
        for policy in both() {
            let error = parse(text, &policy).expect_err(text);
            assert!(kind(&error) == "invalidFilter" && error.detail.contains(hint), "{text}: {error}");
        }
    }
}

#[test]
fn errors_name_the_position() {
    for (text, position, word) in [
        ("", 1, "name of an attribute"),
        ("   ", 4, "name of an attribute"),
        ("userName", 9, "operator"),
        ("userName xx \"a\"", 10, "operator"),
        ("userName eq", 12, "value"),
        ("userName eq )", 13, "value"),
        ("userName eq \"a\" and", 20, "name of an attribute"),
        ("userName eq \"a\" xor title pr", 17, "`and`, `or` or the end"),
        ("userName eq \"a\" title pr", 17, "`and`, `or` or the end"),
        ("(userName eq \"a\"", 17, "`)`"),
        ("userName eq \"a\")", 16, "nothing to close"),
        ("userName eq \"a\"]", 16, "nothing to close"),
        ("emails[type eq \"a\")", 19, "`]`"),
        ("not userName pr", 5, "operator"),
        ("title eq \"Ö\" and é pr", 18, "name of an attribute"),
        ("title eq \"Ö", 10, "never closed"),
        ("title eq \"\\uD800\"", 10, "not a JSON string"),
        ("user/name pr", 1, "name of an attribute"),
        ("name.a.b pr", 1, "name of an attribute"),
        (":userName pr", 1, "name of an attribute"),
    ] {
        for policy in both() {
            let error = parse(text, &policy).expect_err(text);
            assert_eq!(kind(&error), "invalidFilter", "{text}");
            assert!(error.detail.starts_with(&format!("Character {position}: ")), "{text}: {error}");
            assert!(error.detail.contains(word), "{text}: {error}");
        }
    }
}

#[test]
fn length_depth_and_comparisons_are_limited() {
    let chain = |count: usize, with: &str| vec!["title pr"; count].join(with);
    let nested = |depth: usize| format!("{}title pr{}", "(".repeat(depth), ")".repeat(depth));
    let negated = |depth: usize| format!("{}title pr{}", "not (".repeat(depth), ")".repeat(depth));
    let long = |bytes: usize| format!("title eq \"{}\"", "x".repeat(bytes - 11));
    for (accepted, refused, word) in [
        (chain(500, " and "), chain(501, " and "), "500 comparisons"),
        (chain(500, " or "), chain(501, " or "), "500 comparisons"),
        (nested(50), nested(51), "50 levels"),
        (negated(50), negated(51), "50 levels"),
        (long(64 << 10), long((64 << 10) + 1), "65536"),
    ] {
        for policy in both() {
            let (filter, _) = filter(&accepted, scim::user(), &policy).expect("within the limits");
            filter.matches(&ada(), scim::user());
            assert_eq!(parse(&filter.to_string(), &policy).expect("it was printed"), filter);
            let error = parse(&refused, &policy).expect_err("beyond the limits");
            assert_eq!(kind(&error), "invalidFilter");
            assert!(error.detail.contains(word) && error.detail.len() < 300, "{error}");
        }
    }
    // A word of 60 KiB is not repeated as a whole.
    for text in [format!("{} pr", "/".repeat(60_000)), format!("title {} 1", "x".repeat(60_000))] {
        let error = parse(&text, &Policy::tolerant()).expect_err("a long word");
        assert!(error.detail.len() < 500, "{} bytes", error.detail.len());
    }
}

#[test]
fn a_printed_filter_reads_back_to_the_same_tree() {
    for text in [
        "a pr",
        "a pr and b pr and c pr",
        "a pr and (b pr and c pr)",
        "a pr or (b pr or c pr)",
        "(a pr or b pr) and (c pr or d pr)",
        "not (a pr and not (b pr or c pr))",
        "not (not (a pr))",
        r#"e[a eq "x" or b co "y" and not (c pr)]"#,
        r#"urn:example:2.0:User:e[a eq "x"] and urn:example:2.0:User:b.c pr"#,
        r#"a eq "\"\\\u0000\u001f\u00e9\uD83D\uDE00""#,
        "a eq -0",
        "a eq 1e300",
        "a eq 0.1",
        "a eq null or b ne true or c le 18446744073709551615 or d lt -9223372036854775808",
        "not pr and and pr or or pr",
        "$ref pr and _a pr and 1-b pr",
    ] {
        for policy in both() {
            let filter = parse(text, &policy).expect(text);
            let printed = filter.to_string();
            assert_eq!(parse(&printed, &policy).expect(&printed), filter, "{text} → {printed}");
        }
    }
}

#[test]
fn what_a_filter_seeks_is_found_in_it() {
    for (text, sought) in [
        (r#"userName eq "ada""#, Some("ada")),
        (r#"emails[type eq "work" and value eq "a@b"]"#, Some("a@b")),
        (r#"active eq true and userName eq "ada""#, Some("ada")),
        ("title pr", None),
        (r#"userName sw "a""#, None),
    ] {
        assert_eq!(parse(text, &Policy::strict()).expect(text).sought(), sought, "{text}");
    }
    let sought_in = |text: &str| {
        let attribute = parse(text, &Policy::strict()).expect(text).sought_in();
        attribute.map(|path| path.to_string())
    };
    assert_eq!(sought_in(r#"active eq true and userName eq "ada""#).as_deref(), Some("userName"));
    assert_eq!(sought_in(r#"emails[type eq "work" and value eq "a@b"]"#).as_deref(), Some("emails.value"));
    assert_eq!(sought_in("title pr"), None);
    let twice = parse(r#"userName eq "ada%40example.com" and title eq "100%""#, &Policy::strict()).expect("a filter");
    let once = twice.percent_decoded().expect("something was encoded");
    assert_eq!(once.to_string(), r#"userName eq "ada@example.com" and title eq "100%""#);
    assert_eq!(once.percent_decoded(), None);
}
