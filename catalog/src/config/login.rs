//! Owns `[login]`: how one logs in, for `Builder::login`, `log_in_again` and `log_in_by_code`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::declaration::{JobDeclaration, When};

/// How one logs in; a vendor may have several ways.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LoginDeclaration {
    /// The hosts to which an answer may lead this client, and with it what authorises: `api.example.com`,
    /// `*.example.com`. None: anywhere.
    pub hosts: Vec<String>,
    /// One call whose answer authorises the others.
    pub call: Option<CallLogin>,
    /// One that is started, shown to a person, and asked for until it is done.
    pub code: Option<CodeLogin>,
    /// What is done again on each new connection, where calls travel on one.
    pub connection: Option<ConnectionLogin>,
}

/// One call whose answer authorises the others.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallLogin {
    /// Id or wire.
    pub operation: String,
    /// Where several APIs use one name: which.
    #[serde(default)]
    pub api: Option<String>,
    /// Its required parameters, in the order in which `login` takes them.
    pub arguments: Vec<String>,
    /// The field of its reply that authorises, as it goes into the header of `[auth]`; one of the `secrets`.
    pub authorization: String,
    /// The field that says at which address all other calls go on, if one does.
    #[serde(default)]
    pub base_url: Option<String>,
}

/// A login that is started, shown to a person, and asked for until it is done.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeLogin {
    /// The operation that starts it, the one that tells how far it is, and when it is done: as in `[[job]]`.
    pub job: JobDeclaration,
    /// The field of the starting reply that is shown to a person: what to scan, or to open.
    pub shown: String,
    /// A person verifies first, at an address; then the question is asked again.
    #[serde(default)]
    pub verify: Option<VerifyDeclaration>,
    /// A person types something that goes with the questions from then on.
    #[serde(default)]
    pub enter: Option<EnterDeclaration>,
    /// The questions go on at another host.
    #[serde(default)]
    pub redirect: Option<RedirectDeclaration>,
    /// What was shown is of no use any more, and something else is shown.
    #[serde(default)]
    pub renew: Option<RenewDeclaration>,
    /// What the reply shows if somebody was logged in before, and what that login yielded stays good.
    #[serde(default)]
    pub already: Option<When>,
    /// The field of the last reply that authorises, as it goes into the header of `[auth]`; one of the `secrets`.
    #[serde(default)]
    pub authorization: Option<String>,
    /// The field of the last reply that says who is logged in; without it the login has failed.
    #[serde(default)]
    pub account: Option<String>,
    /// The field of the last reply that says at which address all other calls go on, if one does.
    #[serde(default)]
    pub base_url: Option<String>,
}

/// A person verifies first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyDeclaration {
    /// What the reply shows then.
    pub when: When,
    /// The field with the address.
    pub url: String,
}

/// A person types something.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterDeclaration {
    /// What the reply shows then; without it nothing does, and the person knows.
    #[serde(default)]
    pub when: Option<When>,
    /// The parameter that takes it; one of the `secrets`.
    pub param: String,
    /// What the reply shows when it has done its part, and goes with no question any more.
    #[serde(default)]
    pub until: Option<When>,
}

/// The questions go on at another host; everything else stays where it is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RedirectDeclaration {
    /// What the reply shows then.
    pub when: When,
    /// The field with the host.
    pub host: String,
}

/// What was shown is of no use any more.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewDeclaration {
    /// What the reply shows then.
    pub when: When,
    /// How many are shown in all.
    pub codes: u32,
}

/// What is done again on each new connection.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionLogin {
    /// Id or wire of the login, which takes what was saved.
    pub operation: String,
    /// Where several APIs use one name: which.
    #[serde(default)]
    pub api: Option<String>,
    /// What is called before, without parameters; that the vendor refuses it does not matter.
    #[serde(default)]
    pub before: Vec<String>,
}
