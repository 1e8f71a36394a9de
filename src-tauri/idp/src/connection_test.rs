//! How identity providers test a connection.

/// How a connection is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionTest {
    /// `GET /Users?startIndex=1&count=2`: [`Operation::TestConnection`](crate::Operation::TestConnection).
    TwoUsers,
    /// A look-up by a `userName` that is a GUID and that nobody can have.
    Guid,
}

impl ConnectionTest {
    /// Whether a list of users with these parameters, decoded, is [`TwoUsers`](Self::TwoUsers): it has those two, and no others.
    pub(crate) fn is_two_users(parameters: &[(String, String)]) -> bool {
        let has = |name: &str, value: &str| {
            parameters.iter().any(|(other, is)| other.eq_ignore_ascii_case(name) && is == value)
        };
        parameters.len() == 2 && has("startIndex", "1") && has("count", "2")
    }
}
