//! What working programs read and no document has: typed, and absent where it is absent.

use generated_sdk::{eyun, wequick};
use serde_json::{Value, json};

fn told(code: &str, data: &Value) -> eyun::callback::Event {
    let message = json!({ "wcId": "wxid_example01", "messageType": code, "data": data });
    let callback = eyun::callback::Callback::parse(&message.to_string()).expect("JSON");
    assert!(callback.issues().is_empty(), "{callback:?}");
    callback.event
}

#[test]
fn eyuns_messages_have_what_bots_read() {
    use eyun::callback::Event;
    let Event::GroupText(text) = told("80001", &json!({ "atlist": ["wxid_example01"] })) else {
        panic!("a group's text");
    };
    assert_eq!(text.atlist, ["wxid_example01"]);
    assert_eq!((&text.title, &text.md5, text.length), (&None, &None, None));
    let Event::GroupQuote(quote) = told("80014", &json!({ "title": "答", "content": "<x/>" }))
    else {
        panic!("a group's quote");
    };
    assert_eq!(quote.title.as_deref(), Some("答"));
    assert!(!format!("{quote:?}").contains('答'), "people write it");
    let emoji =
        json!({ "md5": "0f1e", "length": 1024, "img": "aGk=", "pushContent": "小明：[图]" });
    let Event::PrivateEmoji(one) = told("60006", &emoji) else {
        panic!("an emoji");
    };
    assert_eq!((one.md5.as_deref(), one.length), (Some("0f1e"), Some(1024)));
    let Event::GroupImage(image) = told("80002", &emoji) else {
        panic!("an image");
    };
    assert_eq!(image.img.as_deref(), Some("aGk="));
    assert_eq!(image.push_content.as_deref(), Some("小明：[图]"));
    for code in ["60014", "60999", "13", "80999", "14"] {
        let kind = match told(code, &json!({ "msgType": 49 })) {
            Event::PrivateQuote(message) => message.msg_type,
            Event::PrivateOther(message) => message.msg_type,
            Event::GroupOther(message) => message.msg_type,
            other => panic!("{code}: {other:?}"),
        };
        assert_eq!(kind, Some(49), "{code}");
    }
    let Event::GroupVoice(voice) = told("80004", &json!({ "bufId": "7", "voiceLength": 3 })) else {
        panic!("a voice");
    };
    assert_eq!(
        (voice.buf_id.as_deref(), voice.voice_length),
        (Some("7"), Some(3))
    );
}

#[test]
fn wequicks_program_tells_more_than_its_documents() {
    use wequick::v2::callback::{Callback, Event};
    let told = |message: Value| {
        let callback = Callback::parse(&message.to_string()).expect("JSON");
        assert!(callback.issues().is_empty(), "{callback:?}");
        callback.event
    };
    let message = |action: &str, msg: Value| json!({ "action": action, "cwxid": "wxid_example01", "data": { "msg": msg } });
    let text = json!({ "nick": "小明", "message": "你好" });
    let Event::TextMessage(text) = told(message("reportTextMessage", text)) else {
        panic!("a text");
    };
    assert_eq!(text.nick.as_deref(), Some("小明"));
    let picture = json!({ "fileIndex": "C:\\a.jpg" });
    let Event::PicMessage(picture) = told(message("reportPicMessage", picture)) else {
        panic!("a picture");
    };
    assert_eq!(picture.file_index.as_deref(), Some("C:\\a.jpg"));
    assert_eq!(picture.nick, None);
    let gif = json!({ "url": "https://example.com/a.gif" });
    let Event::GifMessage(gif) = told(message("reportGifMessage", gif)) else {
        panic!("a GIF");
    };
    assert_eq!(gif.url.as_deref(), Some("https://example.com/a.gif"));
    let status = json!({ "action": "loginStatus", "cwxid": null, "data": { "code": "200" } });
    let Event::LoginStatus(status) = told(status) else {
        panic!("a status");
    };
    assert_eq!(status.code.as_deref(), Some("200"));
    let result = json!({ "errorReason": "", "sendResult": "1" });
    let Event::LogoutResult(result) = told(json!({ "action": "resLogout", "data": result })) else {
        panic!("a result");
    };
    assert_eq!(result.send_result.as_deref(), Some("1"));
}
