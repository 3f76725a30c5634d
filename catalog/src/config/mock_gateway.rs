//! Owns what a gateway says that stands in for the vendor's.

use schemars::JsonSchema;
use serde::Deserialize;

/// What a gateway says that stands in for the vendor's in tests. In texts, `{param}` stands for the
/// parameter, `{most}` for the limit and `{path}` for what was asked.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MockGateway {
    /// The code of a refusal; absent: one that no success has.
    pub failure: Option<String>,
    /// Whether codes are written as numbers; absent: as the documented answers have them.
    pub numeric: Option<bool>,
    /// What goes with a success.
    pub done: String,
    /// A required parameter is absent.
    pub missing: String,
    /// A parameter has the wrong type.
    pub wrong_type: String,
    /// A list has too many elements.
    pub too_many: String,
    /// The credentials are absent or wrong.
    pub unauthorized: String,
    /// The body cannot be read.
    pub malformed: String,
    /// There is no such operation.
    pub unknown: String,
}

impl Default for MockGateway {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            failure: None,
            numeric: None,
            done: text("success"),
            missing: text("parameter {param} is required"),
            wrong_type: text("parameter {param} has the wrong type"),
            too_many: text("parameter {param} takes {most} at most"),
            unauthorized: text("{param} is missing or wrong"),
            malformed: text("the body cannot be read"),
            unknown: text("there is no {path}"),
        }
    }
}
