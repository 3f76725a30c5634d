//! Owns what examples teach about the codes of events: a code that no heading claims is one more name.

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Provider, SampleRole};

use super::envelope;

/// Adds the codes that only examples show. An example that carries another event's code is wrong.
pub(super) fn learn(provider: &mut Provider, config: &Config) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let claimed: Vec<(Option<String>, String)> = provider
        .modules
        .iter()
        .flat_map(|module| {
            let codes = module
                .events
                .iter()
                .flat_map(|event| event.wire.iter().cloned());
            codes.map(|code| (module.api.clone(), code))
        })
        .collect();
    for module in &mut provider.modules {
        let layouts = config.layouts(module.api.as_deref());
        let Some(tag) = &layouts.event.tag else {
            continue;
        };
        let api = module.api.clone();
        for event in module.events_mut() {
            let shown: Vec<String> = event
                .samples
                .iter()
                .filter(|sample| sample.role == SampleRole::Event)
                .filter_map(|sample| envelope::tag(&sample.value, tag, layouts))
                .filter(|code| !code.is_empty() && !event.wire.contains(code))
                .collect();
            for code in shown {
                let claim = (api.clone(), code);
                if claimed.contains(&claim) {
                    diagnostics.push(
                        Diagnostic::new(
                            Code::NameMismatch,
                            format!(
                                "the example of `{}` carries `{}`, which is another event; the heading's `{}` counts",
                                event.title,
                                claim.1,
                                event.wire.join("`, `")
                            ),
                        )
                        .at_if(event.source.at.clone())
                        .help("mend the example"),
                    );
                } else if !event.wire.contains(&claim.1) {
                    event.wire.push(claim.1);
                }
            }
        }
    }
    diagnostics
}
