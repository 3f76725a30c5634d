//! A login that waits for a person: how far it is, and what came of it.

use super::grants::elsewhere;
use super::job::{Asking, Progress};
use super::login::{CodeLogin, EntersCode};
use super::plan::Condition;
use crate::runtime::call::{Core, Error, ErrorKind, Grant, Prepared, Reply, Rest};
use crate::runtime::codec::{Scalar, ScalarKind, Secret};
use std::fmt;

/// A login that waits for a person.
///
/// Dropping it ends the questions; what was shown stays good for as long as the vendor says.
#[must_use = "nobody is logged in until the questions have led to `Done`"]
#[non_exhaustive]
pub struct PendingLogin<R: CodeLogin> {
    /// What a person scans or opens: often the address of a picture. [`LoginStep::Renewed`] replaces it.
    pub shown: String,
    /// The whole answer that it came in.
    pub reply: Reply<R::Reply>,
    asking: Asking,
    is_asked: bool,
    core: Core,
    renews: bool,
    /// What starts it once more.
    start: Box<Prepared>,
    /// How many times it was started.
    codes: u32,
}

/// How far a login is.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoginStep<R: CodeLogin> {
    /// The person has not done everything yet; the reply may say what is missing.
    Waiting(Reply<R::Answer>),
    /// The person verifies at this address.
    Verify {
        /// The address.
        url: String,
        /// The whole answer.
        reply: Reply<R::Answer>,
    },
    /// The person types what the phone shows, and [`PendingLogin::enter`] takes it; wanted once more, it was wrong.
    Enter(Reply<R::Answer>),
    /// What was shown is of no use any more: this is shown instead.
    Renewed {
        /// What a person scans or opens now.
        shown: String,
        /// The whole answer that it came in.
        reply: Reply<R::Reply>,
    },
    /// Somebody was logged in before: what that login yielded stays good, and this one yields nothing.
    Already(Reply<R::Answer>),
    /// Somebody is logged in.
    Done(LoggedIn<R>),
}

/// What a person has to do now, in words.
impl<R: CodeLogin> fmt::Display for LoginStep<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting(_) => f.write_str("waiting for the person"),
            Self::Verify { url, .. } => write!(f, "verify first: open {url}"),
            Self::Enter(_) => f.write_str("type what the phone shows"),
            Self::Renewed { shown, .. } => write!(f, "scan this one instead: {shown}"),
            Self::Already(_) => f.write_str("logged in before"),
            Self::Done(_) => f.write_str("logged in"),
        }
    }
}

impl<R: CodeLogin> LoginStep<R> {
    /// Says on standard error what a person has to do, and reads from standard input what one has to type: for
    /// [`until_done`](PendingLogin::until_done) in a program that runs in a terminal. The thread waits for the line.
    ///
    /// ```no_run
    /// # use generated_sdk::{Error, LoginByCode, LoginStep, runtime::CodeLogin};
    /// # async fn example<R: CodeLogin>(login: LoginByCode<R>) -> Result<(), Error> {
    /// let login = login.await?;
    /// eprintln!("scan {}", login.shown);
    /// let done = login.until_done(LoginStep::in_terminal).await?;
    /// # let _ = done;
    /// # Ok(()) }
    /// ```
    pub fn in_terminal(&self) -> Option<String> {
        eprintln!("{self}");
        if !matches!(self, Self::Enter(_)) {
            return None;
        }
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line);
        read.ok().filter(|read| *read > 0)?;
        Some(line.trim().to_owned())
    }
}

/// What whoever is told of a step answers: nothing, or what a person has typed.
pub trait Typed {
    /// What was typed.
    fn typed(self) -> Option<Secret>;
}

impl Typed for () {
    fn typed(self) -> Option<Secret> {
        None
    }
}

impl<T: Into<Secret>> Typed for Option<T> {
    fn typed(self) -> Option<Secret> {
        self.map(Into::into)
    }
}

/// Somebody is logged in.
#[derive(Debug)]
#[non_exhaustive]
pub struct LoggedIn<R: CodeLogin> {
    /// From where calls are made.
    pub handle: R::Handle,
    /// Who it is, as the last answer says.
    pub reply: Reply<R::Answer>,
    /// The answer has yielded something; otherwise an earlier login goes on.
    pub is_new: bool,
}

impl<R: CodeLogin> PendingLogin<R> {
    pub(super) fn begun(
        started: Rest,
        start: Box<Prepared>,
        asking: Asking,
        (core, renews): (Core, bool),
    ) -> Result<Self, Error> {
        Ok(Self {
            shown: shown::<R>(&started)?,
            reply: Reply::of(started),
            asking,
            is_asked: false,
            core,
            renews,
            start,
            codes: 1,
        })
    }

    /// Asks how far the login is, and waits for the answer; after the first time it keeps the distance to the
    /// question before. Questions that get lost are asked again.
    ///
    /// # Errors
    ///
    /// A login that the vendor calls failed is of the kind [`Vendor`](crate::ErrorKind::Vendor), with the state as its
    /// code; one that takes too long of the kind [`NoAnswer`](crate::ErrorKind::NoAnswer); one that leads elsewhere of
    /// the kind [`WrongHost`](crate::ErrorKind::WrongHost). After any other error the question may be asked again.
    pub async fn next(&mut self) -> Result<LoginStep<R>, Error> {
        loop {
            if std::mem::replace(&mut self.is_asked, true) {
                self.asking.pause().await;
            }
            let progress = self.asking.ask_once().await;
            let (rest, is_done) = match progress.map_err(|(error, _)| error)? {
                Progress::Nothing => continue,
                Progress::Open(rest) => (rest, false),
                Progress::Done(rest) => (rest, true),
            };
            return self.step(rest, is_done).await;
        }
    }

    /// Asks until somebody is logged in; what a person has to do meanwhile is told, each thing once, and what one has to
    /// type is what the function answers then: see [`LoginStep::in_terminal`].
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next). Where a person has to type something and the function answers nothing, that is
    /// [`Misuse`](crate::ErrorKind::Misuse). Where somebody was logged in before, and this client has nothing of that
    /// login, it is [`Vendor`](crate::ErrorKind::Vendor): the client that has saved it goes on.
    pub async fn until_done<T: Typed>(
        mut self,
        mut tell: impl FnMut(&LoginStep<R>) -> T,
    ) -> Result<LoggedIn<R>, Error> {
        let mut told = String::new();
        loop {
            let step = self.next().await?;
            let said = step.to_string();
            match step {
                LoginStep::Done(done) => return Ok(done),
                LoginStep::Already(reply) => return self.went_on(reply).await,
                LoginStep::Enter(_) => {
                    let Some(typed) = tell(&step).typed() else {
                        return Err(Error::misuse(
                            "the login wants something typed: let the function answer it, or ask with `next`, and give it with \
                             `enter`",
                        ));
                    };
                    self.typed(typed);
                }
                step if said != told => _ = tell(&step),
                _ => {}
            }
            told = said;
        }
    }

    /// The client as it is, where it has what an earlier login yielded.
    async fn went_on(self, reply: Reply<R::Answer>) -> Result<LoggedIn<R>, Error> {
        let poll = R::PLAN.job.poll;
        let token =
            self.core.token().await.map_err(|source| {
                Error::new(ErrorKind::NotSent, poll).with_source(source, false)
            })?;
        if token.is_none() {
            let state = R::PLAN.already.and_then(|when| when.holds(reply.rest()));
            let message = "somebody was logged in before: what that login yielded stays good, and this client has nothing of it";
            return Err(failed::<R>(state, message.to_owned()));
        }
        Ok(LoggedIn {
            handle: R::handle(self.core, &self.asking.key()),
            reply,
            is_new: false,
        })
    }

    async fn step(&mut self, rest: Rest, is_done: bool) -> Result<LoginStep<R>, Error> {
        let plan = R::PLAN;
        let holds = |when: &Condition| when.holds(&rest).is_some();
        if let Some((_, at)) = plan.verify.filter(|(when, _)| holds(when)) {
            let Some(url) = rest.text(at) else {
                let message = "a person has to verify, but the answer does not say where";
                return Err(rest.unusable(plan.job.poll, message.to_owned()));
            };
            let reply = Reply::of(rest);
            return Ok(LoginStep::Verify { url, reply });
        }
        if let Some((_, at)) = plan.redirect.filter(|(when, _)| holds(when)) {
            let host = rest.text(at).unwrap_or_default();
            let moved = self.core.moved(&host).map_err(|kind| {
                let what = format!("the login goes on elsewhere, but its {}", at.join("."));
                elsewhere(kind, what, &host, &rest, plan.job.poll)
            })?;
            self.asking.move_to(self.core.granted(Grant {
                base_url: Some(moved),
                ..Grant::default()
            }));
            return Ok(LoginStep::Waiting(Reply::of(rest)));
        }
        if let Some(enter) = &plan.enter {
            if enter.when.as_ref().is_some_and(holds) {
                return Ok(LoginStep::Enter(Reply::of(rest)));
            }
            if enter.until.as_ref().is_some_and(holds) {
                self.asking.entered = None;
            }
        }
        if let Some((when, most)) = plan.renew
            && let Some(state) = when.holds(&rest)
        {
            return self.renewed(state, most).await;
        }
        if plan.already.as_ref().is_some_and(holds) {
            return Ok(LoginStep::Already(Reply::of(rest)));
        }
        if !is_done {
            return Ok(LoginStep::Waiting(Reply::of(rest)));
        }
        self.done(rest).map(LoginStep::Done)
    }

    /// Starts anew, where the client was built for, unless that was tried often enough.
    async fn renewed(&mut self, state: String, most: u32) -> Result<LoginStep<R>, Error> {
        if self.codes >= most {
            let message = format!("{most} were shown, and nobody has logged in by them");
            return Err(failed::<R>(Some(state), message));
        }
        let started = self.start.clone().send().await?;
        self.codes += 1;
        self.shown = shown::<R>(&started)?;
        self.asking
            .go_on(&started, R::OPERATION, self.core.at_root())?;
        let reply = Reply::of(started);
        let shown = self.shown.clone();
        Ok(LoginStep::Renewed { shown, reply })
    }

    fn done(&self, rest: Rest) -> Result<LoggedIn<R>, Error> {
        let plan = R::PLAN;
        let grant = plan.grants.read(&rest, &self.core, plan.job.poll)?;
        let core = if self.renews {
            self.core.renew(grant);
            self.core.clone()
        } else {
            self.core.granted(grant)
        };
        Ok(LoggedIn {
            handle: R::handle(core, &self.asking.key()),
            reply: Reply::of(rest),
            is_new: true,
        })
    }

    fn typed(&mut self, typed: Secret) {
        let param = R::PLAN.enter.map(|enter| enter.param);
        self.asking.entered = param.map(|param| (param, typed));
    }
}

impl<R: EntersCode> PendingLogin<R> {
    /// What the person has typed; it goes with every question until an answer says that it has done its part.
    pub fn enter(&mut self, typed: impl Into<Secret>) {
        self.typed(typed.into());
    }
}

/// What is shown to a person.
fn shown<R: CodeLogin>(started: &Rest) -> Result<String, Error> {
    started.text(R::PLAN.shown).ok_or_else(|| {
        let message = "the login was started, but its answer has nothing to show";
        started.unusable(R::OPERATION, message.to_owned())
    })
}

/// A login of which nothing comes, with the state that says so as its code.
fn failed<R: CodeLogin>(state: Option<String>, message: String) -> Error {
    let state = state.map(|state| Scalar::new(&state, ScalarKind::Text));
    Error::new(ErrorKind::Vendor, R::PLAN.job.poll)
        .with_code(state)
        .with_message(Some(message))
}

impl<R: CodeLogin> fmt::Debug for PendingLogin<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingLogin").finish_non_exhaustive()
    }
}
