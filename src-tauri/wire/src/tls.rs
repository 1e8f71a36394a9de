//! What makes a connection secure.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;

use super::Address;

/// What makes connections secure, made when it is first needed: reading the system's certificates takes a while. Cheap to clone.
#[derive(Clone, Default)]
pub struct Tls(Arc<OnceCell<TlsConnector>>);

impl Tls {
    /// What secures a connection to a server; `None`: it is not to be secured.
    pub(super) async fn connector_for(&self, to: &Address) -> Option<&TlsConnector> {
        if to.is_https() { Some(self.0.get_or_init(connector).await) } else { None }
    }
}

/// Trusts what this machine trusts and what browsers trust: either may be the smaller set.
pub async fn connector() -> TlsConnector {
    let config = tokio::task::spawn_blocking(|| {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let native = rustls_native_certs::load_native_certs();
        for error in &native.errors {
            tracing::debug!(%error, "a certificate store of this machine cannot be read");
        }
        roots.add_parsable_certificates(native.certs);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            // A fact of the provider, whatever the roots.
            .expect("ring supports TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config
    });
    let config = config.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
    TlsConnector::from(Arc::new(config))
}
