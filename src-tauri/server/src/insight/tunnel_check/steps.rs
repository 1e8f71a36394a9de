//! What a check looked at, step by step.

use super::finding::Finding;
use super::observed::{Ended, Observed, Phase};
use super::response::quoted;
use super::{Asked, PATH};
use crate::model::{TunnelCode, TunnelStep, TunnelStepName, TunnelStepState};

/// What was looked at, in order; what comes after a failure reads "Not checked".
pub(crate) fn steps(asked: &Asked, observed: &Observed, finding: &Finding) -> Vec<TunnelStep> {
    use TunnelStepState::{Failed, NotChecked, Passed};
    let not_checked = || (NotChecked, "Not checked".to_owned(), None);
    let dns = match (&observed.address, &observed.ended) {
        (Some(address), _) if *address == asked.host => {
            (Passed, "An IP address, no lookup needed".to_owned(), observed.dns_ms)
        }
        (Some(address), _) => (Passed, format!("{} → {address}", asked.host), observed.dns_ms),
        (None, Ended::UnknownHost) => (Failed, format!("Nobody knows {}", asked.host), observed.dns_ms),
        (None, Ended::TimedOut { .. } | Ended::NoNameService) => {
            (Failed, "The name service does not answer".to_owned(), None)
        }
        (None, _) => not_checked(),
    };
    let tls = match (observed.tls, &observed.ended) {
        (Some(version), _) => (Passed, format!("{version}, certificate accepted"), observed.tls_ms),
        (None, Ended::Tls(fault)) => (Failed, fault.words().to_owned(), observed.tls_ms),
        (None, Ended::TimedOut { phase: Phase::Tls, .. }) => (Failed, "No answer to the handshake".to_owned(), None),
        _ if !asked.is_https => (NotChecked, "Plain http, on this machine only".to_owned(), None),
        _ => not_checked(),
    };
    let app = match &observed.ended {
        Ended::Answered(answer) if finding.is_from_here() => {
            (Passed, "The test request came back".to_owned(), Some(answer.duration_ms))
        }
        Ended::Answered(answer) => (Failed, answer.words(), Some(answer.duration_ms)),
        Ended::Refused | Ended::Unreachable => (Failed, "The connection was refused".to_owned(), None),
        Ended::BrokeOff => (Failed, "The connection ended without an answer".to_owned(), None),
        Ended::TimedOut { phase: Phase::Connect | Phase::Response, seconds } => {
            (Failed, format!("No answer after {seconds} s"), None)
        }
        _ => not_checked(),
    };
    let path = match (&observed.ended, finding.code) {
        (_, TunnelCode::Works | TunnelCode::AuthorizationLost) => {
            (Passed, format!("{} arrives unchanged", PATH.trim_end_matches('/')), None)
        }
        (Ended::Answered(answer), TunnelCode::PathChanged) => {
            let received = answer.own().and_then(|own| own.path).unwrap_or_else(|| "another path".to_owned());
            (Failed, format!("Arrives as {}", quoted(&received)), None)
        }
        _ => not_checked(),
    };
    let authorization = match finding.code {
        TunnelCode::Works => (Passed, "The header arrives".to_owned(), None),
        TunnelCode::AuthorizationLost => (Failed, "The header does not arrive".to_owned(), None),
        _ => not_checked(),
    };
    let steps = [
        (TunnelStepName::Dns, dns),
        (TunnelStepName::Tls, tls),
        (TunnelStepName::App, app),
        (TunnelStepName::Path, path),
        (TunnelStepName::Authorization, authorization),
    ];
    steps.map(|(name, (state, seen, duration_ms))| TunnelStep { name, state, seen, duration_ms }).into()
}
