//! WeQuick's desktop program, which comes to its user's server; what it does is documented, it has no world of its own.

/// The first version.
pub mod v1 {
    use crate::program::Builder;
    use crate::provider::Vendor;

    /// A program that comes to this server, posts events, fetches commands and executes them.
    pub fn program(server: impl Into<String>) -> Builder {
        Builder::of(Vendor::built_in_api("wequick", "v1"), server)
    }
}

/// The second version.
pub mod v2 {
    use crate::program::Builder;
    use crate::provider::Vendor;

    /// A program that comes to this server, posts events, fetches commands and executes them.
    pub fn program(server: impl Into<String>) -> Builder {
        Builder::of(Vendor::built_in_api("wequick", "v2"), server)
    }
}
