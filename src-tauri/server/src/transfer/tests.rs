use serde_json::json;

use super::cells::{defuse, join, restore, split};
use super::*;

fn file(text: &str) -> ImportFile {
    read(text, Schemas { user: scim::user(), group: scim::group() }).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn only(text: &str) -> Entry {
    let [entry] = file(text).entries.try_into().unwrap_or_else(|entries| panic!("{text}: {entries:?}"));
    entry
}

fn body(text: &str) -> Value {
    let mut entry = only(text);
    assert_eq!(entry.problem, None, "{text}");
    entry.body.shift_remove("schemas");
    entry.body.into()
}

#[test]
fn headers_of_exports_are_attributes() {
    let ada = json!({"userName": "ada", "name": {"givenName": "Ada", "familyName": "Lovelace"}});
    for header in [
        "userName,name.givenName,name.familyName",
        "login,firstName,lastName",
        "User Name;First Name [Required];Last Name [Required]",
        "userPrincipalName\tgivenName\tsurname",
        "\u{feff}\"USERNAME\",First name,Last name",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName,name.GIVENNAME,Family Name",
    ] {
        let separator = [',', ';', '\t'].into_iter().find(|separator| header.contains(*separator)).expect("one");
        let text = format!("{header}\r\n{}\r\n", ["ada", "Ada", "Lovelace"].join(&separator.to_string()));
        assert_eq!(body(&text), ada, "{header}");
    }
    let enterprise =
        json!({scim::ENTERPRISE_USER: {"department": "Research", "manager": {"value": "42"}}, "userName": "ada"});
    assert_eq!(body("login,Department,manager\nada,Research,42"), enterprise);
    let urn = scim::ENTERPRISE_USER;
    assert_eq!(body(&format!("login,{urn}:department,{urn}:manager.value\nada,Research,42")), enterprise);
}

#[test]
fn values_get_the_type_that_their_attribute_has() {
    for (cell, active) in [
        ("true", true),
        ("ACTIVE", true),
        ("Yes", true),
        ("FALSE", false),
        ("Suspended", false),
        ("0", false),
        ("LOCKED_OUT", true),
        ("PASSWORD_EXPIRED", true),
        ("Password expired", true),
        ("RECOVERY", true),
        ("PROVISIONED", true),
        ("STAGED", false),
        ("DEPROVISIONED", false),
        ("DEACTIVATED", false),
    ] {
        assert_eq!(body(&format!("userName,status\nada,{cell}"))["active"], active, "{cell}");
    }
    let wrong = only("userName,active\nada,maybe");
    assert_eq!(wrong.problem.as_deref(), Some("active has to be true or false, not \u{201c}maybe\u{201d}."));
    let email = json!([{"type": "work", "primary": true, "value": "ada@example.com"}]);
    assert_eq!(
        body("Email Address [Required]\nada@example.com"),
        json!({"emails": email, "userName": "ada@example.com"})
    );
    let both = body("userName,emails.value,emails[2].value,emails[2].type\nada,a@example.com,b@example.com,home");
    assert_eq!(both["emails"], json!([{"value": "a@example.com"}, {"value": "b@example.com", "type": "home"}]));
}

#[test]
fn what_is_not_an_attribute_is_named_and_left_out() {
    let file = file("userName,Shoe size,id,groups,Login\nada,42,x,Engineering; R\\;D,other");
    let known: Vec<_> = file.columns.iter().map(|column| (column.name.as_str(), column.attribute.as_deref())).collect();
    let expected = [
        ("userName", Some("userName")),
        ("Shoe size", None),
        ("id", None),
        ("groups", Some("groups")),
        ("Login", None),
    ];
    assert_eq!(known, expected, "the second userName, too");
    assert_eq!(file.entries[0].groups, ["Engineering", "R;D"]);
}

#[test]
fn lines_are_counted_as_an_editor_does_and_a_broken_one_is_said() {
    let file = file("userName,title\n\"ada\",\"two\nlines\"\n,,\nbob,x,y\n");
    let lines: Vec<_> = file.entries.iter().map(|entry| entry.line).collect();
    assert_eq!(lines, [2, 5], "empty ones are left out");
    assert_eq!(file.entries[0].body["title"], "two\nlines");
    assert_eq!(file.entries[1].problem.as_deref(), Some("It has 3 cells, but the first line has 2."));
}

#[test]
fn groups_have_members() {
    let group = only("displayName,members\nEngineering,ada; group:Research ;user:group:odd");
    assert_eq!((group.kind, group.name()), (ResourceKind::Group, "Engineering"));
    let named = |value: &str, kind| MemberName { value: value.into(), kind };
    let [user, of_user, of_group] = [None, Some(ResourceKind::User), Some(ResourceKind::Group)];
    assert_eq!(group.members, [named("ada", user), named("Research", of_group), named("group:odd", of_user)]);
}

#[test]
fn json_is_one_or_many() {
    let ada = json!({"schemas": [scim::USER], "id": "1", "userName": "ada", "meta": {}, "groups": [
        {"value": "9", "display": "Engineering", "type": "direct"}, {"value": "8", "display": "All", "type": "indirect"}]});
    for text in [
        ada.to_string(),
        format!("[{ada}]"),
        format!("{ada}\n{}", json!({"Resources": [], "totalResults": 0})),
        json!({"schemas": [scim::LIST_RESPONSE], "totalResults": 1, "Resources": [ada]}).to_string(),
    ] {
        let entry = only(&text);
        assert_eq!(entry.body.keys().collect::<Vec<_>>(), ["schemas", "userName"], "{text}");
        assert_eq!((entry.id.as_deref(), entry.groups), (Some("1"), vec!["Engineering".to_owned()]), "{text}");
    }
    let group = json!({"displayName": "Engineering", "members": [{"value": "1", "type": "User"}]});
    let file = file(&format!("{ada}\n{group}\n7"));
    assert_eq!(file.entries[0].groups, [""; 0], "its groups say who is in them");
    assert_eq!(file.entries[1].members, [MemberName { value: "1".into(), kind: Some(ResourceKind::User) }]);
    assert_eq!(file.entries[2].problem.as_deref(), Some("It is not a JSON object."));
}

#[test]
fn what_cannot_be_read_says_so() {
    for (text, word) in [
        (" \n", "empty"),
        ("{\"userName\": ", "not JSON"),
        ("userName", "no users"),
        ("Shoe size,Color\n42,red", "names no column"),
        ("displayName,firstName,lastName,title\nAda,Ada,Lovelace,Lead", "userName or email"),
    ] {
        let error = read(text, Schemas { user: scim::user(), group: scim::group() }).expect_err(text);
        assert!(error.contains(word), "{text}: {error}");
    }
    let many: String = (0..=MOST_ENTRIES).map(|number| format!("user{number}\n")).collect();
    let error = read(&format!("userName\n{many}"), Schemas { user: scim::user(), group: scim::group() });
    assert!(error.expect_err("too many").contains("more than 10000"));
}

#[test]
fn cells_are_no_formulas_and_read_back() {
    for text in [
        "=1+1",
        "+1 206 555",
        "-5",
        "@home",
        "\t=1",
        "'=1",
        "''@x",
        "\n=1",
        "\r\n=1",
        "\u{ff1d}1+1",
        "\u{ff0b}1",
        "\u{ff0d}1",
        "\u{ff20}x",
        "'quoted'",
        "plain",
        "",
        "a;b\\c",
    ] {
        let cell = defuse(text);
        let formula = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
        assert!(!cell.starts_with(formula), "{cell}");
        assert_eq!(restore(&cell), text, "{cell}");
    }
    let names = ["Engineering", "R;D", r"AD\Group", r"end\", "=x", "'=x", "\n=x"];
    assert_eq!(split(&join(names)), names);
    assert_eq!(join(["=x", "a", "-y"]), "'=x;a;'-y", "each name, as where semicolons separate cells each is one");
    assert_eq!(split("'=x;a;-y"), ["=x", "a", "-y"], "a file of before");
    assert_eq!(split(r"AD\Group; x"), [r"AD\Group", "x"], "as a person writes it");
}

#[test]
fn what_is_written_is_read_back() {
    let resource = json!({
        "schemas": [scim::USER, scim::ENTERPRISE_USER], "id": "1", "userName": "ada", "active": false, "title": "=cmd()", "=odd": "x",
        "name": {"givenName": "Ada, \"Countess\"", "familyName": "Love\nlace"},
        "emails": [{"value": "a@example.com", "type": "work", "primary": true}, {"value": "b@example.com"}],
        scim::ENTERPRISE_USER: {"department": "Research", "manager": {"value": "42", "displayName": "Bob"}},
        "meta": {"version": "1"},
    });
    let resource = resource.as_object().expect("an object");
    let mut columns = CsvColumns::new(ResourceKind::User);
    columns.add(resource);
    let names = vec![(ResourceKind::Group, "R;D".to_owned()), (ResourceKind::Group, "-x".to_owned())];
    let text = [columns.header(), columns.row(&CsvRow { resource, names })].concat();
    let text = std::str::from_utf8(&text).expect("text");
    assert!(text.starts_with("\"userName\",") && text.contains(";'-x\"") && text.contains("\"'=odd\""), "{text}");
    let entry = only(text);
    assert_eq!((entry.problem.as_deref(), entry.groups), (None, vec!["R;D".to_owned(), "-x".to_owned()]));
    for (name, value) in resource.iter().filter(|(name, _)| !["schemas", "id", "meta", "=odd"].contains(&name.as_str()))
    {
        let mut value = value.clone();
        if name == scim::ENTERPRISE_USER {
            // Read-only.
            value["manager"].as_object_mut().expect("a manager").remove("displayName");
        }
        assert_eq!(entry.body.get(name), Some(&value), "{name}");
    }
}
