//! Owns the program that comes to the user's server: its part of the command line, and its run.

use std::io;
use std::time::Duration;

use generated_sdk::runtime::mock::program::{Builder, Fault};
use generated_sdk::wequick;

use super::args::seconds;

/// What the mock program is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) server: String,
    first_version: bool,
    account: String,
    process: String,
    secret: Option<String>,
    poll_every: Duration,
    events_every: Duration,
    faults: Vec<Fault>,
}

/// Understands the words around the provider's name.
pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Result<Options, String> {
    let mut words = words.into_iter();
    let mut options = Options {
        server: "http://127.0.0.1:8080".to_owned(),
        first_version: false,
        account: "wxid_example".to_owned(),
        process: "7768".to_owned(),
        secret: None,
        poll_every: Duration::from_secs(1),
        events_every: Duration::from_secs(2),
        faults: Vec::new(),
    };
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word, None),
        };
        let mut value = |what: &str| {
            let value = value.clone().or_else(|| words.next());
            value.ok_or_else(|| format!("`{name}` needs {what}"))
        };
        match name.as_str() {
            "--server" => options.server = value("an address")?,
            "--api" => options.first_version = is_first(&value("v1 or v2")?)?,
            "--account" => options.account = value("an account")?,
            "--pid" => options.process = value("a process")?,
            "--secret" => options.secret = Some(value("the last segment of both paths")?),
            "--poll-every" => options.poll_every = seconds(&value("a number of seconds")?)?,
            "--incoming-every" => options.events_every = seconds(&value("a number of seconds")?)?,
            "--misbehave" => options.faults.push(fault(&value("a bad habit")?)?),
            other if other.starts_with('-') => return Err(format!("there is no option `{other}`")),
            _ => return Err("one provider at a time".to_owned()),
        }
    }
    Ok(options)
}

fn is_first(api: &str) -> Result<bool, String> {
    match api {
        "v1" => Ok(true),
        "v2" => Ok(false),
        other => Err(format!("there is no API `{other}`; there are v1 and v2")),
    }
}

fn fault(habit: &str) -> Result<Fault, String> {
    Ok(match habit {
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

impl Options {
    /// The program, ready to start.
    pub(crate) fn builder(&self) -> Builder {
        let builder = match self.first_version {
            true => wequick::v1::mock::program(&*self.server),
            false => wequick::v2::mock::program(&*self.server),
        };
        let mut builder = builder
            .account(&*self.account)
            .process(&*self.process)
            .poll_every(self.poll_every)
            .events_every(self.events_every);
        if let Some(secret) = &self.secret {
            builder = builder.secret_path(secret);
        }
        for fault in &self.faults {
            builder = builder.fault(*fault);
        }
        builder
    }

    /// What people are told when it starts.
    pub(crate) fn greeting(&self) -> String {
        let api = if self.first_version { "v1" } else { "v2" };
        format!(
            "wequick {api} mock program: {} as process {} comes to {} (Ctrl-C stops it)",
            self.account, self.process, self.server
        )
    }
}

/// Runs until Ctrl-C.
pub(crate) async fn run(
    options: &Options,
    say: impl Fn(&str) + Send + Sync + 'static,
) -> io::Result<()> {
    say(&options.greeting());
    let program = options.builder().observe(say).start()?;
    tokio::signal::ctrl_c().await?;
    drop(program);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &str) -> Result<Options, String> {
        parse(words.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn nothing_has_to_be_said() {
        let options = parsed("").unwrap();
        assert_eq!(options.server, "http://127.0.0.1:8080");
        assert!(
            options.greeting().contains("v2 mock program"),
            "{}",
            options.greeting()
        );
    }

    #[test]
    fn everything_can_be_said() {
        let words = "--server=http://127.0.0.1:1 --api v1 --account a --pid 1 --secret s --poll-every 0.5 \
                     --incoming-every=3 --misbehave late --misbehave=restart";
        let options = parsed(words).unwrap();
        assert!(options.first_version);
        assert_eq!(options.secret.as_deref(), Some("s"));
        assert_eq!(options.poll_every, Duration::from_millis(500));
        assert_eq!(options.faults.len(), 2);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (words, said) in [
            ("--api v3", "there are v1 and v2"),
            ("--misbehave loudly", "no bad habit"),
            ("--server", "needs an address"),
            ("--listen 127.0.0.1:1", "no option `--listen`"),
            ("eyun", "one provider"),
        ] {
            let message = parsed(words).unwrap_err();
            assert!(message.contains(said), "{words}: {message}");
        }
    }
}
