//! Owns events of which the SDK would have nothing, because neither a code nor an address tells them from others.

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Event, Provider};

/// Points such events out.
pub(crate) fn check(provider: &Provider, config: &Config) -> Vec<Diagnostic> {
    let modules = provider.modules.iter();
    let events = modules.flat_map(|module| {
        let tag = config.layouts(module.api.as_deref()).event.tag.as_deref();
        let events = module.events.iter();
        events.filter_map(move |event| Some((event, why_unheard(event, tag)?)))
    });
    let found = events.map(|(event, why)| {
        let message = format!("`{}` is left out: {why}", event.title);
        Diagnostic::new(Code::UnheardEvent, message)
            .help(
                "say in [event] which key has the code (`tag`), or below its title under which setting its address is \
                 registered (`配置项：…`)",
            )
            .at_if(event.source.at.clone())
    });
    found.collect()
}

fn why_unheard(event: &Event, tag: Option<&str>) -> Option<String> {
    let has_address = event.slot.is_some() || event.announced_by.is_some();
    match tag {
        Some(tag) if event.wire.is_empty() => {
            Some(format!("the documents do not say which `{tag}` it has"))
        }
        None if !has_address => {
            Some("neither a code nor an address tells it from others".to_owned())
        }
        _ => None,
    }
}
