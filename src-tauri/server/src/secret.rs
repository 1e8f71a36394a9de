//! Bearer tokens and the control key: plain once, hashed ever after; and the key with which this process proves that it is itself.

use std::borrow::Cow;
use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use regex::{Captures, Regex};
use scim::redact::MASK;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::ids::random;

/// What every bearer token begins with, so that people and secret scanners recognize one.
pub const TOKEN_PREFIX: &str = "scimsetup-";

/// What every API key begins with.
pub(crate) const API_KEY_PREFIX: &str = "scim-setup-key-";

/// Characters of a bearer token: [`TOKEN_PREFIX`] and 43 of base64url.
pub(crate) const TOKEN_LENGTH: usize = TOKEN_PREFIX.len() + 43;

/// What the secret of every webhook begins with (Standard Webhooks).
pub(crate) const WEBHOOK_SECRET_PREFIX: &str = "whsec_";

/// A bearer token, an API key or the secret of a webhook, in any letter case: searches look into texts in lower case.
static TOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let ours = format!("(?P<prefix>{TOKEN_PREFIX}|{API_KEY_PREFIX})(?P<rest>[a-z0-9_-]+)");
    Regex::new(&format!("(?i){ours}|(?P<webhook>{WEBHOOK_SECRET_PREFIX})(?P<key>[a-z0-9+/]+=*)")).ok()
});

/// A bearer token or an API key in the clear. It has no `Debug` text and is never stored.
#[derive(Clone)]
pub(crate) struct PlainToken(String);

impl PlainToken {
    /// [`TOKEN_PREFIX`] and 32 random bytes in base64url: 53 characters.
    pub(crate) fn generate() -> Self {
        Self(format!("{TOKEN_PREFIX}{}", random_key()))
    }

    /// [`API_KEY_PREFIX`] and 32 random bytes in base64url: 58 characters.
    pub(crate) fn generate_api_key() -> Self {
        Self(format!("{API_KEY_PREFIX}{}", random_key()))
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

/// The secret that a webhook signs with, in the clear. It has no `Debug` text; it is stored, because signing needs it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct WebhookSecret(String);

impl WebhookSecret {
    /// [`WEBHOOK_SECRET_PREFIX`] and 32 random bytes in base64: 50 characters.
    pub(crate) fn generate() -> Self {
        Self(format!("{WEBHOOK_SECRET_PREFIX}{}", BASE64_STANDARD.encode(random::<32>())))
    }

    /// One that was stored.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text: to be stored, to sign with, and for the one answer that carries it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret(…)")
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

/// What this process alone knows: with it an answer that came through a tunnel proves that it came from here.
pub(crate) struct ProofKey([u8; 32]);

impl ProofKey {
    /// A key of its own for every running server; it is never written down.
    pub(crate) fn generate() -> Self {
        Self(random())
    }

    /// HMAC-SHA256 (RFC 2104) of a nonce in base64url: 43 characters.
    pub(crate) fn prove(&self, nonce: &str) -> String {
        base64url(&self.code(nonce.as_bytes()))
    }

    /// HMAC-SHA256 of a message. One that is not a nonce has a NUL in it: then no proof of a nonce is the code of another message.
    pub(crate) fn code(&self, message: &[u8]) -> [u8; 32] {
        hmac_sha256(&self.0, message)
    }
}

/// RFC 2104 with SHA-256, whose block has 64 bytes.
fn hmac_sha256(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let padded = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(key).for_each(|(padded, key)| *padded ^= key);
        Sha256::new().chain_update(block)
    };
    let inner = padded(0x36).chain_update(message).finalize();
    padded(0x5c).chain_update(inner).finalize().into()
}

/// How many bearer tokens, API keys and secrets of webhooks stand in a text.
pub(crate) fn count_tokens(text: &str) -> usize {
    TOKEN.as_ref().map_or(0, |token| token.find_iter(text).count())
}

/// Replaces every bearer token, API key and secret of a webhook by a mask and its last four characters.
pub(crate) fn mask_tokens(text: Cow<'_, str>) -> Cow<'_, str> {
    let Some(token) = TOKEN.as_ref() else { return text };
    let mask = |found: &Captures<'_>| {
        let part = |names: [&str; 2]| names.iter().find_map(|name| found.name(name)).map_or("", |part| part.as_str());
        format!("{}{MASK}{}", part(["prefix", "webhook"]).to_lowercase(), last_four(part(["rest", "key"])))
    };
    match token.replace_all(&text, mask) {
        Cow::Owned(masked) => masked.into(),
        Cow::Borrowed(_) => text,
    }
}

/// The last four characters of a secret; of one shorter than twelve characters nothing, because that would tell too much.
pub(crate) fn last_four(secret: &str) -> String {
    let characters: Vec<char> = secret.chars().collect();
    if characters.len() < 12 { String::new() } else { characters[characters.len() - 4..].iter().collect() }
}

/// 32 random bytes in base64url: 43 characters.
pub(crate) fn random_key() -> String {
    base64url(&random::<32>())
}

/// RFC 4648 §5 without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads it.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_recognizable_and_silent() {
        let token = PlainToken::generate();
        assert!(token.reveal().starts_with(TOKEN_PREFIX));
        assert_eq!(token.reveal().len(), TOKEN_PREFIX.len() + 43, "32 bytes in base64url");
        assert!(token.reveal().ends_with(&token.last_four()));
        assert_eq!(format!("{token:?}"), "PlainToken(…)");
        assert!(token.hash() == PlainToken::from_client(token.reveal()).hash());
        assert!(token.hash() != PlainToken::generate().hash());
        assert_eq!(last_four("hunter2"), "", "a short secret shows nothing");
    }

    #[test]
    fn tokens_and_api_keys_are_masked_wherever_they_stand() {
        let (token, key) = (PlainToken::generate(), PlainToken::generate_api_key());
        for secret in [token.reveal(), key.reveal(), &key.reveal().to_uppercase()] {
            let masked = mask_tokens(format!("a {secret}/b").into());
            let prefix = if secret.len() > TOKEN_LENGTH { API_KEY_PREFIX } else { TOKEN_PREFIX };
            assert_eq!(masked, format!("a {prefix}{MASK}{}/b", last_four(secret)));
            assert_eq!(count_tokens(secret), 1);
        }
        let secret = WebhookSecret::generate();
        let masked = mask_tokens(format!("a {}, b", secret.reveal()).into());
        assert_eq!(masked, format!("a {WEBHOOK_SECRET_PREFIX}{MASK}{}, b", last_four(secret.reveal())));
        assert_eq!((secret.reveal().len(), format!("{secret:?}").as_str()), (50, "WebhookSecret(…)"));
    }

    #[test]
    fn a_proof_is_an_hmac_and_of_this_process_alone() {
        // RFC 4231 §4.3, its key padded with zeros, which RFC 2104 §2 does anyway.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(hex(hmac_sha256(&key, b"what do ya want for nothing?")), expected);
        let (one, other) = (ProofKey::generate(), ProofKey::generate());
        assert_eq!(one.prove("nonce"), one.prove("nonce"));
        assert_ne!(one.prove("nonce"), other.prove("nonce"));
        assert_eq!(one.prove("nonce").len(), 43, "32 bytes in base64url");
    }
}
