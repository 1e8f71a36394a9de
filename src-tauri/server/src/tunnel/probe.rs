//! The app's question to itself, hop by hop, so that the hop that fails is known.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rustls::{CertificateError, ProtocolVersion};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use wire::{Address, NotSecure, TlsConnector};

use super::ASKER;
use crate::insight::tunnel_check::{
    AUTHORIZATION_SENT, Ended, NONCE_HEADER, Observed, PATH, Phase, Response, TlsFault,
};

/// Bytes of an answer that are read: enough for our own, and for an operator's page to give itself away.
const BODY_BYTES: usize = 1 << 10;

/// Addresses of one host that are tried.
const MOST_ADDRESSES: usize = 4;

/// Variables that name a proxy. Identity providers do not use this machine's proxy, so the check does not either.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// What to ask for.
pub(super) struct Target<'a> {
    pub(super) address: &'a Address,
    pub(super) nonce: &'a str,
    pub(super) timeout: Duration,
}

/// Asks, within the time that the target allows, and says what was seen on the way. Sends no token and follows no redirect.
pub(super) async fn probe(target: &Target<'_>, tls: &OnceCell<TlsConnector>) -> Observed {
    let mut observed = Observed::nothing(Ended::BrokeOff);
    if !target.address.is_loopback() {
        observed.proxy =
            PROXY_VARIABLES.into_iter().find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    }
    // Reading the certificates of this machine is not the tunnel's time.
    let connector = if target.address.is_https() { Some(tls.get_or_init(wire::tls_connector).await) } else { None };
    let mut phase = Phase::default();
    let walked = walk(target, connector, &mut observed, &mut phase);
    observed.ended = match tokio::time::timeout(target.timeout, walked).await {
        Ok(Ok(answer)) => Ended::Answered(answer),
        Ok(Err(ended)) => ended,
        Err(_) => Ended::TimedOut { phase, seconds: target.timeout.as_secs() },
    };
    observed
}

async fn walk(
    target: &Target<'_>,
    connector: Option<&TlsConnector>,
    observed: &mut Observed,
    phase: &mut Phase,
) -> Result<Response, Ended> {
    let started = Instant::now();
    let addresses = resolve(target.address).await?;
    observed.dns_ms = Some(millis(started));
    observed.address = addresses.first().map(|address| address.ip().to_string());
    *phase = Phase::Connect;
    let (stream, address) = connect(&addresses, target.timeout).await?;
    observed.address = Some(address.ip().to_string());
    let Some(connector) = connector else {
        *phase = Phase::Response;
        return ask(target, stream).await;
    };
    *phase = Phase::Tls;
    let started = Instant::now();
    let stream = wire::secure(connector, target.address, stream).await.map_err(|error| match error {
        NotSecure::Name(_) => Ended::Tls(TlsFault::WrongName),
        NotSecure::Handshake(error) => tls_failure(&error),
    })?;
    observed.tls_ms = Some(millis(started));
    observed.tls = Some(match stream.get_ref().1.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => "TLS 1.3",
        _ => "TLS 1.2",
    });
    *phase = Phase::Response;
    ask(target, stream).await
}

/// The addresses of the host. IPv4 first: a machine with broken IPv6 is more common than one without IPv4.
async fn resolve(to: &Address) -> Result<Vec<SocketAddr>, Ended> {
    let mut addresses = match wire::resolve(to).await {
        Ok(addresses) => addresses,
        // The resolver's kinds of error reach us as text: EAI_AGAIN, WSATRY_AGAIN.
        Err(error) if is_temporary(&error.to_string()) => return Err(Ended::NoNameService),
        Err(_) => return Err(Ended::UnknownHost),
    };
    addresses.sort_by_key(SocketAddr::is_ipv6);
    addresses.truncate(MOST_ADDRESSES);
    if addresses.is_empty() { Err(Ended::UnknownHost) } else { Ok(addresses) }
}

fn is_temporary(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["temporary", "try again", "os error 11002"].iter().any(|mark| text.contains(mark))
}

/// Connects to the first address that answers.
async fn connect(addresses: &[SocketAddr], timeout: Duration) -> Result<(TcpStream, SocketAddr), Ended> {
    // One address that swallows everything must not use up the time of the others.
    let share = timeout / u32::try_from(addresses.len()).unwrap_or(1).max(1);
    let mut failed = Ended::TimedOut { phase: Phase::Connect, seconds: timeout.as_secs() };
    for address in addresses {
        match tokio::time::timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok((stream, *address)),
            Ok(Err(error)) => {
                failed = match error.kind() {
                    ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::AddrNotAvailable
                        if !matches!(failed, Ended::Refused) =>
                    {
                        Ended::Unreachable
                    }
                    ErrorKind::TimedOut => failed,
                    _ => Ended::Refused,
                }
            }
            Err(_) => {}
        }
    }
    Err(failed)
}

async fn ask<S>(target: &Target<'_>, stream: S) -> Result<Response, Ended>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let headers = [
        ("accept", "application/json"),
        ("cache-control", "no-store"),
        ("authorization", AUTHORIZATION_SENT),
        (NONCE_HEADER, target.nonce),
        ("user-agent", ASKER),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let path = format!("{PATH}{}", target.nonce);
    let answer = wire::get(stream, target.address, &path, &headers, BODY_BYTES).await.map_err(|_| Ended::BrokeOff)?;
    Ok(Response {
        status: answer.status,
        headers: answer.headers,
        body: String::from_utf8_lossy(&answer.body).into_owned(),
        duration_ms: to_millis(answer.duration),
    })
}

fn tls_failure(error: &std::io::Error) -> Ended {
    let Some(fault) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
        return Ended::Tls(TlsFault::Refused);
    };
    Ended::Tls(match fault {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => TlsFault::Expired,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => TlsFault::WrongName,
            _ => TlsFault::UnknownIssuer,
        },
        rustls::Error::InvalidMessage(_) => TlsFault::NotTls,
        _ => TlsFault::Refused,
    })
}

fn millis(since: Instant) -> u32 {
    to_millis(since.elapsed())
}

fn to_millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_services_silence_is_not_an_unknown_name() {
        for (text, expected) in [
            ("failed to lookup address information: Temporary failure in name resolution", true),
            ("failed to lookup address information: Try again", true),
            ("This is usually a temporary error during hostname resolution. (os error 11002)", true),
            ("failed to lookup address information: Name or service not known", false),
            ("No such host is known. (os error 11001)", false),
        ] {
            assert_eq!(is_temporary(text), expected, "{text}");
        }
    }

    #[test]
    fn failures_of_tls_have_their_kind() {
        let of = |error: rustls::Error| tls_failure(&std::io::Error::new(ErrorKind::InvalidData, error));
        let fault = |ended| match ended {
            Ended::Tls(fault) => fault,
            other => panic!("{other:?}"),
        };
        for (error, expected) in [
            (rustls::Error::InvalidCertificate(CertificateError::Expired), TlsFault::Expired),
            (rustls::Error::InvalidCertificate(CertificateError::NotValidForName), TlsFault::WrongName),
            (rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer), TlsFault::UnknownIssuer),
            (rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType), TlsFault::NotTls),
            (rustls::Error::AlertReceived(rustls::AlertDescription::HandshakeFailure), TlsFault::Refused),
        ] {
            assert_eq!(fault(of(error.clone())), expected, "{error}");
        }
    }
}
