//! Owns what users can name of what the gateway tells.

use super::{Item, Kind, types};
use crate::sdk::{Announcing, Callbacks, Event};

/// The module of events.
pub(super) fn callbacks(callbacks: &Callbacks) -> Item {
    let shared = callbacks.shared.iter();
    let shared = shared.map(|member| types::field(member).rust(member.held()));
    let tag = Item::new(Kind::Field, &callbacks.tag).rust("Option<Scalar>");
    let callback = Item::new(Kind::Type, "Callback")
        .rust("a struct")
        .with(shared)
        .with([tag]);
    let result = callbacks.result.as_ref().map(|result| {
        let ident = &result.name;
        Item::new(Kind::Variant, ident).rust(ident).travels(
            "keys",
            [&*result.id, &result.outcome, &result.reason].join(", "),
        )
    });
    let nested = callbacks.nested.iter().map(|nested| {
        open(&nested.ident, &nested.events)
            .travels("code", &nested.tag)
            .rust(format!("an open enum over {}", nested.payload.rust()))
    });
    layout(Item::new(Kind::Module, "callback"), callbacks)
        .with([callback, open("Event", &callbacks.events).with(result)])
        .with(nested)
        .with(types::declared(&callbacks.types))
}

fn open(name: &str, events: &[Event]) -> Item {
    let events = events.iter().map(|event| {
        Item::new(Kind::Variant, &event.ident)
            .wire(event.model.wire.first().map_or("", String::as_str))
            .title(&event.model.title)
            .rust(event.payload.rust())
            .travels("codes", event.model.wire.join(", "))
    });
    Item::new(Kind::Type, name)
        .rust("an open enum of events")
        .with(events)
}

fn layout(item: Item, callbacks: &Callbacks) -> Item {
    let layout = &callbacks.layout;
    item.travels("code", callbacks.key())
        .travels("payload", callbacks.payload())
        .travels("payload below", layout.deeper.join(", "))
        .travels("whom it is for", callbacks.receiver.join(", "))
        .travels("told apart by", layout.dedupe.join(", "))
        .travels("in order by", layout.order.join(", "))
        .travels("probes", layout.probe.join(", "))
}

/// Calls that wait for what they announce, and the one that registers addresses.
pub(super) fn addressed(callbacks: &Callbacks) -> impl Iterator<Item = Item> + '_ {
    let addressed = callbacks.addressed.iter();
    addressed.flat_map(|addressed| {
        let slots = addressed.slots.join(", ");
        let register = addressed.register.iter().map(move |register| {
            Item::new(Kind::Method, "register")
                .rust(format!("{} -> {}", register.on, register.reply.rust()))
                .travels("settings", &slots)
        });
        register.chain(addressed.announcing.iter().map(announcing))
    })
}

fn announcing(one: &Announcing) -> Item {
    let result = match &one.gather {
        Some(gather) => format!("{}, gathered", gather.item.rust()),
        None => one.payload.rust(),
    };
    let reached = one.on.iter();
    let reached = reached.map(|on| Item::new(Kind::Quality, &format!("reached from {on}")));
    Item::new(Kind::Method, &one.method)
        .rust(format!("({}) -> {result}", one.request))
        .with(reached)
}
