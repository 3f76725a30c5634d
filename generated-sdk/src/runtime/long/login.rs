//! Logging in: one call whose answer authorises the others, or one that is shown to a person and asked for until it
//! is done.

use super::job::{Asking, Job, Progress, Task};
use super::origin::Origin;
use super::plan::{Condition, JobPlan, Path};

use crate::runtime::call::{BoxFuture, Call, Core, Error, Grant, Operation, Reply, Request, Rest};
use crate::runtime::codec::json::Json;
use crate::runtime::codec::{Secret, Slot};
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

/// What the answer of a login yields, by where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Grants {
    /// What authorises calls.
    pub authorization: Option<Path>,
    /// The address at which they go on, if there is one.
    pub base_url: Option<Path>,
}

impl Grants {
    fn read(self, rest: &Rest, core: &Core, operation: &'static Operation) -> Result<Grant, Error> {
        let authorization = self.authorization.map(|path| {
            let value = rest.text(path).map(Secret::from);
            value.ok_or_else(|| {
                let name = path.join(".");
                let message = format!("the login succeeded, but its answer has no {name}");
                rest.unusable(operation, message)
            })
        });
        let base_url = self.base_url.and_then(|path| {
            let handed = rest.text(path)?;
            Some(core.address(&handed).ok_or_else(|| {
                let name = path.join(".");
                let message = format!(
                    "the login succeeded, but its {name} is no address, or a less secure one"
                );
                rest.unusable(operation, message)
            }))
        });
        Ok(Grant {
            authorization: authorization.transpose()?,
            base_url: base_url.transpose()?,
        })
    }
}

impl Core {
    /// The same client with what a call yields that logs in.
    pub async fn log_in<R: Request>(&self, request: &R, grants: Grants) -> Result<Self, Error> {
        let grant = self.grant(request, grants).await?;
        Ok(self.granted(grant))
    }

    /// Logs in once more: this client, its clones and the sessions bound to it go on with what the call yields.
    pub async fn log_in_again<R: Request>(&self, request: &R, grants: Grants) -> Result<(), Error> {
        let grant = self.grant(request, grants).await?;
        self.renew(grant);
        Ok(())
    }

    async fn grant<R: Request>(&self, request: &R, grants: Grants) -> Result<Grant, Error> {
        let call = self.at_root().prepare(R::OPERATION, &[], request);
        let rest = call.send().await?;
        grants.read(&rest, self, R::OPERATION)
    }

    /// Prepares a login that is shown to a person.
    pub fn log_in_by_code<R: CodeLogin>(&self, request: &R) -> LoginByCode<R> {
        let core = self.at_root();
        LoginByCode {
            job: Job::new(Task {
                start: core.prepare(R::OPERATION, &[], request),
                origin: Origin::Client(core),
                plan: R::PLAN.job,
                each: None,
            }),
            with: Vec::new(),
            core: self.clone(),
            renews: false,
            request: PhantomData,
        }
    }
}

/// A request that starts a login which is shown to a person.
pub trait CodeLogin: Request + 'static {
    /// What the answers to the questions hold.
    type Answer: Slot + Default;
    /// From where calls are made once somebody is logged in.
    type Handle: fmt::Debug;
    /// How it goes on.
    const PLAN: LoginPlan;

    /// The client that the login yields, bound to what was started where calls want that.
    fn handle(core: Core, key: &str) -> Self::Handle;
}

/// A [`CodeLogin`] for which a person may have to type something.
pub trait EntersCode: CodeLogin {
    /// The parameter that takes it.
    const PARAM: &'static str;
}

/// How a login goes on that is shown to a person.
#[derive(Clone, Copy, Debug)]
pub struct LoginPlan {
    /// How it is asked for.
    pub job: JobPlan,
    /// What is shown.
    pub shown: Path,
    /// When a person verifies, and the address.
    pub verify: Option<(Condition, Path)>,
    /// When a person types something.
    pub enter: Option<Condition>,
    /// What it yields.
    pub grants: Grants,
}

/// A login that is ready to go: `.await` starts it and yields what is to be shown to a person.
#[must_use = "nothing is started until the login is awaited"]
pub struct LoginByCode<R: CodeLogin> {
    job: Job<R::Answer>,
    with: Vec<(&'static str, Json)>,
    core: Core,
    renews: bool,
    request: PhantomData<fn() -> R>,
}

impl<R: CodeLogin> LoginByCode<R> {
    /// How far apart the questions are, instead of what the documents say.
    pub fn every(mut self, every: Duration) -> Self {
        self.job = self.job.every(every);
        self
    }

    /// How long it may take a person, from the start on.
    pub fn within(mut self, within: Duration) -> Self {
        self.job = self.job.within(within);
        self
    }

    /// Options for each question: `.each_call(|call| call.timeout(…))`.
    pub fn each_call(
        mut self,
        options: impl Fn(Call<R::Answer>) -> Call<R::Answer> + Send + Sync + 'static,
    ) -> Self {
        self.job = self.job.each_call(options);
        self
    }

    /// Another value of a parameter of the questions than the declaration has; `param` is its name on the wire.
    pub fn ask_with(mut self, param: &'static str, value: impl Into<Json>) -> Self {
        self.with.push((param, value.into()));
        self
    }

    /// The client, its clones and the sessions bound to it go on with what the login yields, instead of a client of
    /// its own.
    pub fn renewing(mut self) -> Self {
        self.renews = true;
        self
    }
}

impl<R: CodeLogin> IntoFuture for LoginByCode<R> {
    type Output = Result<PendingLogin<R>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let task = self.job.into_task();
            // Who knows the key may take the login over.
            let (started, mut asking) = task.begin(|_| "the login".to_owned()).await?;
            asking.ask_with(self.with);
            let Some(shown) = started.text(R::PLAN.shown) else {
                let message = "the login was started, but its answer has nothing to show";
                return Err(started.unusable(R::OPERATION, message.to_owned()));
            };
            Ok(PendingLogin {
                shown,
                reply: Reply::of(started),
                asking,
                is_asked: false,
                core: self.core,
                renews: self.renews,
            })
        })
    }
}

impl<R: CodeLogin> fmt::Debug for LoginByCode<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LoginByCode").field(&self.job).finish()
    }
}

/// A login that waits for a person.
///
/// Dropping it ends the questions; what was shown stays good for as long as the vendor says.
#[must_use = "nobody is logged in until the questions have led to `Done`"]
#[non_exhaustive]
pub struct PendingLogin<R: CodeLogin> {
    /// What a person scans or opens: often the address of a picture.
    pub shown: String,
    /// The whole answer that it came in.
    pub reply: Reply<R::Reply>,
    asking: Asking,
    is_asked: bool,
    core: Core,
    renews: bool,
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
            Self::Done(_) => f.write_str("logged in"),
        }
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
}

impl<R: CodeLogin> PendingLogin<R> {
    /// Asks how far the login is, and waits for the answer; after the first time it keeps the distance to the
    /// question before. Questions that get lost are asked again.
    ///
    /// # Errors
    ///
    /// A login that the vendor calls failed is of the kind [`Vendor`](crate::ErrorKind::Vendor); one that takes too
    /// long of the kind [`NoAnswer`](crate::ErrorKind::NoAnswer). After any other error the question may be asked
    /// again.
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
            return self.step(rest, is_done);
        }
    }

    /// Asks until somebody is logged in; what a person has to do meanwhile is told.
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next). Where a person has to type something, only `next` will do: that is
    /// [`Misuse`](crate::ErrorKind::Misuse).
    pub async fn until_done(
        mut self,
        mut tell: impl FnMut(&LoginStep<R>),
    ) -> Result<LoggedIn<R>, Error> {
        loop {
            match self.next().await? {
                LoginStep::Done(done) => return Ok(done),
                LoginStep::Enter(_) => {
                    return Err(Error::misuse(
                        "the login wants something typed: ask with `next`, and give it with `enter`",
                    ));
                }
                step => tell(&step),
            }
        }
    }

    fn step(&self, rest: Rest, is_done: bool) -> Result<LoginStep<R>, Error> {
        let plan = R::PLAN;
        if let Some((_, at)) = plan.verify.filter(|(when, _)| when.holds(&rest).is_some()) {
            let Some(url) = rest.text(at) else {
                let message = "a person has to verify, but the answer does not say where";
                return Err(rest.unusable(plan.job.poll, message.to_owned()));
            };
            let reply = Reply::of(rest);
            return Ok(LoginStep::Verify { url, reply });
        }
        if plan.enter.is_some_and(|when| when.holds(&rest).is_some()) {
            return Ok(LoginStep::Enter(Reply::of(rest)));
        }
        if !is_done {
            return Ok(LoginStep::Waiting(Reply::of(rest)));
        }
        let grant = plan.grants.read(&rest, &self.core, plan.job.poll)?;
        let core = if self.renews {
            self.core.renew(grant);
            self.core.clone()
        } else {
            self.core.granted(grant)
        };
        Ok(LoginStep::Done(LoggedIn {
            handle: R::handle(core, &self.asking.key()),
            reply: Reply::of(rest),
        }))
    }
}

impl<R: EntersCode> PendingLogin<R> {
    /// What the person has typed; it goes with every question from now on.
    pub fn enter(&mut self, typed: impl Into<Secret>) {
        self.asking.entered = Some((R::PARAM, typed.into()));
    }
}

impl<R: CodeLogin> fmt::Debug for PendingLogin<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingLogin").finish_non_exhaustive()
    }
}
