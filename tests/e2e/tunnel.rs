//! A stand-in for a tunnel: another address of this machine that forwards what it is sent.

use std::net::Ipv4Addr;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// Forwards until it is dropped.
pub(crate) struct Tunnel {
    address: String,
    is_cut: watch::Sender<bool>,
    forwarding: JoinHandle<()>,
}

impl Tunnel {
    /// A tunnel to `port` of this machine.
    pub(crate) async fn to(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port exists");
        let address = listener.local_addr().expect("a bound listener has an address").to_string();
        let is_cut = watch::Sender::new(false);
        let cuts = is_cut.clone();
        let forwarding = tokio::spawn(async move {
            while let Ok((mut caller, _)) = listener.accept().await {
                let mut cut = cuts.subscribe();
                tokio::spawn(async move {
                    let forward = async {
                        let Ok(mut server) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else { return };
                        // Who hangs up ends it; that is not a failure of the tunnel.
                        let _ = copy_bidirectional(&mut caller, &mut server).await;
                    };
                    tokio::select! {
                        biased;
                        _ = cut.wait_for(|is_cut| *is_cut) => {}
                        () = forward => {}
                    }
                });
            }
        });
        Self { address, is_cut, forwarding }
    }

    /// `http://127.0.0.1:41234`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Breaks off what is under way and lets nobody through, or lets them through again.
    pub(crate) fn cut(&self, is_cut: bool) {
        self.is_cut.send_replace(is_cut);
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.forwarding.abort();
    }
}
