//! Owns what is common to declarations of `provider.toml` that speak of operations: each is carried out, and one that
//! speaks of what is not there is an error where it stands.

use crate::config::array_entry;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::SourceFile;

/// What is wrong with a declaration.
pub(crate) type Finding = Box<Diagnostic>;

/// It speaks of what is not there.
pub(crate) fn stale(message: String, help: &str) -> Finding {
    Box::new(Diagnostic::error(Code::StaleDeclaration, message).help(help))
}

/// Carries out every entry of `[[key]]`.
pub(crate) fn each<D>(
    entries: &[D],
    key: &str,
    file: &SourceFile,
    mut carry_out: impl FnMut(&D) -> Result<(), Finding>,
) -> Vec<Diagnostic> {
    let entries = entries.iter().enumerate();
    let found = entries.filter_map(|(n, entry)| {
        let finding = carry_out(entry).err()?;
        Some(finding.at(file.location(array_entry(file.text(), key, n))))
    });
    found.collect()
}
