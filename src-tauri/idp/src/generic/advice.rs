//! What to do about a request that was refused, whoever sent it.

use scim::ResourceKind::{Group, User};

use crate::Situation;

pub(crate) const ADVICE: &[(Situation, &str)] = &[
    (Situation::BearerMissing, "Where the word Bearer is not added for you, type it and a space before the token."),
    (Situation::BearerTwice, "Most identity providers add the word Bearer themselves: paste the token alone."),
    (
        Situation::Gone(User),
        "Have the identity provider look the person up again instead of using the id that it remembers.",
    ),
    (
        Situation::Gone(Group),
        "Have the identity provider look the group up again instead of using the id that it remembers.",
    ),
    (
        Situation::NothingToRemove(User),
        "Nobody can sign in with this id: mark it as done in the identity provider. If the person is here with another id, deactivate that user.",
    ),
    (
        Situation::NothingToRemove(Group),
        "Mark it as done in the identity provider. If the group is here with another id, delete that one.",
    ),
    (
        Situation::Placeholder,
        "Fill the variable in where the request is made: its value was missing, or its name is another one there.",
    ),
    (Situation::TakenByOtherIdentifier, "Let the identity provider look people up by what userName holds here."),
    (
        Situation::Taken(User),
        "Link the person to the user that is here already, or delete that user. The policy can also answer with the user that is there.",
    ),
    (
        Situation::Taken(Group),
        "Link the group that is here already, or delete it. The policy can also allow two groups of one name.",
    ),
    (
        Situation::NewNameTaken(User),
        "Two users cannot have one userName: give one of them another in the identity provider, or delete the other user here.",
    ),
    (
        Situation::NewNameTaken(Group),
        "Give one of the two groups another name, or delete the other group here. The policy can also allow two groups of one name.",
    ),
    (Situation::WrongType, "Send a value of the right type for the attribute that is named."),
    (Situation::Value, "Correct the value that is named, or send it if it is missing."),
    (Situation::Filter, "Correct the filter, or the attribute that people are matched by."),
    (
        Situation::Target,
        "Correct the path of the operation: it has to name an attribute, and a filter in it has to match a value.",
    ),
    (
        Situation::Syntax,
        "The body has to be one JSON object of the form that the operation needs: look at Request for where it is not.",
    ),
    (Situation::ReadOnly, "Leave this attribute out: the server sets it, or it cannot change once it is set."),
    (Situation::Version, "Read the resource again, and repeat the change on what it is now."),
    (
        Situation::TooLarge,
        "Send less at a time: the members of a large group in several PATCH requests, or a bulk request in parts.",
    ),
    (
        Situation::TooSlow,
        "Something in between is slow or drops the connection: check the tunnel, then let the identity provider retry.",
    ),
    (Situation::MediaType, "Send the body as application/scim+json, as plain text and not compressed."),
    (
        Situation::Preflight,
        "Send the request from a server, or with curl or Postman: SCIM is spoken between servers, and no web page may send it here.",
    ),
    (Situation::Method, "The answer\u{2019}s Allow header lists the methods that work here."),
    (Situation::NotImplemented, "Address the user by id: /Users and the id."),
    (
        Situation::OwnFault,
        "This is a bug in SCIM Setup: its log says more. Nothing was changed; let the identity provider retry.",
    ),
];
