//! A program that runs: its tasks, what it has done, its bad days.

use super::builder::Builder;
use super::execute::{Executed, Verdict};
use super::written::Messages;
use crate::http_client::HttpClient;
use crate::lock;
use crate::panics::Panics;
use crate::people::{self, Person};
use catalog::spelling::did_you_mean;
use form_urlencoded::Serializer;
use hyper::Method;
use serde_json::Value;
use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many commands are remembered.
const REMEMBERED: usize = 10_000;

/// What a program does on a bad day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Whatever is posted is posted twice.
    Duplicate,
    /// Results are posted so much later.
    Late(Duration),
    /// Before each event, something is posted that is no JSON.
    Malformed,
    /// After so many polls it starts anew, as another process; what it has fetched and not reported is forgotten.
    Restart(u64),
    /// No result is ever posted.
    Silent,
}

/// What a program has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Numbers {
    /// Times that it asked for commands and was answered.
    pub polls: u64,
    /// Posts that were taken.
    pub posted: u64,
    /// Posts that were refused or not answered.
    pub failed: u64,
    /// Commands that it fetched.
    pub fetched: u64,
}

/// Why an event was not taken.
#[derive(Debug)]
#[non_exhaustive]
pub enum Unposted {
    /// The documents print no such event.
    Unknown,
    /// The event has no such field.
    NoSuchField(String),
    /// The server refused it with this status.
    Refused(u16),
    /// There was no answer.
    NoAnswer(io::Error),
}

impl fmt::Display for Unposted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("the documents print no such event"),
            Self::NoSuchField(why) => f.write_str(why),
            Self::Refused(status) => write!(f, "the server refused the event: {status}"),
            Self::NoAnswer(error) => write!(f, "no answer: {error}"),
        }
    }
}

impl std::error::Error for Unposted {}

/// A running program; it stops when this is dropped. What has panicked in a judge or an observer of the test's goes on
/// then, so that the test fails.
pub struct Program {
    machine: Arc<Machine>,
    _tasks: JoinSet<()>,
}

struct Machine {
    setup: Builder,
    messages: Messages,
    client: HttpClient,
    /// Where events go.
    events: String,
    process: Mutex<String>,
    /// Whether the account has logged out: nothing is executed until somebody logs in again.
    logged_out: AtomicBool,
    panics: Panics,
    executed: Mutex<VecDeque<Executed>>,
    polls: AtomicU64,
    posted: AtomicU64,
    failed: AtomicU64,
    fetched: AtomicU64,
    /// What was fetched, on its way to be executed.
    commands: mpsc::UnboundedSender<(Value, String)>,
}

impl Program {
    pub(super) fn run(
        setup: Builder,
        messages: Messages,
        events: String,
        inbox: Option<String>,
    ) -> Self {
        let (commands, fetched) = mpsc::unbounded_channel();
        let machine = Arc::new(Machine {
            process: Mutex::new(setup.process.clone()),
            logged_out: AtomicBool::new(false),
            panics: Panics::default(),
            executed: Mutex::default(),
            polls: AtomicU64::new(0),
            posted: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            fetched: AtomicU64::new(0),
            commands,
            messages,
            client: HttpClient::keeping(),
            events,
            setup,
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(execute(Arc::clone(&machine), fetched));
        if let (Some(every), Some(inbox)) = (machine.setup.poll_every, inbox) {
            tasks.spawn(poll(Arc::clone(&machine), inbox, every));
        }
        if let Some(every) = machine.setup.events_every {
            tasks.spawn(tell(Arc::clone(&machine), every));
        }
        Self {
            machine,
            _tasks: tasks,
        }
    }

    /// The account that is logged in.
    pub fn me(&self) -> Person {
        let account = &self.machine.setup.account;
        Person::new(account, people::name(account))
    }

    /// The commands so far, refused ones among them, the oldest first.
    pub fn executed(&self) -> Vec<Executed> {
        lock(&self.machine.executed).iter().cloned().collect()
    }

    /// What it has done so far.
    pub fn numbers(&self) -> Numbers {
        let read = |number: &AtomicU64| number.load(Ordering::Relaxed);
        Numbers {
            polls: read(&self.machine.polls),
            posted: read(&self.machine.posted),
            failed: read(&self.machine.failed),
            fetched: read(&self.machine.fetched),
        }
    }

    /// The process that it is now.
    pub fn process(&self) -> String {
        lock(&self.machine.process).clone()
    }

    /// Ends and starts as another process.
    pub fn restart(&self) -> String {
        self.machine.restart()
    }

    /// Posts a documented event as it is printed, told by this program's account.
    ///
    /// # Errors
    ///
    /// If there is no such event, or the server does not take it.
    pub async fn post(&self, code: &str) -> Result<(), Unposted> {
        self.post_with(code, Vec::new()).await
    }

    /// The same, with fields of the payload set.
    ///
    /// # Errors
    ///
    /// If there is no such event, or it has no such field, or the server does not take it.
    pub async fn post_with(&self, code: &str, fields: Vec<(&str, Value)>) -> Result<(), Unposted> {
        let messages = &self.machine.messages;
        let event = messages.event(code, &self.machine.setup.account);
        let event = event.ok_or(Unposted::Unknown)?;
        if let Some((name, _)) = fields
            .iter()
            .find(|(name, _)| !messages.has_field(code, name))
        {
            let near = did_you_mean(name, messages.fields(code));
            return Err(Unposted::NoSuchField(format!(
                "{code} has no field `{name}`{near}"
            )));
        }
        let event = messages.with(event, &fields);
        self.post_raw(&event.to_string()).await
    }

    /// Posts any text.
    ///
    /// # Errors
    ///
    /// If the server does not take it.
    pub async fn post_raw(&self, body: &str) -> Result<(), Unposted> {
        match self.machine.post(body).await {
            Ok(200..=299) => Ok(()),
            Ok(status) => Err(Unposted::Refused(status)),
            Err(error) => Err(Unposted::NoAnswer(error)),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.machine.panics.pass_on();
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program")
            .field("program", &self.machine.messages.vendor().name())
            .field("numbers", &self.numbers())
            .finish_non_exhaustive()
    }
}

impl Machine {
    fn has(&self, fault: Fault) -> bool {
        self.setup.faults.contains(&fault)
    }

    fn say(&self, line: &str) {
        if let Some(observer) = &self.setup.observer {
            self.panics.catch(|| observer(line));
        }
    }

    fn restart(&self) -> String {
        let process = fastrand::u32(1000..61_000).to_string();
        *lock(&self.process) = process.clone();
        self.say(&format!("restarted as process {process}"));
        process
    }

    /// Takes the commands out of an answer.
    fn fetched(&self, answer: &str) {
        let commands: Vec<Value> = serde_json::from_str(answer).unwrap_or_default();
        let process = lock(&self.process).clone();
        // A demo of the vendor's answers `[{}]`, and means none.
        let is_command = |command: &Value| {
            command
                .as_object()
                .is_none_or(|members| !members.is_empty())
        };
        for command in commands.into_iter().filter(is_command) {
            self.fetched.fetch_add(1, Ordering::Relaxed);
            // The one who executes is there as long as the program is.
            let _ = self.commands.send((command, process.clone()));
        }
    }

    async fn ask(&self, method: Method, url: &str, body: &str) -> io::Result<(u16, String)> {
        let asked = self
            .client
            .ask(method, url, "application/json", body.to_owned());
        let answer = timeout(PATIENCE, asked).await;
        answer.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    async fn post(&self, body: &str) -> io::Result<u16> {
        let times = if self.has(Fault::Duplicate) { 2 } else { 1 };
        let mut first = None;
        for _ in 0..times {
            let answer = self.ask(Method::POST, &self.events, body).await;
            let taken = matches!(answer, Ok((200..=299, _)));
            let count = if taken { &self.posted } else { &self.failed };
            count.fetch_add(1, Ordering::Relaxed);
            if let Ok((200..=299, commands)) = &answer {
                self.fetched(commands);
            }
            first.get_or_insert(answer.map(|(status, _)| status));
        }
        first.unwrap_or_else(|| Err(io::ErrorKind::NotFound.into()))
    }

    /// What comes of a command that is complete: nothing while nobody is logged in, otherwise what the test says.
    fn judged(&self, executed: &Executed) -> Verdict {
        let name = &executed.name;
        let logs_in = self.messages.logs_in(name);
        if self.logged_out.load(Ordering::Relaxed) && !logs_in {
            return Verdict::Refused("nobody is logged in".to_owned());
        }
        let judge = self.setup.judge.as_deref();
        let verdict = match judge {
            Some(judge) => self
                .panics
                .catch(|| judge(executed))
                .unwrap_or(Verdict::Silence),
            None => Verdict::Done,
        };
        if verdict == Verdict::Done && (logs_in || self.messages.logs_out(name)) {
            self.logged_out.store(!logs_in, Ordering::Relaxed);
        }
        verdict
    }

    /// Posts until it is taken, for a while: what a program has to report, it has to report.
    async fn report(&self, body: &str) {
        for _ in 0..200 {
            if let Ok(200..=299) = self.post(body).await {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Asks for commands.
async fn poll(machine: Arc<Machine>, inbox: String, every: Duration) {
    let visits = machine.messages.visits();
    loop {
        let query = Serializer::new(String::new())
            .append_pair(&visits.account, &machine.setup.account)
            .append_pair(&visits.process, &lock(&machine.process))
            .finish();
        let url = format!("{inbox}?{query}");
        if let Ok((200, commands)) = machine.ask(Method::GET, &url, "").await {
            let polls = machine.polls.fetch_add(1, Ordering::Relaxed) + 1;
            machine.fetched(&commands);
            for fault in &machine.setup.faults {
                if let Fault::Restart(after) = fault
                    && polls.is_multiple_of((*after).max(1))
                {
                    machine.restart();
                }
            }
        }
        sleep(every).await;
    }
}

/// Posts one documented event after the other.
async fn tell(machine: Arc<Machine>, every: Duration) {
    let (messages, account) = (&machine.messages, &machine.setup.account);
    for event in messages.events().cycle() {
        if machine.logged_out.load(Ordering::Relaxed) {
            sleep(every).await;
            continue;
        }
        let code = event.wire.first().map(String::as_str).unwrap_or_default();
        let body = messages.told_by(event, code, account).to_string();
        if machine.has(Fault::Malformed) {
            // Refused, of course.
            let _ = machine.post("{\"data\":").await;
        }
        let answer = machine.post(&body).await;
        let status = answer.map_or_else(|error| error.to_string(), |status| status.to_string());
        machine.say(&format!("event {code} {}: {status}", event.title));
        sleep(every).await;
    }
}

/// Executes what was fetched, one command after the other.
async fn execute(machine: Arc<Machine>, mut fetched: mpsc::UnboundedReceiver<(Value, String)>) {
    let (setup, messages) = (&machine.setup, &machine.messages);
    while let Some((command, process)) = fetched.recv().await {
        let late = setup.faults.iter().find_map(|fault| match fault {
            Fault::Late(time) => Some(*time),
            _ => None,
        });
        if let Some(time) = late {
            sleep(time).await;
        }
        if *lock(&machine.process) != process {
            // The process that had it is gone, and has taken it along.
            continue;
        }
        let done = messages.execute(&command, &setup.account, &process, |executed| {
            machine.judged(executed)
        });
        let what = done.executed.refused.as_deref().unwrap_or("executed");
        machine.say(&format!(
            "command {}: {what}",
            line(&messages.name(&command))
        ));
        {
            let mut executed = lock(&machine.executed);
            if executed.len() >= REMEMBERED {
                executed.pop_front();
            }
            executed.push_back(done.executed);
        }
        if !machine.has(Fault::Silent) {
            for post in done.posts {
                machine.report(&post.to_string()).await;
            }
        }
    }
}

/// A stranger's text as part of a line.
fn line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
