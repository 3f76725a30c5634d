//! A call that starts something, and the question what became of it, as one awaitable.

use super::origin::{Each, Origin, each};
use super::plan::{JobPlan, Started};
use crate::runtime::call::{
    Call, Core, Error, ErrorKind, Operation, Prepared, Reply, Rest, Sending, Session, Settings,
    may_be_repeated,
};
use crate::runtime::codec::json::{Json, plain};
use crate::runtime::codec::{Private, Scalar, ScalarKind, Secret, Slot, ToObject, Visit, recast};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A job that is ready to go: `.await` starts it and asks for its result until there is one.
///
/// ```no_run
/// # async fn example(job: generated_sdk::Job<()>) -> Result<(), generated_sdk::Error> {
/// let result = job.within(std::time::Duration::from_secs(120)).await?;
/// # let _ = result;
/// # Ok(()) }
/// ```
///
/// A job that the vendor calls failed is an error of the kind [`Vendor`](ErrorKind::Vendor), with the state as its
/// code. One that is not done in time is of the kind [`NoAnswer`](ErrorKind::NoAnswer) and says which it is, so that
/// it can be asked for later. While the job runs, answers that get lost are asked for again.
#[must_use = "nothing is started until the job is awaited"]
pub struct Job<T> {
    task: Task,
    data: PhantomData<fn() -> T>,
}

/// A job whatever its result is: how it is started, and how it is asked for.
pub(super) struct Task {
    pub(super) start: Box<Prepared>,
    pub(super) origin: Origin,
    pub(super) plan: JobPlan,
    pub(super) each: Option<Each>,
}

impl<T> Job<T> {
    pub(super) fn new(task: Task) -> Self {
        Self {
            task,
            data: PhantomData,
        }
    }

    pub(super) fn into_task(self) -> Task {
        self.task
    }

    /// How far apart the questions are, instead of what the documents say.
    pub fn every(mut self, every: Duration) -> Self {
        self.task.plan.every = every;
        self
    }

    /// How long the job may take, from its start on.
    pub fn within(mut self, within: Duration) -> Self {
        self.task.plan.within = within;
        self
    }
}

impl<T: 'static> Job<T> {
    /// Options for each question after the result: `.each_call(|call| call.timeout(…))`.
    pub fn each_call(
        mut self,
        options: impl Fn(Call<T>) -> Call<T> + Send + Sync + 'static,
    ) -> Self {
        self.task.each = each(options);
        self
    }

    /// Options for the call that starts the job.
    pub fn start(mut self, options: impl FnOnce(Call<()>) -> Call<()>) -> Self {
        self.task.start = options(Call::new(self.task.start)).into_prepared();
        self
    }
}

impl<T: Slot + Default> IntoFuture for Job<T> {
    type Output = Result<Reply<T>, Error>;
    type IntoFuture = Sending<T>;

    fn into_future(self) -> Sending<T> {
        Sending::new(Box::pin(self.task.run()))
    }
}

#[cfg(feature = "blocking")]
impl<T: Slot + Default> Job<T> {
    /// Starts the job and waits for its result, for threads without a runtime.
    pub fn wait(self) -> Result<Reply<T>, Error> {
        crate::runtime::call::blocking::wait(self.into_future())
    }
}

impl<T> fmt::Debug for Job<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("operation", &self.task.start.named())
            .finish_non_exhaustive()
    }
}

impl Task {
    async fn run(self) -> Result<Rest, Error> {
        let param = self.plan.param;
        let (_, asking) = self.begin(|key| format!("the job {param} = {key}")).await?;
        let result = asking.result().await;
        // Whatever became of the questions: the job was started.
        result.map_err(|(error, failed)| error.after_execution(!failed))
    }

    /// Starts the job; errors call it what `name` makes of its key.
    pub(super) async fn begin(
        self,
        name: impl FnOnce(&str) -> String,
    ) -> Result<(Rest, Asking), Error> {
        let settings = self.start.settings().clone();
        let operation = self.start.operation;
        let begun = settings.timer.now();
        let started = self.start.send().await?;
        let plan = self.plan;
        let key = key_of(&plan, &started, operation)?;
        let name = name(key.as_str());
        let with = plan.with.iter();
        let with = with.map(|(param, value)| (*param, Json::checked(value)));
        let asking = Asking {
            settings,
            origin: self.origin,
            plan,
            each: self.each,
            key,
            with: with.collect(),
            entered: None,
            name,
            begun,
        };
        Ok((started, asking))
    }
}

/// A job under way.
pub(super) struct Asking {
    settings: Arc<Settings>,
    origin: Origin,
    pub(super) plan: JobPlan,
    each: Option<Each>,
    key: Json,
    /// What else the question wants.
    with: Vec<(&'static str, Json)>,
    /// What a person has typed for it.
    pub(super) entered: Option<(&'static str, Secret)>,
    /// What errors call the job.
    name: String,
    begun: Instant,
}

/// What came of one question.
pub(super) enum Progress {
    /// Nothing: it got lost. Asking does no harm, so that is no reason to lose the result.
    Nothing,
    /// The job goes on.
    Open(Rest),
    /// It is done.
    Done(Rest),
}

/// The question: the key, what is the same each time, and what a person has typed.
struct Question<'a>(&'a Asking);

impl ToObject for Question<'_> {
    fn members(&self, visit: Visit<'_>) {
        visit(&[(self.0.plan.param, &self.0.key)]);
        for (name, value) in &self.0.with {
            visit(&[(name, value)]);
        }
        if let Some((name, typed)) = &self.0.entered {
            visit(&[(name, &Private(typed))]);
        }
    }
}

/// What identifies a job that was started.
fn key_of(plan: &JobPlan, started: &Rest, operation: &'static Operation) -> Result<Json, Error> {
    let key = started.find(plan.key);
    key.map(|key| recast(key, plan.number)).ok_or_else(|| {
        let message = "the job was started, but the answer does not say which it is";
        started.unusable(operation, message.to_owned())
    })
}

impl Asking {
    /// From now on what was started anew is asked for, from here.
    pub(super) fn go_on(
        &mut self,
        started: &Rest,
        operation: &'static Operation,
        core: Core,
    ) -> Result<(), Error> {
        self.key = key_of(&self.plan, started, operation)?;
        self.origin = Origin::Client(core);
        self.entered = None;
        Ok(())
    }

    /// Questions are asked at another address from now on.
    pub(super) fn move_to(&mut self, core: Core) {
        self.origin = Origin::Client(core);
    }

    /// The reply that says that the job is done; an error says whether it is the job that failed.
    async fn result(&self) -> Result<Rest, (Error, bool)> {
        loop {
            self.pause().await;
            if let Progress::Done(rest) = self.ask_once().await? {
                return Ok(rest);
            }
        }
    }

    /// What identifies the job, as text.
    pub(super) fn key(&self) -> String {
        plain(self.key.as_str())
    }

    /// Other values of what the question wants besides the key.
    pub(super) fn ask_with(&mut self, members: Vec<(&'static str, Json)>) {
        let replaced = |name: &str| members.iter().any(|(member, _)| *member == name);
        self.with.retain(|(name, _)| !replaced(name));
        self.with.extend(members);
    }

    /// The time between two questions, or what is left of it.
    pub(super) async fn pause(&self) {
        let pause = self.plan.every.min(self.left());
        self.settings.timer.sleep(pause).await;
    }

    /// Asks once; an error says whether it is the job that failed.
    pub(super) async fn ask_once(&self) -> Result<Progress, (Error, bool)> {
        let answer = self.ask().await;
        let late = self.left().is_zero();
        match answer {
            Ok(rest) => {
                if let Some(failed) = self.failure(&rest) {
                    return Err((failed, true));
                }
                if self.plan.done.holds(&rest).is_some() {
                    return Ok(Progress::Done(rest));
                }
                if late {
                    return Err((self.too_late(None), false));
                }
                Ok(Progress::Open(rest))
            }
            Err(error) if may_be_repeated(&error, true) && !late => Ok(Progress::Nothing),
            Err(error) if may_be_repeated(&error, true) => Err((self.too_late(Some(error)), false)),
            Err(error) => Err((error, false)),
        }
    }

    async fn ask(&self) -> Result<Rest, Error> {
        let mut call = self.origin.prepare(self.plan.poll, &Question(self));
        if let Some(each) = &self.each {
            call = each(call);
        }
        let own = call.options.timeout;
        let own = own.unwrap_or_else(|| self.settings.timeout(self.plan.poll));
        // The last question is asked at the deadline: its answer may take a moment all the same.
        let left = self.left().max(Duration::from_secs(5));
        call.options.timeout = Some(own.min(left));
        call.send().await
    }

    fn left(&self) -> Duration {
        let now = self.settings.timer.now();
        let spent = now.saturating_duration_since(self.begun);
        self.plan.within.saturating_sub(spent)
    }

    fn failure(&self, rest: &Rest) -> Option<Error> {
        let state = self.plan.failed.as_ref()?.holds(rest)?;
        let message = self.plan.message.and_then(|path| rest.find(path));
        let message = message.map(plain);
        let error = Error::new(ErrorKind::Vendor, self.plan.poll)
            .with_code(Some(Scalar::new(&state, ScalarKind::Text)))
            .with_message(Some(message.unwrap_or_else(|| "the job failed".to_owned())))
            .with_answer(rest.status, rest.body.clone());
        Some(error.after_attempts(rest.attempts, rest.request_id.clone()))
    }

    fn too_late(&self, last: Option<Error>) -> Error {
        let message = format!("{} is not done after {:?}", self.name, self.plan.within);
        let error = Error::new(ErrorKind::NoAnswer, self.plan.poll);
        let cause = last.map_or_else(
            || "it is still under way".into(),
            crate::runtime::BoxError::from,
        );
        error.with_message(Some(message)).with_source(cause, true)
    }
}

impl Core {
    /// Starts a job and waits for its result.
    pub fn job<R: Started>(&self, request: &R) -> Job<R::Result> {
        job(Origin::Client(self.clone()), request)
    }
}

impl Session {
    /// Starts a job and waits for its result.
    pub fn job<R: Started>(&self, request: &R) -> Job<R::Result> {
        job(Origin::Session(self.clone()), request)
    }
}

fn job<R: Started>(origin: Origin, request: &R) -> Job<R::Result> {
    Job::new(Task {
        start: origin.prepare(R::OPERATION, request),
        origin,
        plan: R::JOB,
        each: None,
    })
}
