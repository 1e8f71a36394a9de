//! What all requests of an identity provider have in common.

use std::time::Duration;

/// How an identity provider speaks.
#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    /// Headers of a request without a body, in their order, after `Authorization`.
    pub read: &'static [(&'static str, &'static str)],
    /// The `Content-Type` of a body.
    pub content_type: &'static str,
    /// That of a PATCH on a group.
    pub group_patch_content_type: &'static str,
    /// How a blank is written in a query: `%20` or `+`.
    pub blank: &'static str,
    /// What ends the target of a write to one resource.
    pub after_id: &'static str,
}

/// How somebody waits and tries again after a 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The first wait without a `Retry-After`; each further one is twice as long.
    pub untold: Duration,
    /// No wait is longer.
    pub longest: Duration,
    /// How often it tries.
    pub most_attempts: u32,
}

impl Retry {
    /// How long it waits after so many attempts, the last of which was answered with `retry_after` in whole seconds, if at all; `None`:
    /// it gives up.
    pub fn wait(self, retry_after: Option<Duration>, attempts: u32) -> Option<Duration> {
        let doubled = || self.untold.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1)));
        (attempts < self.most_attempts).then(|| retry_after.unwrap_or_else(doubled).min(self.longest))
    }
}
