//! Which of a receiver's addresses a request came to.

/// Where a request came to, below the receiver's own path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'p> {
    /// The receiver's path.
    pub(super) path: &'p str,
    /// The setting or the operation; empty where there is only one address.
    pub(super) address: &'p str,
    /// What makes the address one for a single use.
    pub(super) token: Option<&'p str>,
}

impl<'p> Target<'p> {
    /// Takes as many segments off a path as the route has behind the receiver's own.
    pub(super) fn of(path: &'p str, segments: u8) -> Self {
        let last = |path: &'p str| path.rsplit_once('/').unwrap_or(("", path));
        let (path, token) = match segments {
            2 => {
                let (path, token) = last(path);
                (path, Some(token))
            }
            _ => (path, None),
        };
        let (path, address) = match segments {
            0 => (path, ""),
            _ => last(path),
        };
        Self {
            path,
            address,
            token,
        }
    }
}
