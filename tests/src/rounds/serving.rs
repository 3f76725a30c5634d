//! A server in a process of its own, which is killed: it notes what its handler begins and ends.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use generated_sdk::eyun::callback::{Callback, Event};
use generated_sdk::server::{Delivery, Receiver};
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::posting::{SECRET, number};
use super::{store, until};

/// What tells the process that it is to serve: `store folder name`.
pub const CHILD: &str = "ROUNDS_SERVE";

/// How long a server that is gone keeps what it had.
pub const LEASE: Duration = Duration::from_secs(2);

/// Serves if the environment says so, until a file `stop` appears in the folder; false if it does not say so.
pub async fn served() -> bool {
    let Ok(told) = std::env::var(CHILD) else {
        return false;
    };
    let mut parts = told.splitn(3, ' ');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    let (kept, folder, name) = (part(), PathBuf::from(part()), part());
    let log = folder.join(format!("{name}.log"));
    let log = OpenOptions::new().create(true).append(true).open(log);
    let log = Arc::new(log.expect("a log"));
    let receiver = Receiver::builder()
        .secret_path(SECRET)
        .concurrency(8)
        .lease(LEASE)
        .shared_store(store(&kept).await)
        .start(move |delivery: Delivery<Callback>| {
            let log = Arc::clone(&log);
            async move {
                let id = number(&delivery.callback);
                let from = match &delivery.callback.event {
                    Event::PrivateText(text) => text.from_user.as_ref().map(ToString::to_string),
                    _ => None,
                };
                let from = from.unwrap_or_default();
                note(&log, "begin", id, &from, delivery.redelivered);
                sleep(Duration::from_millis(2)).await;
                note(&log, "end", id, &from, delivery.redelivered);
            }
        })
        .expect("starts");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tell(&folder, &name, &address);
    let (stop, stopped) = (folder.join("stop"), receiver.clone());
    let ended = tokio::spawn(async move {
        while !stop.exists() {
            sleep(Duration::from_millis(20)).await;
        }
        stopped.shutdown(Duration::from_secs(10)).await;
    });
    receiver.serve_on(listener).await.expect("serves");
    ended.await.expect("shuts down");
    true
}

/// Writes a file that is there whole or not at all.
pub(super) fn tell(folder: &Path, name: &str, what: &str) {
    let new = folder.join(format!("{name}.new"));
    fs::write(&new, what).expect("a file");
    fs::rename(new, folder.join(name)).expect("a file");
}

/// Notes what a handler does.
pub(super) fn note(mut log: &File, what: &str, id: u64, from: &str, redelivered: bool) {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.unwrap_or_default().as_micros();
    let line = format!("{now} {what} {id} {from} {redelivered}\n");
    log.write_all(line.as_bytes()).expect("a line");
}

/// What a handler began or ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Noted {
    /// In microseconds.
    pub at: u64,
    /// It was the end.
    pub end: bool,
    /// Which message.
    pub id: u64,
    /// Of which conversation.
    pub from: String,
    /// It was marked.
    pub redelivered: bool,
}

/// What a server has noted, and those before it of the same name.
pub fn noted(folder: &Path, name: &str) -> Vec<Noted> {
    let log = fs::read_to_string(folder.join(format!("{name}.log"))).unwrap_or_default();
    let noted = log.lines().filter_map(|line| {
        let parts: Vec<&str> = line.split(' ').collect();
        let [at, what, id, from, redelivered] = parts.as_slice() else {
            return None;
        };
        Some(Noted {
            at: at.parse().ok()?,
            end: *what == "end",
            id: id.parse().ok()?,
            from: (*from).to_owned(),
            redelivered: redelivered.parse().ok()?,
        })
    });
    noted.collect()
}

/// A server's process, which does not outlive this.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts one, with a program that calls [`served`].
    pub async fn start(program: Command, kept: &str, folder: &Path, name: &str) -> Self {
        let told = format!("{kept} {} {name}", folder.display());
        Self::told(program, (CHILD, &told), folder.join(name)).await
    }

    /// Starts a program that is told what to do by its environment; it writes its address into a file.
    pub async fn told(mut program: Command, told: (&str, &str), file: PathBuf) -> Self {
        let _ = fs::remove_file(&file);
        let child = program.env(told.0, told.1).stdout(Stdio::null()).spawn();
        let mut server = Self {
            child: child.expect("a process"),
            address: ([127, 0, 0, 1], 0).into(),
        };
        until("the server listens", || file.exists()).await;
        let address = fs::read_to_string(file).expect("an address");
        server.address = address.parse().expect("an address");
        server
    }

    /// SIGKILL: nothing is said, nothing is finished.
    pub fn kill(&mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("dead");
    }

    /// Waits for its end, which was asked for.
    pub fn ended_well(&mut self) -> bool {
        self.child.wait().expect("ends").success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder for logs and stores.
pub struct Folder(pub PathBuf);

impl Folder {
    /// An empty one.
    pub fn new(name: &str) -> Self {
        let name = format!("rounds-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
