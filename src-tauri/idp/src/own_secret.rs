//! Secrets that identity providers issue for other purposes.

/// A secret that people paste in the place of a SCIM token.
#[derive(Debug)]
pub struct OwnSecret {
    /// How it is recognized.
    pub shape: SecretShape,
    /// What it is, as a sentence.
    pub text: &'static str,
}

/// How a secret is recognized in an `Authorization` header.
#[derive(Debug)]
pub enum SecretShape {
    /// By the scheme before it, in any letter case: `SSWS`.
    Scheme(&'static str),
    /// By its beginning and its length in characters. It has letters, digits, `-` and `_`.
    Length(&'static str, usize),
    /// As a JSON Web Token (RFC 7519), by the host of its issuer or by its audience.
    JsonWebToken {
        /// Hosts of `iss`.
        issuers: &'static [&'static str],
        /// `aud`.
        audience: &'static str,
    },
}
