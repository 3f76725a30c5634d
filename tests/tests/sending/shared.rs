//! Two servers on one store.

use super::*;

#[tokio::test]
async fn two_servers_send_each_once_and_one_account_from_one_at_a_time() {
    let store = memory();
    let (gateway, wx) = stage().await;
    let (here, there) = (builder(&wx), builder(&wx).sends::<SendText>());
    let (here, there) = (here.start(store.clone()), there.start(store));
    let (here, there) = (here.expect("starts"), there.expect("starts"));
    // Each answer takes longer than the distance: who would send beside the other is seen.
    for _ in 0..30 {
        gateway.fault_once_on("/sendText", mock_gateway::Fault::Delay(ms(5)));
    }
    let requests = (0..30).map(|n| (n.to_string(), SendText::new("wxid_friend", n.to_string())));
    assert_eq!(
        here.add_all("alice", requests.clone())
            .await
            .expect("added"),
        30
    );
    assert_eq!(there.add_all("alice", requests).await.expect("added"), 0);
    let progress = finished(&there).await;
    assert_eq!(progress.sent.len(), 30);
    let order: Vec<String> = (0..30).map(|n| n.to_string()).collect();
    assert_eq!(
        sent(&gateway),
        order,
        "in order, so that no two were on their way"
    );
    assert!(counts(sent(&gateway)).values().all(|times| *times == 1));
}
