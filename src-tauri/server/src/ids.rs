//! Identifiers that nobody can guess and every identity provider accepts.

/// Letters and digits that cannot be mistaken for one another when read aloud. No underscore: Okta refuses base URLs with one.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The id of an environment, organization or directory: ten lower-case letters and digits (50 random bits), such as `k3v9tq2mxa`.
pub(crate) fn short_id() -> String {
    random::<10>().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// Whether a text has the shape of what [`short_id`] makes.
pub(crate) fn is_short_id(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// The id of a user or group: a version 7 UUID, which begins with the time, so that those who come one after the other stand side by side in
/// an index, and a commit writes fewer of its pages. It never contains `bulkId` (RFC 7643 §3.1).
pub(crate) fn resource_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Bytes from the operating system's random generator.
///
/// # Panics
/// If the operating system has none to give: nothing that this program does is safe without.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_shape_and_differ() {
        let id = short_id();
        assert_eq!(id.len(), 10);
        assert!(is_short_id(&id) && !is_short_id("Users") && !is_short_id("k3v9tq2mx0"), "{id}");
        assert_ne!(id, short_id());
        let (uuid, next) = (resource_id(), resource_id());
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "7"), "version 7: {uuid}");
        assert!(uuid < next, "{uuid} comes before {next}");
    }
}
