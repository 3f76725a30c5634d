//! What says success, as vendors have it, over real sockets: listed codes, any code but one, none, several codes, or the
//! status alone; answers with and without an envelope.

use super::{API, server};
use generated_sdk::runtime::{Api, Builder, Core, Error, ErrorKind, Json, Operation};

const SEVERAL: Api = Api {
    code: &["ret", "errcode"],
    message: &["errmsg"],
    success: &["0", ""],
    ..API
};
const WITHOUT: Api = Api {
    code: &[],
    success: &[],
    ..API
};
const fn operation(api: &'static Api) -> Operation {
    Operation::new(api, "acme_any", "acme_any", "")
}
static LISTED: Operation = operation(&API);
static CODED: Operation = operation(&SEVERAL);
static REMAINING: Operation = Operation {
    success: Some(&["!0", "!-1"]),
    ..operation(&SEVERAL)
};
static PLAIN: Operation = operation(&WITHOUT);

/// What comes of an answer: its data as it is read, and its code.
async fn called(
    operation: &'static Operation,
    status: &str,
    body: &str,
) -> Result<(String, String), Error> {
    let length = body.len();
    let answer =
        format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    let (url, _requests) = server(Box::leak(answer.into_boxed_str()));
    let core = Builder::<Core>::new(url).build().expect("a client");
    let reply = core.call_raw(operation, "/x", Json::null()).await?;
    Ok((reply.raw_data().to_owned(), reply.code().to_owned()))
}

#[tokio::test(flavor = "current_thread")]
async fn what_is_declared_as_a_success_is_one() {
    for (operation, body, data, code) in [
        (
            &LISTED,
            r#"{"code":1000,"data":{"id":1}}"#,
            r#"{"id":1}"#,
            "1000",
        ),
        (&CODED, r#" [{"id":1}] "#, r#"[{"id":1}]"#, ""),
        (&CODED, r#"{"ret":0,"errcode":"0","data":[1]}"#, "[1]", "0"),
        (&CODED, r#"{"errcode":null,"ret":"","data":[1]}"#, "[1]", ""),
        (&CODED, r#"{"data":[1],"errmsg":"ok"}"#, "[1]", ""),
        (&CODED, r#"{"ticket":"a"}"#, r#"{"ticket":"a"}"#, ""),
        (&CODED, "{}", "{}", ""),
        (
            &REMAINING,
            r#"{"ret":3,"errcode":"7","data":[1]}"#,
            "[1]",
            "3",
        ),
        (&PLAIN, r#"{"code":1,"data":[1]}"#, "[1]", ""),
        (&PLAIN, r#"{"id":1}"#, r#"{"id":1}"#, ""),
    ] {
        let reply = called(operation, "200 OK", body).await;
        let reply = reply.unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(reply, (data.to_owned(), code.to_owned()), "{body}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn anything_else_is_an_error_with_the_code_that_fails() {
    use ErrorKind::{Status, Undecodable, Vendor};
    let failed = "400 Bad Request";
    for (operation, status, body, kind, code) in [
        (&LISTED, "200 OK", r#"{"data":[1]}"#, Undecodable, None),
        (&LISTED, "200 OK", "[]", Undecodable, None),
        (
            &CODED,
            "200 OK",
            r#"{"ret":0,"errcode":-14}"#,
            Vendor,
            Some("-14"),
        ),
        // Of two that fail, the one that is declared first.
        (
            &CODED,
            "200 OK",
            r#"{"errcode":-14,"ret":-1}"#,
            Vendor,
            Some("-1"),
        ),
        (
            &CODED,
            "200 OK",
            r#"{"errcode":-14,"data":[]}"#,
            Vendor,
            Some("-14"),
        ),
        (&REMAINING, "200 OK", r#"{"ret":0}"#, Vendor, Some("0")),
        (
            &REMAINING,
            "200 OK",
            r#"{"ret":3,"errcode":-1}"#,
            Vendor,
            Some("-1"),
        ),
        (&REMAINING, "200 OK", r#"{"data":[1]}"#, Undecodable, None),
        (&PLAIN, failed, r#"{"message":"no","code":1}"#, Status, None),
    ] {
        let error = called(operation, status, body).await.expect_err(body);
        assert_eq!((error.kind(), error.code()), (kind, code), "{body}");
    }
}
