//! Breaks documents, replies and events at random, and looks whether anything goes wrong that must not.
//!
//! ```text
//! cargo run -p tests --release --bin fuzz -- replies 1000000
//! cargo run -p tests --release --bin fuzz -- documents 100000 --compile 200
//! cargo run -p tests --release --bin fuzz -- events 2000 --seed 7 --only 1234
//! ```
//!
//! The rounds run in a process of their own with a stack of 8 MB, so that an abort is seen as well. Each round has its
//! number: `--only` repeats one alone and prints what it was given. Exit 1 if anything was found.

mod documents;
mod messages;

use std::any::Any;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tests::mutants::Random;

/// What a thread of a program has, where nobody says otherwise.
const STACK: usize = 8 * 1024 * 1024;

/// Whatever is longer at work is a finding: a mutant is small.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often the process says where it is: an abort is looked for within so many rounds.
const STEP: u64 = 50;

/// Findings that are printed; the rest is counted.
const SHOWN: usize = 20;

/// Says that the process is the one that works.
const WORKER: &str = "FUZZ_WORKER";

const USAGE: &str =
    "fuzz documents|replies|events ROUNDS [--seed N] [--only ROUND] [--compile SAMPLES]";

/// What a kind of rounds does.
trait Rounds {
    /// Breaks something and looks at what becomes of it: what was given, and how it ended.
    fn round(&mut self, random: &mut Random) -> (Vec<u8>, Result<(), String>);

    /// What is worth telling of all rounds; what went wrong at the end.
    fn close(&mut self) -> (String, Vec<String>);
}

#[derive(Clone)]
struct Arguments {
    kind: String,
    rounds: u64,
    seed: u64,
    only: Option<u64>,
    compile: usize,
}

fn main() -> ExitCode {
    let Some(arguments) = arguments() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let sound = if env::var_os(WORKER).is_some() {
        work(&arguments)
    } else {
        watch(&arguments)
    };
    match sound {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn arguments() -> Option<Arguments> {
    let mut given = env::args().skip(1);
    let mut arguments = Arguments {
        kind: given.next()?,
        rounds: given.next()?.parse().ok()?,
        seed: 1,
        only: None,
        compile: 0,
    };
    while let Some(name) = given.next() {
        let value: u64 = given.next()?.parse().ok()?;
        match &*name {
            "--seed" => arguments.seed = value,
            "--only" => arguments.only = Some(value),
            "--compile" => arguments.compile = usize::try_from(value).ok()?,
            _ => return None,
        }
    }
    let is_known = ["documents", "replies", "events"].contains(&&*arguments.kind);
    is_known.then_some(arguments)
}

/// Runs the rounds in another process, and finds the round in which it died, if it did.
fn watch(arguments: &Arguments) -> bool {
    let (died, sound) = run(arguments, true);
    let Some(from) = died else {
        return sound;
    };
    for round in from..arguments.rounds.min(from + STEP) {
        let only = Arguments {
            only: Some(round),
            compile: 0,
            ..arguments.clone()
        };
        if run(&only, false).0.is_some() {
            println!("round {round}: the process died (seed {}).", arguments.seed);
            return false;
        }
    }
    println!("the process died after round {from}, which does not repeat alone.");
    false
}

/// One process: the step in which it died, and whether it found nothing.
fn run(arguments: &Arguments, is_heard: bool) -> (Option<u64>, bool) {
    let program = env::current_exe().expect("this program");
    let mut command = Command::new(program);
    let numbers = [arguments.rounds.to_string(), arguments.seed.to_string()];
    command.arg(&arguments.kind).arg(&numbers[0]);
    command.arg("--seed").arg(&numbers[1]);
    command.arg("--compile").arg(arguments.compile.to_string());
    if let Some(only) = arguments.only {
        command.arg("--only").arg(only.to_string());
    }
    command.env(WORKER, "1").stdout(Stdio::piped());
    if !is_heard {
        command.stderr(Stdio::null());
    }
    let mut child = command.spawn().expect("this program runs");
    let said = child.stdout.take().expect("a pipe");
    let mut at = arguments.only.unwrap_or(0);
    for line in BufReader::new(said).lines().map_while(Result::ok) {
        match line.strip_prefix("\u{1}").map(str::parse) {
            Some(Ok(round)) => at = round,
            _ if is_heard => println!("{line}"),
            _ => {}
        }
    }
    let status = child.wait().expect("the process ends");
    let died = !matches!(status.code(), Some(0 | 1));
    (died.then_some(at), status.success())
}

/// The rounds themselves.
fn work(arguments: &Arguments) -> bool {
    // A panic is a finding, not a message.
    set_hook(Box::new(|_| {}));
    let arguments = arguments.clone();
    let worker = thread::Builder::new().stack_size(STACK);
    let worker = worker.spawn(move || all_rounds(&arguments));
    worker
        .expect("a thread")
        .join()
        .expect("panics are caught inside")
}

fn all_rounds(arguments: &Arguments) -> bool {
    let mut rounds: Box<dyn Rounds> = match &*arguments.kind {
        "documents" => Box::new(documents::Documents::new(
            arguments.rounds,
            arguments.compile,
        )),
        "replies" => Box::new(messages::replies()),
        _ => Box::new(messages::events()),
    };
    let (begun, mut slowest, mut findings) = (Instant::now(), (Duration::ZERO, 0), 0);
    let all = match arguments.only {
        Some(only) => only..only + 1,
        None => 0..arguments.rounds,
    };
    let count = all.end - all.start;
    for round in all {
        if round.is_multiple_of(STEP) {
            println!("\u{1}{round}");
        }
        let mut random = Random::new(arguments.seed ^ round.wrapping_mul(0xd134_2543_de82_ef95));
        let start = worked(begun);
        let result = catch_unwind(AssertUnwindSafe(|| rounds.round(&mut random)));
        let took = worked(begun).saturating_sub(start);
        slowest = slowest.max((took, round));
        let found = match result {
            Err(panic) => Some(format!("panic: {}", said(&*panic))),
            Ok((given, result)) => {
                if arguments.only.is_some() {
                    println!("{}", String::from_utf8_lossy(&given));
                }
                result.err()
            }
        };
        let late = (took > PATIENCE).then(|| format!("took {took:?}"));
        for found in found.into_iter().chain(late) {
            findings += 1;
            if findings <= SHOWN {
                println!("round {round}: {found}");
            }
        }
    }
    let (told, more) = rounds.close();
    more.iter().for_each(|found| println!("{found}"));
    findings += more.len();
    println!(
        "{} {}, seed {}: {findings} findings; {told}; slowest {:?} (round {}), all {:?}.",
        count,
        arguments.kind,
        arguments.seed,
        slowest.0,
        slowest.1,
        begun.elapsed()
    );
    findings == 0
}

/// How long the process has been at work: where others work as well, the clock on the wall says something else. Where
/// the system does not tell, that clock.
fn worked(begun: Instant) -> Duration {
    const TICK: Duration = Duration::from_millis(10);
    let ticks = || {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        // The name in parentheses may hold anything; user and system time are the 12th and 13th behind it.
        let (_, fields) = stat.rsplit_once(')')?;
        let fields = fields.split_whitespace().skip(11).take(2);
        let ticks = fields
            .map(str::parse)
            .collect::<Result<Vec<u32>, _>>()
            .ok()?;
        Some(ticks.iter().sum())
    };
    ticks().map_or_else(|| begun.elapsed(), |ticks: u32| TICK * ticks)
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a word")
}
