//! Calls that the vendor wants apart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use generated_sdk::eyun::biao_qian::GetContactLabelList;
use generated_sdk::eyun::hao_you_cao_zuo::{CheckZombie, GetContact};
use serde_json::json;
use tests::loopback::Server;
use tokio::time::timeout;

use super::gateway::*;

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
