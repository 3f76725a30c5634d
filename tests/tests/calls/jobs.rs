//! Jobs that are asked for until they are done.

use std::time::Duration;

use generated_sdk::ErrorKind;
use generated_sdk::eyun::xiao_xi_jie_shou::AsynGetMsgVideo;
use serde_json::json;
use tests::loopback::Answer;

use super::gateway::*;

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
