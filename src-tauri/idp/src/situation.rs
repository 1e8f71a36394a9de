//! What is wrong with a request that was refused.

use scim::ResourceKind;

/// What is wrong with a request. Each is answered alike, whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Situation {
    /// Nothing: it was carried out.
    Fine,
    /// Somebody opened the address in a browser.
    Visit,
    /// The address leads nowhere.
    Misaddressed,
    /// The token was refused.
    Token,
    /// The token arrived without the word `Bearer` before it.
    BearerMissing,
    /// The word `Bearer` arrived twice.
    BearerTwice,
    /// The resource that is named is not here.
    Gone(ResourceKind),
    /// The user who is to be deactivated, or whoever or whatever is to be deleted, is not here.
    NothingToRemove(ResourceKind),
    /// A variable arrived in the place of an id.
    Placeholder,
    /// The name is taken.
    Taken(ResourceKind),
    /// The new name of somebody or something that is here already is taken by another.
    NewNameTaken(ResourceKind),
    /// `userName` is not what the identity provider looks for.
    TakenByOtherIdentifier,
    /// The body cannot be read.
    Syntax,
    /// A value has another type than its attribute.
    WrongType,
    /// A value is missing or does not fit.
    Value,
    /// The filter cannot be used.
    Filter,
    /// A PATCH path names nothing.
    Target,
    /// What is to be changed cannot be changed.
    ReadOnly,
    /// The version is another one.
    Version,
    /// Too large.
    TooLarge,
    /// Too slow.
    TooSlow,
    /// Not JSON.
    MediaType,
    /// A browser asked whether a page may send requests.
    Preflight,
    /// The endpoint does not have this method.
    Method,
    /// `/Me`, or something else that there is not.
    NotImplemented,
    /// The server failed.
    OwnFault,
    /// Anything else.
    Other,
}
