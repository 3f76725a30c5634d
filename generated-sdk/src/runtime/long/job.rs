//! A call that starts something, and the question what became of it, as one awaitable.

use super::plan::JobPlan;
use super::series::{Each, Origin, each};
use crate::runtime::call::{
    BoxFuture, Call, Core, Error, ErrorKind, Prepared, Reply, Rest, Sending, Session, Started,
    may_be_repeated,
};
use crate::runtime::codec::json::{Json, find, is_empty, plain};
use crate::runtime::codec::{Scalar, ScalarKind, Single, Slot, recast};
use std::fmt;
use std::marker::PhantomData;
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
    start: Box<Prepared>,
    origin: Origin,
    plan: JobPlan,
    each: Option<Each>,
    data: PhantomData<fn() -> T>,
}

impl<T> Job<T> {
    /// How far apart the questions are, instead of what the documents say.
    pub fn every(mut self, every: Duration) -> Self {
        self.plan.every = every;
        self
    }

    /// How long the job may take, from its start on.
    pub fn within(mut self, within: Duration) -> Self {
        self.plan.within = within;
        self
    }
}

impl<T: 'static> Job<T> {
    /// Options for each question after the result: `.each_call(|call| call.timeout(…))`.
    pub fn each_call(
        mut self,
        options: impl Fn(Call<T>) -> Call<T> + Send + Sync + 'static,
    ) -> Self {
        self.each = each(options);
        self
    }

    /// Options for the call that starts the job.
    pub fn start(mut self, options: impl FnOnce(Call<()>) -> Call<()>) -> Self {
        self.start = options(Call::new(self.start)).into_prepared();
        self
    }
}

impl<T: Slot + Default> IntoFuture for Job<T> {
    type Output = Result<Reply<T>, Error>;
    type IntoFuture = Sending<T>;

    fn into_future(self) -> Sending<T> {
        Sending::new(run(self.start, self.origin, self.plan, self.each))
    }
}

impl<T> fmt::Debug for Job<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("operation", &self.start.operation.id)
            .finish_non_exhaustive()
    }
}

fn run(
    start: Box<Prepared>,
    origin: Origin,
    plan: JobPlan,
    each: Option<Each>,
) -> BoxFuture<'static, Result<Rest, Error>> {
    Box::pin(async move {
        let core = start.core().clone();
        let operation = start.operation;
        let begun = core.timer().now();
        let started = start.send().await?;
        let key = find(started.raw(), plan.key).filter(|key| !is_empty(key));
        let Some(key) = key.map(|key| recast(key, plan.number)) else {
            let message = "the job was started, but the answer does not say which it is";
            return Err(started.unusable(operation, message.to_owned()));
        };
        let asking = Asking {
            core,
            origin,
            plan,
            each,
            key,
            begun,
        };
        let result = asking.result().await;
        // Whatever became of the questions: the job was started.
        result.map_err(|(error, failed)| error.after_execution(!failed))
    })
}

/// A job under way.
struct Asking {
    core: Core,
    origin: Origin,
    plan: JobPlan,
    each: Option<Each>,
    key: Json,
    begun: Instant,
}

impl Asking {
    /// The reply that says that the job is done; an error says whether it is the job that failed.
    async fn result(&self) -> Result<Rest, (Error, bool)> {
        loop {
            self.core
                .timer()
                .sleep(self.plan.every.min(self.left()))
                .await;
            let answer = self.ask().await;
            let late = self.left().is_zero();
            match answer {
                Ok(rest) => {
                    if let Some(failed) = self.failure(&rest) {
                        return Err((failed, true));
                    }
                    if self.plan.done.holds(rest.raw()).is_some() {
                        return Ok(rest);
                    }
                    if late {
                        return Err((self.too_late(None), false));
                    }
                }
                // A question does no harm, so that it is lost is no reason to lose the result.
                Err(error) if may_be_repeated(&error, true) && !late => {}
                Err(error) if may_be_repeated(&error, true) => {
                    return Err((self.too_late(Some(error)), false));
                }
                Err(error) => return Err((error, false)),
            }
        }
    }

    async fn ask(&self) -> Result<Rest, Error> {
        let request = Single(self.plan.param, &self.key);
        let mut call = self.origin.prepare(self.plan.poll, &request);
        if let Some(each) = &self.each {
            call = each(call);
        }
        let own = call.options.timeout;
        let own = own.unwrap_or_else(|| self.core.timeout(self.plan.poll));
        // The last question is asked at the deadline: its answer may take a moment all the same.
        let left = self.left().max(Duration::from_secs(5));
        call.options.timeout = Some(own.min(left));
        call.send().await
    }

    fn left(&self) -> Duration {
        let spent = self
            .core
            .timer()
            .now()
            .saturating_duration_since(self.begun);
        self.plan.within.saturating_sub(spent)
    }

    fn failure(&self, rest: &Rest) -> Option<Error> {
        let state = self.plan.failed.as_ref()?.holds(rest.raw())?;
        let message = self.plan.message.and_then(|path| find(rest.raw(), path));
        let message = message.filter(|raw| !is_empty(raw)).map(plain);
        let error = Error::new(ErrorKind::Vendor, self.plan.poll.id.into())
            .with_code(Some(Scalar::new(&state, ScalarKind::Text)))
            .with_message(Some(message.unwrap_or_else(|| "the job failed".to_owned())))
            .with_answer(rest.status, rest.body.clone());
        Some(error.after_attempts(rest.attempts, rest.request_id.clone()))
    }

    fn too_late(&self, last: Option<Error>) -> Error {
        let message = format!(
            "the job {} = {} is not done after {:?}",
            self.plan.param,
            self.key.as_str(),
            self.plan.within
        );
        let error = Error::new(ErrorKind::NoAnswer, self.plan.poll.id.into());
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
    Job {
        start: origin.prepare(R::OPERATION, request),
        origin,
        plan: R::JOB,
        each: None,
        data: PhantomData,
    }
}
