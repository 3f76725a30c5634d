//! What no catalog can say, one folder per provider.

#[cfg(feature = "eyun")]
mod eyun;
