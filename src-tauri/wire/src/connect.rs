//! Opens a connection: name service, TCP, TLS, HTTP/1.1.

use std::net::SocketAddr;

use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Host;

use super::{Address, NoAnswer, Sender, broke_off};

/// Opens a connection to a server; `tls` secures it.
pub(super) async fn connect(to: &Address, tls: Option<&TlsConnector>) -> Result<Sender, NoAnswer> {
    let stream = reach(to).await?;
    // A request is written in one go; waiting for more would only cost time.
    stream.set_nodelay(true).map_err(|error| NoAnswer::BrokeOff { reason: error.to_string() })?;
    let Some(tls) = tls else { return handshake(stream).await };
    let refused = |reason: String| NoAnswer::Tls { at: named(to), reason };
    let name = match &to.host {
        Host::Domain(name) => ServerName::try_from(name.clone()).map_err(|error| refused(error.to_string()))?,
        Host::Ipv4(address) => ServerName::from(std::net::IpAddr::from(*address)),
        Host::Ipv6(address) => ServerName::from(std::net::IpAddr::from(*address)),
    };
    let stream = tls.connect(name, stream).await.map_err(|error| refused(error.to_string()))?;
    handshake(stream).await
}

/// Connects to the first address of the host that answers.
async fn reach(to: &Address) -> Result<TcpStream, NoAnswer> {
    let addresses: Vec<SocketAddr> = match &to.host {
        Host::Ipv4(address) => vec![(*address, to.port).into()],
        Host::Ipv6(address) => vec![(*address, to.port).into()],
        Host::Domain(name) => match tokio::net::lookup_host((name.as_str(), to.port)).await {
            Ok(addresses) => addresses.collect(),
            Err(_) => return Err(NoAnswer::UnknownHost { host: name.clone() }),
        },
    };
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => tracing::debug!(%address, %error, "an address did not answer"),
        }
    }
    Err(NoAnswer::Refused { at: named(to) })
}

async fn handshake<S>(stream: S) -> Result<Sender, NoAnswer>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = hyper::client::conn::http1::Builder::new()
        .title_case_headers(true)
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
