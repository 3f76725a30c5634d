//! The small world behind the operations: what is done shows up.

use super::*;

fn revoke(sent: &SentMessage, new_msg_id: &str) -> RevokeMsg {
    RevokeMsg::new(RevokeMsgRequired {
        wc_id: sent.wc_id.clone().expect("a receiver"),
        msg_id: sent.msg_id.clone().expect("an id"),
        new_msg_id: new_msg_id.into(),
        create_time: sent.create_time.expect("a time"),
    })
}

#[tokio::test]
async fn a_message_is_revoked_by_its_exact_ids_and_once() {
    let gateway = start().await;
    let wx = logged_in(&gateway);
    let mut last = 1_i64 << 53;
    for _ in 0..20 {
        let send = SendText::new("wxid_example02", "你好");
        let sent = wx.xiao_xi_fa_song().send_text(send).await.expect("sent");
        let id = sent.data.new_msg_id.clone().expect("an id").to_string();
        let whole: i64 = id.parse().expect("a number");
        assert!(whole > last, "{whole} > {last}");
        last = whole;
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
        let rounded = (whole as f64) as i64;
        let lost = wx
            .xiao_xi_fa_song()
            .revoke_msg(revoke(&sent.data, &rounded.to_string()))
            .await;
        assert_eq!(lost.expect_err("rounded").code(), Some("1001"));
        assert_eq!(gateway.is_revoked(whole), Some(false));
        let exact = || wx.xiao_xi_fa_song().revoke_msg(revoke(&sent.data, &id));
        exact().await.expect("revoked");
        assert_eq!(gateway.is_revoked(whole), Some(true));
        exact().await.expect_err("a second time");
    }
}

#[tokio::test]
async fn what_is_created_shows_up() {
    let gateway = start().await;
    let wx = logged_in(&gateway);
    let label = wx.biao_qian().add_contact_label(AddContactLabel::new("新"));
    let label = label.await.expect("a label").data;
    let labels = wx
        .biao_qian()
        .get_contact_label_list(GetContactLabelList::new());
    let labels = labels.await.expect("labels").data;
    assert!(labels.iter().any(|known| known.label_id == label.label_id));

    let remark = ModifyRemark::new("wxid_example03", "老王");
    wx.hao_you_cao_zuo()
        .modify_remark(remark)
        .await
        .expect("done");
    let contacts = GetContact::new(["wxid_example03", "wxid_nobody"]);
    let contacts = wx.hao_you_cao_zuo().get_contact(contacts).await;
    let contacts = contacts.expect("contacts").data;
    assert_eq!(contacts.len(), 1, "whom nobody knows is left out");
    assert_eq!(contacts[0].remark.as_deref(), Some("老王"));

    let room = CreateChatRoom::new(["wxid_example01", "wxid_example02"]).topic("新群");
    let room = wx.qun_cao_zuo().create_chat_room(room).await.expect("done");
    let id = room.data.chat_room_id.clone().expect("an id");
    let members = wx
        .qun_cao_zuo()
        .get_chat_room_member(GetChatRoomMember::new(id.clone()));
    assert_eq!(members.await.expect("members").data.len(), 3);
    let list = wx.deng_lu().get_address_list(GetAddressList::new()).await;
    assert!(
        list.expect("a list")
            .data
            .chatrooms
            .contains(&id.to_string())
    );
    gateway.reset();
    assert!(gateway.all_calls().is_empty());
}

#[tokio::test]
async fn lists_page_to_their_end() {
    let gateway = start().await;
    let token = format!("Authorization: {}\r\n", gateway.authorization());
    let w_id = gateway.logged_in();
    let (mut max_id, mut seen) = (json!(0), Vec::new());
    loop {
        let body = json!({ "wId": w_id, "firstPageMd5": "", "maxId": max_id });
        let answer = post(&gateway, "/getCircle", &token, &body).await;
        let page = answer["data"]["sns"].as_array().expect("a page").clone();
        let Some(last) = page.last() else { break };
        max_id = last["id"].clone();
        seen.extend(page.iter().map(|moment| moment["id"].clone()));
    }
    seen.dedup();
    assert_eq!(seen.len(), 25);

    let (mut key, mut count) = (Value::Null, 0);
    loop {
        let body = json!({ "wId": w_id, "keyBuf": key });
        let answer = post(&gateway, "/weChatFavorites/favSync", &token, &body).await;
        count += answer["data"]["favList"].as_array().expect("a page").len();
        key = answer["data"]["keyBuf"].clone();
        if answer["data"]["continueFlag"] == json!(0) {
            break;
        }
    }
    assert_eq!(count, 25);

    let (mut code, mut count) = (json!(""), 0);
    loop {
        let body = json!({ "wId": w_id, "userName": "v2_example@finder", "pageCode": code });
        let answer = post(&gateway, "/finderUserHome", &token, &body).await;
        count += answer["data"]["videoList"]
            .as_array()
            .expect("a page")
            .len();
        code = answer["data"]["pageCode"].clone();
        if code == json!("") {
            break;
        }
    }
    assert_eq!(count, 25);
}

#[tokio::test]
async fn a_job_takes_a_while() {
    let gateway = Gateway::builder().jobs_take(Duration::from_millis(150));
    let gateway = gateway.start().await.expect("a gateway");
    let wx = logged_in(&gateway);
    let job = AsynSnsSendVideo::new(AsynSnsSendVideoRequired {
        content: "周末".to_owned(),
        video_path: "https://example.com/v.mp4".to_owned(),
        thumb_path: "https://example.com/v.jpg".to_owned(),
    });
    let job = wx.peng_you_quan().asyn_sns_send_video(job).await;
    let id = job.expect("a job").data.asyn_id.clone().expect("an id");
    let client = wx.client();
    let ask = || {
        client
            .peng_you_quan()
            .get_asyn_sns_send_video_res(GetAsynSnsSendVideoRes::new(&id))
    };
    assert_eq!(ask().await.expect("an answer").data.id, None);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let posted = ask().await.expect("an answer").data.id.clone();
    assert!(posted.is_some());
    assert_eq!(ask().await.expect("an answer").data.id, posted, "once");
}
