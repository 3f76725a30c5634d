//! Owns the command line.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::program;

pub(crate) const USAGE: &str = "\
Usage: mock-gateway ID [--listen ADDR] [--verify-first] [--incoming-every SECONDS]
       mock-gateway wequick [--server URL] [--api v1|v2] [--account ID] [--pid N] [--secret WORD]
                            [--poll-every SECONDS] [--incoming-every SECONDS] [--misbehave HABIT]…

Plays a vendor's gateway, for clients in any language, until Ctrl-C; prints a line a request.
For wequick it plays the vendor's program, which comes to a server of yours.

  ID                        the provider: dami, eyun, padchat, wequick
  --listen ADDR             where to listen (default: 127.0.0.1:8787; port 0 takes a free one);
                            a loopback address, for it trusts everybody who can reach it
  --verify-first            eyun: the login asks for a verification first
  --incoming-every SECONDS  a friend writes every so often, once somebody listens
  --server URL              wequick: your server, on this machine (default: http://127.0.0.1:8080)
  --api v1|v2               wequick: which version it speaks (default: v2)
  --account ID, --pid N     wequick: who it is (default: wxid_example, 7768)
  --secret WORD             wequick: the last segment of both paths
  --poll-every SECONDS      wequick: how often it asks for commands (default: 1); it posts one of the documented
                            events every --incoming-every (default: 2)
  --misbehave HABIT         wequick: duplicate, late, malformed, restart or silent; may be repeated
  -h, --help                shows this
";

/// The providers that have a gateway.
const PROVIDERS: [&str; 3] = ["dami", "eyun", "padchat"];

/// The provider that has a program instead.
const PROGRAM: &str = "wequick";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Run(Options),
    Visit(program::Options),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) id: &'static str,
    pub(crate) listen: SocketAddr,
    pub(crate) verify_first: bool,
    pub(crate) incoming_every: Option<Duration>,
}

/// Understands the words behind the program's name.
pub(crate) fn parse(args: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut args: Vec<String> = args.into_iter().collect();
    let asks_for_help = args.iter().any(|word| word == "-h" || word == "--help");
    if let Some(at) = args.iter().position(|word| word == PROGRAM)
        && !asks_for_help
    {
        args.remove(at);
        return program::parse(args).map(Command::Visit);
    }
    let mut args = args.into_iter();
    let mut id = None;
    let mut options = Options {
        id: "",
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8787)),
        verify_first: false,
        incoming_every: None,
    };
    while let Some(word) = args.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => {
                (name.to_owned(), Some(value.to_owned()))
            }
            _ => (word, None),
        };
        let mut value = |what: &str| {
            value
                .clone()
                .or_else(|| args.next())
                .ok_or_else(|| format!("`{name}` needs {what}"))
        };
        match name.as_str() {
            "-h" | "--help" => return Ok(Command::Help),
            "--listen" => options.listen = listen(&value("an address")?)?,
            "--verify-first" => options.verify_first = true,
            "--incoming-every" => {
                options.incoming_every = Some(seconds(&value("a number of seconds")?)?);
            }
            option if option.starts_with('-') => {
                return Err(format!("there is no option `{option}`"));
            }
            given => {
                let known = PROVIDERS.iter().find(|known| **known == given);
                let known = known.ok_or_else(|| {
                    let there = known_providers();
                    format!(
                        "there is no mock gateway for `{given}`; there is one for each of {there}"
                    )
                })?;
                if id.replace(*known).is_some() {
                    return Err("one provider at a time".to_owned());
                }
            }
        }
    }
    options.id = id.ok_or_else(|| {
        let there = known_providers();
        format!("which provider? there is a mock gateway for each of {there}")
    })?;
    if options.verify_first && options.id != "eyun" {
        return Err(format!("`--verify-first` says nothing to {}", options.id));
    }
    Ok(Command::Run(options))
}

fn known_providers() -> String {
    format!("{}, {PROGRAM}", PROVIDERS.join(", "))
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    let text = text.replace("localhost", "127.0.0.1");
    let address: SocketAddr = text
        .parse()
        .map_err(|_| format!("`{text}` is no address; say 127.0.0.1:8787 or [::1]:8787"))?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(format!(
            "`{text}` is not a loopback address: the gateway trusts everybody who can reach it"
        ))
    }
}

pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().unwrap_or(f64::NAN);
    if seconds.is_finite() && (0.01..=86_400.0).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err(format!(
            "`{text}` is no number of seconds from 0.01 to 86400"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &str) -> Result<Command, String> {
        parse(words.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_provider_is_enough() {
        let Ok(Command::Run(options)) = parsed("eyun") else {
            panic!("eyun has a gateway");
        };
        assert_eq!(options.listen.to_string(), "127.0.0.1:8787");
        assert_eq!((options.id, options.verify_first), ("eyun", false));
        assert!(matches!(parsed("padchat"), Ok(Command::Run(_))));
    }

    #[test]
    fn options_come_in_both_spellings() {
        for words in [
            "eyun --listen 127.0.0.1:0 --incoming-every 0.5",
            "--listen=localhost:0 --incoming-every=0.5 eyun",
        ] {
            let Ok(Command::Run(options)) = parsed(words) else {
                panic!("{words}");
            };
            assert_eq!(options.listen.port(), 0);
            assert_eq!(options.incoming_every, Some(Duration::from_millis(500)));
        }
        assert_eq!(parsed("--help"), Ok(Command::Help));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (words, said) in [
            ("", "which provider"),
            ("wechat", "no mock gateway for `wechat`"),
            ("padchat --verify-first", "says nothing to padchat"),
            ("eyun dami", "one provider"),
            ("eyun --listen 0.0.0.0:8787", "not a loopback"),
            ("eyun --listen 8787", "no address"),
            ("eyun --listen", "needs an address"),
            ("eyun --any", "no option `--any`"),
            ("eyun --incoming-every -1", "no number of seconds"),
        ] {
            let message = parsed(words).unwrap_err();
            assert!(message.contains(said), "{words}: {message}");
        }
    }
}
