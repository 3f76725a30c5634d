//! Encryption of a connection: whom to trust, with the same cryptography as HTTP.

use crate::runtime::Error;
use rustls_platform_verifier::{BuilderVerifierExt, Verifier};
use std::io;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{self, ClientConfig, crypto};

/// Trusts whom the system trusts, and these root certificates.
pub(super) fn connector(roots: Vec<Vec<u8>>) -> Result<TlsConnector, Error> {
    config(roots)
        .map(|config| Arc::new(config).into())
        .map_err(|error| {
            Error::misuse("TLS cannot be set up; are there CA certificates, and is each given one a certificate?")
                .with_source(error.into(), false)
        })
}

fn config(roots: Vec<Vec<u8>>) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()?;
    if roots.is_empty() {
        return Ok(builder.with_platform_verifier()?.with_no_client_auth());
    }
    let roots = roots.into_iter().map(CertificateDer::from);
    let verifier = Verifier::new_with_extra_roots(roots, provider)?;
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// Speaks TLS to this host.
pub(super) async fn encrypted(
    connector: &TlsConnector,
    host: &str,
    stream: TcpStream,
) -> io::Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    connector.connect(name, stream).await
}
