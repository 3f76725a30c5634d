//! A hub that is killed again and again while programs are at work; prints what was lost, and what was executed twice.
//!
//! `cargo run --release -p tests --bin commands -- [COMMANDS] [KILLS] [SEED]`: 2,000 commands to 20 programs and 20 kills
//! unless said otherwise. It ends with an error if a command is lost.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use generated_sdk::BoxError;
use generated_sdk::store::RedbStore;
use generated_sdk::wequick::v2::Hub;
use generated_sdk::wequick::v2::xiao_xi_xiang_guan::SendTextMessage;
use mock_gateway::program::Program;
use tokio::net::TcpListener;
use tokio::time::sleep;

/// Where the killed process finds what it needs.
const FOLDER: &str = "COMMANDS_FOLDER";
const PROGRAMS: usize = 20;
/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(240);

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    if let Some(folder) = env::var_os(FOLDER) {
        return serve(Path::new(&folder)).await;
    }
    let mut numbers = env::args().skip(1).map(|text| text.parse::<usize>());
    let mut number = |otherwise| numbers.next().unwrap_or(Ok(otherwise));
    let (commands, kills, seed) = (number(2000)?, number(20)?, number(7)? as u64 | 1);
    let folder = env::temp_dir().join(format!("commands-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let done = rounds(&folder, commands, kills, seed).await;
    fs::remove_dir_all(&folder)?;
    done
}

/// The process that is killed: takes the commands in the first time, then only hands them out.
async fn serve(folder: &Path) -> Result<(), BoxError> {
    let store = RedbStore::open(folder.join("store.redb"))?;
    let builder = Hub::builder().unprotected().store(store).batch(4);
    let builder = builder.bound(usize::MAX).expiry(PATIENCE);
    let hub = builder.start(|_, _| async {})?;
    if !folder.join("full").exists() {
        let commands: usize = fs::read_to_string(folder.join("commands"))?.parse()?;
        for n in 0..commands {
            let message = SendTextMessage::new("wxid_friend", n.to_string());
            hub.enqueue(format!("wxid_{}", n % PROGRAMS), &message)
                .await?;
        }
        fs::write(folder.join("full"), "")?;
    }
    let port = fs::read_to_string(folder.join("port"))?;
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    Ok(hub.serve_on(listener).await?)
}

/// A process that does not outlive this one.
struct Spawned(Child);

impl Drop for Spawned {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn spawn(folder: &Path) -> Result<Spawned, BoxError> {
    let mut child = Command::new(env::current_exe()?);
    child.env(FOLDER, folder).stdout(Stdio::null());
    Ok(Spawned(child.spawn()?))
}

async fn until(what: &str, condition: impl Fn() -> bool) -> Result<(), BoxError> {
    let begun = Instant::now();
    while !condition() {
        if begun.elapsed() > PATIENCE {
            return Err(format!("not in time: {what}").into());
        }
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// How often each command was executed, by its text.
fn executed(programs: &[Program]) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for done in programs.iter().flat_map(Program::executed) {
        *times.entry(done.text("text")).or_default() += 1;
    }
    times
}

async fn rounds(
    folder: &Path,
    commands: usize,
    kills: usize,
    mut seed: u64,
) -> Result<(), BoxError> {
    let port = std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port();
    fs::write(folder.join("port"), port.to_string())?;
    fs::write(folder.join("commands"), commands.to_string())?;
    let mut server = spawn(folder)?;
    until("the commands are taken in", || folder.join("full").exists()).await?;
    let mut programs = Vec::new();
    for n in 0..PROGRAMS {
        let program = mock_gateway::wequick::v2::program(format!("http://127.0.0.1:{port}"));
        let program = program.account(format!("wxid_{n}")).process(n.to_string());
        programs.push(program.poll_every(Duration::from_millis(100)).start()?);
    }
    let begun = Instant::now();
    for kill in 1..=kills {
        // Spread over the work, each at a moment that nobody chose.
        let enough = commands * kill / (kills + 1);
        until("commands are executed", || {
            executed(&programs).len() >= enough
        })
        .await?;
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        sleep(Duration::from_millis(seed % 40)).await;
        drop(server);
        server = spawn(folder)?;
    }
    until("every command is executed", || {
        executed(&programs).len() >= commands
    })
    .await?;
    let times = executed(&programs);
    let again = times.values().filter(|times| **times > 1).count();
    let most = times.values().max().copied().unwrap_or_default();
    println!(
        "{commands} commands, {PROGRAMS} programs, {kills} kills in {:?}",
        begun.elapsed()
    );
    println!("0 lost, {again} executed more than once, none more than {most} times");
    Ok(())
}
