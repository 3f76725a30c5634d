//! The bots on iLink run against the gateway that plays it: also killed in the middle of a conversation.

use mock_gateway::Fault;
use mock_gateway::ilink::{Builder, Gateway, KeySpelling};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

const SEND: &str = "/ilink/bot/sendmessage";

/// A gateway, and a folder in which its bot keeps what it knows.
struct Stage {
    gateway: Gateway,
    folder: PathBuf,
}

impl Stage {
    async fn new(name: &str, builder: Builder) -> Self {
        let builder = builder.scan_takes(Duration::from_millis(40));
        let gateway = builder.strict().start().await.expect("a gateway");
        let folder = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Self { gateway, folder }
    }

    /// Starts the bot, and waits until it listens.
    async fn bot(&self, program: &str, argument: Option<&Path>) -> Bot {
        let mut bot = Command::new(program)
            .args(argument)
            .env("GATEWAY_URL", self.gateway.url())
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let lines = BufReader::new(bot.stdout.take().expect("its output")).lines();
        let mut bot = Bot { bot, lines };
        bot.said("listening").await;
        bot
    }

    async fn until(&self, what: &str, holds: impl Fn(&Gateway) -> bool) {
        let held = async {
            while !holds(&self.gateway) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let held = tokio::time::timeout(Duration::from_secs(20), held).await;
        held.unwrap_or_else(|_| panic!("{what} never came about: {:?}", self.gateway.sent()));
    }

    fn heard(&self) -> Vec<String> {
        let heard = self.gateway.friend().heard();
        heard.iter().map(|sent| sent.text().to_owned()).collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

struct Bot {
    bot: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Bot {
    /// The next line that begins so.
    async fn said(&mut self, beginning: &str) -> String {
        let said = async {
            while let Some(line) = self.lines.next_line().await.expect("UTF-8") {
                if line.starts_with(beginning) {
                    return line;
                }
            }
            panic!("it ended before it said `{beginning}`");
        };
        let said = tokio::time::timeout(Duration::from_secs(20), said).await;
        said.unwrap_or_else(|_| panic!("it never said `{beginning}`"))
    }

    /// Ends it as a crash does.
    async fn crash(mut self) {
        self.bot.kill().await.expect("killed");
    }
}

#[tokio::test]
async fn an_echo_outlives_a_crash_in_the_middle_of_a_conversation() {
    let stage = Stage::new("ilink-echo", Gateway::builder()).await;
    let program = env!("CARGO_BIN_EXE_ilink_echo");
    let friend = stage.gateway.friend();
    let bot = stage.bot(program, None).await;
    friend.says("一");
    stage
        .until("the first answer", |_| stage.heard() == ["一"])
        .await;
    // The second goes out, and its sender dies before it knows; the third comes while nobody is there.
    let late = Fault::Delay(Duration::from_secs(5));
    stage.gateway.fault_once_on(SEND, late);
    friend.says("二");
    stage
        .until("the second answer", |_| stage.heard().len() == 2)
        .await;
    bot.crash().await;
    friend.says("三");
    let bot = stage.bot(program, None).await;
    stage
        .until("the third answer", |_| stage.heard().len() >= 3)
        .await;
    friend.says("四");
    stage
        .until("the fourth answer", |_| stage.heard().len() >= 4)
        .await;
    assert_eq!(stage.heard(), ["一", "二", "三", "四"]);
    assert!(stage.gateway.repeated().is_empty());
    let codes = stage.gateway.calls_of("/ilink/bot/get_bot_qrcode");
    assert_eq!(codes.len(), 1, "one login is enough");
    bot.crash().await;
}

#[tokio::test]
async fn pictures_are_answered_and_given_back() {
    let stage = Stage::new("ilink-picture", Gateway::builder()).await;
    let picture = stage.folder.join("picture.png");
    fs::write(&picture, [7; 1000]).expect("written");
    let program = env!("CARGO_BIN_EXE_ilink_picture");
    let bot = stage.bot(program, Some(&picture)).await;
    let friend = stage.gateway.friend();
    for _ in 0..2 {
        stage
            .gateway
            .fault_once_on("/c2c/upload", Fault::Status(500));
    }
    friend.says("发张图");
    stage
        .until("a picture", |_| friend.heard().len() == 2)
        .await;
    friend.sends_image(&[9; 333], KeySpelling::Beside);
    stage.until("another", |_| friend.heard().len() == 3).await;
    let files: Vec<Option<Vec<u8>>> = friend.heard().into_iter().map(|sent| sent.file).collect();
    assert_eq!(files, [None, Some(vec![7; 1000]), Some(vec![9; 333])]);
    bot.crash().await;
}

#[tokio::test]
async fn who_thinks_for_long_is_seen_typing() {
    let stage = Stage::new("ilink-agent", Gateway::builder()).await;
    let mut bot = stage.bot(env!("CARGO_BIN_EXE_ilink_agent"), None).await;
    let friend = stage.gateway.friend();
    friend.says("天为什么是蓝的");
    stage.until("typing", |_| friend.sees_typing().0).await;
    assert!(friend.heard().is_empty());
    assert_eq!(bot.said("said").await, "said in 2 pieces");
    stage
        .until("the end of typing", |_| !friend.sees_typing().0)
        .await;
    let heard = stage.heard();
    assert!(heard[0].starts_with("关于“天为什么是蓝的”："), "{heard:?}");
    assert!(heard.iter().all(|piece| piece.chars().count() <= 2000));
    // Where nothing may be said, that is told, and not tried again.
    friend.says("再说一次");
    friend.closes();
    bot.said("not said").await;
    let refused = stage.gateway.sent();
    let refused = refused.iter().filter(|sent| sent.refused.is_some());
    assert!(refused.count() <= 1);
    bot.crash().await;
}
