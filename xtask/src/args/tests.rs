//! What is understood of a command line, and what is said of the rest.

use super::*;

fn parsed(line: &str) -> Result<Command, Misuse> {
    parse(
        line.split(' ')
            .filter(|word| !word.is_empty())
            .map(OsString::from),
    )
}

fn message(line: &str) -> String {
    parsed(line).unwrap_err().message
}

#[test]
fn what_is_behind_mock_is_the_gateways_to_understand() {
    let words = ["eyun", "--listen", "127.0.0.1:0"].map(OsString::from);
    assert_eq!(
        parsed("mock eyun --listen 127.0.0.1:0"),
        Ok(Command::Mock(words.to_vec()))
    );
    for line in ["mock --help", "mock eyun -h", "help mock"] {
        assert_eq!(parsed(line), Ok(Command::Help(Topic::Mock)), "{line}");
    }
}

#[test]
fn options_come_in_any_order_and_both_spellings() {
    let wanted = Command::Codegen(Codegen {
        selection: Selection {
            providers: vec!["eyun".to_owned(), "dami".to_owned()],
            catalog: Some("x y".replace(' ', "/").into()),
            specs: Some("docs".into()),
        },
        out: Some("z".into()),
        check: false,
        accept: None,
        reporting: Reporting {
            format: Format::Github,
            deny: Deny {
                warnings: true,
                codes: vec![Code::UnreadRow],
            },
        },
    });
    assert_eq!(
        parsed(
            "codegen --provider eyun --provider=dami --catalog x/y --specs docs --out z --provider eyun \
             --deny warnings --format github --deny=unread-row"
        ),
        Ok(wanted)
    );
}

#[test]
fn other_documents_are_no_catalog_to_decide_about() {
    assert!(parsed("codegen --accept=catalog").is_ok());
    let message = message("codegen --accept=catalog --specs docs");
    assert!(message.contains("give one of them"), "{message}");
    assert!(parsed("lint --specs docs").is_ok() && parsed("inspect --specs docs").is_ok());
}

#[test]
fn commands_have_options_of_their_own() {
    let inspect = Inspect {
        reporting: Reporting {
            format: Format::Json,
            ..Reporting::default()
        },
        ..Inspect::default()
    };
    assert_eq!(
        parsed("inspect --format json"),
        Ok(Command::Inspect(inspect))
    );
    assert_eq!(parsed("lint"), Ok(Command::Lint(Lint::default())));
    assert_eq!(
        message("lint --check"),
        "`--check` is an option of `codegen`"
    );
    assert_eq!(
        message("inspect --out x"),
        "`--out` is an option of `codegen`"
    );
    assert_eq!(
        message("inspect --accept specs"),
        "`--accept` is an option of `codegen`"
    );
    assert_eq!(message("lint --xyzzy"), "there is no option `--xyzzy`");
}

#[test]
fn help_is_found_everywhere() {
    for line in ["help", "--help", "-h"] {
        assert_eq!(parsed(line), Ok(Command::Help(Topic::Everything)), "{line}");
    }
    for line in ["help codegen", "codegen --help", "codegen --check -h"] {
        assert_eq!(parsed(line), Ok(Command::Help(Topic::Codegen)), "{line}");
    }
    assert_eq!(
        message("help lnit"),
        "there is no command `lnit` (did you mean `lint`?)"
    );
}

#[test]
fn misuse_says_what_to_type() {
    assert_eq!(message(""), "no command given");
    assert_eq!(
        message("inspct"),
        "there is no command `inspct` (did you mean `inspect`?)"
    );
    assert_eq!(
        message("codegen --chekc"),
        "there is no option `--chekc` (did you mean `--check`?)"
    );
    assert_eq!(
        message("codegen check"),
        "`check` is not expected here (did you mean `--check`?)"
    );
    assert_eq!(message("codegen --check=yes"), "`--check` takes no value");
    assert_eq!(message("codegen --provider"), "`--provider` needs an ID");
    assert_eq!(
        message("codegen --provider --check"),
        "`--provider` needs an ID"
    );
    assert_eq!(message("codegen --provider="), "`--provider` needs an ID");
    assert_eq!(message("codegen --out --check"), "`--out` needs a DIR");
    assert_eq!(message("codegen --out=a --out=b"), "`--out` is given twice");
    assert_eq!(
        message("lint --catalog a --catalog b"),
        "`--catalog` is given twice"
    );
    assert_eq!(
        message("inspect --format jsn"),
        "`--format` needs `text` or `json` or `github`, not `jsn` (did you mean `json`?)"
    );
    assert_eq!(
        message("lint --deny warning"),
        "`--deny` needs `warnings` or a CODE, not `warning` (did you mean `warnings`?)"
    );
    assert!(message("codegen --check --accept specs").contains("give one of them"));
}

#[cfg(unix)]
#[test]
fn a_folder_need_not_be_utf8_but_an_id_must() {
    use std::os::unix::ffi::OsStringExt;
    let odd = || OsString::from_vec(vec![b'x', 0xff]);
    let words = |option: &str| [OsString::from("lint"), option.into(), odd()].into_iter();
    let Ok(Command::Lint(lint)) = parse(words("--catalog")) else {
        panic!("refused");
    };
    assert_eq!(lint.selection.catalog, Some(odd().into()));
    assert!(parse(words("--provider")).is_err());
}

#[test]
fn two_are_compared_at_most() {
    let names = |old: Option<&str>, new: Option<&str>| {
        let [old, new] = [old, new].map(|name| name.map(str::to_owned));
        Ok(Command::Diff(Diff { old, new }))
    };
    assert_eq!(parsed("diff"), names(None, None));
    assert_eq!(parsed("diff HEAD~3"), names(Some("HEAD~3"), None));
    assert_eq!(parsed("diff a b"), names(Some("a"), Some("b")));
    assert_eq!(
        message("diff a b c"),
        "`c` is one too many: two are compared"
    );
    assert_eq!(parsed("diff a --help"), Ok(Command::Help(Topic::Diff)));
    assert_eq!(
        message("diff --check"),
        "`--check` is an option of `codegen`"
    );
    assert_eq!(
        message("diff --upload-pack=x"),
        "there is no option `--upload-pack`"
    );
}

#[test]
fn what_the_help_texts_list_is_understood() {
    for (command, topic) in COMMANDS.iter().filter(|(_, topic)| *topic != Topic::Mock) {
        let options: Vec<&str> = usage::options(*topic).collect();
        assert!(options.contains(&"help"), "{options:?}");
        for option in options {
            if let Err(misuse) = parsed(&format!("{command} --{option}")) {
                assert!(misuse.message.contains("needs"), "{}", misuse.message);
            }
        }
    }
    assert_eq!(
        message("lint --listen x"),
        "`--listen` is an option of `mock`"
    );
}
