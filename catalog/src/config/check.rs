//! Owns what must hold of `provider.toml` by itself: plain names, pages that end, paths that a server can have.
//!
//! In: the file as it was read. Out: nothing, or the finding: `` `v1/x` is no name for an API ``.

use super::pattern::Pattern;
use super::{Config, CursorDeclaration, ReplyLayout, SocketLayout, Transport, array_entry, table};
use crate::diagnostic::{Code, Diagnostic};
use crate::slug;
use crate::source::SourceFile;

/// An entry of `[[key]]`, by its number, and what is wrong with it.
type Refused = (&'static str, usize, String);

impl Config {
    /// The first thing that is wrong beyond what types say, with its place.
    pub(super) fn check(&self, file: &SourceFile) -> Result<(), Diagnostic> {
        let refuse = |(key, n, message): Refused| {
            let at = file.location(array_entry(file.text(), key, n));
            Err(Diagnostic::error(Code::BadConfig, message).at(at))
        };
        self.check_names().or_else(refuse)?;
        self.check_pages().or_else(refuse)?;
        self.check_codes(file)?;
        self.check_transport(file)?;
        self.check_along(file)?;
        self.check_paths(file)?;
        self.check_items().or_else(refuse)
    }

    /// Every result code that is declared means one thing.
    fn check_codes(&self, file: &SourceFile) -> Result<(), Diagnostic> {
        let own = self.api.iter().filter_map(|api| api.reply.as_ref());
        let mut all = own.chain([&self.reply]);
        let Some((code, message, help)) = all.find_map(ReplyLayout::undecided) else {
            return Ok(());
        };
        Err(Diagnostic::error(Code::BadConfig, message)
            .help(help)
            .at(file.location(file.quoted(code).unwrap_or_default())))
    }

    /// Nothing is declared that this transport does not have.
    fn check_transport(&self, file: &SourceFile) -> Result<(), Diagnostic> {
        let needs = |key, transport| (key, transport);
        let idle = if self.program.is_some() && self.transport != Transport::Poll {
            needs("program", "poll")
        } else if self.socket != SocketLayout::default() && self.transport != Transport::Websocket {
            needs("socket", "websocket")
        } else {
            return Ok(());
        };
        let (key, transport) = idle;
        let message = format!("`[{key}]` has no effect: the transport is not `{transport}`");
        Err(Diagnostic::error(Code::BadConfig, message)
            .help("remove it, or name the transport")
            .at(file.location(table(file.text(), key))))
    }

    /// What goes along with every call can be sent.
    fn check_along(&self, file: &SourceFile) -> Result<(), Diagnostic> {
        let own = self.api.iter().filter_map(|api| api.request.as_ref());
        let own = own.map(|request| ("api.request", request));
        for (within, request) in own.chain([("request", &self.request)]) {
            let refuse = |message: String, at| {
                let finding = Diagnostic::error(Code::BadConfig, message);
                Err(finding.at(file.location(at)))
            };
            if let Some((key, n, message)) = request.wrong_along() {
                let at = array_entry(file.text(), &format!("{within}.{key}"), n);
                return refuse(message, at);
            }
            let is_http = matches!(self.transport, Transport::HttpJson | Transport::HttpForm);
            let is_idle = (!is_http && (request.root.is_some() || !request.header.is_empty()))
                || (self.transport != Transport::HttpJson && !request.with.is_empty());
            if is_idle {
                let message = format!(
                    "`root`, `header` and `with` of `[{within}]` have no effect: calls are not HTTP with such bodies"
                );
                return refuse(message, table(file.text(), within));
            }
            if let Some(root) = request.root.as_deref().filter(|root| !is_root(root)) {
                let message = format!("`{root}` is no address at which calls can begin");
                let finding = Diagnostic::error(Code::BadConfig, message);
                let at = file.quoted(root).unwrap_or_default();
                let help = "write scheme, host and path: `https://api.example.com/v1`";
                return Err(finding.help(help).at(file.location(at)));
            }
        }
        Ok(())
    }

    /// What becomes a path or an identifier is plain.
    fn check_names(&self) -> Result<(), Refused> {
        for (n, api) in self.api.iter().enumerate() {
            if !slug::is_plain_slug(&api.id) {
                let id = &api.id;
                let message = format!("`{id}` is no name for an API: use letters, digits and `-`");
                return Err(("api", n, message));
            }
        }
        for (n, module) in self.module.iter().enumerate() {
            if !slug::is_plain_slug(&module.slug) {
                let slug = &module.slug;
                let message = format!("`{slug}` is no module slug: use letters, digits and `-`");
                return Err(("module", n, message));
            }
        }
        Ok(())
    }

    fn check_pages(&self) -> Result<(), Refused> {
        for (n, page) in self.page.iter().enumerate() {
            if page.cursor.is_empty() {
                return Err(("page", n, "a page needs a `cursor`".to_owned()));
            }
            let torn = |cursor: &&CursorDeclaration| cursor.from.is_some() == cursor.step.is_some();
            if let Some(CursorDeclaration { param, .. }) = page.cursor.iter().find(torn) {
                let message = format!("the cursor `{param}` needs either `from` or `step`");
                return Err(("page", n, message));
            }
            let moves = page.cursor.iter().any(|cursor| cursor.from.is_some());
            if !moves && page.items.is_empty() && page.more.is_none() {
                let message = "nothing says where the pages end: add `items` or `more`";
                return Err(("page", n, message.to_owned()));
            }
        }
        Ok(())
    }

    fn check_items(&self) -> Result<(), Refused> {
        for (n, item) in self.dialect.item.iter().enumerate() {
            if item.heading.is_none() && item.line.is_none() {
                let message = "an item needs a `heading` or a `line` pattern";
                return Err(("dialect.item", n, message.to_owned()));
            }
            let patterns = [&item.heading, &item.line, &item.under];
            for pattern in patterns.into_iter().flatten() {
                Pattern::parse(pattern).map_err(|message| ("dialect.item", n, message))?;
            }
        }
        Ok(())
    }

    /// A path that a server cannot have would be found out by its users only.
    fn check_paths(&self, file: &SourceFile) -> Result<(), Diagnostic> {
        let program = self.program.iter();
        let program = program.flat_map(|p| {
            let commands = p.commands.iter();
            let commands = commands.map(|path| ("program", "commands", path));
            [("program", "events", &p.events)]
                .into_iter()
                .chain(commands)
        });
        let socket = ("socket", "path", &self.socket.path);
        let mut wrong = program.chain([socket]).filter(|(table, _, path)| {
            let parts = path.strip_prefix('/').map(|parts| parts.split('/'));
            let is_root = *table == "socket" && *path == "/";
            !is_root && !parts.is_some_and(|mut parts| parts.all(is_unreserved))
        });
        let Some((within, key, path)) = wrong.next() else {
            return Ok(());
        };
        let message = format!("`{key}` is no path: `{path}`");
        Err(Diagnostic::error(Code::BadConfig, message)
            .help("begin with `/`; its parts are of letters, digits, `-`, `_`, `.` and `~`")
            .at(file.location(table(file.text(), within))))
    }
}

/// Whether an address has a scheme and a host, and nothing behind its path.
fn is_root(root: &str) -> bool {
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| root.strip_prefix(scheme));
    rest.is_some_and(|rest| {
        let mut parts = rest.split('/');
        let host = parts.next().unwrap_or_default();
        let is_host = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        !host.is_empty() && host.chars().all(is_host) && parts.all(is_unreserved)
    })
}

/// A part of a path that needs no encoding.
fn is_unreserved(part: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    !part.is_empty() && part.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_means_nothing_is_refused_with_its_place_and_mend() {
        let read = |reply: &str| {
            let text = format!("title = \"x\"\ntransport = \"http-json\"\n[reply]\n{reply}");
            Config::read(&SourceFile::new("provider.toml", &text))
        };
        for (reply, message) in [
            (
                "success = [\"0\"]",
                "`success` has no effect: no `code` is declared",
            ),
            (
                "busy = [\"7\"]",
                "`busy` has no effect: no `code` is declared",
            ),
            (
                "code = \"c\"",
                "every reply would be a failure: no `c` is a success",
            ),
            ("code = \"c\"\nsuccess = [\"!\"]", "`!` names no code"),
            (
                "code = [\"c\"]\nsuccess = [\"!0\", \"\", \"1\"]",
                "`1` has no effect beside `!0`",
            ),
            (
                "code = \"c\"\nsuccess = [\"0\"]\nbusy = [\"\"]",
                "`busy` is a list of codes, and `` is none",
            ),
            (
                "code = \"c\"\nsuccess = [\"!0\"]\nbusy = [\"7\"]",
                "the code `7` means `success` and `busy`",
            ),
            (
                "code = \"c\"\nsuccess = [\"0\"]\nexpired = [\"!1\"]",
                "`expired` is a list of codes, and `!1` is none",
            ),
            (
                "code = \"c\"\nsuccess = [\"0\", \"-14\"]\nexpired = [\"-14\"]",
                "the code `-14` means `success` and `expired`",
            ),
            (
                "code = \"c\"\nsuccess = [\"0\"]\nbusy = [\"7\"]\nexpired = [\"7\"]",
                "the code `7` means `busy` and `expired`",
            ),
        ] {
            let error = read(reply).expect_err(reply);
            assert_eq!(error.message, message);
            assert!(error.help.is_some() && error.at.is_some(), "{reply}");
        }
        let several = read("code = [\"ret\", \"errcode\"]\nsuccess = [\"!0\", \"!-1\", \"\"]");
        assert_eq!(several.expect("a list").reply.code, ["ret", "errcode"]);
        let neither = read("code = 1\nsuccess = [\"0\"]").expect_err("no key");
        assert!(
            neither.message.contains("a key, or a list of keys"),
            "{}",
            neither.message
        );
    }

    #[test]
    fn a_path_that_no_server_can_have_is_refused_with_its_place() {
        let program = |events: &str| {
            format!(
                "title = \"x\"\ntransport = \"poll\"\n[program]\nevents = \"{events}\"\ncommands = \"/b\"\n\
                 account = \"a\"\nprocess = \"p\"\n"
            )
        };
        let socket = |path: &str| {
            format!("title = \"x\"\ntransport = \"websocket\"\n[socket]\npath = \"{path}\"\n")
        };
        let read = |text: &str| Config::read(&SourceFile::new("provider.toml", text));
        for text in [program("a"), program("/a b"), program("/a/"), socket("ws")] {
            let error = read(&text).unwrap_err();
            assert!(error.message.contains("is no path"), "{}", error.message);
            assert_eq!(error.at.unwrap().line, 3, "{text}");
        }
        for text in [program("/a/b"), socket("/"), socket("/x/ws")] {
            assert!(read(&text).is_ok(), "{text}");
        }
    }
}
