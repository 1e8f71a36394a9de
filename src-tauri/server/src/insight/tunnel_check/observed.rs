//! What was observed on the way to this app's public URL, hop by hop.

use super::response::Response;

/// What was observed on the way.
#[derive(Clone, Debug)]
pub(crate) struct Observed {
    /// The address that the host name has.
    pub(crate) address: Option<String>,
    /// How long that took.
    pub(crate) dns_ms: Option<u32>,
    /// The version of TLS that was agreed on: `TLS 1.3`.
    pub(crate) tls: Option<&'static str>,
    /// How long that took.
    pub(crate) tls_ms: Option<u32>,
    /// The environment variable that names a proxy, which the check does not use.
    pub(crate) proxy: Option<&'static str>,
    /// How it ended.
    pub(crate) ended: Ended,
}

/// How a check ended.
#[derive(Clone, Debug)]
pub(crate) enum Ended {
    /// It was not begun: the provisioning listener is not open.
    NotListening,
    /// No such host name.
    UnknownHost,
    /// The name service did not answer.
    NoNameService,
    /// The machine has no way to the address.
    Unreachable,
    /// The connection was refused.
    Refused,
    /// No secure connection.
    Tls(TlsFault),
    /// No answer in time.
    TimedOut {
        /// What was waited for.
        phase: Phase,
        /// How long.
        seconds: u64,
    },
    /// The connection ended before an answer, or what came was not HTTP.
    BrokeOff,
    /// An HTTP answer.
    Answered(Response),
}

/// What was being waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The address of the host.
    #[default]
    Dns,
    /// A connection.
    Connect,
    /// A secure connection.
    Tls,
    /// The answer.
    Response,
}

/// What was wrong with a secure connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TlsFault {
    /// The certificate's time is over.
    Expired,
    /// The certificate is for another name.
    WrongName,
    /// Nobody trusted has signed the certificate.
    UnknownIssuer,
    /// What answered does not speak TLS.
    NotTls,
    /// The server has no certificate for this name, or refused for another reason.
    Refused,
}

impl Observed {
    /// Nothing yet, or nothing at all.
    pub(crate) fn nothing(ended: Ended) -> Self {
        Self { address: None, dns_ms: None, tls: None, tls_ms: None, proxy: None, ended }
    }
}

impl Ended {
    /// Whether a network that lets only a proxy out would look like this.
    pub(super) fn is_no_way_out(&self) -> bool {
        matches!(
            self,
            Self::UnknownHost
                | Self::NoNameService
                | Self::Unreachable
                | Self::Refused
                | Self::TimedOut { phase: Phase::Dns | Phase::Connect, .. }
        )
    }
}

impl TlsFault {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Expired => "The certificate is no longer valid",
            Self::WrongName => "The certificate is for another host name",
            Self::UnknownIssuer => "Nobody that this machine trusts has signed the certificate",
            Self::NotTls => "What answers does not speak https",
            Self::Refused => "The server refuses a secure connection for this name",
        }
    }
}
