//! Parameters in paths, queries and headers: read where they stand, and nowhere else.

use mock_gateway::Vendor;

use super::*;

#[tokio::test]
async fn a_parameter_counts_where_it_stands_alone() {
    let folder = tests::root().join("tests/golden_sdk/parameter_places");
    let vendor = Vendor::read(folder).expect("a provider");
    let gateway = mock_gateway::Gateway::of(vendor).start().await;
    let gateway = gateway.expect("a gateway");
    let ask = async |method: &str, path: &str, headers: &str, body: &str| {
        let answer = answered(gateway.address(), method, path, headers, body).await;
        let (status, body) = answer.expect("an answer");
        let body: Value = serde_json::from_str(&body).expect("JSON");
        (status, body["code"].clone(), body["message"].clone())
    };
    let done = |(status, code, _): &(u16, Value, Value)| *status == 200 && *code == json!("1000");

    let found = ask("GET", "/friend/a%2Fb/labels/7?fields=x&fields=y", "", "").await;
    assert!(done(&found), "{found:?}");
    let calls = gateway.calls_of("spec_labels");
    let params = Value::Object(calls[0].params().clone());
    let expected = json!({ "id": "a/b", "label": "7", "fields": ["x", "y"] });
    assert_eq!(params, expected);
    let (_, _, said) = ask("GET", "/friend/a/labels/seven", "", "").await;
    assert!(
        said.as_str().unwrap_or_default().contains("label"),
        "{said}"
    );
    assert_eq!(ask("GET", "/friend/a/labels", "", "").await.0, 404);

    let body = r#"{"data":{"remark":"n"}}"#;
    let token = "Authorization: t\r\n";
    let device = "Authorization: t\r\nX-Device: d\r\n";
    assert!(done(
        &ask("PUT", "/friend/a?notify=true", device, body).await
    ));
    for (headers, body, missing) in [
        (token, body, "X-Device"),
        (device, r#"{"remark":"n"}"#, "remark"),
    ] {
        let refused = ask("PUT", "/friend/a?remark=n&X-Device=d", headers, body).await;
        let (_, _, said) = &refused;
        assert!(
            !done(&refused) && said.as_str().unwrap_or_default().contains(missing),
            "{said}"
        );
    }
    assert!(done(&ask("POST", "/code?botType=3", "", "{}").await));
    let in_body = r#"{"data":{"botType":3}}"#;
    assert!(!done(&ask("POST", "/code", "", in_body).await));
}
