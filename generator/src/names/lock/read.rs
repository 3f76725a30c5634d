//! Owns reading `names.lock`, and complaining of it: file, line and mend.

use catalog::diagnostic::{Code, Diagnostic, has_errors};
use catalog::source::{SourceFile, Span};

use super::formerly::Old;
use super::line::{Line, Wrong};
use super::merge::{self, Added, Branch, Mark};
use super::place::{Home, Key};
use super::{Entry, Lock, check};

impl Lock {
    /// Reads the file. What git left of a merge is understood, and said; anything else that codegen
    /// would not write is an error.
    pub fn read(file: &SourceFile) -> (Self, Vec<Diagnostic>) {
        let mut reading = Reading {
            file,
            lock: Self::default(),
            part: Part::Head,
            conflict: None,
            findings: Vec::new(),
        };
        let mut at = 0;
        for line in file.text().split_inclusive('\n') {
            let span = Span::new(at, at + line.trim_end().len());
            reading.line(line.trim_end(), span);
            at += line.len();
        }
        reading.end();
        (reading.lock, reading.findings)
    }
}

/// Where in the file a line stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Head,
    Home(Home),
    Old(Old),
}

/// Where a conflict began, and what it has led to.
struct Conflict {
    at: Span,
    branch: Branch,
    /// The part before it.
    before: Part,
    /// The part at the end of our side.
    ours: Part,
}

struct Reading<'f> {
    file: &'f SourceFile,
    lock: Lock,
    part: Part,
    conflict: Option<Conflict>,
    findings: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn line(&mut self, line: &str, span: Span) {
        if let Some(mark) = Mark::of(line) {
            return self.mark(mark, span);
        }
        if self.branch() == Some(Branch::Base) {
            return;
        }
        let found = match &self.part {
            Part::Old(old) if !line.trim_start().starts_with('[') => {
                self.lock.formerly.read(*old, line).map(|()| Line::Nothing)
            }
            Part::Head if is_old_head(line) => Ok(Line::Nothing),
            _ => Line::read(line),
        };
        match found {
            Ok(line) => self.add(line, span),
            Err(wrong) => self.wrong(wrong, span),
        }
    }

    fn branch(&self) -> Option<Branch> {
        self.conflict.as_ref().map(|conflict| conflict.branch)
    }

    fn mark(&mut self, mark: Mark, at: Span) {
        match (mark, self.conflict.take()) {
            (Mark::Begins, None) => {
                if !self.findings.iter().any(|known| known.code == Code::Merged) {
                    let message = "two branches gave names here: those of both stay";
                    let merged = Diagnostic::new(Code::Merged, message).at(self.file.location(at));
                    self.findings.push(merged);
                }
                self.conflict = Some(Conflict {
                    at,
                    branch: Branch::Ours,
                    before: self.part.clone(),
                    ours: self.part.clone(),
                });
            }
            (Mark::Base | Mark::Theirs, Some(conflict)) => {
                let (branch, ours) = match (mark, conflict.branch) {
                    (Mark::Base, _) => (Branch::Base, self.part.clone()),
                    (_, Branch::Base) => (Branch::Theirs, conflict.ours),
                    _ => (Branch::Theirs, self.part.clone()),
                };
                self.part.clone_from(&conflict.before);
                self.conflict = Some(Conflict {
                    branch,
                    ours,
                    ..conflict
                });
            }
            (Mark::Ends, Some(conflict)) => {
                if self.part == conflict.before {
                    self.part = conflict.ours;
                }
            }
            _ => self.unended(at),
        }
    }

    fn unended(&mut self, at: Span) {
        let message = "git's marks of a merge are not whole here";
        let help =
            "take the file as git left it, or remove the marks and keep the lines of both sides";
        self.wrong(Wrong::new(Code::Unreadable, message, help), at);
    }

    fn add(&mut self, line: Line, span: Span) {
        match (line, self.part.clone()) {
            (Line::Nothing, _) => {}
            (Line::Section(home), _) => self.part = Part::Home(home),
            (Line::Old(old), _) => self.part = Part::Old(old),
            (Line::Source, Part::Head) => {
                self.lock.accepted.get_or_insert_default();
            }
            (Line::Specs(digest), Part::Head) => self.lock.accepted = Some(digest),
            (Line::Digest(digest), Part::Home(home)) => self.digest(home, digest, span),
            (Line::Entry(key, entry), Part::Home(home)) => self.entry(home, key, entry, span),
            (_, part) => {
                let message = match part {
                    Part::Head => "this line stands in no section",
                    _ => "this line belongs to the head of the file",
                };
                let help = "move it below its section, or restore the file";
                self.wrong(Wrong::new(Code::Unreadable, message, help), span);
            }
        }
    }

    fn digest(&mut self, home: Home, digest: String, span: Span) {
        let branch = self.branch();
        let names = self.lock.homes.entry(home).or_default();
        let Some(digest) = merge::digest(names.digest.take(), digest, branch) else {
            return self.twice("the digest", span);
        };
        names.digest = Some(digest);
    }

    fn entry(&mut self, home: Home, key: Key, entry: Entry, span: Span) {
        let branch = self.branch();
        let shown = shown(&key);
        let names = self.lock.homes.entry(home).or_default();
        match merge::add(&mut names.entries, key, entry, branch) {
            Added::Kept => {}
            Added::Twice => self.twice(&shown, span),
            Added::Ours(name) => {
                let message =
                    format!("the other branch calls the {shown} otherwise: it stays `{name}`");
                let ours = Diagnostic::new(Code::Merged, message).at(self.file.location(span));
                self.findings.push(ours);
            }
        }
    }

    fn twice(&mut self, what: &str, span: Span) {
        let message = format!("{what} stands here twice");
        let wrong = Wrong::new(Code::Unreadable, message, "remove one of the lines");
        self.wrong(wrong, span);
    }

    fn wrong(&mut self, wrong: Wrong, span: Span) {
        let found = Diagnostic::error(wrong.code, wrong.message).at(self.file.location(span));
        self.findings.push(found.help(wrong.help));
    }

    fn end(&mut self) {
        if let Some(conflict) = self.conflict.take() {
            self.unended(conflict.at);
        }
        if has_errors(&self.findings) {
            return;
        }
        let mut findings = Vec::new();
        for (home, key, entry, first) in check::alike(&self.lock) {
            let message = format!(
                "`{}` is the name of both {} {} and {}",
                entry.name(),
                first.side.word(),
                words(&first.owner, &first.path),
                shown(key)
            );
            let alike = Diagnostic::error(Code::NameClash, message)
                .at_if(self.find(home, key).map(|span| self.file.location(span)));
            findings.push(alike.help(
                "give one of them another name, or remove the line of the one that the documents no longer have",
            ));
        }
        self.findings.extend(findings);
    }

    /// Where an entry stands: nobody remembers it of the thousands that are sound.
    fn find(&self, home: &Home, key: &Key) -> Option<Span> {
        let (mut at, mut part) = (0, None);
        for line in self.file.text().split_inclusive('\n') {
            match Line::read(line) {
                Ok(Line::Section(home)) => part = Some(home),
                Ok(Line::Entry(found, _)) if part.as_ref() == Some(home) && found == *key => {
                    return Some(Span::new(at, at + line.trim_end().len()));
                }
                _ => {}
            }
            at += line.len();
        }
        None
    }
}

/// `catalog = "…"` and the like: a digest that is no longer used.
fn is_old_head(line: &str) -> bool {
    let key = line.split_once(" = \"").map(|(key, _)| key);
    matches!(key, Some("catalog" | "specs" | "source"))
}

fn shown(key: &Key) -> String {
    let place = &key.place;
    format!(
        "{} of {} {}",
        key.kind.word(),
        place.side.word(),
        words(&place.owner, &place.path)
    )
    .trim_end()
    .to_owned()
}

fn words(owner: &str, path: &[String]) -> String {
    let words = std::iter::once(owner).chain(path.iter().map(String::as_str));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Vec<String>) {
        let (lock, findings) = Lock::read(&SourceFile::new(super::super::FILE, text));
        let said = |finding: &Diagnostic| {
            let line = finding.at.as_ref().map_or(0, |at| at.line);
            format!("{line}: {}", finding.message)
        };
        let written = lock.write();
        let (_, entries) = written.split_once("\n\n").unwrap_or_default();
        (entries.to_owned(), findings.iter().map(said).collect())
    }

    const BOTH: &str = "two branches gave names here: those of both stay";

    #[test]
    fn what_both_branches_added_stays() {
        let marked = "\
[module a]
<<<<<<< HEAD
digest 1
mod a = module
fn add = call a_add # 添加
||||||| parent
digest 0
mod a = module
=======
digest 2
mod a = module
fn list = call a_list # 列表
>>>>>>> theirs
type A = module
<<<<<<< HEAD

[module c]
mod c = module
=======

[module d]
mod d = module
>>>>>>> theirs
";
        let (entries, said) = read(marked);
        assert_eq!(said, [format!("2: {BOTH}")]);
        let expected = "\
[module a]
mod a = module
type A = module
fn add = call a_add # 添加
fn list = call a_list # 列表

[module c]
mod c = module

[module d]
mod d = module
";
        assert_eq!(entries, expected);
    }

    #[test]
    fn what_both_branches_named_keeps_both_names_where_rust_has_second_ones() {
        let marked = "\
[module a]
<<<<<<< HEAD
fn add = call x
former new = call x
arguments a b = call x
field one = call x a
variant On = call x a 1
=======
fn put = call x
former old = call x
arguments a c = call x
field two = call x a
variant Yes = call x a 1
>>>>>>> theirs
";
        let (entries, said) = read(marked);
        let other = "12: the other branch calls the field of call x a otherwise: it stays `one`";
        assert_eq!(said, [format!("2: {BOTH}"), other.to_owned()]);
        let expected = "\
[module a]
fn add = call x
former new = call x
former old = call x
former put = call x
arguments a b c = call x
field one = call x a
former Yes = call x a 1
variant On = call x a 1
";
        assert_eq!(entries, expected);
    }

    #[test]
    fn the_digest_of_a_merge_is_anybodys() {
        let digests = |digest: &str| {
            let home = (String::new(), "a".to_owned());
            [(home, digest.to_owned())].into_iter().collect()
        };
        let lock = |text: &str| Lock::read(&SourceFile::new("names.lock", text)).0;
        let known = lock("[module a]\ndigest 1\n");
        assert!(known.wrote(&digests("1")) && !known.wrote(&digests("2")));
        assert!(
            !known.wrote(&crate::digest::Digests::new()),
            "a chapter is gone"
        );
        let merged = lock("[module a]\n<<<<<<< a\ndigest 1\n=======\ndigest 2\n>>>>>>> b\n");
        assert!(merged.wrote(&digests("3")));
        assert!(!lock("").wrote(&digests("1")));
    }

    #[test]
    fn marks_that_are_not_whole_are_named() {
        for (text, line) in [
            ("[module a]\n=======\n", 2),
            ("[module a]\n<<<<<<< a\n", 2),
            ("<<<<<<< a\n<<<<<<< b\n", 2),
            (">>>>>>> a\n", 1),
        ] {
            let (_, said) = read(text);
            let expected = format!("{line}: git's marks of a merge are not whole here");
            assert!(said.contains(&expected), "{text}: {said:?}");
        }
    }
}
