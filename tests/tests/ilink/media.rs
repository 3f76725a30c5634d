//! Media: what people send comes down as it was, however its key is spelled, and what the bot sends goes up.

use super::{PATIENCE, client, quick, start, until};
use generated_sdk::bot::Sent;
use generated_sdk::ilink::Client;
use generated_sdk::ilink::callback::Event;
use generated_sdk::media::Medium;
use generated_sdk::poll::{Message, Poller};
use generated_sdk::{Error, ErrorKind};
use mock_gateway::Fault;
use mock_gateway::ilink::{Gateway, KeySpelling};
use std::future::Future;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const PICTURE: &[u8] = b"no picture, but as good as one";
const UPLOAD: &str = "/c2c/upload";
const DOWNLOAD: &str = "/c2c/download";

/// A bot that does this with every message, and what comes of it.
fn bot<T: Send + 'static, D>(
    client: &Client,
    does: impl Fn(Message<Client>) -> D + Send + Sync + 'static,
) -> (Poller<Client>, UnboundedReceiver<T>)
where
    D: Future<Output = T> + Send + 'static,
{
    let (told, results) = unbounded_channel();
    let poller = client.receive().start(move |message| {
        let (told, done) = (told.clone(), does(message));
        async move {
            let is_told = told.send(done.await).is_ok();
            assert!(is_told, "the test waits");
        }
    });
    (poller.expect("it starts"), results)
}

async fn next<T>(results: &mut UnboundedReceiver<T>) -> T {
    let next = tokio::time::timeout(PATIENCE, results.recv()).await;
    next.expect("in time").expect("the bot runs")
}

/// What the media of a message are.
type Fetched = Result<Vec<Vec<u8>>, Error>;

/// The media of each message.
fn fetching(client: &Client) -> (Poller<Client>, UnboundedReceiver<Fetched>) {
    bot(client, |message| async move {
        let mut fetched = Vec::new();
        for download in message.downloads() {
            fetched.push(download.await?);
        }
        Ok(fetched)
    })
}

/// A client that knows where files are of which no address is whole.
fn knowing(gateway: &Gateway) -> Client {
    let files = format!("http://{}/c2c", gateway.host(2));
    let builder = Client::builder(gateway.url()).authorization(gateway.token());
    builder.media_root(files).build().expect("a client")
}

#[tokio::test]
async fn what_people_send_comes_down_however_its_key_is_spelled() {
    for by_param in [false, true] {
        let builder = match by_param {
            true => quick().files_by_param(),
            false => quick(),
        };
        let gateway = builder.start().await.expect("a gateway");
        let client = match by_param {
            true => knowing(&gateway),
            false => client(&gateway),
        };
        let (_poller, mut fetched) = fetching(&client);
        let friend = gateway.friend();
        for spelling in [
            KeySpelling::Bytes,
            KeySpelling::Letters,
            KeySpelling::Beside,
            KeySpelling::None,
        ] {
            friend.sends_image(PICTURE, spelling);
            let media = next(&mut fetched).await.unwrap();
            assert!(media == [PICTURE], "{spelling:?}, {by_param}");
        }
        friend.sends_file("a.txt", b"a file", KeySpelling::Bytes);
        assert_eq!(next(&mut fetched).await.unwrap(), [b"a file"]);
        friend.speaks(b"a voice", "says so");
        assert_eq!(next(&mut fetched).await.unwrap(), [b"a voice"]);
        friend.says("no medium");
        assert!(next(&mut fetched).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_file_without_a_key_is_left_out_and_says_why_when_it_is_asked_for() {
    let gateway = start().await;
    let (_poller, mut results) = bot(&client(&gateway), |message| async move {
        let Event::UserMessage(said) = &message.callback.event else {
            panic!("somebody else wrote");
        };
        let file = said.item_list[0].file_item.as_ref().expect("a file");
        let refused = file.download(message.caller()).await.err();
        (message.download().is_none(), refused)
    });
    gateway
        .friend()
        .sends_file("a.txt", b"a file", KeySpelling::None);
    let (left_out, refused) = next(&mut results).await;
    assert!(left_out);
    let refused = refused.expect("it cannot be read");
    assert_eq!(refused.kind(), ErrorKind::Undecodable);
    assert!(refused.to_string().contains("it has no key"), "{refused}");
}

#[tokio::test]
async fn a_picture_a_video_and_a_file_go_up_and_out() {
    for by_param in [false, true] {
        let builder = match by_param {
            true => quick().files_by_param(),
            false => quick(),
        };
        let gateway = builder.start().await.expect("a gateway");
        let client = knowing(&gateway);
        let (_poller, mut sent) = bot(&client, |message| async move {
            let talk = message.conversation()?;
            talk.send_image(PICTURE).await?;
            talk.send_video(Medium::reader(b"a video".as_slice()))
                .await?;
            let file = Medium::bytes("a,b").named("表.csv");
            talk.send_file(file).await
        });
        gateway.friend().says("show me");
        next(&mut sent).await.expect("sent");
        let heard = gateway.friend().heard();
        let files: Vec<_> = heard
            .iter()
            .map(|sent| sent.file.clone().unwrap())
            .collect();
        assert_eq!(files, [PICTURE, b"a video", b"a,b"]);
        assert_eq!(heard[2].item["file_item"]["file_name"], "表.csv");
        assert!(gateway.repeated().is_empty());
    }
}

#[tokio::test]
async fn the_host_of_files_is_tried_three_times_and_obeyed_when_it_refuses() {
    let gateway = start().await;
    let client = client(&gateway);
    let (_poller, mut sent) = bot(&client, |message| async move {
        message.conversation()?.send_image(PICTURE).await
    });
    let ask = || async { gateway.friend().says("show me") };
    gateway.fault_once_on(UPLOAD, Fault::Status(502));
    gateway.fault_once_on(UPLOAD, Fault::DropAfterSend);
    ask().await;
    next(&mut sent).await.expect("the third time");

    let files = gateway.files();
    gateway.fault_on(UPLOAD, Fault::Status(403));
    ask().await;
    let refused = next(&mut sent).await.expect_err("refused");
    assert_eq!((refused.status(), refused.attempts()), (Some(403), 1));
    assert!(!refused.may_have_been_executed(), "{refused}");
    assert_eq!(gateway.files(), files);
    assert_eq!(gateway.friend().heard().len(), 1);
}

#[tokio::test]
async fn a_file_that_gets_lost_on_its_way_down_is_fetched_again() {
    let gateway = start().await;
    let (_poller, mut fetched) = fetching(&client(&gateway));
    gateway.fault_once_on(DOWNLOAD, Fault::Status(503));
    gateway.fault_once_on(DOWNLOAD, Fault::DropAfterSend);
    gateway.friend().sends_image(PICTURE, KeySpelling::Bytes);
    assert!(next(&mut fetched).await.unwrap() == [PICTURE]);
}

#[tokio::test]
async fn a_message_that_leads_elsewhere_is_not_followed() {
    let gateway = start().await;
    let (_poller, mut fetched) = fetching(&client(&gateway));
    for url in [
        "https://files.example/a?b=c",
        "http://novac2c.cdn.weixin.qq.com/c2c/download?a=b",
    ] {
        let media = serde_json::json!({ "full_url": url, "aes_key": "AAECAwQFBgcICQoLDA0ODw==" });
        let item = serde_json::json!({ "type": 2, "image_item": { "media": media } });
        gateway.friend().sends(item);
        let refused = next(&mut fetched).await.expect_err("another host");
        assert_eq!(refused.kind(), ErrorKind::WrongHost, "{refused}");
    }
}

/// What was sent is not sent again when its message is handed over once more.
#[tokio::test]
async fn a_message_that_is_handed_over_again_uploads_nothing_again() {
    let gateway = start().await;
    let times = std::sync::atomic::AtomicU32::new(0);
    let times = std::sync::Arc::new(times);
    let (told, mut results) = unbounded_channel::<Result<Sent, Error>>();
    let poller = client(&gateway)
        .receive()
        .start(move |message: Message<Client>| {
            let (told, times) = (told.clone(), times.clone());
            async move {
                let sent = message.conversation()?.send_image(PICTURE).await;
                assert!(told.send(sent).is_ok(), "the test waits");
                match times.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
                    0 => Err(Box::<dyn std::error::Error + Send + Sync>::from(
                        "once more",
                    )),
                    _ => Ok(()),
                }
            }
        });
    let _poller = poller.expect("it starts");
    gateway.friend().says("show me");
    assert!(!next(&mut results).await.expect("sent").repeated);
    assert!(next(&mut results).await.expect("sent before").repeated);
    assert_eq!((gateway.files(), gateway.sent().len()), (1, 1));
    until("an answer", || gateway.friend().heard().len() == 1).await;
}
