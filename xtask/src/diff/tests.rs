//! What is compared with what, and how it is said.

use super::*;
use crate::scratch::Scratch;

const CONFIG: &str = "title = \"X\"\ntransport = \"http-json\"\n";
const SPEC: &str = "\
## 创建标签
POST /add

| 参数名 | 必选 | 类型 | 说明 |
|---|---|---|---|
| labelName | 是 | string | 标签名称 |
";

/// A repository with one provider, whose first version is committed and called `first`.
fn world() -> Scratch {
    let world = Scratch::new();
    world.file("catalog/providers/acme/provider.toml", CONFIG);
    world.file("catalog/providers/acme/specs/a.md", SPEC);
    git(&world, &["init", "--quiet"]);
    commit(&world);
    git(&world, &["tag", "first"]);
    world
}

fn git(world: &Scratch, arguments: &[&str]) {
    let mut git = revision::command(world.path());
    let git = git.args(["-c", "user.name=x", "-c", "user.email=x@example.com"]);
    let output = git.args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn commit(world: &Scratch) {
    git(world, &["add", "--all"]);
    git(
        world,
        &[
            "-c",
            "commit.gpgsign=false",
            "commit",
            "--quiet",
            "--message",
            "x",
        ],
    );
}

fn spec(world: &Scratch, id: &str, text: &str) {
    world.file(&format!("catalog/providers/{id}/specs/a.md"), text);
}

fn diff(world: &Scratch, names: &[&str]) -> (Outcome, String, String) {
    let mut names = names.iter().map(|name| (*name).to_owned());
    let options = Diff {
        old: names.next(),
        new: names.next(),
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut terminal = Terminal::into(&mut out, &mut err);
    let outcome = run(&Workspace::at(world.path()), &options, &mut terminal).unwrap();
    drop(terminal);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (outcome, text(out), text(err))
}

#[test]
fn what_is_edited_is_compared_with_what_is_committed() {
    let world = world();
    let (done, out, err) = diff(&world, &[]);
    assert_eq!((done, err.as_str()), (Outcome::Done, ""));
    assert_eq!(
        out,
        "acme: the same\nprograms that use the SDK notice nothing\n"
    );

    let colour = "| colour | 是 | int | 颜色 |\n| size | 否 | int | 大小 |\n";
    spec(
        &world,
        "acme",
        &format!("{SPEC}{colour}\n## 删除标签\nPOST /delete\n"),
    );
    let (done, out, err) = diff(&world, &[]);
    assert_eq!((done, err.as_str()), (Outcome::Done, ""));
    assert_eq!(
        out,
        "\
acme
  breaks
    acme::a::Add  was `new(label_name)`, is `new(label_name, colour)`
  new
    acme::a::Add.size  大小
    acme::a.delete()   删除标签
    acme::a::Delete    删除标签
1 breaking change, 0 of behaviour, 0 of meaning, 0 warnings, 3 additions
"
    );
}

#[test]
fn revisions_and_folders_are_compared() {
    let world = world();
    spec(&world, "acme", &SPEC.replace("/add", "/append"));
    world.file("catalog/providers/other/provider.toml", CONFIG);
    spec(&world, "other", SPEC);
    commit(&world);
    let folder = world.path().join("catalog/providers");
    let folder = folder.to_str().unwrap();
    let (_, by_revision, _) = diff(&world, &["first", "HEAD"]);
    assert!(
        by_revision.contains("    acme::a.add()  is gone  创建标签\n"),
        "{by_revision}"
    );
    assert!(
        by_revision.contains("other\n  new\n    other"),
        "{by_revision}"
    );
    assert_eq!(diff(&world, &["first", folder]).1, by_revision);
    assert_eq!(diff(&world, &["first"]).1, by_revision);
    let (_, back, _) = diff(&world, &[folder, "first"]);
    assert!(
        back.contains("other\n  breaks\n    other  is gone"),
        "{back}"
    );
}

#[test]
fn nothing_of_the_users_is_touched() {
    let world = world();
    spec(&world, "acme", &SPEC.replace("/add", "/append"));
    git(&world, &["add", "--all"]);
    let files = world.files();
    let staged = |world: &Scratch| std::fs::read(world.at(".git/index")).unwrap();
    let index = staged(&world);
    assert_eq!(diff(&world, &["first"]).0, Outcome::Done);
    assert_eq!((world.files(), staged(&world)), (files, index));
    let revision = Revision::read(world.path(), "first").unwrap();
    let catalog = revision.catalog();
    assert!(catalog.join("acme").join("provider.toml").is_file());
    drop(revision);
    assert!(!catalog.exists());
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_compared() {
    let world = world();
    world.file("catalog/providers/broken/provider.toml", "title = 1\n");
    spec(&world, "broken", SPEC);
    commit(&world);
    world.file("catalog/providers/broken/provider.toml", CONFIG);
    let (failed, out, err) = diff(&world, &[]);
    assert_eq!(failed, Outcome::Failed);
    assert!(
        out.contains("acme: the same\nbroken: cannot be compared\n"),
        "{out}"
    );
    let place = "--> HEAD:catalog/providers/broken/provider.toml:1:";
    assert!(err.contains(place), "{err}");
}

#[test]
fn names_that_are_nothing_are_told() {
    let world = world();
    let complaint = |names: &[&str]| {
        let (failed, out, err) = diff(&world, names);
        assert_eq!((failed, out.as_str()), (Outcome::Failed, ""));
        err
    };
    let err = complaint(&["frist"]);
    assert!(
        err.contains("`frist` is neither a folder nor a revision of this repository"),
        "{err}"
    );
    assert!(err.contains("cargo xtask diff [OLD [NEW]]"), "{err}");
    git(&world, &["rm", "-r", "--quiet", "catalog"]);
    commit(&world);
    let err = complaint(&["HEAD", "first"]);
    assert!(
        err.contains("there is no catalog/providers in `HEAD`"),
        "{err}"
    );
    let alone = Scratch::new();
    let (failed, _, err) = diff(&alone, &[]);
    assert_eq!(failed, Outcome::Failed);
    assert!(err.contains("git: fatal: not a git repository"), "{err}");
}
