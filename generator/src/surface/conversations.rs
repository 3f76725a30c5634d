//! Owns what users can name to answer people: `conversation`, `send_text`, `typing`.

use catalog::model::{Conversation, Part, Template};

use super::{Item, Kind};
use crate::sdk::Sdk;

/// The method that holds a conversation, and those of one.
pub(super) fn of(sdk: &Sdk) -> Option<Item> {
    let talk = sdk.conversation.as_ref()?;
    let Conversation {
        bot,
        person,
        closed_messages,
        ..
    } = talk;
    let closed = match closed_messages {
        Some(messages) => format!("{} with {messages:?}", talk.closed.join(", ")),
        None => talk.closed.join(", "),
    };
    let said = talk.sends.iter().map(|send| {
        let most = send.split.map(|most| most.to_string());
        Item::new(Kind::Method, &format!("send_{}", send.name))
            .rust(match send.media {
                Some(_) => "(medium) -> Sent",
                None => "(text) -> Sent",
            })
            .travels("item", written(&send.item))
            .travels("kind", send.media.clone().unwrap_or_default())
            .travels("cut at", most.unwrap_or_default())
    });
    let typing = talk.typing.as_ref().map(|typing| {
        let by = |id: &str, template| format!("{id} {}", written(template));
        Item::new(Kind::Method, "typing")
            .rust("(future) -> its output")
            .travels("ticket", typing.ticket.join("."))
            .travels("of", by(&typing.asks, &typing.ask))
            .travels("good for", format!("{} s", typing.within_s))
            .travels("shown by", by(&typing.operation, &typing.start))
            .travels("hidden by", by(&typing.operation, &typing.stop))
            .travels("every", format!("{} s", typing.every_s))
    });
    let item = Item::new(Kind::Method, "conversation")
        .rust("(store, bot, person) -> Conversation")
        .travels("bot", bot.join(" | "))
        .travels("person", person.join(" | "))
        .travels("opened by", talk.events.join(", "))
        .travels("token", &talk.token)
        .travels("within", format!("{} s", talk.within_s))
        .travels("answers", talk.answers.to_string())
        .travels("closed by", closed)
        .travels(
            "calls",
            format!("{} {}", talk.operation, written(&talk.message)),
        )
        .with(said)
        .with(typing);
    Some(item)
}

/// JSON with its places.
pub(super) fn written(template: &Template) -> String {
    let parts = template.0.iter().map(|part| match part {
        Part::Json(json) => json.clone(),
        Part::Value(name) | Part::Text(name) => format!("{{{name}}}"),
    });
    parts.collect()
}
