//! The way to an instance, and what is refused.

use super::*;

#[tokio::test]
async fn a_login_leads_to_an_instance() {
    let gateway = Gateway::builder()
        .verify_first()
        .account("me", "pa55")
        .start();
    let gateway = gateway.await.expect("a gateway");
    let refused = Client::builder(gateway.url()).login("me", "wrong").await;
    assert_eq!(refused.expect_err("refused").code(), Some("1001"));
    let client = Client::builder(gateway.url()).login("me", "pa55");
    let client = client.await.expect("a login");
    let code = client
        .deng_lu()
        .ipad_login(IPadLogin::new("", "ipad", IPadLoginProxy::Beijing));
    let code = code.await.expect("a code");
    assert!(code.data.qr_code_url.is_some());
    let wx = client.instance(code.data.w_id.clone().expect("a wId"));

    let early = wx
        .xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "x"))
        .await;
    let early = early.expect_err("nobody is logged in");
    assert!(early.to_string().contains("未登录"), "{early}");
    let online = wx.wei_xin_guan_li().is_online(IsOnline::new()).await;
    assert_eq!(online.expect("an answer").data.is_online, Some(false));

    let login = || {
        wx.deng_lu()
            .get_ipad_login_info(GetIPadLoginInfo::new(false))
    };
    let started = Instant::now();
    let first = login().await.expect("an answer");
    assert_eq!(first.code(), "200");
    assert!(first.data.url.is_some());
    assert!(
        started.elapsed() > Duration::from_millis(100),
        "a long poll"
    );
    let second = login().await.expect("an answer");
    assert_eq!(second.code(), "1000");
    assert_eq!(second.data.w_id, code.data.w_id);

    let online = wx.wei_xin_guan_li().is_online(IsOnline::new()).await;
    assert_eq!(online.expect("an answer").data.is_online, Some(true));
    let query = client.wei_xin_guan_li().query_login_wx(QueryLoginWx::new());
    let query = query.await.expect("an answer");
    assert_eq!(query.data[0].wc_id, second.data.wc_id);
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_refused_as_the_vendor_does() {
    let gateway = start().await;
    let token = format!("Authorization: {}\r\n", gateway.authorization());
    let w_id = gateway.logged_in();
    let whole = json!({ "wId": w_id, "wcId": "filehelper", "content": "x" });
    let refused = |answer: Value, names: &str| {
        assert_eq!(answer["code"], json!("1001"), "{answer}");
        assert!(
            answer["message"]
                .as_str()
                .is_some_and(|m| m.contains(names)),
            "{answer} names {names}"
        );
        assert_eq!(answer["data"], Value::Null);
        assert_eq!(answer.get("http"), None, "{answer}");
    };
    assert_eq!(
        post(&gateway, "/sendText", &token, &whole).await["code"],
        json!("1000")
    );
    refused(
        post(&gateway, "/sendText", "", &whole).await,
        "Authorization",
    );
    let stranger = "Authorization: nobody\r\n";
    refused(
        post(&gateway, "/sendText", stranger, &whole).await,
        "Authorization",
    );
    for name in ["wId", "wcId", "content"] {
        let mut body = whole.clone();
        body.as_object_mut().expect("an object").remove(name);
        refused(post(&gateway, "/sendText", &token, &body).await, name);
        for wrong in [json!({}), json!([]), Value::Null] {
            body[name] = wrong;
            refused(post(&gateway, "/sendText", &token, &body).await, name);
        }
    }
    let mut unknown = whole.clone();
    unknown["wId"] = json!("nobody");
    refused(post(&gateway, "/sendText", &token, &unknown).await, "wId");
    let ids: Vec<String> = (0..21).map(|n| format!("wxid_{n}")).collect();
    let many = json!({ "wId": w_id, "wcId": ids.join(",") });
    refused(post(&gateway, "/getContact", &token, &many).await, "20");
    let number = json!({ "wId": w_id, "firstPageMd5": "", "maxId": "x" });
    refused(post(&gateway, "/getCircle", &token, &number).await, "maxId");
    let nowhere = json!({ "httpUrl": "http://example.com/", "type": 2 });
    refused(
        post(&gateway, "/setHttpCallbackUrl", &token, &nowhere).await,
        "httpUrl",
    );
    refused(
        post(&gateway, "/sendText", &token, &json!([1])).await,
        "JSON",
    );
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep = http(&gateway, "POST", "/sendText", &token, &deep).await;
    assert!(deep.expect("an answer").1.contains("1001"));
    let nothing = post(&gateway, "/sendTextt", &token, &whole).await;
    assert_eq!(
        (nothing["http"].clone(), nothing["code"].clone()),
        (json!(404), json!("1001"))
    );
    let (status, _) = http(&gateway, "GET", "/sendText", &token, "")
        .await
        .expect("an answer");
    assert_eq!(status, 405);
}
