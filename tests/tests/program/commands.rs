//! Commands go out, are executed, and what becomes of them comes back.

use std::time::Duration;

use super::{ACCOUNT, LONG, Listening, fast, soon, sql, text, texts, until};
use generated_sdk::runtime::program::Undelivered;
use generated_sdk::wequick::v2::callback::Event;
use generated_sdk::wequick::v2::deng_lu_deng_chu::{GetLoginQrCode, GetLoginUser};
use generated_sdk::wequick::v2::qing_qiu_xiang_guan::TransVoice;
use generated_sdk::wequick::v2::qun_xiang_guan::CreateChatRoom;
use generated_sdk::wequick::v2::xiao_xi_xiang_guan::SendAtTextMessage;
use generated_sdk::{ErrorKind, Json};
use mock_gateway::program::{Executed, Fault, Verdict};

#[tokio::test]
async fn a_command_is_executed_and_its_result_comes_back() {
    let server = Listening::start().await;
    let program = fast(&server.url).start().expect("starts");
    let reply = text(&server.hub.bot(ACCOUNT), "你好")
        .await
        .expect("executed");
    assert_eq!(reply.data.send_result.as_deref(), Some("1"));
    assert_eq!(reply.data.error_reason, None);
    let executed = program.executed();
    assert_eq!(
        (executed.len(), executed[0].name.as_str()),
        (1, "sendTextMessage")
    );
    assert_eq!(reply.data.send_id.as_deref(), Some(&*executed[0].id));
    assert_eq!(executed[0].text("wxid"), "wxid_friend");
    assert_eq!(executed[0].text("text"), "你好");
}

#[tokio::test]
async fn the_programs_reason_is_the_error() {
    let server = Listening::start().await;
    let refuse = |_: &Executed| Verdict::Refused("not a friend".to_owned());
    let _program = fast(&server.url).judge(refuse).start().expect("starts");
    let error = text(&server.hub.bot(ACCOUNT), "x")
        .await
        .expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Vendor);
    assert_eq!(error.message(), Some("not a friend"));
    let bot = server.hub.bot(ACCOUNT);
    let error = bot
        .call_raw("makeCoffee", Json::object([("a", Json::from(1))]))
        .await;
    assert_eq!(
        error.expect_err("refused").message(),
        Some("not a friend")
            .filter(|_| false)
            .or(Some("unknown command makeCoffee"))
    );
}

#[tokio::test]
async fn documented_limits_are_kept_before_anything_is_queued() {
    let server = Listening::start().await;
    let bot = server.hub.bot(ACCOUNT);
    let messages = bot.xiao_xi_xiang_guan();
    for (text, at) in [
        ("{$@} hi", vec![]),
        ("hi", vec!["a"]),
        ("{$@}{$@}", vec!["a"]),
    ] {
        let call = messages.send_at_text_message(SendAtTextMessage::new("1@chatroom", text, at));
        let error = call.await.expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Misuse, "{error}");
        assert!(error.to_string().contains("{$@}"), "{error}");
    }
    let alone = CreateChatRoom::new(["a"]);
    let error = bot
        .qun_xiang_guan()
        .create_chat_room(alone)
        .await
        .expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Misuse, "{error}");
    let enqueued = server
        .hub
        .enqueue(ACCOUNT, &CreateChatRoom::new(["a"]))
        .await;
    assert_eq!(enqueued.expect_err("refused").kind(), ErrorKind::Misuse);
    assert_eq!(
        server
            .ask(&format!("GET /send_msg?wxid={ACCOUNT}&pid=1"), b"")
            .await
            .1,
        "[]"
    );
    let program = fast(&server.url).start().expect("starts");
    let fits = SendAtTextMessage::new("1@chatroom", "{$@} hi", ["a"]);
    soon(async { messages.send_at_text_message(fits).await })
        .await
        .expect("executed");
    assert_eq!(program.executed().len(), 1);
}

#[tokio::test]
async fn the_event_that_answers_a_command_is_its_reply() {
    let mut server = Listening::start().await;
    let _program = fast(&server.url).start().expect("starts");
    let bot = server.hub.bot(ACCOUNT);
    let (one, two) = (bot.qi_ta(), bot.qi_ta());
    let (one, two) =
        soon(async { tokio::join!(one.get_sql_data(sql("1")), two.get_sql_data(sql("2"))) }).await;
    assert_eq!(one.expect("answered").data.extend.as_deref(), Some("1"));
    assert_eq!(two.expect("answered").data.extend.as_deref(), Some("2"));
    // The events are events all the same; the results were only results.
    for _ in 0..2 {
        assert!(matches!(server.next().await.event, Event::SqlData(_)));
    }
    assert_eq!(server.hub.counters().settled, 2);
}

#[tokio::test]
async fn nobody_is_there() {
    let server = Listening::start().await;
    let call = text(&server.hub.bot(ACCOUNT), "x").timeout(Duration::from_millis(100));
    let error = call.await.expect_err("nobody");
    assert_eq!(
        (error.kind(), error.is_timeout()),
        (ErrorKind::NotSent, true)
    );
    assert!(!error.may_have_been_executed(), "{error}");
    let source = std::error::Error::source(&error).expect("a reason");
    let why = source.downcast_ref::<Undelivered>();
    assert!(
        matches!(why, Some(Undelivered::NotFetched { .. })),
        "{why:?}"
    );
    let program = fast(&server.url).start().expect("starts");
    until("it polls", || program.numbers().polls > 5).await;
    assert!(program.executed().is_empty(), "it was withdrawn");
}

#[tokio::test]
async fn nobody_is_meant() {
    let server = Listening::start().await;
    for nobody in ["", "null", "(null)"] {
        let error = text(&server.hub.bot(nobody), "x").await;
        let error = error.expect_err("no program would fetch it");
        assert_eq!(
            (error.kind(), error.is_timeout()),
            (ErrorKind::NotSent, false)
        );
        assert!(error.to_string().contains("neither an account"), "{error}");
        let error = server.hub.enqueue(nobody, &sql("x")).await;
        let error = error.expect_err("no program would fetch it");
        assert_eq!(error.kind(), ErrorKind::Misuse);
        assert!(error.to_string().contains("neither an account"), "{error}");
    }
}

#[tokio::test]
async fn a_program_that_says_nothing_may_have_executed_it() {
    let server = Listening::start().await;
    let program = fast(&server.url)
        .fault(Fault::Silent)
        .start()
        .expect("starts");
    let call = text(&server.hub.bot(ACCOUNT), "x").timeout(Duration::from_secs(2));
    let error = call.await.expect_err("no result");
    assert!(
        error.may_have_been_executed() && error.is_timeout(),
        "{error}"
    );
    assert_eq!(texts(&program), ["x"]);
}

#[tokio::test]
async fn an_account_a_process_or_both_can_be_meant() {
    let server = Listening::start().await;
    let start = |account: &str, process: &str| {
        fast(&server.url)
            .account(account)
            .process(process)
            .start()
            .expect("starts")
    };
    let programs = [
        start("a", "1"),
        start("b", "1"),
        start("", "2"),
        start("c", "3"),
    ];
    for (bot, words) in [
        (server.hub.bot("a"), "a"),
        (server.hub.bot_at("b", "1"), "b"),
        (server.hub.bot_at("", "2"), "nobody"),
        (server.hub.bot_at("", "3"), "c"),
    ] {
        soon(async { text(&bot, words).await })
            .await
            .expect("executed");
    }
    let done: Vec<Vec<String>> = programs.iter().map(texts).collect();
    assert_eq!(done, [["a"], ["b"], ["nobody"], ["c"]]);
    let wrong = text(&server.hub.bot_at("a", "9"), "x").timeout(Duration::from_millis(100));
    assert_eq!(wrong.await.expect_err("nobody").kind(), ErrorKind::NotSent);
}

#[tokio::test]
async fn commands_come_with_the_answers_to_events_alone() {
    let server = Listening::start().await;
    let program = fast(&server.url)
        .no_poll()
        .events_every(Duration::from_millis(10));
    let program = program.start().expect("starts");
    soon(async { text(&server.hub.bot(ACCOUNT), "x").await })
        .await
        .expect("executed");
    assert_eq!(
        (texts(&program), program.numbers().polls),
        (vec!["x".to_owned()], 0)
    );
}

#[tokio::test]
async fn what_is_asked_twice_is_answered_twice_though_the_event_comes_again() {
    let server = Listening::start().await;
    let _program = fast(&server.url).start().expect("starts");
    let bot = server.hub.bot(ACCOUNT);
    for _ in 0..2 {
        let asked = bot
            .qing_qiu_xiang_guan()
            .trans_voice(TransVoice::new("wxid_friend", "812"));
        let reply = asked.timeout(LONG).await.expect("answered");
        assert_eq!(
            reply.data.msg_id.as_ref().map(|id| id.as_str()),
            Some("812")
        );
    }
    assert_eq!(server.hub.counters().duplicate, 1);
}

#[tokio::test]
async fn an_event_that_may_be_about_several_answers_none_of_them() {
    let server = Listening::start().await;
    let code = |process: &str| {
        let bot = server.hub.bot_at("", process);
        let call = bot.send(GetLoginQrCode::new()).timeout(LONG);
        tokio::spawn(async move { call.await.map(|code| code.data.file) })
    };
    let user = |account: &str| {
        let call = server
            .hub
            .bot(account)
            .send(GetLoginUser::new())
            .timeout(LONG);
        tokio::spawn(async move { call.await.map(|user| user.data.nick) })
    };
    let (codes, users) = ([code("1"), code("2")], [user("a"), user("b")]);
    for query in ["wxid=&pid=1", "wxid=&pid=2", "wxid=a&pid=3", "wxid=b&pid=4"] {
        let poll = format!("GET /send_msg?{query}");
        while server.ask(&poll, b"").await.1 == "[]" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    let qr_code = r#"{"action":"reportQrCodeMessage","cwxid":"null","data":{"file":"#;
    let nick = r#"{"action":"reportLoginUser","cwxid":null,"data":{"nick":"#;
    let of_b = r#"{"action":"reportLoginUser","cwxid":"b","data":{"nick":"#;
    for (query, event, value) in [
        ("", qr_code, "whose"),
        ("", nick, "whose"),
        ("?pid=2", qr_code, "2"),
        // Now only one is asked for it.
        ("", qr_code, "1"),
        ("", of_b, "b"),
        ("?wxid=a&pid=3", nick, "a"),
    ] {
        let line = format!("POST /recieve_msg{query}");
        let body = format!("{event}\"{value}\"}}}}");
        assert_eq!(server.ask(&line, body.as_bytes()).await.0, 200, "{body}");
    }
    let expected = ["1", "2", "a", "b"].map(|value| Some(value.to_owned()));
    for (call, expected) in codes.into_iter().chain(users).zip(expected) {
        let answer = soon(call).await.expect("no panic").expect("answered");
        assert_eq!(answer, expected);
    }
}
