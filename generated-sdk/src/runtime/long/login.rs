//! Logging in: one call whose answer authorises the others, or one that is shown to a person and asked for until it
//! is done.

use super::grants::Grants;
use super::job::{Job, Task};
use super::origin::Origin;
use super::pending::PendingLogin;
use super::plan::{Condition, JobPlan, Path};

use crate::runtime::call::{BoxFuture, Call, Core, Error, Grant, Request};
use crate::runtime::codec::Slot;
use crate::runtime::codec::json::Json;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

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
pub trait EntersCode: CodeLogin {}

/// What a person types.
#[derive(Clone, Copy, Debug)]
pub struct EnterPlan {
    /// The parameter that takes it.
    pub param: &'static str,
    /// An answer says that it is wanted; `None`: no answer does.
    pub when: Option<Condition>,
    /// An answer says that it has done its part.
    pub until: Option<Condition>,
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
    pub enter: Option<EnterPlan>,
    /// When the questions go on at another host, and which.
    pub redirect: Option<(Condition, Path)>,
    /// When what was shown is of no use any more, and how many of them are shown in all.
    pub renew: Option<(Condition, u32)>,
    /// When somebody was logged in before, and what that login yielded stays good.
    pub already: Option<Condition>,
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
            let start = task.start.clone();
            // Who knows the key may take the login over.
            let (started, mut asking) = task.begin(|_| "the login".to_owned()).await?;
            asking.ask_with(self.with);
            PendingLogin::begun(started, start, asking, (self.core, self.renews))
        })
    }
}

impl<R: CodeLogin> fmt::Debug for LoginByCode<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LoginByCode").field(&self.job).finish()
    }
}
