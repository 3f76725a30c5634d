//! Media over real sockets: what stands on the wire, what a broken line does, and how much memory a large file takes.

mod declared;
mod host;

use generated_sdk::media::{DownPlan, Download, Host, Medium, Parts, UpPlan, Uploaded, upload};
use generated_sdk::runtime::{
    Api, BodyFormat, Builder, Core, Json, Operation, Part, Session, Template,
};
use host::MediaHost;

static API: Api = Api {
    authorization: "Authorization",
    format: BodyFormat::Json,
    code: &["code"],
    message: &["message"],
    data: &["data"],
    success: &["0"],
    busy: &[],
    ..Api::new("acme")
};
static ASK: Operation = Operation::new(&API, "ask", "ask", "/ask");
const HOST: Host = Host {
    root: "https://media.example/c2c",
    most: 100 << 20,
    reason: Some("X-Reason"),
};
static UP: UpPlan = UpPlan {
    host: HOST,
    operation: &ASK,
    params: Template(&[
        Part::Json("{\"size\":"),
        Part::Value("size"),
        Part::Json("}"),
    ]),
    url: None,
    param: Some(&["param"]),
    at: "upload?p={param}",
    taken: "X-Taken",
    medium: Template(&[Part::Value("key_hex")]),
};
static DOWN: DownPlan = DownPlan {
    host: HOST,
    at: "download?p={param}",
};

fn core(host: &MediaHost) -> Core {
    Builder::<Core>::new(host.url())
        .authorization("t0ken")
        .header("X-App", "bot")
        .media_root(format!("{}/c2c", host.url()))
        .build()
        .unwrap()
}

async fn up(core: &Core, medium: Medium) -> Uploaded {
    let session = Session::new(core.clone(), Vec::new());
    upload(&session, &UP, Json::from(1), "ann", medium)
        .await
        .unwrap()
}

fn down(core: &Core, key: &str) -> Download {
    let parts = Parts {
        param: Some("p"),
        key: Some(key),
        ..Parts::default()
    };
    Download::new(&Session::new(core.clone(), Vec::new()), &DOWN, parts)
}

#[tokio::test]
async fn a_medium_goes_up_and_comes_down_in_pieces_with_no_word_of_the_client() {
    let host = MediaHost::start();
    let core = core(&host);
    let plain: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    host.fail(2);
    let uploaded = up(&core, Medium::bytes(plain.clone())).await;
    let key = uploaded.medium.as_text().unwrap();

    host.cut(1);
    assert!(down(&core, &key).await.unwrap() == plain);
    let mut coming = down(&core, &key).stream().await.unwrap();
    let (mut pieces, mut whole) = (0, Vec::new());
    while let Some(piece) = coming.next().await.unwrap() {
        pieces += 1;
        whole.extend(piece);
    }
    assert!(whole == plain && pieces > 3, "{pieces} pieces");

    let heads = host.heads();
    let to = |path: &str| {
        let found = heads.iter().filter(|head| head.contains(path));
        found.map(|head| head.to_lowercase()).collect::<Vec<_>>()
    };
    assert!(to("POST /ask")[0].contains("authorization: t0ken"));
    assert_eq!(to("POST /c2c/upload?p=p ").len(), 3);
    assert_eq!(to("GET /c2c/download?p=p ").len(), 3);
    for head in to(" /c2c/") {
        for word in ["t0ken", "authorization", "x-app", "json", "chunked"] {
            assert!(!head.contains(word), "{word} in {head}");
        }
    }
    for head in to("/c2c/upload") {
        assert!(head.contains("content-length: 3000016"), "{head}");
        assert!(
            head.contains("content-type: application/octet-stream"),
            "{head}"
        );
    }
}

#[tokio::test]
async fn a_line_that_breaks_each_time_is_an_error_and_so_is_the_end_of_a_stream() {
    let host = MediaHost::start();
    let core = core(&host);
    let key = up(&core, Medium::bytes(vec![7; 1_000_000]))
        .await
        .medium
        .as_text()
        .unwrap();
    host.cut(9);
    let error = down(&core, &key).await.unwrap_err();
    assert_eq!(error.attempts(), 3, "{error}");
    assert!(!error.may_have_been_executed());
    let mut coming = down(&core, &key).stream().await.unwrap();
    let error = loop {
        match coming.next().await {
            Ok(piece) => assert!(piece.is_some(), "it ended as if it were whole"),
            Err(error) => break error,
        }
    };
    assert!(
        error.to_string().starts_with("download (http://127.0.0.1:"),
        "{error}"
    );
    assert_eq!(coming.next().await.unwrap(), None);
}
