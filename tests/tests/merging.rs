//! Two branches that change the documents come together again with plain git: in different chapters by
//! themselves, in the same one with the help of `cargo xtask codegen`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use tests::{root, text};

/// A repository with a provider's folder, and the crate that was made of it.
struct Repository(PathBuf);

const CATALOG: &str = "catalog/eyun/api_catalog.json";
const LOCK: &str = "catalog/eyun/names.lock";

impl Repository {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("merging-{name}"));
        let _ = fs::remove_dir_all(&folder);
        let repository = Self(folder);
        repository.copy(&root().join("catalog/providers/eyun"), "catalog/eyun");
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.codegen();
        repository.commit();
        repository
    }

    fn copy(&self, from: &Path, to: &str) {
        let target = self.0.join(to);
        fs::create_dir_all(&target).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder").flatten() {
            let below = format!("{to}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                self.copy(&entry.path(), &below);
            } else {
                fs::copy(entry.path(), self.0.join(below)).expect("a copy");
            }
        }
    }

    fn read(&self, path: &str) -> String {
        text(&self.0.join(path))
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.0.join(path), text).expect("a file");
    }

    fn run<S: AsRef<OsStr>>(&self, program: impl AsRef<OsStr>, args: &[S]) -> Output {
        let mut command = Command::new(program);
        command.args(args).current_dir(&self.0);
        // Nobody's settings of git have a say.
        command.env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.output().expect("it runs")
    }

    fn git(&self, args: &[&str]) {
        let output = self.run("git", args);
        assert!(output.status.success(), "git {args:?}: {}", said(&output));
    }

    /// Whether git could merge a branch by itself.
    fn merge(&self, branch: &str, style: &str) -> bool {
        let style = format!("merge.conflictStyle={style}");
        let merge = ["-c", &style, "-c", "user.name=a", "-c", "user.email=a@b"];
        let merge = [&merge[..], &["merge", "--quiet", "--no-edit", branch]].concat();
        self.run("git", &merge).status.success()
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        let who = ["-c", "user.name=a", "-c", "user.email=a@b"];
        self.git(&[&who[..], &["commit", "--quiet", "--message", "x"]].concat());
    }

    fn xtask(&self, more: &[&str]) -> Output {
        let args = ["codegen", "--catalog", "catalog", "--out", "sdk"];
        self.run(&*XTASK, &[&args[..], more].concat())
    }

    fn codegen(&self) {
        let output = self.xtask(&[]);
        assert!(output.status.success(), "{}", said(&output));
    }

    /// On a branch of its own off the last commit of main, this is added to chapters.
    fn branch(&self, name: &str, added: &[(&str, &str)]) {
        self.git(&["checkout", "--quiet", "-b", name, "main"]);
        for (chapter, operation) in added {
            let path = format!("catalog/eyun/specs/{chapter}.md");
            self.write(&path, &format!("{}\n{operation}", self.read(&path)));
        }
        self.codegen();
        self.commit();
    }

    /// Files in which git left its marks.
    fn marked(&self) -> Vec<String> {
        let output = self.run("git", &["grep", "--files-with-matches", "^<<<<<<< "]);
        let files = String::from_utf8_lossy(&output.stdout).into_owned();
        files.lines().map(str::to_owned).collect()
    }
}

/// The program of this workspace, as it is now.
static XTASK: LazyLock<PathBuf> = LazyLock::new(|| {
    let build = ["build", "--quiet", "--package", "xtask"];
    let built = Command::new(env!("CARGO")).args(build).status();
    assert!(built.expect("cargo").success());
    let this = std::env::current_exe().expect("this test");
    let target = this.ancestors().nth(2).expect("a target folder");
    target.join(format!("xtask{}", std::env::consts::EXE_SUFFIX))
});

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(err)
    )
}

fn operation(chapter: &str, path: &str, title: &str) -> String {
    format!(
        "### POST /{path}\n\n- operationId: `{}_{path}`\n- title: {title}\n\n**参数**\n\n\
         | 参数名 | 必选 | 类型 | 说明 |\n| --- | --- | --- | --- |\n\
         | wId | 是 | string | 登录实例标识 |\n| {path}Name | 是 | string | 名称 |\n",
        chapter.replace('-', "_")
    )
}

#[test]
fn different_chapters_merge_by_themselves() {
    let repository = Repository::new("different");
    // Chapters that stand beside each other everywhere, at the ends that meet.
    let last = operation("shipinhao", "zzzMine", "我的末项");
    let first = operation("shou-cang-jia", "aaaTheirs", "他们的首项");
    let another = operation("biao-qian", "bbbTheirs", "他们的另一项");
    repository.branch("mine", &[("shipinhao", &last)]);
    repository.branch(
        "theirs",
        &[("shou-cang-jia", &first), ("biao-qian", &another)],
    );
    repository.git(&["checkout", "--quiet", "mine"]);
    let merged = repository.merge("theirs", "merge");
    assert!(merged, "{:?}", repository.marked());

    let stale = repository.xtask(&["--check"]);
    assert!(stale.status.success(), "{}", said(&stale));
    let lock = repository.read(LOCK);
    for name in ["fn zzz_mine", "fn aaa_theirs", "fn bbb_theirs"] {
        assert!(lock.contains(name), "{name}");
    }
    // A hand edit is still found by what a clone holds.
    let catalog = repository.read(CATALOG);
    repository.write(CATALOG, &catalog.replace("aaaTheirsName", "aaaTheirsNamed"));
    let refused = repository.xtask(&[]);
    assert!(
        said(&refused).contains("catalog-conflict"),
        "{}",
        said(&refused)
    );
}

#[test]
fn the_same_chapter_is_mended_from_the_documents() {
    let repository = Repository::new("same");
    let mine = operation("biao-qian", "mine", "我的");
    let theirs = operation("biao-qian", "theirs", "他们的");
    let spec = "catalog/eyun/specs/biao-qian.md";
    let before = repository.read(spec);
    repository.branch("mine", &[("biao-qian", &mine)]);
    repository.branch("theirs", &[("biao-qian", &theirs)]);
    for style in ["merge", "diff3"] {
        repository.git(&["checkout", "--quiet", "--force", "-B", style, "mine"]);
        assert!(!repository.merge("theirs", style));
        let marked = repository.marked();
        for path in [spec, CATALOG, LOCK, "sdk/src/eyun/biao_qian.rs"] {
            assert!(
                marked.iter().any(|marked| marked == path),
                "{path}: {marked:?}"
            );
        }
        let refused = said(&repository.xtask(&[]));
        assert!(refused.contains("end the merge here"), "{refused}");

        repository.write(spec, &format!("{before}\n{mine}\n{theirs}"));
        repository.codegen();
        assert_eq!(repository.marked(), [""; 0], "{style}");
        let (lock, catalog) = (repository.read(LOCK), repository.read(CATALOG));
        for name in ["mine", "theirs"] {
            assert!(lock.contains(&format!("\nfn {name} = call ")), "{lock}");
            assert!(catalog.contains(&format!("/{name}")), "{name}");
        }
        repository.commit();
        let stale = repository.xtask(&["--check"]);
        assert!(stale.status.success(), "{}", said(&stale));
    }
}

/// What was public on either branch stays public, whatever each of them has called it.
#[test]
fn both_branches_names_stay() {
    let repository = Repository::new("names");
    let renamed = |name: &str| {
        let path = "catalog/eyun/provider.toml";
        let correction = format!(
            "\n[[correction]]\noperation = \"xiao_xi_fa_song_fa_song_wen_ben_xiao_xi\"\nrename = \"{name}\"\nwhy = \"x\"\n"
        );
        repository.git(&["checkout", "--quiet", "-b", name, "main"]);
        repository.write(path, &(repository.read(path) + &correction));
        repository.codegen();
        repository.commit();
    };
    renamed("say");
    renamed("tell");
    assert!(!repository.merge("say", "merge"));
    let config = "catalog/eyun/provider.toml";
    repository.git(&["checkout", "--quiet", "--ours", config]);
    repository.codegen();
    let lock = repository.read(LOCK);
    for line in ["\nfn tell = ", "\nformer say = ", "\nformer send_text = "] {
        assert!(lock.contains(line), "{line}");
    }
    let chapter = repository.read("sdk/src/eyun/xiao_xi_fa_song.rs");
    for name in ["pub fn tell(", "pub fn say(", "pub fn send_text("] {
        assert!(chapter.contains(name), "{name}");
    }
}
