//! The documented requests, made typed.

/// An API whose calls are messages.
pub(super) struct Api {
    /// The folder of its provider.
    pub(super) provider: &'static str,
    /// Which of the provider's it is, where there are several.
    pub(super) part: Option<&'static str>,
    /// Every documented request, as it is written.
    pub(super) requests: fn() -> Vec<(&'static str, String)>,
}

include!(concat!(env!("OUT_DIR"), "/samples.rs"));
