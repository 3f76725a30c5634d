//! What a handshake says besides, to whoever stands in front of the gateway.

use super::{Peer, Pushed, connect, next};
use generated_sdk::runtime::ErrorKind;
use tokio::net::TcpListener;
use tokio_websockets::ServerBuilder;

#[tokio::test]
async fn every_connection_says_who_comes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/ws", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let mut said = Vec::new();
        for number in 0..2 {
            let (stream, _) = listener.accept().await.unwrap();
            let (request, socket) = ServerBuilder::new().accept(stream).await.unwrap();
            said.push(request.headers()["authorization"].clone());
            let mut peer = Peer(socket);
            if number == 0 {
                peer.greet_and_leave().await;
            } else {
                peer.greet().await;
                peer.serve().await;
            }
        }
        said
    });
    let connect = connect(url).header("Authorization", "Basic s3cret");
    assert!(!format!("{connect:?}").contains("s3cret"));
    let (client, mut pushes) = connect.open().await.unwrap();
    client.part().await;
    let lost = next(&mut pushes).await;
    assert!(matches!(lost, Pushed::Disconnected(_)), "{lost:?}");
    assert_eq!(client.say("again").await.unwrap(), "again");
    drop((client, pushes));
    assert_eq!(server.await.unwrap(), ["Basic s3cret"; 2]);
}

#[tokio::test]
async fn a_header_of_the_handshake_itself_is_refused() {
    let connect = connect("ws://127.0.0.1:1").header("Sec-WebSocket-Key", "s3cret");
    let error = connect.open().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse, "{error}");
    assert!(!format!("{error:?}{error}").contains("s3cret"));
}
