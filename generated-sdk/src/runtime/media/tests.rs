//! Media over a transport that plays the API and the media host.

use super::{DownPlan, Download, Host, Medium, Parts, UpPlan, Uploaded, upload};
use crate::runtime::{
    Api, BodyFormat, BoxFuture, Builder, Core, Error, ErrorKind, HttpRequest, HttpResponse, Json,
    Operation, Part, Retry, Session, Template, Timer, Transport, TransportError,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;

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
    most: 1 << 20,
    reason: Some("X-Reason"),
};
static UP: UpPlan = UpPlan {
    host: HOST,
    operation: &ASK,
    params: Template(&[
        Part::Json(r#"{"file":"#),
        Part::Value("id"),
        Part::Json(r#","kind":"#),
        Part::Value("kind"),
        Part::Json(r#","to":"#),
        Part::Value("person"),
        Part::Json(r#","size":"#),
        Part::Value("size"),
        Part::Json(r#","md5":"#),
        Part::Value("md5"),
        Part::Json(r#","long":"#),
        Part::Value("encrypted_size"),
        Part::Json(r#","key":"#),
        Part::Value("key_hex"),
        Part::Json("}"),
    ]),
    url: Some(&["url"]),
    param: Some(&["param"]),
    at: "upload?p={param}&f={id}",
    taken: "X-Taken",
    medium: Template(&[
        Part::Json(r#"{"p":"#),
        Part::Value("taken"),
        Part::Json(r#","key":"#),
        Part::Value("key_hex_base64"),
        Part::Json("}"),
    ]),
};
static DOWN: DownPlan = DownPlan {
    host: HOST,
    at: "download?p={param}",
};

/// What the vendor answers, one after the other; the last one goes on.
#[derive(Clone, Default)]
struct Vendor(Arc<Mutex<Played>>);

#[derive(Default)]
struct Played {
    api: String,
    media: Vec<HttpResponse>,
    requests: Vec<HttpRequest>,
}

impl Transport for Vendor {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let mut played = self.0.lock().unwrap();
        let is_api = request.url.contains("/ask");
        played.requests.push(request);
        let answer = if is_api {
            HttpResponse::new(200, played.api.clone())
        } else if played.media.len() > 1 {
            played.media.remove(0)
        } else {
            played.media[0].clone()
        };
        Box::pin(async move {
            match answer.status {
                0 => Err(TransportError::no_answer("the line is cut")),
                _ => Ok(answer),
            }
        })
    }
}

/// No waiting but for what takes too long.
struct Hasty;

impl Timer for Hasty {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            if duration >= Duration::from_secs(10) {
                std::future::pending::<()>().await;
            }
        })
    }
}

impl Vendor {
    fn new(api: &str, media: impl IntoIterator<Item = HttpResponse>) -> Self {
        let vendor = Self::default();
        vendor.0.lock().unwrap().api = format!(r#"{{"code":0,"data":{api}}}"#);
        vendor.0.lock().unwrap().media = media.into_iter().collect();
        vendor
    }

    fn core(&self) -> Core {
        let builder = Builder::<Core>::new("https://api.example")
            .authorization("t0ken")
            .header("X-App", "bot")
            .timer(Hasty);
        builder.transport(self.clone()).build().unwrap()
    }

    async fn up(&self, medium: impl Into<Medium>) -> Result<Uploaded, Error> {
        let session = Session::new(self.core(), Vec::new());
        upload(&session, &UP, Json::from(1), "ann", medium.into()).await
    }

    fn down(&self, parts: Parts<'_>) -> Download {
        Download::new(&Session::new(self.core(), Vec::new()), &DOWN, parts)
    }

    fn requests(&self) -> Vec<HttpRequest> {
        std::mem::take(&mut self.0.lock().unwrap().requests)
    }
}

fn with(status: u16, name: &str, value: &str) -> HttpResponse {
    let mut answer = HttpResponse::new(status, "");
    answer.headers.push((name.to_owned(), value.to_owned()));
    answer
}

fn taken() -> HttpResponse {
    with(200, "x-taken", "t4ken")
}

/// The bytes that came to the host, fetched again by what a message would say of them.
async fn fetched(uploaded: &Uploaded, body: &[u8]) -> Result<Vec<u8>, Error> {
    let host = Vendor::new("{}", [HttpResponse::new(200, body)]);
    let said = |name: &str| uploaded.medium.get(name).unwrap().as_text().unwrap();
    let (param, key) = (said("p"), said("key"));
    let parts = Parts {
        param: Some(&param),
        key: Some(&key),
        ..Parts::default()
    };
    host.down(parts).await
}

#[tokio::test]
async fn what_is_sent_is_encrypted_at_its_host_and_comes_back_as_it_was() {
    for size in [0, 15, 16, 17, 5000] {
        let plain = vec![7_u8; size];
        let vendor = Vendor::new(r#"{"param":"a+b"}"#, [taken()]);
        let uploaded = vendor.up(plain.clone()).await.unwrap();
        let encrypted = (size / 16 + 1) * 16;
        assert_eq!(uploaded.size, size as u64);
        assert_eq!(uploaded.encrypted_size, encrypted as u64);
        let [ask, put] = vendor.requests().try_into().unwrap();
        let asked: Json = String::from_utf8(ask.body).unwrap().parse().unwrap();
        let said = |name: &str| asked.get(name).unwrap().as_str().to_owned();
        let id = asked.get("file").unwrap().as_text().unwrap();
        assert_eq!(
            (id.len(), said("kind"), said("to")),
            (32, "1".into(), "\"ann\"".into())
        );
        assert_eq!(
            [said("size"), said("long")],
            [size, encrypted].map(|n| n.to_string())
        );
        assert_eq!(said("md5"), format!("\"{}\"", uploaded.md5));
        let url = format!("https://media.example/c2c/upload?p=a%2Bb&f={id}");
        assert_eq!(put.url, url);
        let kind = (
            "Content-Type".to_owned(),
            "application/octet-stream".to_owned(),
        );
        assert_eq!(put.headers, [kind]);
        assert_eq!(put.body.len(), encrypted);
        assert_eq!(fetched(&uploaded, &put.body).await.unwrap(), plain);
    }
    assert_eq!(
        Vendor::new(r#"{"param":"p"}"#, [taken()])
            .up(b"abc")
            .await
            .unwrap()
            .md5,
        "900150983cd24fb0d6963f7d28e17f72"
    );
}

#[tokio::test]
async fn files_and_streams_go_up_too_and_another_try_sends_the_same() {
    let plain: Vec<u8> = (0..9_000_000_u32).map(|n| n as u8).collect();
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = told.clone();
    let vendor = Vendor::new(r#"{"param":"p"}"#, [HttpResponse::new(502, ""), taken()]);
    let reader = std::io::Cursor::new(plain.clone());
    let medium = Medium::reader(reader)
        .most_bytes(1 << 30)
        .progress(move |far| tell.lock().unwrap().push(far.to_string()));
    let uploaded = vendor.up(medium).await.unwrap();
    let [_, first, second] = vendor.requests().try_into().unwrap();
    assert_eq!(first.body, second.body);
    assert_eq!(fetched_whole(&uploaded, second.body).await, plain);
    let told = told.lock().unwrap().clone();
    let whole = "9000016 of 9000016 bytes";
    assert_eq!(told.iter().filter(|far| *far == whole).count(), 2);
    assert_eq!(told[0], "0 of 9000016 bytes");

    let path = std::env::temp_dir().join(format!("sent-{}.txt", std::process::id()));
    std::fs::write(&path, "a text").unwrap();
    let vendor = Vendor::new(r#"{"param":"p"}"#, [taken()]);
    let uploaded = vendor.up(path.as_path()).await.unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(uploaded.size, 6);
    assert_eq!(uploaded.name.as_deref(), path.file_name().unwrap().to_str());
    let gone = vendor.up(path.as_path()).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotSent);
    assert!(gone.to_string().contains("cannot be opened"), "{gone}");
}

async fn fetched_whole(uploaded: &Uploaded, body: Vec<u8>) -> Vec<u8> {
    let host = Vendor::new("{}", [HttpResponse::new(200, body)]);
    let key = uploaded.medium.get("key").unwrap().as_text().unwrap();
    let parts = Parts {
        param: Some("p"),
        key: Some(&key),
        ..Parts::default()
    };
    let mut coming = host.down(parts).most_bytes(1 << 30).stream().await.unwrap();
    let mut whole = Vec::new();
    while let Some(piece) = coming.next().await.unwrap() {
        whole.extend(piece);
    }
    assert_eq!(coming.next().await.unwrap(), None);
    whole
}

#[tokio::test]
async fn an_upload_is_tried_three_times_unless_it_is_refused() {
    let vendor = |media: &[HttpResponse]| Vendor::new(r#"{"param":"p"}"#, media.to_vec());
    let lost = || HttpResponse::new(0, "");
    let good = vendor(&[lost(), HttpResponse::new(503, ""), taken()]);
    good.up(b"x").await.unwrap();
    assert_eq!(good.requests().len(), 4);

    let nameless = vendor(&[HttpResponse::new(200, "")]);
    let error = nameless.up(b"x").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Undecodable, 3)
    );
    assert_eq!(
        error.to_string(),
        "upload (https://media.example): an answer that cannot be decoded: the medium was taken, but the answer has no X-Taken (attempt 3)"
    );

    let used_up = with(403, "x-reason", "p4ram was used up");
    let refused = Vendor::new(r#"{"param":"p4ram"}"#, [used_up]);
    let error = refused.up(b"x").await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(403), 1));
    assert_eq!(error.message(), Some("*** was used up"));

    let broken = vendor(&[lost()]);
    let error = broken.up(b"x").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NoAnswer, 3));
    assert!(!error.may_have_been_executed());
    assert!(!error.to_string().contains("executed"), "{error}");
}

#[tokio::test]
async fn what_goes_up_is_bounded_and_goes_only_where_the_client_may_go() {
    let vendor = Vendor::new(r#"{"param":"p"}"#, [taken()]);
    let error = vendor.up(vec![0; (1 << 20) + 1]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(
        error.to_string().contains("larger than 1048576 bytes"),
        "{error}"
    );
    assert!(vendor.requests().is_empty());

    let whole = r#"{"param":"p","url":"https://other.example/up?sig=s3cr3t"}"#;
    let vendor = Vendor::new(whole, [taken()]);
    vendor.up(b"x").await.unwrap();
    assert_eq!(
        vendor.requests()[1].url,
        "https://other.example/up?sig=s3cr3t"
    );

    for url in [
        "http://other.example/up?sig=s3cr3t",
        "other",
        "https://a/b?c d",
        "https://a/b?c#d",
    ] {
        let vendor = Vendor::new(&format!(r#"{{"url":"{url}"}}"#), [taken()]);
        let error = vendor.up(b"x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Undecodable, "{url}");
        assert!(
            !format!("{error} {error:?}").contains("s3cr3t"),
            "{error:?}"
        );
        assert_eq!(vendor.requests().len(), 1, "{url}");
    }

    let nowhere = Vendor::new("{}", [taken()]).up(b"x").await.unwrap_err();
    assert!(
        nowhere.to_string().contains("does not say where"),
        "{nowhere}"
    );
    assert!(!nowhere.may_have_been_executed());
}

const HEX: &str = "000102030405060708090a0b0c0d0e0f";
/// `a medium`, encrypted with that key.
const ENCRYPTED: [u8; 16] = [
    0x07, 0x58, 0x83, 0xe4, 0xd4, 0xf4, 0xe0, 0x90, 0xd3, 0x8d, 0xcb, 0xb2, 0xc4, 0xbd, 0x70, 0x1c,
];

#[tokio::test]
async fn a_key_comes_in_both_spellings_and_the_one_beside_wins() {
    let wrong = Some("ffffffffffffffffffffffffffffffff");
    let bytes = Some("AAECAwQFBgcICQoLDA0ODw==");
    let letters = Some("MDAwMTAyMDMwNDA1MDYwNzA4MDkwYTBiMGMwZDBlMGY=");
    for (beside, key) in [
        (Some(HEX), wrong),
        (Some(""), bytes),
        (None, letters),
        (Some("no key"), letters),
        (bytes, None),
    ] {
        let host = Vendor::new("{}", [HttpResponse::new(200, ENCRYPTED)]);
        let parts = Parts {
            param: Some("a/b"),
            beside,
            key,
            ..Parts::default()
        };
        assert!(parts.is_readable());
        assert_eq!(host.down(parts).await.unwrap(), b"a medium");
        let [get] = host.requests().try_into().unwrap();
        assert_eq!(get.url, "https://media.example/c2c/download?p=a%2Fb");
        assert!(get.headers.is_empty() && get.body.is_empty());
    }
}

#[tokio::test]
async fn without_a_key_a_medium_is_plain_where_that_is_declared_and_else_refused() {
    let host = Vendor::new("{}", [HttpResponse::new(200, "as it is")]);
    let url = Some("https://media.example/x?sig=1");
    let plain = Parts {
        url,
        plain: true,
        ..Parts::default()
    };
    assert_eq!(host.down(plain).await.unwrap(), b"as it is");
    assert_eq!(host.requests()[0].url, "https://media.example/x?sig=1");
    for (parts, said) in [
        (
            Parts {
                url,
                ..Parts::default()
            },
            "it has no key",
        ),
        (
            Parts {
                url,
                key: Some("zz"),
                plain: true,
                ..Parts::default()
            },
            "its key is none",
        ),
        (
            Parts {
                plain: true,
                ..Parts::default()
            },
            "does not say where",
        ),
        (
            Parts {
                url: Some("http://m.example/x"),
                plain: true,
                ..Parts::default()
            },
            "none that a client",
        ),
    ] {
        let error = host.down(parts).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Undecodable);
        assert!(error.to_string().contains(said), "{error}");
        assert!(!error.may_have_been_executed());
        assert!(host.requests().is_empty());
    }
    assert!(
        !Parts {
            url,
            ..Parts::default()
        }
        .is_readable()
    );
}

#[tokio::test]
async fn what_comes_down_wrong_is_an_error_and_what_got_lost_is_fetched_again() {
    let parts = Parts {
        param: Some("p"),
        key: Some(HEX),
        ..Parts::default()
    };
    let good = || HttpResponse::new(200, ENCRYPTED);
    let lost = || HttpResponse::new(0, "");
    let host = Vendor::new("{}", [lost(), HttpResponse::new(503, ""), good()]);
    assert_eq!(host.down(parts).await.unwrap(), b"a medium");
    assert_eq!(host.requests().len(), 3);

    let gone = Vendor::new("{}", [with(404, "x-reason", "gone")]);
    let error = gone.down(parts).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(404), 1));
    assert!(
        error.to_string().ends_with("HTTP status 404: gone"),
        "{error}"
    );

    let cut = Vendor::new("{}", [HttpResponse::new(200, &ENCRYPTED[..15])]);
    let error = cut.down(parts).await.unwrap_err();
    assert!(error.to_string().contains("it is cut off"), "{error}");
    let other = Parts {
        key: Some("ff0102030405060708090a0b0c0d0e0f"),
        ..parts
    };
    let error = Vendor::new("{}", [good()]).down(other).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    assert!(error.to_string().contains("the key is another"), "{error}");

    let never = Vendor::new("{}", [lost()]);
    let core = Builder::<Core>::new("https://api.example")
        .transport(never.clone())
        .retry(Retry::never())
        .build()
        .unwrap();
    let error = Download::new(&Session::new(core, Vec::new()), &DOWN, parts)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), never.requests().len()),
        (ErrorKind::NoAnswer, 1)
    );
}

#[tokio::test]
async fn what_comes_down_is_bounded() {
    let host = |size| Vendor::new("{}", [HttpResponse::new(200, vec![1_u8; size])]);
    let plain = Parts {
        param: Some("p"),
        plain: true,
        ..Parts::default()
    };
    assert_eq!(
        host(100).down(plain).most_bytes(100).await.unwrap().len(),
        100
    );
    for size in [101, 116, 117, 200] {
        let error = host(size).down(plain).most_bytes(100).await.unwrap_err();
        assert!(
            error.to_string().contains("larger than 100 bytes"),
            "{error}"
        );
    }
    let short = Parts {
        param: Some("p"),
        key: Some(HEX),
        ..Parts::default()
    };
    let encrypted = || Vendor::new("{}", [HttpResponse::new(200, ENCRYPTED)]);
    assert_eq!(
        encrypted().down(short).most_bytes(8).await.unwrap().len(),
        8
    );
    assert!(encrypted().down(short).most_bytes(7).await.is_err());
}

#[tokio::test]
async fn the_root_is_where_the_builder_says() {
    let vendor = Vendor::new("{}", [HttpResponse::new(200, "x")]);
    let builder = || Builder::<Core>::new("https://api.example").transport(vendor.clone());
    let core = builder()
        .media_root("http://127.0.0.1:9/c2c/")
        .build()
        .unwrap();
    let plain = Parts {
        param: Some("p"),
        plain: true,
        ..Parts::default()
    };
    Download::new(&Session::new(core, Vec::new()), &DOWN, plain)
        .await
        .unwrap();
    assert_eq!(
        vendor.requests()[0].url,
        "http://127.0.0.1:9/c2c/download?p=p"
    );
    assert!(builder().media_root("nowhere").build().is_err());
}
