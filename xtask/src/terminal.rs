//! Owns the two streams of the process: buffered, coloured where that helps, deaf to a closed pipe.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};

use generator::surface::Paint;

/// Where a command prints.
pub(crate) struct Terminal<'a> {
    /// What was asked for.
    pub(crate) out: Stream<'a>,
    /// What went wrong.
    pub(crate) err: Stream<'a>,
}

/// One stream. Once its reader has gone away it swallows everything: that ends the output, not the work.
pub(crate) struct Stream<'a> {
    writer: Box<dyn Write + 'a>,
    is_open: bool,
    /// Whether and how it is coloured.
    pub(crate) paint: Paint,
}

impl Terminal<'static> {
    /// Stdout and stderr of this process.
    pub(crate) fn of_process() -> Self {
        let wanted = wants_colours();
        let (out, err) = (io::stdout().lock(), io::stderr().lock());
        let (out_paint, err_paint) = (
            Paint::when(wanted && out.is_terminal()),
            Paint::when(wanted && err.is_terminal()),
        );
        Self {
            out: Stream::new(BufWriter::new(out), out_paint),
            err: Stream::new(BufWriter::new(err), err_paint),
        }
    }
}

impl<'a> Terminal<'a> {
    /// Two uncoloured buffers.
    #[cfg(test)]
    pub(crate) fn into(out: &'a mut Vec<u8>, err: &'a mut Vec<u8>) -> Self {
        Self {
            out: Stream::new(out, Paint::OFF),
            err: Stream::new(err, Paint::OFF),
        }
    }

    /// Sends what is still buffered.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.err.flush()?;
        self.out.flush()
    }
}

impl<'a> Stream<'a> {
    fn new(writer: impl Write + 'a, paint: Paint) -> Self {
        Self {
            writer: Box::new(writer),
            is_open: true,
            paint,
        }
    }

    /// Turns a reader's farewell into silence.
    fn heed<T>(&mut self, result: io::Result<T>, instead: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_open = false;
                Ok(instead)
            }
            other => other,
        }
    }
}

impl Write for Stream<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_open {
            return Ok(bytes.len());
        }
        let result = self.writer.write(bytes);
        self.heed(result, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.is_open {
            return Ok(());
        }
        let result = self.writer.flush();
        self.heed(result, ())
    }
}

/// `NO_COLOR` (no-color.org) and dumb terminals get plain text.
fn wants_colours() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    !is_set("NO_COLOR") && !is_dumb
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(ErrorKind::BrokenPipe.into())
        }
    }

    #[test]
    fn a_closed_pipe_is_no_error() {
        let mut stream = Stream::new(Gone, Paint::OFF);
        writeln!(stream, "one").unwrap();
        writeln!(stream, "two").unwrap();
        stream.flush().unwrap();
        assert!(!stream.is_open);
    }
}
