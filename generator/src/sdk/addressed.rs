//! Owns events that only their address tells apart, and the calls that wait for them.

use super::{Member, Type};

/// Events that only their address tells apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Addressed {
    /// Settings under which addresses are registered.
    pub slots: Vec<String>,
    /// Operations that announce an address, by id.
    pub operations: Vec<String>,
    /// Fields that hold JSON text where a message is a form.
    pub structured: Vec<String>,
    /// Codes whose payload has a member that is called like the key of payloads.
    pub holding: Vec<String>,
    /// Addresses of several events, and the keys that tell these apart.
    pub shared: Vec<(String, String)>,
    /// What the documents show at each address, as JSON.
    pub samples: Vec<(String, String)>,
    /// How all addresses are registered.
    pub register: Option<Register>,
    /// Calls that wait for what they announce.
    pub announcing: Vec<Announcing>,
}

/// The operation that registers addresses.
#[derive(Clone, Debug, PartialEq)]
pub struct Register {
    /// The type that has the method: the client, or a session.
    pub on: String,
    /// The chapter.
    pub module: String,
    /// The method.
    pub method: String,
    /// The request.
    pub request: String,
    /// Its arguments, and the struct that holds them where they are named.
    pub required: (Vec<Member>, Option<String>),
    /// Its setters.
    pub optional: Vec<Member>,
    /// What the data of its reply is.
    pub reply: Type,
}

/// A call that waits for what it announces.
#[derive(Clone, Debug, PartialEq)]
pub struct Announcing {
    /// The chapter.
    pub module: String,
    /// The types that have the method.
    pub on: Vec<String>,
    /// `scan_new`.
    pub call: String,
    /// `scan_new_and_wait`.
    pub method: String,
    /// The request.
    pub request: String,
    /// The parameter that takes the address, and whether it must be given.
    pub param: (String, bool),
    /// The event.
    pub variant: String,
    /// What it carries.
    pub payload: Type,
    /// It comes in pages.
    pub gather: Option<Gather>,
}

/// How a result that comes in pages is put together; fields of the payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Gather {
    /// The page's number.
    pub page: String,
    /// How many there are.
    pub total: String,
    /// The list.
    pub items: String,
    /// What it holds.
    pub item: Type,
    /// How many elements a page has that is not the last.
    pub size: u32,
    /// Seconds that all pages may take.
    pub within_s: u32,
}
