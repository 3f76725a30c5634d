//! Several servers behind one address: what is enqueued on one is fetched from another, and the result finds its way.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::events::post;

use generated_sdk::server::Delivery;
use generated_sdk::store::RedisStore;
use generated_sdk::wequick::v1;
use generated_sdk::wequick::v2::Hub;
use generated_sdk::wequick::v2::callback::{Callback, Event};
use generated_sdk::wequick::v2::deng_lu_deng_chu::GetLoginUser;
use generated_sdk::wequick::v2::hao_you_xiang_guan::GetContacts;
use generated_sdk::wequick::v2::qi_ta::{GetSqlData, GetSqlDataRequired};
use generated_sdk::wequick::v2::xiao_xi_xiang_guan::SendTextMessage;
use mock_gateway::program::{Fault, Program, Unposted};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::timeout;

const LONG: Duration = Duration::from_secs(40);
const SERVERS: usize = 2;
const PROGRAMS: usize = 20;
const EACH: usize = 10;

async fn store(prefix: &str) -> RedisStore {
    let url = std::env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL says where Redis is");
    let store = RedisStore::connect(url).await.expect("Redis is there");
    store.prefix(format!("{prefix}:{}:", std::process::id()))
}

async fn hub(prefix: &str) -> (Hub, String) {
    let builder = Hub::builder().unprotected().store(store(prefix).await);
    let hub = builder.start(|_, _| async {}).expect("starts");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let serving = hub.clone();
    tokio::spawn(async move { serving.serve_on(listener).await });
    (hub, address)
}

/// One address in front of several servers: each connection goes to the next one.
async fn in_front_of(servers: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let next = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((mut program, _)) = listener.accept().await {
            let server = servers[next.fetch_add(1, Ordering::Relaxed) % servers.len()].clone();
            tokio::spawn(async move {
                let mut server = TcpStream::connect(server).await?;
                tokio::io::copy_bidirectional(&mut program, &mut server).await
            });
        }
    });
    url
}

fn texts(program: &Program) -> Vec<String> {
    program
        .executed()
        .iter()
        .map(|done| done.text("text"))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_REDIS_URL"]
async fn calls_on_any_server_reach_programs_at_any_server_once() {
    let mut hubs = Vec::new();
    let mut addresses = Vec::new();
    for _ in 0..SERVERS {
        let (hub, address) = hub("shared").await;
        hubs.push(hub);
        addresses.push(address);
    }
    let url = in_front_of(addresses).await;
    let programs: Vec<Program> = (0..PROGRAMS)
        .map(|n| {
            let program = mock_gateway::wequick::v2::program(&*url)
                .account(format!("wxid_{n}"))
                .process(n.to_string());
            program
                .poll_every(Duration::from_millis(20))
                .start()
                .expect("starts")
        })
        .collect();
    let mut calls = JoinSet::new();
    for n in 0..PROGRAMS {
        for turn in 0..EACH {
            let bot = hubs[turn % SERVERS].bot(format!("wxid_{n}"));
            calls.spawn(async move {
                let message = SendTextMessage::new("wxid_friend", format!("{n}-{turn}"));
                let reply = bot
                    .xiao_xi_xiang_guan()
                    .send_text_message(message)
                    .timeout(LONG)
                    .await;
                assert_eq!(
                    reply.expect("executed").data.send_result.as_deref(),
                    Some("1")
                );
            });
        }
    }
    timeout(LONG, calls.join_all()).await.expect("in time");
    for (n, program) in programs.iter().enumerate() {
        let done = texts(program);
        let expected: BTreeSet<String> = (0..EACH).map(|turn| format!("{n}-{turn}")).collect();
        assert_eq!(done.len(), EACH, "each once: {done:?}");
        assert_eq!(done.into_iter().collect::<BTreeSet<_>>(), expected);
    }
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn the_other_server_hands_out_reports_and_hears_the_event() {
    let (here, _) = hub("pair").await;
    let (_there, address) = hub("pair").await;
    let program = mock_gateway::wequick::v2::program(format!("http://{address}"))
        .poll_every(Duration::from_millis(20));
    let program = program.start().expect("starts");
    let bot = here.bot("wxid_example01");
    let mark = GetSqlData::new(GetSqlDataRequired {
        sql: "select 1".to_owned(),
        db: "MicroMsg.db".to_owned().into(),
        extend: "mark".to_owned(),
    });
    let reply = bot
        .qi_ta()
        .get_sql_data(mark)
        .timeout(LONG)
        .await
        .expect("answered");
    assert_eq!(reply.data.extend.as_deref(), Some("mark"));
    let message = SendTextMessage::new("wxid_friend", "");
    let wrong = bot.call_raw("noSuchCommand", generated_sdk::Json::object::<&str>([]));
    assert_eq!(
        wrong.await.expect_err("refused").message(),
        Some("unknown command noSuchCommand")
    );
    let sent = bot
        .xiao_xi_xiang_guan()
        .send_text_message(message)
        .timeout(LONG)
        .await;
    assert!(sent.is_ok());
    assert_eq!(program.executed().len(), 3);
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn where_there_are_no_results_the_other_server_tells_what_was_fetched() {
    use v1::fa_song_xiao_xi::SendTextMessage;
    let store = store("first").await;
    let start = || {
        let builder = v1::Hub::builder().unprotected().store(store.clone());
        builder.start(|_, _| async {}).expect("starts")
    };
    let (here, there) = (start(), start());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    tokio::spawn(async move { there.serve_on(listener).await });
    let program = mock_gateway::wequick::v1::program(url).poll_every(Duration::from_millis(20));
    let program = program.start().expect("starts");
    let bot = here.bot("wxid_example01");
    for text in ["1", "2"] {
        let call = bot
            .fa_song_xiao_xi()
            .send_text_message(SendTextMessage::new("w", text));
        call.timeout(LONG).await.expect("fetched");
    }
    // The call may know a moment before the program has read it.
    let fetched = async {
        while program.numbers().fetched < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(LONG, fetched).await.expect("each of them");
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn while_redis_is_away_nothing_hangs_and_afterwards_it_goes_on() {
    let url = std::env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL says where Redis is");
    let redis = url.trim_start_matches("redis://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let relay = tokio::spawn(relay(listener, redis.clone()));
    let store = RedisStore::connect(format!("redis://{address}")).await;
    let store = store.expect("Redis is there");
    let store = store.prefix(format!("away:{}:", std::process::id()));
    let hub = Hub::builder().unprotected().store(store);
    let hub = hub.start(|_, _| async {}).expect("starts");
    let server = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", server.local_addr().expect("bound"));
    let serving = hub.clone();
    tokio::spawn(async move { serving.serve_on(server).await });
    let program = mock_gateway::wequick::v2::program(url).poll_every(Duration::from_millis(20));
    let program = program.start().expect("starts");
    let say = |text: &str| {
        let message = SendTextMessage::new("wxid_friend", text);
        hub.bot("wxid_example01")
            .xiao_xi_xiang_guan()
            .send_text_message(message)
    };
    say("before").timeout(LONG).await.expect("executed");
    relay.abort();
    let _ = relay.await;
    let away = timeout(LONG, async {
        say("away").timeout(Duration::from_secs(2)).await
    })
    .await;
    let error = away.expect("in time").expect_err("Redis is away");
    assert!(!format!("{error:?}").contains("away"), "{error:?}");
    let refused = program.post("reportLogout").await;
    let refused = refused.expect_err("an event that cannot be kept is not acknowledged");
    assert!(matches!(refused, Unposted::Refused(503)), "{refused:?}");
    let listener = TcpListener::bind(address).await.expect("the port");
    tokio::spawn(self::relay(listener, redis));
    let again = async { while say("after").timeout(Duration::from_secs(5)).await.is_err() {} };
    timeout(LONG, again).await.expect("it goes on");
    assert!(texts(&program).contains(&"after".to_owned()));
}

/// Passes connections on until it is stopped, which cuts them.
async fn relay(listener: TcpListener, to: String) {
    let mut connections = JoinSet::new();
    while let Ok((mut from, _)) = listener.accept().await {
        let to = to.clone();
        connections.spawn(async move {
            let mut to = TcpStream::connect(to).await?;
            tokio::io::copy_bidirectional(&mut from, &mut to).await
        });
    }
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn what_was_told_while_nobody_waited_answers_nobody_later() {
    let (here, address) = hub("stale").await;
    let (_there, elsewhere) = hub("stale").await;
    let mut program = mock_gateway::wequick::v2::program(format!("http://{elsewhere}")).no_poll();
    program = program.process("1");
    let program = program.start().expect("starts");
    for _ in 0..1000 {
        let old = vec![("nick", serde_json::json!("old"))];
        let posted = program.post_with("reportLoginUser", old).await;
        posted.expect("taken");
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let program = mock_gateway::wequick::v2::program(format!("http://{address}"))
        .poll_every(Duration::from_millis(5));
    let program = program.process("1").fault(Fault::Silent);
    let _program = program.start().expect("starts");
    let asked = here.bot("wxid_example01").send(GetLoginUser::new());
    let error = asked.timeout(Duration::from_secs(1)).await;
    let error = error.map(|reply| reply.data.nick).expect_err("no answer");
    assert!(error.may_have_been_executed(), "{error}");
}

/// Two servers whose events are seen wherever they are handled, and where the second one listens.
async fn seen(prefix: &str) -> (Hub, SocketAddr, UnboundedReceiver<Callback>) {
    let (to, events) = unbounded_channel();
    let mut hubs = Vec::new();
    for _ in 0..2 {
        let to = to.clone();
        let builder = Hub::builder().unprotected().store(store(prefix).await);
        let hub = builder.start(move |told: Delivery<Callback>, _| {
            let _ = to.send(told.callback);
            async {}
        });
        hubs.push(hub.expect("starts"));
    }
    let (there, here) = (hubs.pop(), hubs.pop());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let there = there.expect("two");
    tokio::spawn(async move { there.serve_on(listener).await });
    (here.expect("two"), address, events)
}

async fn result(events: &mut UnboundedReceiver<Callback>) -> Option<String> {
    let told = timeout(LONG, events.recv()).await.expect("in time");
    let Event::CommandResult(result) = told.expect("an event").event else {
        panic!("the result");
    };
    result.send_id
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn a_result_that_comes_too_late_is_an_event_wherever_it_comes() {
    let (here, address, mut events) = seen("late").await;
    let program =
        mock_gateway::wequick::v2::program(format!("http://{address}")).fault(Fault::Silent);
    let program = program.poll_every(Duration::from_millis(20));
    let program = program.start().expect("starts");
    let call = here.bot("wxid_example01").send(GetContacts::new());
    let call = call.timeout(Duration::from_secs(2));
    let error = call.await.expect_err("no result");
    assert!(error.may_have_been_executed(), "{error}");
    let id = program.executed()[0].id.clone();
    let data = serde_json::json!({"sendId": id, "sendResult": "1", "errorReason": ""});
    let late = serde_json::json!({"action": "resGetContacts", "data": data});
    post(address, late.to_string()).await;
    assert_eq!(result(&mut events).await, Some(id));
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn the_result_of_what_was_only_enqueued_is_an_event_wherever_it_comes() {
    let (here, address, mut events) = seen("enqueued").await;
    let program = mock_gateway::wequick::v2::program(format!("http://{address}"))
        .poll_every(Duration::from_millis(20));
    let _program = program.start().expect("starts");
    let message = SendTextMessage::new("wxid_friend", "x");
    let id = here
        .enqueue("wxid_example01", &message)
        .await
        .expect("queued");
    assert_eq!(result(&mut events).await, Some(id));
}
