//! Two calls, by the SDK and by serde structs as a person would write them: a short request with a
//! short reply, and a reply with lists in it. Same inputs, same bytes.
//!
//! Used by the benchmark, and by the program whose instructions `scripts/bench-peers.sh` counts.

use generated_sdk::Scalar;

const W_ID: &str = "00000000-0000-0000-0000-000000000001";
const TO: &str = "filehelper";
const CONTENT: &str = "你好 \"世界\"";
const PAGE: &str = "c76bcf31f2a1ed49";
const MAX_ID: i64 = 1376;

const SENT: &str = r#"{"message":"成功","code":"1000","data":{"type":1,"msgId":2562652205,"newMsgId":4482117376572170921,"createTime":1641457769,"wcId":"filehelper"}}"#;

const CIRCLE: &str = r#"{"code":"1000","message":"处理成功","data":{"sns":[{"id":"13765645234234234234","userName":"wxid_example1","nickName":"朝夕。","createTime":1640938241,"likeFlag":0,"likeCount":1,"snsLikes":[{"userName":"wxid_example2","nickName":"售前","type":0,"createTime":1640938400}],"commentCount":1,"snsComments":[{"userName":"wxid_example2","nickName":"售后","type":0,"createTime":1640938500,"commentId":33,"replyCommentId":0,"deleteFlag":0,"isNotRichText":1,"content":"新年快乐"}],"objectDesc":{"xml":"<TimelineObject><id><![CDATA[13765645234234234234]]></id><username><![CDATA[wxid_example1]]></username><createTime>1640938241</createTime><contentDescShowType>0</contentDescShowType></TimelineObject>","len":240}}],"firstPageMd5":"c76bcf31f2a1ed49"}}"#;

/// What the session fills in.
pub fn session() -> [Scalar; 1] {
    [Scalar::from(W_ID)]
}

/// By the SDK.
pub mod sdk {
    use std::hint::black_box;

    use generated_sdk::eyun::SentMessage;
    use generated_sdk::eyun::peng_you_quan::{GetCircle, GetCircleReply};
    use generated_sdk::eyun::xiao_xi_fa_song::SendText;
    use generated_sdk::runtime::{read_reply, request_body};
    use generated_sdk::{HttpResponse, Reply, Scalar};

    use super::{CIRCLE, CONTENT, MAX_ID, PAGE, SENT, TO};

    #[inline(never)]
    pub fn encode_send_text(session: &[Scalar]) -> String {
        request_body(&SendText::new(black_box(TO), black_box(CONTENT)), session)
    }

    #[inline(never)]
    pub fn decode_send_text() -> Reply<SentMessage> {
        read_reply::<SendText>(HttpResponse::new(200, black_box(SENT))).expect("a success")
    }

    #[inline(never)]
    pub fn encode_get_circle(session: &[Scalar]) -> String {
        request_body(&GetCircle::new(black_box(PAGE), black_box(MAX_ID)), session)
    }

    #[inline(never)]
    pub fn decode_get_circle() -> Reply<GetCircleReply> {
        read_reply::<GetCircle>(HttpResponse::new(200, black_box(CIRCLE))).expect("a success")
    }
}

/// By serde.
pub mod hand {
    use std::hint::black_box;

    use serde::{Deserialize, Serialize};

    use super::{CIRCLE, CONTENT, MAX_ID, PAGE, SENT, TO, W_ID};

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct SendText<'a> {
        w_id: &'a str,
        wc_id: String,
        content: String,
    }

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct GetCircle<'a> {
        w_id: &'a str,
        first_page_md5: String,
        max_id: i64,
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "a person keeps what the documents show")]
    pub struct Envelope<T> {
        code: String,
        message: Option<String>,
        data: Option<T>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code, reason = "a person keeps what the documents show")]
    pub struct Sent {
        r#type: Option<i64>,
        msg_id: Option<i64>,
        new_msg_id: Option<i64>,
        create_time: Option<i64>,
        wc_id: Option<String>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code, reason = "a person keeps what the documents show")]
    pub struct Circle {
        sns: Vec<Sns>,
        first_page_md5: Option<String>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code, reason = "a person keeps what the documents show")]
    struct Sns {
        id: Option<String>,
        user_name: Option<String>,
        nick_name: Option<String>,
        create_time: Option<i64>,
        like_flag: Option<i64>,
        like_count: Option<i64>,
        sns_likes: Vec<Like>,
        comment_count: Option<i64>,
        sns_comments: Vec<Comment>,
        object_desc: Option<Desc>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code, reason = "a person keeps what the documents show")]
    struct Like {
        user_name: Option<String>,
        nick_name: Option<String>,
        r#type: Option<i64>,
        create_time: Option<i64>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code, reason = "a person keeps what the documents show")]
    struct Comment {
        user_name: Option<String>,
        nick_name: Option<String>,
        r#type: Option<i64>,
        create_time: Option<i64>,
        comment_id: Option<i64>,
        reply_comment_id: Option<i64>,
        delete_flag: Option<i64>,
        is_not_rich_text: Option<i64>,
        content: Option<String>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "a person keeps what the documents show")]
    struct Desc {
        xml: Option<String>,
        len: Option<i64>,
    }

    #[inline(never)]
    pub fn encode_send_text() -> Vec<u8> {
        let request = SendText {
            w_id: black_box(W_ID),
            wc_id: black_box(TO).into(),
            content: black_box(CONTENT).into(),
        };
        serde_json::to_vec(&request).expect("strings and numbers")
    }

    #[inline(never)]
    pub fn decode_send_text() -> Envelope<Sent> {
        serde_json::from_slice(black_box(SENT).as_bytes()).expect("a success")
    }

    #[inline(never)]
    pub fn encode_get_circle() -> Vec<u8> {
        let request = GetCircle {
            w_id: black_box(W_ID),
            first_page_md5: black_box(PAGE).into(),
            max_id: black_box(MAX_ID),
        };
        serde_json::to_vec(&request).expect("strings and numbers")
    }

    #[inline(never)]
    pub fn decode_get_circle() -> Envelope<Circle> {
        serde_json::from_slice(black_box(CIRCLE).as_bytes()).expect("a success")
    }
}
