//! Owns what goes along with every request of an API and is no parameter of any: headers, members of bodies.

use schemars::JsonSchema;
use serde::Deserialize;

use super::declaration::Constant;
use super::layout::RequestLayout;
use super::pattern::METHODS;
use crate::spelling::did_you_mean;

/// What may stand in braces in a header or a member, and is put there when it is sent.
pub const COMPUTED: [&str; 3] = ["version", "version_number", "random_u32_base64"];

/// A header that goes with every call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeaderDeclaration {
    /// Its name.
    pub name: String,
    /// Its value. `{version}` is that of the generated crate, `{version_number}` the same as one number (`major << 16 |
    /// minor << 8 | patch`), `{random_u32_base64}` a random number in base64, a new one for each attempt.
    pub value: String,
    /// The methods of the calls that have it; none: all.
    #[serde(default)]
    pub methods: Vec<String>,
}

/// A member that goes with the body of every authorised call, and is no parameter of any: a row of the documents that
/// names it is none. Either `value` or `setter`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithDeclaration {
    /// Its path from the root of the body: `base_info.channel_version`.
    pub param: String,
    /// What it always is; the same may stand in braces as in a header.
    #[serde(default)]
    pub value: Option<Constant>,
    /// What sets it, a method of the client's builder: absent unless it is set.
    #[serde(default)]
    pub setter: Option<String>,
    /// How long what is set may be.
    #[serde(default)]
    pub most_bytes: Option<u32>,
}

impl WithDeclaration {
    /// What it always is, as JSON.
    pub fn json(&self) -> Option<String> {
        self.value.as_ref().map(Constant::json)
    }
}

impl RequestLayout {
    /// The first thing that is wrong with what goes along: the key below `request`, which entry, and why.
    pub(super) fn wrong_along(&self) -> Option<(&'static str, usize, String)> {
        let headers = self.header.iter().enumerate();
        let mut headers =
            headers.filter_map(|(n, header)| Some(("header", n, wrong_header(header)?)));
        let with = self.with.iter().enumerate();
        let mut with = with.filter_map(|(n, with)| Some(("with", n, wrong_with(with)?)));
        headers.next().or_else(|| with.next())
    }
}

fn wrong_header(header: &HeaderDeclaration) -> Option<String> {
    let HeaderDeclaration {
        name,
        value,
        methods,
    } = header;
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_token) {
        return Some(format!("`{name}` is no name of a header"));
    }
    if value.chars().any(char::is_control) {
        return Some(format!("the value of `{name}` holds what no header may"));
    }
    let unknown = methods
        .iter()
        .find(|known| !METHODS.contains(&known.as_str()));
    if let Some(unknown) = unknown {
        let near = did_you_mean(unknown, METHODS);
        return Some(format!("`{unknown}` is no method{near}"));
    }
    wrong_template(value)
}

fn wrong_with(with: &WithDeclaration) -> Option<String> {
    let WithDeclaration {
        param,
        value,
        setter,
        most_bytes,
    } = with;
    if param.split('.').any(str::is_empty) {
        return Some(format!("`{param}` is no path of a member"));
    }
    let is_start = |c: char| c.is_ascii_lowercase();
    let is_rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    match (value, setter) {
        (Some(_), None) if most_bytes.is_some() => Some(format!(
            "`most_bytes` of `{param}` has no effect: nobody sets it"
        )),
        (Some(Constant::Text(value)), None) => wrong_template(value),
        (Some(_), None) => None,
        (None, Some(setter)) if setter.starts_with(is_start) && setter.chars().all(is_rest) => None,
        (None, Some(setter)) => Some(format!("`{setter}` is no name of a method: use snake case")),
        _ => Some(format!("`{param}` needs either a `value` or a `setter`")),
    }
}

/// What stands in braces and is not known.
fn wrong_template(text: &str) -> Option<String> {
    let braced = text.split('{').skip(1);
    let mut names = braced.map(|rest| rest.split('}').next().unwrap_or(rest));
    let unknown = names.find(|name| !COMPUTED.contains(name))?;
    let near = did_you_mean(unknown, COMPUTED);
    Some(format!("nothing is put in place of `{{{unknown}}}`{near}"))
}
