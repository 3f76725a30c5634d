//! What the answer of a login yields: what authorises, where calls go on, and whose they are.

use super::plan::Path;
use crate::runtime::call::{Core, Error, ErrorKind, Grant, Operation, Rest};
use crate::runtime::codec::Secret;

/// What the answer of a login yields, by where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Grants {
    /// What authorises calls.
    pub authorization: Option<Path>,
    /// The address at which they go on, if there is one.
    pub base_url: Option<Path>,
    /// Who is logged in.
    pub account: Option<Path>,
}

impl Grants {
    pub(super) fn read(
        self,
        rest: &Rest,
        core: &Core,
        operation: &'static Operation,
    ) -> Result<Grant, Error> {
        let needed = |path: Path| {
            rest.text(path).ok_or_else(|| {
                let name = path.join(".");
                let message = format!("the login succeeded, but its answer has no {name}");
                rest.unusable(operation, message)
            })
        };
        let account = self.account.map(needed).transpose()?;
        let authorization = self.authorization.map(needed).transpose()?;
        let base_url = self.base_url.and_then(|path| {
            let handed = rest.text(path)?;
            Some(core.address(&handed).map_err(|kind| {
                let what = format!("the login succeeded, but its {}", path.join("."));
                elsewhere(kind, what, &handed, rest, operation)
            }))
        });
        Ok(Grant {
            authorization: authorization.map(Secret::from),
            base_url: base_url.transpose()?,
            account,
        })
    }
}

/// An address to which calls must not go.
pub(super) fn elsewhere(
    kind: ErrorKind,
    what: String,
    handed: &str,
    rest: &Rest,
    operation: &'static Operation,
) -> Error {
    let why = match kind {
        ErrorKind::WrongHost => format!(
            "leads to {}, where nothing of this client may go",
            crate::runtime::call::server(handed)
        ),
        _ => "is no address, or a less secure one".to_owned(),
    };
    let error = rest.unusable(operation, format!("{what} {why}"));
    error.with_kind(kind)
}
