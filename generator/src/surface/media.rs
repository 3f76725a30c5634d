//! Owns what users can name of media, `ImageItem.download()`, and how media travel.

use catalog::model::{Download, Upload};

use super::conversations::written;
use super::{Item, Kind};
use crate::sdk::{Held, Holder, Holds, Sdk};

/// What holds several has two methods.
const OF_SEVERAL: &str = "(caller) -> Option<Download>, and downloads() all of them";

/// What is true of all media, and the methods that fetch one.
pub(super) fn of(sdk: &Sdk) -> Option<Item> {
    let all = sdk.media.as_ref()?;
    let media = &all.model;
    let item = Item::new(Kind::Quality, "media")
        .travels("below", &media.root)
        .travels("at most", format!("{} bytes", media.most_bytes))
        .travels("refused by", media.reason.clone().unwrap_or_default());
    let item = media.up.iter().fold(item, up);
    let item = media.down.iter().fold(item, down);
    let events = (!all.events.is_empty()).then(|| {
        Item::new(Kind::Method, "Callback.download")
            .rust(OF_SEVERAL)
            .travels("of", all.events.join(", "))
    });
    Some(item.with(all.holders.iter().map(holder)).with(events))
}

fn up(item: Item, up: &Upload) -> Item {
    let field = |path: &Option<Vec<String>>| path.iter().flatten().cloned().collect::<Vec<_>>();
    item.travels("asks", format!("{} {}", up.operation, written(&up.params)))
        .travels("goes to", field(&up.url).join("."))
        .travels("or to", &up.at)
        .travels("with", field(&up.param).join("."))
        .travels("taken as", &up.taken)
        .travels("sent as", written(&up.medium))
}

fn down(item: Item, down: &Download) -> Item {
    item.travels("comes from", down.url.clone().unwrap_or_default())
        .travels("or from", &down.at)
        .travels("by", down.param.clone().unwrap_or_default())
        .travels("key", &down.key)
}

fn holder(holder: &Holder) -> Item {
    let idents = |fields: &[Held]| {
        let idents = fields.iter().map(|field| field.ident.as_str());
        idents.collect::<Vec<_>>().join(", ")
    };
    let item = Item::new(Kind::Method, &format!("{}.download", holder.ident));
    match &holder.holds {
        Holds::Medium { .. } => item.rust("(caller) -> Download"),
        Holds::Own {
            fields,
            beside,
            plain,
        } => {
            let beside = beside.as_ref().map(|field| field.ident.clone());
            let plain = if *plain { "plain" } else { "" };
            item.rust("(caller) -> Download")
                .travels("of", idents(fields))
                .travels("key", beside.unwrap_or_default())
                .travels("without a key", plain)
        }
        Holds::Others(fields) => item.rust(OF_SEVERAL).travels("of", idents(fields)),
    }
}
