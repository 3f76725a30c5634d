//! A message as it is kept: who told it, where only the address said so, and its text.
//!
//! `\u{1}account\u{1}process\u{1}{…}`, or the text alone. No JSON begins with that sign.

const MARK: char = '\u{1}';

/// What was kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body<'b> {
    pub(super) account: &'b str,
    pub(super) process: &'b str,
    pub(super) text: &'b str,
}

/// What is to be kept.
pub(super) fn written(account: &str, process: &str, text: String) -> String {
    if account.is_empty() && process.is_empty() {
        return text;
    }
    let (account, process) = (account.replace(MARK, ""), process.replace(MARK, ""));
    format!("{MARK}{account}{MARK}{process}{MARK}{text}")
}

impl<'b> Body<'b> {
    pub(super) fn of(kept: &'b str) -> Self {
        let named = kept.strip_prefix(MARK).and_then(|kept| {
            let (account, kept) = kept.split_once(MARK)?;
            let (process, text) = kept.split_once(MARK)?;
            Some(Self {
                account,
                process,
                text,
            })
        });
        named.unwrap_or(Self {
            text: kept,
            ..Self::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, written};

    #[test]
    fn what_is_kept_is_read_again() {
        for (account, process, text) in [("", "", "{}"), ("a", "", "{}"), ("", "7", "\u{1}")] {
            let kept = written(account, process, text.to_owned());
            let read = Body::of(&kept);
            assert_eq!(
                (read.account, read.process, read.text),
                (account, process, text)
            );
        }
        let kept = written("a\u{1}b", "", "{}".to_owned());
        assert_eq!(Body::of(&kept).account, "ab");
        assert_eq!(Body::of("{\"old\":1}").text, "{\"old\":1}");
    }
}
