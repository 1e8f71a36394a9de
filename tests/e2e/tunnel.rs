//! A stand-in for a tunnel: another address of this machine that forwards what it is sent to the SCIM server.

use std::net::Ipv4Addr;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// Forwards until it is dropped.
pub(crate) struct Tunnel {
    address: String,
    forwarding: JoinHandle<()>,
}

impl Tunnel {
    /// A tunnel to `port` of this machine.
    pub(crate) async fn to(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port exists");
        let address = listener.local_addr().expect("a bound listener has an address").to_string();
        let forwarding = tokio::spawn(async move {
            while let Ok((mut caller, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let Ok(mut server) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else { return };
                    // Who hangs up ends it; that is no failure of the tunnel.
                    let _ = copy_bidirectional(&mut caller, &mut server).await;
                });
            }
        });
        Self { address, forwarding }
    }

    /// `http://127.0.0.1:41234`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.forwarding.abort();
    }
}
