//! Owns `[[accept]]`: warnings that a person has looked at, and that may stay.
//!
//! In: what was found, and the entries, `code = "shared-wire"`, `about = ["/sendText"]`. Out: the same findings, those
//! that an entry speaks of marked with its `why`; an entry that accepts nothing is an error.

use super::{Finding, stale};
use crate::config::{Acceptance, Config, array_entry, selects};
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::load::Origin;
use crate::source::SourceFile;
use crate::spelling;

/// Marks what is accepted. Where something is an error, or only the catalog is read, not everything was looked at: what
/// an entry would accept may not have been found.
pub(super) fn apply(
    config: &Config,
    file: &SourceFile,
    origin: Origin,
    findings: &mut Vec<Diagnostic>,
) {
    let entries = config.accept.iter().enumerate();
    let at = |n| file.location(array_entry(file.text(), "accept", n));
    let (mut wrong, mut idle) = (Vec::new(), Vec::new());
    for (n, entry) in entries {
        match accept(entry, findings) {
            Ok(found) => idle.extend(found.map(|found| found.at(at(n)))),
            Err(finding) => wrong.push(finding.at(at(n))),
        }
    }
    if origin == Origin::Specs && !has_errors(findings) {
        findings.extend(idle);
    }
    findings.extend(wrong);
}

/// Marks what an entry accepts; tells what it accepts in vain.
fn accept(entry: &Acceptance, findings: &mut [Diagnostic]) -> Result<Option<Finding>, Finding> {
    let code = code(entry)?;
    let mut idle: Vec<&str> = entry.about.iter().map(String::as_str).collect();
    for finding in findings.iter_mut().filter(|finding| finding.code == code) {
        let is_meant = |pattern: &&String| names(finding).any(|name| selects(pattern, name));
        if finding.accepted.is_some() {
            continue;
        }
        if let Some(pattern) = entry.about.iter().find(is_meant) {
            idle.retain(|one| one != pattern);
            finding.accepted = Some(entry.why.clone());
        }
    }
    Ok(idle.first().map(|pattern| {
        let found = findings.iter().filter(|finding| finding.code == code);
        let found: Vec<&str> = found.flat_map(names).collect();
        if found.iter().any(|name| selects(pattern, name)) {
            let message = format!("what `{code}` says of `{pattern}` is accepted already");
            return stale(message, "remove it");
        }
        let near = spelling::did_you_mean(pattern, found);
        let message = format!("no `{code}` speaks of `{pattern}`: nothing is accepted{near}");
        let help = "write what stands in the message, or remove it";
        stale(message, help)
    }))
}

/// The code of an entry that says what it must.
fn code(entry: &Acceptance) -> Result<Code, Finding> {
    let Some(code) = Code::of(&entry.code) else {
        let known = Code::ALL.iter().map(|code| code.as_str());
        let near = spelling::did_you_mean(&entry.code, known);
        let message = format!("nothing has the code `{}`{near}", entry.code);
        return Err(stale(
            message,
            "write the code of a warning as it is printed",
        ));
    };
    if !code.may_stay() {
        let message = format!("`{code}` is an error, and cannot be accepted");
        return Err(stale(
            message,
            "mend what it speaks of, and remove the entry",
        ));
    }
    if entry.about.is_empty() || entry.why.trim().is_empty() {
        let help = "`about` lists names from the messages, `*` stands for any text; `why` says why they may stay";
        return Err(stale(
            "an `[[accept]]` needs `about` and `why`".to_owned(),
            help,
        ));
    }
    Ok(code)
}

/// What a finding is about: what its message has in backquotes, and the file.
fn names(finding: &Diagnostic) -> impl Iterator<Item = &str> {
    let quoted = finding.message.split('`').skip(1).step_by(2);
    quoted.chain(finding.at.iter().map(|at| &*at.file))
}
