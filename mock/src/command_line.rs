//! The command line: words in, what to play out.

use lexopt::{Arg, Parser, ValueExt};
use mock_gateway::{Encoding, ilink, program};
use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// The same as `cargo xtask mock --help` shows.
pub(crate) const USAGE: &str = include_str!("usage.txt");

/// What is to be played.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) id: String,
    pub(crate) catalog: Option<PathBuf>,
    pub(crate) api: Option<String>,
    pub(crate) incoming_every: Option<Duration>,
    /// Options of gateways.
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) strict: bool,
    pub(crate) verify_first: bool,
    pub(crate) echo: bool,
    /// By address; with no name, of all.
    pub(crate) encodings: Vec<(String, Encoding)>,
    pub(crate) scans: Vec<ilink::Scan>,
    /// Options of programs.
    pub(crate) server: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) process: Option<String>,
    pub(crate) secret: Option<String>,
    pub(crate) poll_every: Option<Duration>,
    pub(crate) misbehave: Vec<program::Fault>,
}

/// Understands the words behind the program's name; nothing if they ask for help.
pub(crate) fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Option<Options>, String> {
    let mut parser = Parser::from_args(words);
    let mut options = Options::default();
    while let Some(arg) = parser.next().map_err(|error| error.to_string())? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            Arg::Long("strict") => options.strict = true,
            Arg::Long("verify-first") => options.verify_first = true,
            Arg::Long("echo") => options.echo = true,
            Arg::Long(name) => {
                let name = name.to_owned();
                option(&name, &mut parser, &mut options)?;
            }
            Arg::Short(name) => return Err(format!("there is no option `-{name}`")),
            Arg::Value(_) if !options.id.is_empty() => {
                return Err("one provider at a time".to_owned());
            }
            Arg::Value(id) => options.id = text(id)?,
        }
    }
    let of_one = [
        ("eyun", "--verify-first", options.verify_first),
        ("padchat", "--echo", options.echo),
        ("dami", "--encoding", !options.encodings.is_empty()),
        ("ilink", "--scan", !options.scans.is_empty()),
    ];
    let id = options.id.as_str();
    let strange = of_one
        .iter()
        .find(|(known, _, given)| *given && *known != id);
    match (id, strange) {
        ("", _) => Err("which provider? there are dami, eyun, ilink, padchat, wequick".to_owned()),
        (id, Some((_, option, _))) => Err(format!("`{option}` says nothing to {id}")),
        _ => Ok(Some(options)),
    }
}

fn option(name: &str, parser: &mut Parser, options: &mut Options) -> Result<(), String> {
    let mut value = |what: &str| {
        let value = parser.value();
        value.map_err(|_| format!("`--{name}` needs {what}"))
    };
    const SECONDS: &str = "a number of seconds";
    match name {
        "catalog" => options.catalog = Some(value("a folder")?.into()),
        "api" => options.api = Some(text(value("an API")?)?),
        "listen" => options.listen = Some(listen(&text(value("an address")?)?)?),
        "incoming-every" => options.incoming_every = Some(seconds(&text(value(SECONDS)?)?)?),
        "encoding" => options
            .encodings
            .push(encoding(&text(value("json, form or multipart")?)?)?),
        "scan" => options
            .scans
            .push(text(value("a way to scan a code")?)?.parse()?),
        "server" => options.server = Some(text(value("an address")?)?),
        "account" => options.account = Some(text(value("an account")?)?),
        "pid" => options.process = Some(text(value("a process")?)?),
        "secret" => options.secret = Some(text(value("the last segment of both paths")?)?),
        "poll-every" => options.poll_every = Some(seconds(&text(value(SECONDS)?)?)?),
        "misbehave" => options
            .misbehave
            .push(habit(&text(value("a bad habit")?)?)?),
        _ => return Err(format!("there is no option `--{name}`")),
    }
    Ok(())
}

impl Options {
    /// Refuses what says nothing to what is played: a gateway, or a program.
    pub(crate) fn check(&self, is_program: bool) -> Result<(), String> {
        let gateways = [
            ("--listen", self.listen.is_some()),
            ("--strict", self.strict),
        ];
        let programs = [
            ("--server", self.server.is_some()),
            ("--account", self.account.is_some()),
            ("--pid", self.process.is_some()),
            ("--secret", self.secret.is_some()),
            ("--poll-every", self.poll_every.is_some()),
            ("--misbehave", !self.misbehave.is_empty()),
        ];
        let others: &[(&str, bool)] = if is_program { &gateways } else { &programs };
        match others.iter().find(|(_, given)| *given) {
            Some((option, _)) => Err(format!("`{option}` says nothing to {}", self.id)),
            None => Ok(()),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, 8787));
        self.listen.unwrap_or(usual)
    }
}

fn text(word: OsString) -> Result<String, String> {
    word.string().map_err(|error| error.to_string())
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    let text = text.replace("localhost", "127.0.0.1");
    let address: SocketAddr = text
        .parse()
        .map_err(|_| format!("`{text}` is no address; say 127.0.0.1:8787 or [::1]:8787"))?;
    match address.ip().is_loopback() {
        true => Ok(address),
        false => Err(format!(
            "`{text}` is not a loopback address: the gateway trusts everybody who can reach it"
        )),
    }
}

/// `multipart`, or `messagelog=form`.
fn encoding(text: &str) -> Result<(String, Encoding), String> {
    let (address, kind) = text.split_once('=').unwrap_or(("", text));
    let encoding = Encoding::of(kind);
    let encoding =
        encoding.ok_or_else(|| format!("`{kind}` is none of json, form and multipart"))?;
    Ok((address.to_owned(), encoding))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().unwrap_or(f64::NAN);
    if seconds.is_finite() && (0.01..=86_400.0).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err(format!(
            "`{text}` is no number of seconds from 0.01 to 86400"
        ))
    }
}

fn habit(name: &str) -> Result<program::Fault, String> {
    use program::Fault;
    Ok(match name {
        "duplicate" => Fault::Duplicate,
        "late" => Fault::Late(Duration::from_secs(3)),
        "malformed" => Fault::Malformed,
        "restart" => Fault::Restart(10),
        "silent" => Fault::Silent,
        other => {
            return Err(format!(
                "`{other}` is no bad habit; there are duplicate, late, malformed, restart and silent"
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &str) -> Result<Option<Options>, String> {
        parse(words.split_whitespace().map(OsString::from))
    }

    fn options(words: &str) -> Options {
        match parsed(words) {
            Ok(Some(options)) => options,
            other => panic!("{words}: {other:?}"),
        }
    }

    #[test]
    fn a_provider_is_enough() {
        let eyun = options("eyun");
        assert_eq!(eyun.address().to_string(), "127.0.0.1:8787");
        assert_eq!((eyun.id.as_str(), eyun.verify_first), ("eyun", false));
        assert_eq!(
            options("my-vendor --catalog x/y").catalog,
            Some("x/y".into())
        );
    }

    #[test]
    fn options_come_in_both_spellings() {
        for words in [
            "eyun --listen 127.0.0.1:0 --incoming-every 0.5",
            "--listen=localhost:0 --incoming-every=0.5 eyun",
        ] {
            let options = options(words);
            assert_eq!(options.address().port(), 0);
            assert_eq!(options.incoming_every, Some(Duration::from_millis(500)));
        }
        assert_eq!(parsed("--help"), Ok(None));
        let dami = options("dami --strict --encoding form --encoding messagelog=json");
        let (all, one) = (
            (String::new(), Encoding::Form),
            ("messagelog".to_owned(), Encoding::Json),
        );
        assert_eq!((dami.strict, dami.encodings), (true, vec![all, one]));
        assert!(options("padchat --echo").echo);
    }

    #[test]
    fn all_of_a_program_can_be_said() {
        let words = "wequick --server=http://127.0.0.1:1 --api v1 --account a --pid 1 --secret s --poll-every 0.5 \
                     --incoming-every=3 --misbehave late --misbehave=restart";
        let options = options(words);
        assert_eq!(options.api.as_deref(), Some("v1"));
        assert_eq!(options.secret.as_deref(), Some("s"));
        assert_eq!(options.poll_every, Some(Duration::from_millis(500)));
        assert_eq!(options.misbehave.len(), 2);
        assert!(options.check(true).is_ok());
        assert_eq!(
            options.check(false),
            Err("`--server` says nothing to wequick".to_owned())
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (words, said) in [
            ("", "which provider"),
            ("padchat --verify-first", "says nothing to padchat"),
            ("eyun --echo", "says nothing to eyun"),
            ("padchat --encoding form", "says nothing to padchat"),
            ("dami --encoding xml", "none of json"),
            ("ilink --scan twice", "no way to scan"),
            ("eyun --scan expired", "says nothing to eyun"),
            ("eyun dami", "one provider"),
            ("eyun --listen 0.0.0.0:8787", "not a loopback"),
            ("eyun --listen 8787", "no address"),
            ("eyun --listen", "needs an address"),
            ("eyun --any", "no option `--any`"),
            ("eyun --incoming-every -1", "no number of seconds"),
            ("wequick --misbehave loudly", "no bad habit"),
            ("wequick --server", "needs an address"),
        ] {
            let message = parsed(words).unwrap_err();
            assert!(message.contains(said), "{words}: {message}");
        }
    }
}
