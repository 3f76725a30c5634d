//! What became of one answer to a message, as it is kept: so that the next attempt at the message does not say it again.

use super::unsaid::Why;

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// How many pieces it has.
    pub(super) of: usize,
    /// What tells it from another answer.
    pub(super) print: u128,
    /// The client ids of the pieces that went.
    pub(super) sent: Vec<String>,
    /// That of the piece that is being sent.
    pub(super) going: Option<String>,
}

impl Record {
    /// Nothing of it is known to have gone, or to be going.
    pub(super) fn is_empty(&self) -> bool {
        self.sent.is_empty() && self.going.is_none()
    }

    /// It has gone.
    pub(super) fn is_whole(&self) -> bool {
        !self.is_empty() && self.going.is_none() && self.sent.len() == self.of
    }

    /// What keeps this answer from being sent, of so many pieces.
    pub(super) fn refuses(&self, of: usize, print: u128) -> Option<Why> {
        let begun = !self.is_empty();
        (begun && (self.of, self.print) != (of, print)).then_some(Why::Changed)
    }

    pub(super) fn written(&self) -> String {
        let mut lines = vec![format!("{} {:032x}", self.of, self.print)];
        lines.extend(self.sent.iter().map(|id| format!("sent {id}")));
        lines.extend(self.going.iter().map(|id| format!("going {id}")));
        lines.join("\n")
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (of, print) = lines.next()?.split_once(' ')?;
        let mut record = Self {
            of: of.parse().ok()?,
            print: u128::from_str_radix(print, 16).ok()?,
            ..Self::default()
        };
        for line in lines {
            match line.split_once(' ')? {
                ("sent", id) => record.sent.push(id.to_owned()),
                ("going", id) => record.going = Some(id.to_owned()),
                _ => return None,
            }
        }
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::{Record, Why};

    #[test]
    fn what_is_written_is_read_again() {
        let record = Record {
            of: 3,
            print: u128::MAX,
            sent: vec!["a".to_owned(), "b".to_owned()],
            going: Some("c".to_owned()),
        };
        assert_eq!(Record::read(&record.written()), Some(record.clone()));
        assert!(!record.is_whole() && !record.is_empty());
        assert_eq!(record.refuses(3, u128::MAX), None);
        assert_eq!(record.refuses(3, 1), Some(Why::Changed));
        let empty = Record::default();
        assert_eq!(Record::read(&empty.written()), Some(empty.clone()));
        assert!(empty.is_empty() && !empty.is_whole());
        assert_eq!(empty.refuses(1, 1), None);
        for text in ["", "3", "x 0", "1 0\nlost a"] {
            assert_eq!(Record::read(text), None, "{text}");
        }
    }
}
