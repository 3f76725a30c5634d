//! Calls that survive, over real sockets: what is repeated and what is not, what is kept apart,
//! what is refused, chunks, pages, jobs, hooks and logs, and threads without a runtime.

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use futures_core::Stream;
use generated_sdk::eyun::biao_qian::GetContactLabelList;
use generated_sdk::eyun::hao_you_cao_zuo::{CheckZombie, GetContact};
use generated_sdk::eyun::peng_you_quan::{AsynSnsSendVideo, AsynSnsSendVideoRequired, GetCircle};
use generated_sdk::eyun::qun_cao_zuo::CreateChatRoom;
use generated_sdk::eyun::shipinhao::{
    FinderUserHome, NewSearchFinder, NewSearchFinderFilter, NewSearchFinderRequired,
    NewSearchFinderType,
};
use generated_sdk::eyun::shou_cang_jia::FavSync;
use generated_sdk::eyun::wei_xin_guan_li::IsOnline;
use generated_sdk::eyun::xiao_xi_fa_song::SendText;
use generated_sdk::eyun::xiao_xi_jie_shou::AsynGetMsgVideo;
use generated_sdk::eyun::{Client, Instance};
use generated_sdk::{Attempt, Builder, ErrorKind, Headers, Hook, Outcome, Retry, blocking};
use serde_json::{Value, json};
use tests::loopback::{Answer, Received, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const QUICK: Duration = Duration::from_millis(10);

fn quick() -> Retry {
    Retry::default().first_wait(QUICK).longest_wait(QUICK)
}

fn builder(server: &Server) -> Builder<Client> {
    Client::builder(&server.url)
        .authorization("t0ken-of-the-account")
        .retry(quick())
}

fn instance(server: &Server) -> Instance {
    builder(server).build().expect("a client").instance("w-1")
}

fn good(data: Value) -> Answer {
    Answer::json(json!({"code": "1000", "message": "ok", "data": data}).to_string())
}

fn body(request: &Received) -> Value {
    serde_json::from_slice(&request.body).expect("JSON")
}

/// Answers the n-th request, from 1, as it is told.
async fn nth(answer: impl Fn(usize, &Received) -> Answer + Send + Sync + 'static) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |request| answer(count.fetch_add(1, Ordering::SeqCst) + 1, request)).await
}

/// A server that fails so often before it does as it should.
async fn failing(times: usize, how: Answer) -> Server {
    nth(move |n, _| {
        if n <= times {
            how.clone()
        } else {
            good(json!({}))
        }
    })
    .await
}

#[tokio::test]
async fn a_connection_dropped_after_sending_repeats_a_query_and_never_a_send() {
    let server = failing(2, Answer::Close).await;
    let reply = instance(&server)
        .wei_xin_guan_li()
        .is_online(IsOnline::new())
        .await
        .expect("the third attempt");
    assert_eq!((reply.attempts(), server.received().len()), (3, 3));

    let server = failing(1, Answer::Close).await;
    let error = instance(&server)
        .xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "hello"))
        .await
        .expect_err("lost");
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(error.may_have_been_executed());
    assert_eq!((error.attempts(), server.received().len()), (1, 1));
}

#[tokio::test]
async fn a_send_is_repeated_as_long_as_nobody_heard_it() {
    // Bound but not listening: nobody else gets the address, and who knocks is refused.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .bind("127.0.0.1:0".parse().expect("loopback"))
        .expect("an address");
    let address = socket.local_addr().expect("bound");
    let client = Client::builder(format!("http://{address}"))
        .retry(quick().attempts(1000))
        .build()
        .expect("a client");
    let call = client
        .instance("w")
        .call(SendText::new("filehelper", "hello"));
    let call = tokio::spawn(call.into_future());
    tokio::time::sleep(Duration::from_millis(150)).await;
    let asked = answer_once(socket);
    let reply = call.await.expect("no panic").expect("a server at last");
    assert!(reply.attempts() > 1, "{reply:?}");
    assert_eq!(asked.await.expect("no panic"), 1);

    let nowhere = Client::builder("http://127.0.0.1:9")
        .retry(quick())
        .build()
        .expect("a client");
    let send = || {
        nowhere
            .instance("w")
            .call(SendText::new("filehelper", "hello"))
    };
    let error = send().await.expect_err("nobody there");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotSent, 3));
    assert!(!error.may_have_been_executed());
    assert_eq!(send().no_retry().await.expect_err("nobody").attempts(), 1);
}

/// Listens at last, answers whoever comes within a moment, and says how many sent a request.
fn answer_once(socket: TcpSocket) -> JoinHandle<usize> {
    let listener = socket.listen(8).expect("a listener");
    tokio::spawn(async move {
        let mut count = 0;
        let moment = Duration::from_millis(300);
        while let Ok(Ok((mut stream, _))) = timeout(moment, listener.accept()).await {
            let mut text = String::new();
            let mut buffer = [0; 8192];
            while !text.contains("hello") {
                let read = stream.read(&mut buffer).await.expect("a request");
                text.push_str(&String::from_utf8_lossy(&buffer[..read]));
            }
            count += 1;
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"code\":\"1000\"}";
            stream.write_all(answer).await.expect("an answer");
        }
        count
    })
}

#[tokio::test]
async fn attempts_and_time_are_capped_and_what_the_vendor_refuses_is_final() {
    let busy = Answer::Body(503, "text/html", "<title>busy</title>".to_owned());
    let server = failing(usize::MAX, busy.clone()).await;
    let wx = instance(&server);
    let ask = || wx.wei_xin_guan_li().is_online(IsOnline::new());
    let error = ask().retry(quick().attempts(5)).await.expect_err("busy");
    assert_eq!((error.status(), error.attempts()), (Some(503), 5));
    assert_eq!(server.received().len(), 5);
    assert!(error.to_string().ends_with("(attempt 5)"), "{error}");

    let start = Instant::now();
    let retry = Retry::default()
        .attempts(1000)
        .within(Duration::from_millis(700));
    let error = ask().retry(retry).await.expect_err("busy");
    assert!(
        start.elapsed() < Duration::from_secs(2) && error.attempts() < 6,
        "{error}"
    );
    let before = server.received().len();
    assert!(ask().no_retry().await.is_err());
    assert!(wx.call(SendText::new("a", "b")).await.is_err());
    assert_eq!(server.received().len(), before + 2);

    let refused = Answer::json(r#"{"code":"1001","message":"no"}"#);
    let server = failing(usize::MAX, refused).await;
    let error = instance(&server)
        .call(IsOnline::new())
        .await
        .expect_err("refused");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Vendor, 1));

    let server = failing(usize::MAX, busy).await;
    let never = builder(&server).no_retry().build().expect("a client");
    assert!(never.instance("w").call(IsOnline::new()).await.is_err());
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn an_earlier_attempt_that_may_have_been_executed_is_not_forgotten() {
    let refused = Answer::json(r#"{"code":"1001","message":"no"}"#);
    let server = nth(move |n, _| {
        if n == 1 {
            Answer::Close
        } else {
            refused.clone()
        }
    })
    .await;
    let error = instance(&server)
        .call(IsOnline::new())
        .await
        .expect_err("refused");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Vendor, 2));
    assert!(error.may_have_been_executed());
    assert!(
        error.to_string().contains("what was sent before"),
        "{error}"
    );
}

#[tokio::test]
async fn retry_after_is_obeyed_or_too_long_to_wait_for() {
    let later = |seconds: u32| {
        let head = format!("HTTP/1.1 429 X\r\nRetry-After: {seconds}\r\nContent-Length: 0\r\n\r\n");
        Answer::Raw(head.into_bytes())
    };
    let server = failing(1, later(1)).await;
    let start = Instant::now();
    let reply = instance(&server)
        .call(IsOnline::new())
        .await
        .expect("later");
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(reply.attempts(), 2);

    let server = failing(1, later(3600)).await;
    let error = instance(&server)
        .call(IsOnline::new())
        .await
        .expect_err("too long");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!((error.status(), server.received().len()), (Some(429), 1));
}

type Arrivals = Arc<Mutex<Vec<(String, String, Instant)>>>;

/// A server that notes when it was asked for what, and by which instance.
async fn watched(delay: Duration) -> (Server, Arrivals) {
    let arrivals = Arrivals::default();
    let log = arrivals.clone();
    let server = Server::start(move |request| {
        let at = Instant::now();
        let instance = body(request)["wId"].as_str().unwrap_or_default().to_owned();
        log.lock()
            .expect("a log")
            .push((request.path.clone(), instance, at));
        thread::sleep(delay);
        good(json!([]))
    })
    .await;
    (server, arrivals)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_concurrent_calls_keep_the_pace_and_delay_nobody_else() {
    let (server, arrivals) = watched(Duration::ZERO).await;
    let client = builder(&server).build().expect("a client");
    let start = Instant::now();
    let mut paced = Vec::new();
    let mut free = Vec::new();
    for n in 0..1000 {
        // 20 instances; from each 4 paced calls, and 46 others.
        let wx = client.instance(format!("w-{}", n % 20));
        if n / 20 < 4 {
            let call = wx.hao_you_cao_zuo().get_contact(GetContact::new(["a"]));
            paced.push(tokio::spawn(async move { call.await.map(|_| ()) }));
        } else {
            let call = wx
                .biao_qian()
                .get_contact_label_list(GetContactLabelList::new());
            free.push(tokio::spawn(async move { call.await.map(|_| ()) }));
        }
    }
    for call in free {
        call.await.expect("no panic").expect("a reply");
    }
    for call in paced {
        call.await.expect("no panic").expect("a reply");
    }
    let took = start.elapsed();
    let mut lanes: BTreeMap<String, Vec<Instant>> = BTreeMap::new();
    let arrivals = arrivals.lock().expect("a log");
    // The last to arrive are those that had to wait; nobody waited behind them.
    assert!(
        arrivals[arrivals.len() - 10..]
            .iter()
            .all(|(path, ..)| path == "/getContact")
    );
    for (path, instance, at) in arrivals.iter() {
        if path == "/getContact" {
            lanes.entry(instance.clone()).or_default().push(*at);
        }
    }
    assert_eq!(lanes.len(), 20);
    let mut gaps = BTreeSet::new();
    for lane in lanes.values() {
        assert_eq!(lane.len(), 4);
        for pair in lane.windows(2) {
            gaps.insert(pair[1] - pair[0]);
        }
    }
    let (least, most) = (gaps.first().expect("gaps"), gaps.last().expect("gaps"));
    assert!(*least >= Duration::from_millis(300), "{least:?}");
    assert!(
        *most - *least > Duration::from_millis(50),
        "at random: {least:?} {most:?}"
    );
    assert!(took >= Duration::from_millis(900), "{took:?}");
    assert!(
        took < Duration::from_secs(20),
        "instances wait for each other: {took:?}"
    );
}

#[tokio::test]
async fn pace_can_be_switched_off_and_a_dropped_call_blocks_nobody() {
    let (server, arrivals) = watched(Duration::ZERO).await;
    let wx = instance(&server);
    let ask = || wx.hao_you_cao_zuo().check_zombie(CheckZombie::new(["a"]));
    ask().await.expect("at once");
    // The next one waits for at least a second; it is dropped while it does.
    let waiting = timeout(Duration::from_millis(20), ask().into_future());
    assert!(waiting.await.is_err());
    let start = Instant::now();
    for _ in 0..3 {
        ask().no_pace().await.expect("at once");
    }
    assert!(start.elapsed() < Duration::from_millis(500));
    ask().await.expect("its turn");
    let free = builder(&server)
        .no_pace()
        .build()
        .expect("a client")
        .instance("w-1");
    let start = Instant::now();
    for _ in 0..3 {
        free.call(CheckZombie::new(["a"])).await.expect("at once");
    }
    assert!(start.elapsed() < Duration::from_millis(500));
    assert_eq!(arrivals.lock().expect("a log").len(), 8);
}

#[tokio::test]
async fn lists_beyond_a_limit_are_refused_before_they_are_sent() {
    let server = failing(0, Answer::Close).await;
    let wx = instance(&server);
    let ids = |n: usize| (0..n).map(|n| format!("wxid_{n}"));
    let error = wx
        .call(GetContact::new(ids(21)))
        .await
        .expect_err("too many");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Misuse, 0));
    assert_eq!(
        error.to_string(),
        "hao_you_cao_zuo_queryUserInfo: misuse: `wcId` has 21 elements, at most 20 are allowed"
    );
    let error = wx
        .call(CreateChatRoom::new(ids(1)))
        .await
        .expect_err("too few");
    assert!(error.to_string().contains("at least 2"), "{error}");
    assert!(server.received().is_empty());
    wx.call(GetContact::new(ids(20))).await.expect("just right");
    wx.call(CreateChatRoom::new(ids(2))).await.expect("enough");
    wx.call(CreateChatRoom::new(ids(1)))
        .no_limits()
        .await
        .expect("sent");
    let free = builder(&server).no_limits().build().expect("a client");
    free.instance("w")
        .call(CreateChatRoom::new(ids(1)))
        .await
        .expect("sent");
    assert_eq!(server.received().len(), 4);
    let error = wx
        .call(IsOnline::new())
        .header("a b", "c")
        .await
        .expect_err("no header");
    assert_eq!(error.kind(), ErrorKind::Misuse);
}

#[tokio::test]
async fn a_long_list_is_sent_in_chunks_that_keep_the_pace() {
    let server = nth(|n, request| {
        let ids = body(request)["wcId"].as_str().expect("a text").to_owned();
        if n == 2 {
            return Answer::Close;
        }
        let contacts: Vec<Value> = ids.split(',').map(|id| json!({"userName": id})).collect();
        good(json!(contacts))
    })
    .await;
    let ids: Vec<String> = (0..45).map(|n| format!("wxid_{n}")).collect();
    let start = Instant::now();
    let wx = instance(&server);
    let contacts = wx
        .hao_you_cao_zuo()
        .get_contact_in_chunks(GetContact::new(ids.clone()).extra("more", 1))
        .await
        .expect("all");
    let names: Vec<_> = contacts
        .iter()
        .filter_map(|c| c.user_name.clone())
        .collect();
    assert_eq!(names.len(), 45);
    assert!(names.iter().zip(&ids).all(|(name, id)| name == id));
    // Three chunks and a repeated one: three pauses.
    assert!(start.elapsed() >= Duration::from_millis(900));
    let sent = server.received();
    let sizes: Vec<usize> = sent
        .iter()
        .map(|request| {
            body(request)["wcId"]
                .as_str()
                .expect("a text")
                .split(',')
                .count()
        })
        .collect();
    assert_eq!(sizes, [20, 20, 20, 5]);
    assert_eq!(body(&sent[0])["more"], json!(1));

    // An error loses nothing: the same chunk comes again.
    let server = nth(|n, _| {
        if n == 2 {
            Answer::Close
        } else {
            good(json!([{}]))
        }
    })
    .await;
    let wx = instance(&server);
    let mut chunks = wx
        .chunks(GetContact::new(ids))
        .each_call(|call| call.no_retry().no_pace());
    let mut came = Vec::new();
    while let Some(chunk) = chunks.next_chunk().await {
        came.push(chunk.is_ok());
    }
    assert_eq!(came, [true, false, true, true]);
    let none = wx
        .chunks(GetContact::new([""; 0]))
        .await
        .expect("nothing to ask");
    assert!(none.is_empty());
}

fn video() -> AsynSnsSendVideo {
    AsynSnsSendVideo::new(AsynSnsSendVideoRequired {
        content: "private".to_owned(),
        video_path: "http://v".to_owned(),
        thumb_path: "http://t".to_owned(),
    })
}

#[tokio::test]
async fn a_job_is_started_once_and_asked_for_until_it_is_done() {
    let server = nth(|n, request| match (n, &*request.path) {
        (1, "/asynSnsSendVideo") => good(json!({"asynId": 9_007_199_254_740_993_u64})),
        (2, _) => good(json!({"type": 0, "asynId": "x"})),
        (3, _) => Answer::Close,
        (4, _) => good(json!({"type": "1", "id": "13845236612712345678"})),
        _ => Answer::Silence,
    })
    .await;
    let wx = instance(&server);
    let reply = wx
        .peng_you_quan()
        .asyn_sns_send_video_and_wait(video())
        .every(QUICK)
        .each_call(|call| call.no_retry())
        .await
        .expect("done");
    assert_eq!(reply.data.id.as_deref(), Some("13845236612712345678"));
    let sent = server.received();
    let paths: Vec<&str> = sent.iter().map(|request| &*request.path).collect();
    assert_eq!(paths[0], "/asynSnsSendVideo");
    assert!(
        paths[1..]
            .iter()
            .all(|path| *path == "/getAsynSnsSendVideoRes")
    );
    // The key came as a number and is declared as a text.
    assert_eq!(body(&sent[1]), json!({"asynId": "9007199254740993"}));

    let server = nth(|n, _| match n {
        1 => good(json!({"asynId": "a"})),
        _ => good(json!({"type": 2, "des": "the video is too long"})),
    })
    .await;
    let error = instance(&server)
        .job(video())
        .every(QUICK)
        .await
        .expect_err("failed");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Vendor, Some("2")));
    assert_eq!(error.message(), Some("the video is too long"));
    assert!(!error.may_have_been_executed());
}

#[tokio::test]
async fn a_job_that_is_not_done_in_time_says_which_it_is() {
    let server = nth(|n, _| match n {
        1 => good(json!({"id": "job-7"})),
        _ => good(json!({"type": 0, "url": ""})),
    })
    .await;
    let wx = instance(&server);
    let job = wx
        .xiao_xi_jie_shou()
        .asyn_get_msg_video_and_wait(AsynGetMsgVideo::new(1_i64, "<msg/>"));
    let error = job
        .every(QUICK)
        .within(Duration::from_millis(100))
        .await
        .expect_err("too late");
    assert_eq!(
        (error.kind(), error.is_timeout()),
        (ErrorKind::NoAnswer, true)
    );
    assert!(error.may_have_been_executed());
    assert!(error.to_string().contains("id = \"job-7\""), "{error}");
    assert!(server.received().len() > 3);

    // A refusal of the question is no refusal of the job.
    let server = nth(|n, _| match n {
        1 => good(json!({"id": "job-8"})),
        _ => Answer::json(r#"{"code":"1001","message":"who are you"}"#),
    })
    .await;
    let wx = instance(&server);
    let error = wx.job(video()).await.expect_err("no key");
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    let job = wx.job(AsynGetMsgVideo::new(1_i64, "<msg/>")).every(QUICK);
    assert!(job.await.is_err());
}

#[tokio::test]
async fn pages_follow_their_cursors_and_end() {
    let server = nth(|n, _| {
        good(match n {
            1 => {
                json!({"sns": [{"id": "18446744073709551613"}, {"id": "12"}], "firstPageMd5": "m"})
            }
            2 => json!({"sns": [{"id": "11"}], "firstPageMd5": null}),
            _ => json!({"sns": [], "firstPageMd5": "n"}),
        })
    })
    .await;
    let wx = instance(&server);
    let mut pages = wx.peng_you_quan().get_circle_pages(GetCircle::new("", 0));
    let mut moments = Vec::new();
    let mut md5 = Vec::new();
    while let Some(page) = pages.next_page().await {
        let page = page.expect("a page").data;
        moments.extend(page.sns.into_iter().filter_map(|moment| moment.id));
        md5.push(page.first_page_md5);
    }
    assert_eq!(moments, ["18446744073709551613", "12", "11"]);
    assert_eq!(md5.len(), 3);
    let cursors: Vec<(Value, Value)> = server
        .received()
        .iter()
        .map(|request| {
            (
                body(request)["firstPageMd5"].clone(),
                body(request)["maxId"].clone(),
            )
        })
        .collect();
    let expected = [("", json!(0)), ("m", json!(12)), ("m", json!(11))];
    assert_eq!(cursors, expected.map(|(md5, id)| (json!(md5), id)));
}

#[tokio::test]
async fn pages_end_where_the_vendor_says_so_and_count_where_it_wants() {
    let server = nth(|n, _| {
        good(match n {
            1 => json!({"favList": [{"favId": 1}], "keyBuf": [1, 2], "continueFlag": 1}),
            2 => json!({"favList": [], "keyBuf": "abc", "continueFlag": "1"}),
            _ => json!({"favList": [{"favId": 2}], "keyBuf": "end", "continueFlag": 0}),
        })
    })
    .await;
    let mut pages = instance(&server).pages(FavSync::new(""));
    let mut count = 0;
    while let Some(page) = next(&mut pages).await {
        page.expect("a page");
        count += 1;
    }
    assert_eq!(count, 3);
    let keys: Vec<Value> = server
        .received()
        .iter()
        .map(|r| body(r)["keyBuf"].clone())
        .collect();
    assert_eq!(keys, [json!(""), json!([1, 2]), json!("abc")]);

    let server = nth(|n, _| {
        let videos = if n < 3 {
            json!([{"boxId": n.to_string()}])
        } else {
            json!([])
        };
        good(json!({"cookie": "", "searchId": "s", "offset": n * 10, "videoInfos": videos}))
    })
    .await;
    let mut pages = instance(&server).pages(NewSearchFinder::new(NewSearchFinderRequired {
        content: "x".to_owned(),
        type_: NewSearchFinderType::from("10"),
        filter: NewSearchFinderFilter::from("0"),
        page: 1,
        offset: 0,
    }));
    while let Some(page) = pages.next_page().await {
        page.expect("a page");
    }
    let asked: Vec<Value> = server
        .received()
        .iter()
        .map(|r| json!([body(r)["page"], body(r)["offset"], body(r)["searchId"]]))
        .collect();
    assert_eq!(
        json!(asked),
        json!([[1, 0, null], [2, 10, "s"], [3, 20, "s"]])
    );
}

async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}

#[tokio::test]
async fn a_cursor_that_does_not_move_is_an_error_and_a_lost_page_comes_again() {
    let server = nth(|n, _| {
        let code = if n % 2 == 1 { "a" } else { "b" };
        good(json!({"videoList": [{"id": n}], "pageCode": code}))
    })
    .await;
    let wx = instance(&server);
    let mut pages = wx
        .shipinhao()
        .finder_user_home_pages(FinderUserHome::new("u"));
    for _ in 0..3 {
        next(&mut pages).await.expect("a page").expect("a good one");
    }
    let error = next(&mut pages)
        .await
        .expect("not the end")
        .expect_err("round and round");
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    assert!(
        error.to_string().contains("cursor does not move"),
        "{error}"
    );
    assert!(next(&mut pages).await.is_none());
    assert_eq!(server.received().len(), 3);

    // The vendor says where to go on, and sends the same page again.
    let server = nth(|n, _| good(json!({"videoList": [{"id": 1}], "pageCode": n}))).await;
    let mut pages = instance(&server).pages(FinderUserHome::new("u"));
    assert!(pages.next_page().await.expect("a page").is_ok());
    assert!(pages.next_page().await.expect("a page").is_ok());
    assert!(pages.next_page().await.expect("not the end").is_err());
    assert!(pages.next_page().await.is_none());

    let server = nth(|n, _| match n {
        1 => Answer::Close,
        _ => good(json!({"videoList": [{"id": 1}], "pageCode": ""})),
    })
    .await;
    let mut pages = instance(&server)
        .pages(FinderUserHome::new("u"))
        .each_call(|call| call.no_retry());
    assert!(pages.next_page().await.expect("a page").is_err());
    assert!(pages.next_page().await.expect("the same page").is_ok());
    assert!(pages.next_page().await.is_none());
}

/// What a hook was told, and a header of its own.
#[derive(Clone, Default)]
struct Watch {
    told: Arc<Mutex<Vec<String>>>,
    bodies: bool,
}

impl Hook for Watch {
    fn before(&self, attempt: &Attempt<'_>, headers: &mut Headers<'_>) {
        headers.add("X-Attempt", attempt.number.to_string());
    }

    fn after(&self, attempt: &Attempt<'_>, outcome: &Outcome<'_>) {
        assert!(outcome.duration < Duration::from_secs(5));
        self.told.lock().expect("a log").push(format!(
            "{} {} {:?} {:?} {} {:?}",
            attempt.operation,
            attempt.number,
            outcome.kind,
            outcome.code,
            outcome.repeated_after.is_some(),
            attempt.body.zip(outcome.body),
        ));
    }

    fn wants_bodies(&self) -> bool {
        self.bodies
    }
}

#[tokio::test]
async fn hooks_see_each_attempt_and_bodies_only_if_they_ask() {
    let server = failing(1, Answer::Close).await;
    let (watch, reader) = (
        Watch::default(),
        Watch {
            bodies: true,
            ..Watch::default()
        },
    );
    let client = builder(&server)
        .hook(watch.clone())
        .hook(reader.clone())
        .request_id_header("X-Request-Id")
        .build()
        .expect("a client");
    let reply = client
        .instance("w")
        .call(IsOnline::new())
        .await
        .expect("online");
    assert_eq!(
        *watch.told.lock().expect("a log"),
        [
            "wei_xin_guan_li_cha_xun_wei_xin_shi_fou_zai_xian 1 Some(NoAnswer) None true None",
            "wei_xin_guan_li_cha_xun_wei_xin_shi_fou_zai_xian 2 None Some(\"1000\") false None",
        ]
    );
    let read = reader.told.lock().expect("a log").clone();
    assert!(read[1].contains(r#"{\"wId\":\"w\"}"#), "{read:?}");
    let sent = server.received();
    let id = reply.request_id().expect("an id");
    assert_eq!(id.len(), 32);
    assert!(
        sent.iter()
            .all(|request| request.headers["x-request-id"] == id)
    );
    assert_eq!(
        (
            &*sent[0].headers["x-attempt"],
            &*sent[1].headers["x-attempt"]
        ),
        ("1", "2")
    );
    let again = client.call_raw("/x", json!({})).await.expect("a reply");
    assert_ne!(again.request_id(), Some(id));

    let refused = failing(usize::MAX, Answer::json(r#"{"code":"1001"}"#)).await;
    let client = builder(&refused).build().expect("a client");
    let error = client
        .call_raw("/x", json!({}))
        .request_id("mine")
        .await
        .expect_err("refused");
    assert_eq!(error.request_id(), Some("mine"));
    assert!(!refused.received()[0].headers.contains_key("x-request-id"));
    let error = client.call_raw("/x", json!({})).await.expect_err("refused");
    assert_eq!(error.request_id(), None);
}

#[test]
fn a_thread_without_a_runtime_waits() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime for the server");
    let server = runtime.block_on(nth(|n, request| match (n, &*request.path) {
        (1, _) => Answer::Close,
        (_, "/getCircle") if body(request)["maxId"] == json!(0) => {
            good(json!({"sns": [{"id": "4"}]}))
        }
        (_, "/getCircle") => good(json!({"sns": []})),
        (_, "/getContact") => good(json!([{"userName": "a"}])),
        (_, "/asynSnsSendVideo") => good(json!({"asynId": "a"})),
        (_, "/member/login") => good(json!({"Authorization": "fresh"})),
        _ => good(json!({"type": 1, "id": "5"})),
    }));
    let wx = instance(&server);
    let reply = wx.call(IsOnline::new()).wait().expect("the second attempt");
    assert_eq!(reply.attempts(), 2);
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let wx = wx.clone();
            thread::spawn(move || wx.call(IsOnline::new()).wait().map(|reply| reply.status()))
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().expect("no panic").expect("a reply"), 200);
    }
    let done = wx.job(video()).every(QUICK).wait().expect("done");
    assert_eq!(done.data.id.as_deref(), Some("5"));
    assert_eq!(
        wx.chunks(GetContact::new(["a"; 1]))
            .wait()
            .expect("a contact")
            .len(),
        1
    );
    let mut pages = wx.pages(GetCircle::new("", 0));
    let mut count = 0;
    while let Some(page) = pages.wait_page() {
        page.expect("a page");
        count += 1;
    }
    assert_eq!(count, 2);
    let login = Client::builder(&server.url).login("account", "password");
    blocking::wait(login).expect("a client");
}

#[tokio::test]
async fn waiting_inside_a_runtime_is_refused_and_sends_nothing() {
    let server = failing(0, Answer::Close).await;
    let wx = instance(&server);
    let error = wx.call(IsOnline::new()).wait().expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Misuse);
    let error = wx
        .pages(GetCircle::new("", 0))
        .wait_page()
        .expect("an error")
        .expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Misuse);
    let inside = tokio::task::spawn_blocking({
        let wx = wx.clone();
        move || wx.call(IsOnline::new()).wait().map(|_| ())
    });
    assert!(inside.await.expect("no panic").is_err());
    assert!(server.received().is_empty());
}
