//! What every queue of commands promises, in memory, in a file and in Redis.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use generated_sdk::Json;
use generated_sdk::runtime::program::{
    Command, CommandStore, MemoryCommands, News, RedbCommands, RedisCommands, Settled, Visit,
};
use generated_sdk::wequick::v2::Hub;
use tokio::time::sleep;

const LEASE: Duration = Duration::from_secs(60);
const SERVER: &str = "server-a";

static NUMBER: AtomicUsize = AtomicUsize::new(1);

fn fresh() -> String {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("{:016x}{number:016x}", std::process::id())
}

fn command(lane: &str) -> Command {
    lasting(lane, Duration::from_secs(600))
}

fn lasting(lane: &str, time: Duration) -> Command {
    let body = format!("{{\"lane\":\"{lane}\"}}");
    let (server, expires) = (SERVER.to_owned(), SystemTime::now() + time);
    Command::new(fresh(), lane.to_owned(), body, server, expires)
}

fn visit(program: &str, lanes: &[&str], most: usize) -> Visit {
    leased(program, lanes, most, LEASE)
}

fn leased(program: &str, lanes: &[&str], most: usize, lease: Duration) -> Visit {
    let lanes = lanes.iter().map(|lane| (*lane).to_owned()).collect();
    Visit::new(
        SERVER.to_owned(),
        vec![program.to_owned()],
        lanes,
        most,
        lease,
    )
}

async fn push(store: &dyn CommandStore, command: &Command) {
    assert!(store.push(command.clone(), 100).await.expect("works"));
}

async fn taken(store: &dyn CommandStore, visit: Visit) -> Vec<String> {
    let taken = store.take(visit).await.expect("works");
    taken.into_iter().map(|command| command.id).collect()
}

async fn finish(store: &dyn CommandStore, server: &str, id: &str) -> Settled {
    let news = News::HandedOut { id: id.to_owned() };
    let finished = store.finish(server.to_owned(), id.to_owned(), news).await;
    finished.expect("works")
}

/// Every promise, one after the other, in lanes of their own.
async fn promises(store: &dyn CommandStore) {
    store.renew(SERVER.to_owned(), LEASE).await.expect("works");
    in_their_order_and_once(store).await;
    a_result_settles(store).await;
    the_next_visit_settles_what_has_no_result(store).await;
    what_was_given_back_keeps_its_place(store).await;
    a_lane_has_a_bound(store).await;
    what_is_too_old_is_forgotten(store).await;
    what_is_withdrawn_is_gone(store).await;
    a_silent_program_loses_its_commands(store).await;
    a_program_that_visits_keeps_them(store).await;
}

async fn in_their_order_and_once(store: &dyn CommandStore) {
    let commands = [
        command("o1"),
        command("o2"),
        command("o1"),
        command("o2"),
        command("o3"),
    ];
    for command in &commands {
        push(store, command).await;
    }
    let ids: Vec<&str> = commands.iter().map(|command| &*command.id).collect();
    assert_eq!(taken(store, visit("p", &[], 9)).await, Vec::<String>::new());
    let first = store
        .take(visit("p", &["o1", "o2"], 3))
        .await
        .expect("works");
    assert_eq!(first[0].body, commands[0].body);
    assert_eq!(first[0].server, SERVER);
    assert!(first[0].has_result);
    let first: Vec<String> = first.into_iter().map(|command| command.id).collect();
    assert_eq!(first, ids[..3]);
    assert_eq!(taken(store, visit("q", &["o1", "o2"], 3)).await, ids[3..4]);
    assert!(taken(store, visit("p", &["o1", "o2"], 3)).await.is_empty());
    assert_eq!(taken(store, visit("p", &["o3"], 3)).await, ids[4..]);
}

async fn a_result_settles(store: &dyn CommandStore) {
    let command = command("r");
    push(store, &command).await;
    assert_eq!(taken(store, visit("p", &["r"], 3)).await.len(), 1);
    assert_eq!(finish(store, SERVER, &command.id).await, Settled::Open);
    assert_eq!(finish(store, SERVER, &command.id).await, Settled::Again);
    for unknown in [fresh().as_str(), "8859663", "", "no hex", "\n"] {
        assert_eq!(
            finish(store, SERVER, unknown).await,
            Settled::Unknown,
            "{unknown}"
        );
    }
}

async fn the_next_visit_settles_what_has_no_result(store: &dyn CommandStore) {
    let command = command("n").without_result();
    push(store, &command).await;
    assert_eq!(taken(store, visit("p", &["n"], 3)).await.len(), 1);
    store
        .give_back(vec![command.id.clone()])
        .await
        .expect("works");
    assert_eq!(taken(store, visit("p", &["n"], 3)).await.len(), 1);
    assert!(taken(store, visit("other", &["n"], 3)).await.is_empty());
    assert!(taken(store, visit("p", &["n"], 3)).await.is_empty());
    // It is settled now: there is nothing to give back.
    store
        .give_back(vec![command.id.clone()])
        .await
        .expect("works");
    assert!(taken(store, visit("p", &["n"], 3)).await.is_empty());
}

async fn what_was_given_back_keeps_its_place(store: &dyn CommandStore) {
    let commands = [command("g"), command("g"), command("g")];
    for command in &commands {
        push(store, command).await;
    }
    let first = taken(store, visit("p", &["g"], 2)).await;
    store.give_back(first).await.expect("works");
    let all: Vec<&str> = commands.iter().map(|command| &*command.id).collect();
    assert_eq!(taken(store, visit("q", &["g"], 9)).await, all);
}

async fn a_lane_has_a_bound(store: &dyn CommandStore) {
    let commands = [command("b"), command("b")];
    for command in &commands {
        assert!(store.push(command.clone(), 2).await.expect("works"));
    }
    assert!(!store.push(command("b"), 2).await.expect("works"));
    assert!(
        store.push(command("b'"), 2).await.expect("works"),
        "each its own"
    );
    // Those that were handed out count until they are settled.
    assert_eq!(taken(store, visit("p", &["b"], 1)).await.len(), 1);
    assert!(!store.push(command("b"), 2).await.expect("works"));
    finish(store, SERVER, &commands[0].id).await;
    assert!(store.push(command("b"), 2).await.expect("works"));
}

async fn what_is_too_old_is_forgotten(store: &dyn CommandStore) {
    let old = lasting("e", Duration::from_millis(30));
    push(store, &old).await;
    push(store, &lasting("e2", Duration::from_millis(30))).await;
    sleep(Duration::from_millis(60)).await;
    assert!(taken(store, visit("p", &["e"], 3)).await.is_empty());
    assert_eq!(finish(store, SERVER, &old.id).await, Settled::Unknown);
    assert!(
        store.push(command("e2"), 1).await.expect("works"),
        "room again"
    );
}

async fn what_is_withdrawn_is_gone(store: &dyn CommandStore) {
    let commands = [command("w"), command("w")];
    for command in &commands {
        push(store, command).await;
    }
    assert_eq!(taken(store, visit("p", &["w"], 1)).await.len(), 1);
    let withdraw = async |at: usize| {
        store
            .withdraw(commands[at].id.clone())
            .await
            .expect("works")
    };
    assert!(!withdraw(0).await, "a program has it");
    assert!(withdraw(1).await);
    assert!(!withdraw(1).await, "only once");
    assert!(taken(store, visit("p", &["w"], 9)).await.is_empty());
}

async fn a_silent_program_loses_its_commands(store: &dyn CommandStore) {
    let (lease, mine) = (Duration::from_millis(40), command("s"));
    push(store, &mine).await;
    assert_eq!(taken(store, leased("p", &["s"], 3, lease)).await.len(), 1);
    let begun = Instant::now();
    loop {
        store.renew(SERVER.to_owned(), lease).await.expect("works");
        let again = taken(store, leased("p'", &["s"], 3, lease)).await;
        if again == [mine.id.clone()] {
            break;
        }
        assert!(again.is_empty() && begun.elapsed() < Duration::from_secs(20));
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(finish(store, SERVER, &mine.id).await, Settled::Open);
}

async fn a_program_that_visits_keeps_them(store: &dyn CommandStore) {
    let (lease, mine) = (Duration::from_millis(2000), command("k"));
    push(store, &mine).await;
    assert_eq!(taken(store, leased("p", &["k"], 3, lease)).await.len(), 1);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(3000) {
        assert!(taken(store, leased("p", &["k"], 3, lease)).await.is_empty());
        store.renew(SERVER.to_owned(), lease).await.expect("works");
        assert!(taken(store, leased("q", &["k"], 3, lease)).await.is_empty());
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn in_memory() {
    promises(&MemoryCommands::new()).await;
}

/// A file that does not outlive the test.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let name = format!("commands-{name}-{}.redb", std::process::id());
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_file(&path);
        Self(path)
    }

    /// Opens it once its last user is gone.
    async fn open(&self) -> RedbCommands {
        let begun = Instant::now();
        loop {
            match RedbCommands::open(&self.0) {
                Ok(store) => return store,
                Err(error) => assert!(begun.elapsed() < Duration::from_secs(10), "{error}"),
            }
            sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn in_a_file() {
    let file = File::new("promises");
    promises(&file.open().await).await;
}

#[tokio::test]
async fn a_file_keeps_what_is_unsettled() {
    let file = File::new("kept");
    let commands = [
        command("a"),
        command("a"),
        command("a"),
        command("b").without_result(),
        lasting("a", Duration::from_millis(30)),
        command("a"),
    ];
    {
        let store = file.open().await;
        for command in &commands {
            push(&store, command).await;
        }
        assert_eq!(taken(&store, visit("p", &["a"], 2)).await.len(), 2);
        assert_eq!(finish(&store, SERVER, &commands[0].id).await, Settled::Open);
        assert!(store.withdraw(commands[5].id.clone()).await.expect("works"));
    }
    sleep(Duration::from_millis(50)).await;
    let store = file.open().await;
    let later = command("a");
    push(&store, &later).await;
    let again = store.take(visit("p", &["a", "b"], 9)).await.expect("works");
    let ids: Vec<&str> = again.iter().map(|command| &*command.id).collect();
    let expected = [&commands[1].id, &commands[2].id, &commands[3].id, &later.id];
    assert_eq!(ids, expected, "with their ids, in their order");
    assert_eq!(again[0].body, commands[1].body);
    assert!(!again[2].has_result && again[1].has_result);
}

/// A Redis, with keys of its own for each test.
async fn redis(prefix: &str) -> RedisCommands {
    let url = std::env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL says where Redis is");
    let store = RedisCommands::connect(url).await.expect("Redis is there");
    store.prefix(format!("{prefix}:{}:", std::process::id()))
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn in_redis() {
    promises(&redis("promises").await).await;
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn servers_that_share_redis_hear_of_each_other() {
    let store = redis("news").await;
    let other = "server-b";
    for server in [SERVER, other] {
        store.renew(server.to_owned(), LEASE).await.expect("works");
    }
    let (mine, payload) = (command("n"), Json::from("x\ny"));
    push(&store, &mine).await;
    assert_eq!(taken(&store, visit("p", &["n"], 1)).await.len(), 1);
    let news = News::Result {
        id: mine.id.clone(),
        reason: Some("a\nb".to_owned()),
        payload: payload.clone(),
    };
    let told = store.finish(other.to_owned(), mine.id.clone(), news).await;
    assert_eq!(told.expect("works"), Settled::PassedOn);
    let event = News::Event {
        account: "w".to_owned(),
        process: "7".to_owned(),
        code: "88".to_owned(),
        payload: payload.clone(),
    };
    let told = store.tell(other.to_owned(), None, event).await;
    told.expect("works");
    assert!(
        store
            .news(other.to_owned())
            .await
            .expect("works")
            .is_empty()
    );
    let heard = store.news(SERVER.to_owned()).await.expect("works");
    let [
        News::Result {
            id,
            reason,
            payload: result,
        },
        News::Event {
            account,
            process,
            code,
            payload: event,
        },
    ] = heard.as_slice()
    else {
        panic!("{heard:?}");
    };
    assert_eq!(
        (id, reason.as_deref(), result),
        (&mine.id, Some("a\nb"), &payload)
    );
    assert_eq!(
        (account.as_str(), process.as_str(), code.as_str(), event),
        ("w", "7", "88", &payload)
    );
    assert!(
        store
            .news(SERVER.to_owned())
            .await
            .expect("works")
            .is_empty()
    );
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn what_a_dead_server_handed_out_is_handed_out_again() {
    let store = redis("dead").await;
    let lease = Duration::from_millis(300);
    let mine = command("d");
    push(&store, &mine).await;
    assert_eq!(taken(&store, leased("p", &["d"], 1, lease)).await.len(), 1);
    // The program lives and asks another server; the one that handed out renews no more.
    let begun = Instant::now();
    loop {
        let mut again = leased("p", &["d"], 1, lease);
        again.server = "server-b".to_owned();
        store
            .renew("server-b".to_owned(), lease)
            .await
            .expect("works");
        if taken(&store, again).await == [mine.id.clone()] {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20));
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_redis_that_is_not_there_is_an_error_that_tells_no_password() {
    for url in ["redis://:hush@127.0.0.1:1", "nonsense", "redis://", ""] {
        let error = RedisCommands::connect(url)
            .await
            .expect_err("no Redis there");
        assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
    }
}

#[tokio::test]
async fn what_is_private_is_in_no_log() {
    let secret = lasting("hush", LEASE);
    let store = MemoryCommands::new();
    push(&store, &secret).await;
    let news = [
        News::Result {
            id: fresh(),
            reason: Some("hush".to_owned()),
            payload: Json::from("hush"),
        },
        News::Event {
            account: "hush".to_owned(),
            process: "hush".to_owned(),
            code: "1".to_owned(),
            payload: Json::from("hush"),
        },
    ];
    let hub = Hub::builder().secret_path("hush").start(|_, _| async {});
    let hub = hub.expect("starts");
    let visit = visit("hush", &["hush"], 1);
    let shown = format!(
        "{secret:?} {store:?} {news:?} {visit:?} {hub:?} {:?} {:?}",
        hub.bots(),
        hub.bot("hush")
    );
    assert!(!shown.contains("hush"), "{shown}");
}
