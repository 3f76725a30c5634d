//! The types of a crate that `codegen --out` made name the operations of its gateway.

use generated_sdk::acme::Client;
use generated_sdk::acme::acme_module::{Friends, SendText};
use mock_gateway::{Answer, Fault, Gateway, Vendor};

mock_gateway::requests!(generated_sdk);

#[tokio::test]
async fn operations_are_named_by_their_requests() {
    let vendor = Vendor::read(env!("ACME")).expect("it inspects clean");
    let gateway = Gateway::of(vendor).start().await.expect("a gateway");
    let client = Client::builder(gateway.url()).authorization("any").build();
    let client = client.expect("a client");
    let robot = client.robot("r");
    let send = async || robot.acme_module().send_text(SendText::new("a")).await;
    assert_eq!(send().await.expect("as documented").data.id, Some(7));
    let refusal = |to: Option<String>| Answer::refused("9", to.unwrap_or_default());
    gateway.reply_once::<SendText>(move |call| refusal(call.text("robot")));
    assert_eq!(send().await.expect_err("refused").message(), Some("r"));
    gateway.fault_once::<Friends>(Fault::Status(503));
    let down = client.acme_module().friends(Friends::new()).await;
    assert_eq!(down.expect_err("down").status(), Some(503));
    assert_eq!(gateway.calls::<SendText>().len(), 2);
    assert_eq!(gateway.calls::<Friends>().len(), 1);
}
