//! A gateway that speaks a vendor's protocol, for clients in any language.
//!
//! Exit codes: 0 stopped by Ctrl-C, 1 the address cannot be listened on, 2 the command line was not understood.

mod args;

use args::{Command, Options};
use generated_sdk::runtime::mock::Served;
use generated_sdk::{eyun, padchat};
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let options = match args::parse(std::env::args().skip(1)) {
        Ok(Command::Run(options)) => options,
        Ok(Command::Help) => {
            say(&mut io::stdout(), args::USAGE.trim_end());
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            say(
                &mut io::stderr(),
                &format!("error: {message}\n\n{}", args::USAGE.trim_end()),
            );
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let ended = runtime.and_then(|runtime| runtime.block_on(run(options)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&mut io::stderr(), &format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Serves until Ctrl-C.
async fn run(options: Options) -> io::Result<()> {
    match options.id {
        "padchat" => padchat(options).await,
        _ => eyun(options).await,
    }
}

async fn eyun(options: Options) -> io::Result<()> {
    let mut builder = eyun::mock::Gateway::builder()
        .listen(options.listen)
        .observe(|served| say(&mut io::stdout(), &line(served)));
    if options.verify_first {
        builder = builder.verify_first();
    }
    if let Some(every) = options.incoming_every {
        builder = builder.incoming_every(every);
    }
    let started = builder.start().await;
    let gateway = started.map_err(|error| not_there(&options, &error))?;
    let url = gateway.url();
    let more = format!("faults, calls and callbacks: {url}/__mock/");
    until_ctrl_c(&options, &url, &more).await?;
    gateway.shutdown().await;
    Ok(())
}

async fn padchat(options: Options) -> io::Result<()> {
    let mut builder = padchat::mock::Gateway::builder()
        .listen(options.listen)
        .observe(|served| say(&mut io::stdout(), &line(served)));
    if let Some(every) = options.incoming_every {
        builder = builder.incoming_every(every);
    }
    let started = builder.start().await;
    let gateway = started.map_err(|error| not_there(&options, &error))?;
    let more = format!("faults, calls and pushes: {}/__mock/", gateway.url());
    until_ctrl_c(&options, &gateway.socket_url(), &more).await?;
    gateway.shutdown().await;
    Ok(())
}

fn not_there(options: &Options, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", options.listen))
}

/// Says where the gateway is, and waits.
async fn until_ctrl_c(options: &Options, url: &str, more: &str) -> io::Result<()> {
    let id = options.id;
    say(
        &mut io::stdout(),
        &format!("{id} mock gateway: {url} (loopback only; {more}; Ctrl-C stops it)"),
    );
    tokio::signal::ctrl_c().await
}

/// One request: method, path, operation, code, duration. A path is a stranger's text.
fn line(served: &Served) -> String {
    let path: String = served
        .path
        .chars()
        .filter(|c| !c.is_control())
        .take(120)
        .collect();
    format!(
        "{} {path} {} {} {} ms",
        served.method,
        served.operation.unwrap_or("-"),
        served.code,
        served.took.as_millis()
    )
}

/// Writes a line; where nobody reads any more, there is nobody to tell.
fn say(out: &mut dyn Write, line: &str) {
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
