//! The same over TLS: with a certificate that is trusted, and with one that is not.

use super::{Peer, Pushed, connect, next};
use generated_sdk::runtime::ErrorKind;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};
use tokio_websockets::ServerBuilder;

/// A root that nobody else trusts.
const ROOT: &str = "\
    MIIBnzCCAUWgAwIBAgIUFdVZJCrip0Z895vM4cZH0+ufBSowCgYIKoZIzj0EAwIwHDEaMBgGA1UE\
    AwwRZXhhbXBsZSB0ZXN0IHJvb3QwIBcNMjYxMTIxMDMwMTMyWhgPMjEyNjEwMjgwMzAxMzJaMBwx\
    GjAYBgNVBAMMEWV4YW1wbGUgdGVzdCByb290MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEKCs9\
    zFsnJvdTa759cC+yJqPbRjiwgWtUdiJ/C//4fhIErs6qSVDbNrkCOZ8UBScs7Sk8mQv9+X5AVwZ3\
    xU2z3KNjMGEwHQYDVR0OBBYEFLMgqUDsihYs+ziowLtEnQfRAeK3MB8GA1UdIwQYMBaAFLMgqUDs\
    ihYs+ziowLtEnQfRAeK3MA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMAoGCCqGSM49\
    BAMCA0gAMEUCIQDq6ywp+hNms9qJWVOTOMxRboxlZUAGmR3QbhKU8aFJ0gIgKJWIREsZMOMsw7a8\
    HgRKdMdlFNpvdYIcegBOvjracHQ=\
";

/// A certificate for localhost and 127.0.0.1, until 2126.
const CERTIFICATE: &str = "\
    MIIBnjCCAUWgAwIBAgIBATAKBggqhkjOPQQDAjAcMRowGAYDVQQDDBFleGFtcGxlIHRlc3Qgcm9v\
    dDAgFw0yMDAxMDEwMDAwMDBaGA8yMTI2MDEwMTAwMDAwMFowFDESMBAGA1UEAwwJbG9jYWxob3N0\
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOOZk36TkkFzxGmWdtjWLvf2mH1tdw3G4LKSgzqoG\
    ejrsgWK8Rqqg152kTKeqVns8/NilmcpQcKG2mR/+F74uqKN+MHwwGgYDVR0RBBMwEYIJbG9jYWxo\
    b3N0hwR/AAABMAkGA1UdEwQCMAAwEwYDVR0lBAwwCgYIKwYBBQUHAwEwHQYDVR0OBBYEFHhQC7/4\
    2aJ6eoMS/zLW/zwpnj+EMB8GA1UdIwQYMBaAFLMgqUDsihYs+ziowLtEnQfRAeK3MAoGCCqGSM49\
    BAMCA0cAMEQCHwcfFXUx5rMNy8YlhdTGj7C/JFeCn+DPrLiDLToXnOcCIQD+1KkftZgtm1U+eIRS\
    cmlFLJviJzZgvXUq6xQcx1MBTg==\
";

/// Its key, which opens nothing but these tests.
const KEY: &str = "\
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgcWTnuyJVJpbcB6X4Xl/EbGUInRdv\
    dkDBD6/BYrjEnJehRANCAAQ45mTfpOSQXPEaZZ22NYu9/aYfW13DcbgspKDOqgZ6OuyBYrxGqqDX\
    naRMp6pWezz82KWZylBwobaZH/4Xvi6o\
";

/// The bytes of a Base64 text.
fn bytes(text: &str) -> Vec<u8> {
    let digit = |byte: u8| {
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        digits.iter().position(|digit| *digit == byte).unwrap_or(0)
    };
    let padding = text.bytes().filter(|byte| *byte == b'=').count();
    let mut bytes = Vec::new();
    for four in text.as_bytes().chunks(4) {
        let all = four.iter().fold(0, |all, byte| all << 6 | digit(*byte));
        bytes.extend([(all >> 16) as u8, (all >> 8) as u8, all as u8]);
    }
    bytes.truncate(bytes.len() - padding);
    bytes
}

/// A gateway behind TLS that answers, and ends the first connection at its second call.
async fn gateway() -> String {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(bytes(KEY)));
    let chain = vec![CertificateDer::from(bytes(CERTIFICATE))];
    let provider = Arc::new(crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("wss://{}/ws", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(stream).await else {
                continue;
            };
            let (_, socket) = ServerBuilder::new().accept(stream).await.unwrap();
            let mut peer = Peer(socket);
            if number == 0 {
                peer.greet_and_leave().await;
            } else {
                peer.greet().await;
                peer.serve().await;
            }
            number += 1;
        }
    });
    url
}

#[tokio::test]
async fn a_root_of_ones_own_is_trusted_and_a_connection_made_again() {
    let trusting = connect(gateway().await).root_certificate(bytes(ROOT));
    let (client, mut pushes) = trusting.open().await.unwrap();
    client.part().await;
    assert!(matches!(next(&mut pushes).await, Pushed::Disconnected(_)));
    assert_eq!(client.say("again").await.unwrap(), "again");
    let long = "x".repeat(5 << 20);
    assert_eq!(client.say(&long).await.unwrap(), long);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_before_the_key_is_sent() {
    let error = connect(gateway().await).open().await.unwrap_err();
    // Without CA certificates there is no client for such an address.
    assert!(
        matches!(error.kind(), ErrorKind::NotSent | ErrorKind::Misuse),
        "{error:?}"
    );
    assert!(!error.may_have_been_executed());
    let nonsense = connect("wss://127.0.0.1:9/ws").root_certificate(*b"no certificate");
    assert_eq!(nonsense.open().await.unwrap_err().kind(), ErrorKind::Misuse);
}
