//! Bearer tokens and the control key: plain once, hashed ever after.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::ids::random;

/// What every bearer token begins with, so that people and secret scanners recognise one.
pub const TOKEN_PREFIX: &str = "scimsetup-";

/// A bearer token in the clear. It has no `Debug` text and is never stored.
#[derive(Clone)]
pub(crate) struct PlainToken(String);

impl PlainToken {
    /// [`TOKEN_PREFIX`] and 32 random bytes in base64url: 53 characters.
    pub(crate) fn generate() -> Self {
        Self(format!("{TOKEN_PREFIX}{}", base64url(&random::<32>())))
    }

    /// What a client sent as its token, whatever it is.
    pub(crate) fn from_client(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text, for the one answer that carries it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// The last four characters, which may be shown.
    pub(crate) fn last_four(&self) -> String {
        last_four(&self.0)
    }

    /// What is stored. The token has 256 random bits, so one unsalted hash is enough.
    pub(crate) fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl std::fmt::Debug for PlainToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlainToken(…)")
    }
}

/// The SHA-256 of a token. Equality takes the same time wherever the difference is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenHash(pub(crate) [u8; 32]);

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// The last four characters of a secret; of one shorter than twelve characters nothing, because that would tell too much.
pub(crate) fn last_four(secret: &str) -> String {
    let characters: Vec<char> = secret.chars().collect();
    if characters.len() < 12 { String::new() } else { characters[characters.len() - 4..].iter().collect() }
}

/// RFC 4648 §5 without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_recognisable_and_silent() {
        let token = PlainToken::generate();
        assert!(token.reveal().starts_with(TOKEN_PREFIX));
        assert_eq!(token.reveal().len(), TOKEN_PREFIX.len() + 43, "32 bytes in base64url");
        assert!(token.reveal().ends_with(&token.last_four()));
        assert_eq!(format!("{token:?}"), "PlainToken(…)");
        assert!(token.hash() == PlainToken::from_client(token.reveal()).hash());
        assert!(token.hash() != PlainToken::generate().hash());
        assert_eq!(last_four("hunter2"), "", "a short secret shows nothing");
    }
}
