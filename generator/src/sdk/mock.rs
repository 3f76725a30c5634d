//! Owns what a mock gateway knows.

/// What a gateway knows that stands in for the vendor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mock {
    /// Its behaviour is written by hand.
    pub script: bool,
    /// The code of a refusal.
    pub failure: String,
    /// Codes are written as numbers.
    pub numeric: bool,
    /// Fields of the runtime's `Texts`, and the texts.
    pub texts: Vec<(String, String)>,
    /// Calls travel on one connection.
    pub socket: Option<MockSocket>,
    /// Every operation, in the order of the documents.
    pub operations: Vec<MockOperation>,
}

/// A connection as such a gateway knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockSocket {
    /// The path of its address.
    pub path: String,
    /// The key of the name of what is called.
    pub command: String,
    /// The key of the id that an answer repeats.
    pub id: String,
    /// The key of the parameters.
    pub payload: String,
    /// The wire name of what must be called first.
    pub first: String,
    /// How many seconds it has.
    pub within_s: u32,
}

/// An operation as such a gateway knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockOperation {
    /// `biao_qian_addContactLabel`.
    pub id: String,
    /// `创建标签`.
    pub title: String,
    /// `POST`.
    pub verb: String,
    /// `/addContactLabel`.
    pub path: String,
    /// The authorization is required.
    pub authorized: bool,
    /// The parameter that the session carries.
    pub session: Option<String>,
    /// The code of a success.
    pub success: String,
    /// What is taken.
    pub params: Vec<MockParam>,
    /// The documented answer, as JSON.
    pub reply: String,
}

/// A parameter as such a gateway checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockParam {
    /// `labelName`.
    pub wire: String,
    /// A variant of the runtime's `Kind`.
    pub kind: &'static str,
    /// Must be there.
    pub required: bool,
    /// Null will do.
    pub nullable: bool,
    /// The separator of a text that is a list.
    pub list: Option<String>,
    /// Most elements.
    pub most: Option<u32>,
    /// Stands beside the payload.
    pub beside: bool,
    /// Members.
    pub fields: Vec<MockParam>,
}
