//! Where a list goes on: a place in one list, which another list refuses.

use sha2::{Digest, Sha256};

use super::error::IntegrationError;
use crate::model::ResourceKey;
use crate::secret::{base64url, from_base64url};

/// Bytes that tell one list from another. A token is not a secret: whoever makes one up only chooses where to begin.
const LIST_BYTES: usize = 8;

/// The token of what is behind `after` in the list that `list` names.
pub(super) fn write(list: &str, after: ResourceKey) -> String {
    base64url(&[&hash(list)[..], &after.0.to_be_bytes()].concat())
}

/// Reads one; an empty one is the beginning, as clients of protobuf send it.
///
/// # Errors
/// If it belongs to another list, or is not a token.
pub(super) fn read(list: &str, token: &str) -> Result<ResourceKey, IntegrationError> {
    if token.is_empty() {
        return Ok(ResourceKey(0));
    }
    let bytes =
        from_base64url(token).filter(|bytes| bytes.len() == LIST_BYTES + 8 && bytes[..LIST_BYTES] == hash(list));
    let place = bytes.and_then(|bytes| Some(i64::from_be_bytes(bytes[LIST_BYTES..].try_into().ok()?)));
    place.filter(|place| *place >= 0).map(ResourceKey).ok_or_else(|| {
        IntegrationError::invalid(
            "This pageToken belongs to another list. Send it with the parameters that it came with; if the organization has another Primary directory by now, begin again without it.",
        )
    })
}

fn hash(list: &str) -> [u8; LIST_BYTES] {
    let mut hash = [0; LIST_BYTES];
    hash.copy_from_slice(&Sha256::digest(list.as_bytes())[..LIST_BYTES]);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_to_its_place_in_its_own_list_and_in_no_other() {
        let token = write("users k3v9tq2mxa", ResourceKey(4711));
        assert_eq!(read("users k3v9tq2mxa", &token).expect("it is its list"), ResourceKey(4711));
        assert_eq!(read("users k3v9tq2mxa", "").expect("the beginning"), ResourceKey(0));
        for (list, token) in [
            ("groups k3v9tq2mxa", token.as_str()),
            ("users k3v9tq2mxa", &token[1..]),
            ("users k3v9tq2mxa", "10"),
            ("users k3v9tq2mxa", "…"),
            ("users k3v9tq2mxa", &write("users k3v9tq2mxa", ResourceKey(-1))),
        ] {
            assert!(read(list, token).is_err(), "{list} {token}");
        }
    }
}
