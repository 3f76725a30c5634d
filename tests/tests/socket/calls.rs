//! Every call under its wire name, and what the gateway says of a wrong one.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::time::Duration;

use crate::Requests;
use generated_sdk::padchat::deng_lu_guan_li::{
    Auth, Connect, Disconnect, GetAutoLoginData, GetDeviceInfo, Login, LoginLoginType, Logout,
    Status,
};
use generated_sdk::padchat::fa_song_xiao_xi::{
    SendAppMsg, SendImage, SendMsg, ShareCard, ShareCardRequired,
};
use generated_sdk::padchat::huo_qu_tu_pian_wen_jian::GetMsgImage;
use generated_sdk::padchat::qun_guan_li::{
    AddRoomMember, AddRoomMemberRequired, CreateRoom, DeleteRoomMember, DeleteRoomMemberRequired,
    GetRoomMembers, InviteRoomMember, InviteRoomMemberRequired, QuitRoom,
};
use generated_sdk::padchat::yong_hu_guan_li::{
    AcceptUser, AcceptUserRequired, AddContact, AddContactTarget, DeleteContact, GetContact,
    SayHello, SayHelloTarget, SearchContact, SetRemark, SyncContact,
};
use generated_sdk::padchat::{Client, WxId};
use generated_sdk::runtime::Request;
use generated_sdk::{ErrorKind, Json};
use mock_gateway::Answer;

use super::{KEY, connect, gateway};

const ROOM: &str = "12345678901@chatroom";
const FRIEND: &str = "wxid_example02";

/// Makes a call that must succeed with nothing left undecoded; says its wire name.
async fn made<R>(client: &Client, request: R) -> String
where
    R: Request<Scope = Client>,
    R::Reply: Debug,
{
    let reply = client.call(request).await.expect(R::OPERATION.path);
    assert!(reply.issues().is_empty(), "{reply:?}");
    assert_eq!(reply.code(), "true");
    R::OPERATION.path.to_owned()
}

fn account() -> WxId {
    WxId::from(FRIEND)
}

async fn people_and_rooms(client: &Client) -> Vec<String> {
    let accept = AcceptUserRequired {
        stranger: "v1_example@stranger".to_owned(),
        ticket: "v2_example@stranger".to_owned(),
    };
    let stranger = || "v1_example@stranger".to_owned();
    let add = AddContact::new(AddContactTarget::Stranger(stranger()), "你好");
    let hello = SayHello::new(SayHelloTarget::UserId(account()), "你好");
    let room = || WxId::from(ROOM);
    let added = AddRoomMemberRequired {
        group_id: room(),
        user_id: account(),
    };
    let invited = InviteRoomMemberRequired {
        group_id: room(),
        user_id: account(),
    };
    let removed = DeleteRoomMemberRequired {
        group_id: room(),
        user_id: account(),
    };
    vec![
        made(client, GetContact::new(FRIEND)).await,
        made(client, SearchContact::new(FRIEND)).await,
        made(client, AcceptUser::new(accept)).await,
        made(client, add).await,
        made(client, hello).await,
        made(client, SetRemark::new(FRIEND, "同事小明")).await,
        made(client, DeleteContact::new(FRIEND)).await,
        made(client, SyncContact::new()).await,
        made(client, CreateRoom::new([FRIEND, "wxid_example03"])).await,
        made(client, GetRoomMembers::new(ROOM)).await,
        made(client, AddRoomMember::new(added)).await,
        made(client, InviteRoomMember::new(invited)).await,
        made(client, DeleteRoomMember::new(removed)).await,
        made(client, QuitRoom::new(ROOM)).await,
    ]
}

async fn messages(client: &Client) -> Vec<String> {
    let card = ShareCardRequired {
        to_user_name: account(),
        user_id: "wxid_example03".into(),
        content: "名片".to_owned(),
    };
    let message = Json::object([
        ("Content", Json::from("<msg/>")),
        ("FromUser", Json::from(FRIEND)),
        ("MsgId", Json::from("1000000000000000001")),
        ("ToUser", Json::from("wxid_example01")),
        ("Uin", Json::from(100_000_001_i64)),
    ]);
    let at = SendMsg::new(ROOM, "你好").at_list([FRIEND]);
    vec![
        made(client, at).await,
        made(client, SendAppMsg::new(FRIEND, "<appmsg/>")).await,
        made(client, SendImage::new(FRIEND, "ZXhhbXBsZQ==")).await,
        made(client, ShareCard::new(card)).await,
        made(client, GetMsgImage::new(message)).await,
    ]
}

#[tokio::test]
async fn every_call_is_made_and_answered_as_documented() {
    let gateway = gateway().await;
    let (client, _pushes) = connect(&gateway).open().await.expect("a connection");
    let mut made_so_far = people_and_rooms(&client).await;
    made_so_far.extend(messages(&client).await);
    let device = Connect::new().device_name("示例的 ipad");
    made_so_far.extend([
        made(&client, Auth::new(KEY)).await,
        made(&client, device).await,
        made(&client, GetDeviceInfo::new()).await,
        made(&client, GetAutoLoginData::new()).await,
        made(&client, Status::new()).await,
        made(
            &client,
            Login::new(LoginLoginType::QrCode).token("mock-token-1"),
        )
        .await,
        made(&client, Disconnect::new()).await,
        made(&client, Logout::new()).await,
    ]);
    let made: BTreeSet<&str> = made_so_far.iter().map(String::as_str).collect();
    let known = gateway.vendor().operations();
    let known: BTreeSet<&str> = known.map(|operation| operation.path()).collect();
    assert_eq!(made, known);
    assert_eq!(made.len(), 27);
    // Each has an id of its own.
    let calls = gateway.all_calls();
    let id = |raw: &str| {
        let raw: serde_json::Value = serde_json::from_str(raw).expect("JSON");
        raw["cmdId"].as_str().expect("an id").to_owned()
    };
    let ids: BTreeSet<String> = calls.iter().map(|call| id(call.raw())).collect();
    assert_eq!(ids.len(), calls.len());
}

#[tokio::test]
async fn replies_are_typed_to_the_bottom() {
    let gateway = gateway().await;
    let (client, _pushes) = connect(&gateway).open().await.expect("a connection");
    let members = client
        .qun_guan_li()
        .get_room_members(GetRoomMembers::new(ROOM));
    let members = members.await.expect("members").data;
    assert_eq!(members.user_name, Some(ROOM.into()));
    assert_eq!(members.member.len(), 1);
    assert_eq!(members.member[0].user_name, Some(FRIEND.into()));
    let sent = client
        .fa_song_xiao_xi()
        .send_msg(SendMsg::new(FRIEND, "你好"));
    let sent = sent.await.expect("sent");
    assert!(sent.data.msg_id.is_some());
    assert_eq!(sent.request_id().map(str::len), Some(32));
    let raw = client.call_raw("getContact", Json::object([("userId", Json::from(FRIEND))]));
    let raw = raw.await.expect("a contact nobody typed");
    assert!(raw.body().contains("QuanPin"));
}

#[tokio::test]
async fn a_wrong_call_is_refused_by_name() {
    let gateway = gateway().await;
    let (client, pushes) = connect(&gateway).open().await.expect("a connection");
    let refused = |call: generated_sdk::Call<Option<Json>>| async {
        let error = call.await.expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Vendor, "{error}");
        assert_eq!(error.code(), Some("false"));
        error.message().unwrap_or_default().to_owned()
    };
    let empty = || Json::object::<&str>([]);
    let number = Json::object([("userId", Json::array([]))]);
    for (call, said) in [
        (client.call_raw("getContact", empty()), "缺少参数：userId"),
        (client.call_raw("getContact", number), "类型错误：userId"),
        (client.call_raw("getMoney", empty()), "未知命令：getMoney"),
        (client.call_raw("getContact", Json::array([])), "JSON"),
    ] {
        let message = refused(call).await;
        assert!(message.contains(said), "{message} is not {said}");
    }
    // What belongs below `data` is not seen beside it.
    let misplaced = GetContact::new("x").extra("userId", Json::null());
    let error = client.call(misplaced).await.expect_err("refused");
    assert_eq!(error.message(), Some("缺少参数：userId"));
    assert_eq!(pushes.line().counters().lost, 0);
}

#[tokio::test]
async fn a_thousand_calls_answered_out_of_order_find_their_callers() {
    let gateway = gateway().await;
    // Those that are asked first are not answered first.
    gateway.reply::<GetContact>(|call| {
        let user = call.text("userId").unwrap_or_default();
        let number: u64 = user.trim_start_matches("wxid_").parse().unwrap_or(0);
        let delay = Duration::from_millis((1000 - number) % 37);
        Answer::default_behaviour().after(delay)
    });
    let (client, mut pushes) = connect(&gateway).open().await.expect("a connection");
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..1000_u32 {
        let client = client.clone();
        calls.spawn(async move {
            let user = format!("wxid_{number}");
            let found = client.call(GetContact::new(user.as_str())).await;
            assert_eq!(found.expect("found").data.user_name, Some(user.into()));
        });
    }
    while let Some(done) = calls.join_next().await {
        done.expect("the right answer");
    }
    let line = pushes.line();
    assert_eq!(line.counters().answered, 1001);
    drop(client);
    line.shutdown(Duration::from_secs(5)).await;
    assert!(pushes.next().await.is_none());
}
