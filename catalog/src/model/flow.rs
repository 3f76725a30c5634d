//! Owns what leads from one call to the next, as `provider.toml` declares it: jobs, pages, logins, answers, being online.

use super::Type;

/// The event that answers an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its id, e.g. `82`.
    pub event: String,
    /// Parameters, each with the field of the event's payload that is the same, e.g. `("wxid", "cwxid")`.
    pub same: Vec<(String, String)>,
}

/// Parameters of which exactly one is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Either {
    /// What the argument is called, e.g. `target`.
    pub name: String,
    /// Their wire names, e.g. `userId` and `stranger`.
    pub params: Vec<String>,
}

/// A path of a payload, a name a step; `[]` goes to the last element of a list.
pub type Path = Vec<String>;

/// What a reply shows when something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The field, e.g. `["type"]`; none: the vendor's code.
    pub field: Option<Path>,
    /// Its values, e.g. `["1"]`; none: it is not empty.
    pub values: Vec<String>,
}

/// How an operation that starts something leads to its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Id of the operation that tells, e.g. `peng_you_quan_getAsynSnsSendVideoRes`.
    pub poll: String,
    /// The field of the starting reply that identifies the job, e.g. `["asynId"]`.
    pub key: Path,
    /// The parameter that takes it, e.g. `asynId`.
    pub param: String,
    /// What the parameter holds.
    pub ty: Type,
    /// Parameters that are the same each time, with their values as JSON, e.g. `("autoCheck", "false")`.
    pub with: Vec<(String, String)>,
    /// The job is done.
    pub done: Condition,
    /// The job has failed.
    pub failed: Option<Condition>,
    /// The field that says why, e.g. `["des"]`.
    pub message: Option<Path>,
    /// Milliseconds between two questions, e.g. 2000.
    pub every_ms: u32,
    /// Seconds that a job may take, e.g. 300.
    pub within_s: u32,
}

/// How an operation logs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// By its answer.
    Call {
        /// Its required parameters, in the order in which a user gives them, e.g. `["account", "password"]`.
        arguments: Vec<String>,
        /// What the answer yields.
        grants: Grants,
    },
    /// By what is shown to a person, and asked for until it is done.
    Code(Box<CodeLogin>),
    /// Again on each new connection.
    Connection {
        /// Ids of operations that are called before, whatever the vendor says of them.
        before: Vec<String>,
    },
}

impl Login {
    /// Whether its answer yields what authorises.
    pub fn yields_authorization(&self) -> bool {
        match self {
            Self::Call { grants, .. } => grants.authorization.is_some(),
            Self::Code(login) => login.grants.authorization.is_some(),
            Self::Connection { .. } => false,
        }
    }
}

/// What tells whether an account is online.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Online {
    /// Id of the operation that is asked, e.g. `wei_xin_guan_li_cha_xun_wei_xin_shi_fou_zai_xian`.
    pub operation: Option<String>,
    /// What its reply shows then; none: that it is not refused.
    pub when: Option<Condition>,
    /// Ids of the events that tell of a change, e.g. `callback_30000`.
    pub events: Vec<String>,
    /// Their field with the session's parameter, e.g. `wId`.
    pub session: Option<String>,
    /// Their field that says why, e.g. `msg`.
    pub why: Option<String>,
    /// Who is logged in, in the last reply of the login by code, e.g. `["wcId"]`.
    pub account: Option<Path>,
    /// What is asked why.
    pub reason: Option<Reason>,
    /// What logs in again without a person.
    pub again: Option<Again>,
}

/// What says why an account is offline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Its id, e.g. `te_shu_offlineReason`.
    pub operation: String,
    /// The parameter that takes the account, e.g. `wcId`.
    pub param: String,
    /// The field that says it, e.g. `["[]", "reason"]`.
    pub field: Path,
}

/// What logs an account in again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Again {
    /// Its id, e.g. `deng_lu_er_ci_deng_lu`.
    pub operation: String,
    /// The parameter that takes the account, e.g. `wcId`.
    pub param: String,
    /// The field with what the session carries from then on, e.g. `["wId"]`.
    pub session: Path,
}

/// A login that is shown to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLogin {
    /// How it is asked for.
    pub job: Job,
    /// The key is what the session binds.
    pub binds: bool,
    /// The field of the starting reply that is shown, e.g. `["qrCodeUrl"]`.
    pub shown: Path,
    /// A person verifies: when, and the field with the address.
    pub verify: Option<(Condition, Path)>,
    /// A person types what this parameter takes.
    pub enter: Option<Enter>,
    /// The questions go on at another host: when, and the field with the host.
    pub redirect: Option<(Condition, Path)>,
    /// Something else is shown: when, and how many in all.
    pub renew: Option<(Condition, u32)>,
    /// Somebody was logged in before.
    pub already: Option<Condition>,
    /// What the last answer yields.
    pub grants: Grants,
}

/// What a person types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enter {
    /// The reply says that it is wanted; none: no reply does.
    pub when: Option<Condition>,
    /// The parameter, e.g. `verifyCode`.
    pub param: String,
    /// The reply says that it has done its part.
    pub until: Option<Condition>,
}

/// What the answer of a login yields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// The field that authorises, e.g. `["Authorization"]`.
    pub authorization: Option<Path>,
    /// The field with the address at which all other calls go on.
    pub base_url: Option<Path>,
    /// The field that says who is logged in.
    pub account: Option<Path>,
}

/// How a page leads to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The parameters that move, e.g. `maxId`.
    pub cursors: Vec<Cursor>,
    /// The lists, e.g. `["sns"]`.
    pub items: Vec<Path>,
    /// There are more pages, e.g. `continueFlag` is `1`.
    pub more: Option<Condition>,
}

/// A parameter that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Its wire name, e.g. `maxId`.
    pub param: String,
    /// What it holds.
    pub ty: Type,
    /// How it moves.
    pub next: Next,
}

/// How a cursor moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// To what the page says.
    From {
        /// The field, e.g. `["sns", "[]", "id"]`.
        field: Path,
        /// Where it is empty, the former value stays.
        keep: bool,
    },
    /// By so much, e.g. 1 from page to page.
    Step(i64),
}
