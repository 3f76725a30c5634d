//! Owns what a gateway says that stands in for the vendor's, and what it does not insist on.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// What a gateway says that stands in for the vendor's in tests. In texts, `{param}` stands for the
/// parameter, `{most}` for the limit, `{path}` for what was asked and `{method}` for the method that it takes.
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
    /// The operation is asked with another method.
    pub wrong_method: String,
    /// The body is too long.
    pub too_long: String,
    /// Members that every answer has beside those of `[reply]`, and their values.
    pub members: BTreeMap<String, String>,
    /// Names of one parameter: documents and clients use one or the other.
    pub same: Vec<Vec<String>>,
    /// What clients that work do against the documents.
    pub lenient: Vec<Leniency>,
    /// What tells the result of a command, where `{Command}` stands for its name with a capital: `res{Command}`; absent:
    /// the code of the event that `[event.result]` names.
    pub result: Option<String>,
    /// Commands after which a program executes nothing more.
    pub log_out: Vec<String>,
    /// Commands that it executes all the same, and after which it executes everything again.
    pub log_in: Vec<String>,
}

/// Parameters that clients which work leave out, or write otherwise than documented: they are not checked, unless the
/// gateway is told to be strict.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Leniency {
    /// Id or wire of the operation.
    pub operation: String,
    /// The parameters; also headers and members that go with every call.
    pub params: Vec<String>,
    /// Who does so, and how one knows that the vendor takes it.
    pub why: String,
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
            wrong_method: text("{path} takes {method}"),
            too_long: text("the body is longer than {most} bytes"),
            members: BTreeMap::new(),
            same: Vec::new(),
            lenient: Vec::new(),
            result: None,
            log_out: Vec::new(),
            log_in: Vec::new(),
        }
    }
}
