//! What goes along with every call of an API and is no parameter of any: headers, members of bodies.

use super::received::Received;
use crate::provider::{Vendor, plain};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;

/// Why the vendor would refuse a call for what goes along with it; some of that may be left out.
pub(super) fn refusal(
    call: &Received,
    vendor: &Vendor,
    may_lack: impl Fn(&str) -> bool,
) -> Option<String> {
    let (layout, texts) = (vendor.layouts().request, &vendor.texts);
    let method = call.documents().method();
    let judged = |name: &str, right: Option<bool>| match right {
        Some(true) => None,
        None if may_lack(name) => None,
        Some(false) => Some(texts.wrong_type.replace("{param}", name)),
        None => Some(texts.missing.replace("{param}", name)),
    };
    let mut headers = layout.header.iter().filter(|header| {
        header.methods.is_empty() || header.methods.iter().any(|known| known == method)
    });
    let refused = headers.find_map(|header| {
        let value = call.header(&header.name);
        judged(&header.name, value.map(|value| is(&header.value, value)))
    });
    let mut with = layout
        .with
        .iter()
        .filter(|_| call.documents().authorized && method != "GET");
    refused.or_else(|| {
        with.find_map(|with| {
            let pointer = format!("/{}", with.param.replace('.', "/"));
            let body: Value = crate::json::read(call.body()).unwrap_or_default();
            let value = body.pointer(&pointer).filter(|value| !value.is_null());
            let right = |value: &Value| match with.json() {
                Some(declared) => is(
                    &plain(&serde_json::from_str(&declared).unwrap_or_default()),
                    &plain(value),
                ),
                None => with
                    .most_bytes
                    .is_none_or(|most| plain(value).len() <= most as usize),
            };
            match (value, &with.setter) {
                (None, Some(_)) => None,
                (value, _) => judged(&with.param, value.map(right)),
            }
        })
    })
}

/// Whether a value is what is declared, where words in braces stand for what is computed.
fn is(declared: &str, value: &str) -> bool {
    let computed = declared.split_once('{').and_then(|(before, rest)| {
        let (name, after) = rest.split_once('}')?;
        let inner = value.strip_prefix(before)?.strip_suffix(after)?;
        Some(match name {
            "version" => inner.split('.').all(|part| part.parse::<u32>().is_ok()),
            "version_number" => inner.parse::<u32>().is_ok(),
            _ => {
                let text = BASE64_STANDARD.decode(inner).ok();
                let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
                text.is_some_and(|text| text.parse::<u32>().is_ok())
            }
        })
    });
    computed.unwrap_or(declared == value)
}

#[cfg(test)]
mod tests {
    use super::is;

    #[test]
    fn what_is_computed_is_known_by_its_looks() {
        for (declared, right, wrong) in [
            ("bot", "bot", "robot"),
            ("{version}", "1.2.3", "one"),
            ("v{version}", "v1.2", "1.2"),
            ("{version_number}", "65536", "1.0"),
            ("{random_u32_base64}", "MTIzNA==", "1234"),
        ] {
            assert!(is(declared, right), "{declared}: {right}");
            assert!(!is(declared, wrong), "{declared}: {wrong}");
        }
    }
}
