//! Opens a connection: name service, TCP, TLS, HTTP/1.1.

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use hyper::body::Body;
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{InvalidDnsNameError, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::Host;

use super::body::BodyError;
use super::{Address, NoAnswer, broke_off};

/// Why a connection is not secure.
#[derive(Debug, thiserror::Error)]
pub enum NotSecure {
    /// No certificate can be for this name.
    #[error(transparent)]
    Name(#[from] InvalidDnsNameError),
    /// The two sides did not agree; within is rustls' own error, if the connection did not break off.
    #[error(transparent)]
    Handshake(#[from] std::io::Error),
}

/// Opens a connection to a server; `tls` secures it.
pub(super) async fn connect<B: Sendable>(to: &Address, tls: Option<&TlsConnector>) -> Result<SendRequest<B>, NoAnswer> {
    connect_where(to, tls, |_| true).await
}

/// The same, only to an address that is accepted, whatever the name service says.
pub(super) async fn connect_where<B: Sendable>(
    to: &Address,
    tls: Option<&TlsConnector>,
    is_accepted: impl Fn(IpAddr) -> bool,
) -> Result<SendRequest<B>, NoAnswer> {
    let stream = reach(to, is_accepted).await?;
    // A request is written in one go; waiting for more would only cost time.
    stream.set_nodelay(true).map_err(|error| NoAnswer::BrokeOff { reason: error.to_string() })?;
    let Some(tls) = tls else { return handshake(stream).await };
    let refused = |error: NotSecure| NoAnswer::Tls { at: named(to), reason: error.to_string() };
    let stream = secure(tls, to, stream).await.map_err(refused)?;
    handshake(stream).await
}

/// The addresses of a host, in the order in which the name service has them; a host that is an address has one, and nobody is asked.
///
/// # Errors
/// What the name service says.
pub async fn resolve(to: &Address) -> std::io::Result<Vec<SocketAddr>> {
    Ok(match &to.host {
        Host::Ipv4(address) => vec![(*address, to.port).into()],
        Host::Ipv6(address) => vec![(*address, to.port).into()],
        Host::Domain(name) => tokio::net::lookup_host((name.as_str(), to.port)).await?.collect(),
    })
}

/// Makes a connection secure, for the name of the host that was asked for.
///
/// # Errors
/// If it cannot be.
pub async fn secure(tls: &TlsConnector, to: &Address, stream: TcpStream) -> Result<TlsStream<TcpStream>, NotSecure> {
    let name = match &to.host {
        Host::Domain(name) => ServerName::try_from(name.clone())?,
        Host::Ipv4(address) => ServerName::from(std::net::IpAddr::from(*address)),
        Host::Ipv6(address) => ServerName::from(std::net::IpAddr::from(*address)),
    };
    Ok(tls.connect(name, stream).await?)
}

/// Connects to the first address of the host that is accepted and answers.
async fn reach(to: &Address, is_accepted: impl Fn(IpAddr) -> bool) -> Result<TcpStream, NoAnswer> {
    let unknown = |_| NoAnswer::UnknownHost { host: to.host.to_string() };
    let addresses = resolve(to).await.map_err(unknown)?;
    if let Some(first) = addresses.first()
        && !addresses.iter().any(|address| is_accepted(address.ip()))
    {
        return Err(NoAnswer::NotAccepted { host: to.host.to_string(), address: first.ip() });
    }
    for address in addresses.into_iter().filter(|address| is_accepted(address.ip())) {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => tracing::debug!(%address, %error, "an address did not answer"),
        }
    }
    Err(NoAnswer::Refused { at: named(to) })
}

/// 64 KiB: the head of an answer has some hundred bytes.
const MOST_HEAD: usize = 64 << 10;

/// What can be the body of a request.
pub(super) trait Sendable: Body<Data = Bytes, Error: Into<BodyError>> + Unpin + Send + 'static {}

impl<B: Body<Data = Bytes, Error: Into<BodyError>> + Unpin + Send + 'static> Sendable for B {}

async fn handshake<S, B: Sendable>(stream: S) -> Result<SendRequest<B>, NoAnswer>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = Builder::new()
        .title_case_headers(true)
        .max_buf_size(MOST_HEAD)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| broke_off(&error))?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
    Ok(sender)
}

fn named(to: &Address) -> String {
    format!("{}:{}", to.host, to.port)
}
