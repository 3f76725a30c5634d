//! What went wrong at Redis, and what helps.

use crate::runtime::call::BoxError;
use redis::RedisError;

/// Scripts may look at the clock and write since then.
const OLDEST: u32 = 5;

/// Words of Redis, and what helps.
const MENDS: [(&str, &str); 9] = [
    (
        "'maxmemory'",
        "it has reached its maxmemory: raise it, or hold less with `hold` and `remember`",
    ),
    (
        "WRONGTYPE",
        "a key with this prefix belongs to something else: choose another one with `prefix`",
    ),
    ("READONLY", "this is a replica: connect to the primary"),
    (
        "MISCONF",
        "it cannot write its file, and takes nothing until it can: look at its log and its disk",
    ),
    ("NOAUTH", "it wants a password: redis://user:password@host"),
    ("WRONGPASS", "user or password in the URL are wrong"),
    (
        "NOPERM",
        "this user needs the rights for EVALSHA, SCRIPT LOAD and all commands on keys with the prefix",
    ),
    (
        "non local key",
        "a cluster of several nodes is not supported: use one node",
    ),
    (
        "CROSSSLOT",
        "a cluster of several nodes is not supported: use one node",
    ),
];

/// An error with what helps.
#[allow(clippy::needless_pass_by_value, reason = "it is given to map_err")]
pub(super) fn explained(error: RedisError) -> BoxError {
    let said = error.to_string();
    let mend = MENDS.iter().find(|(word, _)| said.contains(word));
    let lost = error.is_io_error() || error.is_timeout() || error.is_connection_dropped();
    let mend = match mend {
        Some((_, mend)) => *mend,
        None if lost => {
            "it cannot be reached, or is too slow; the next step tries again, and what became of this one is not known"
        }
        None => return format!("Redis: {said}").into(),
    };
    format!("Redis: {said}; {mend}").into()
}

/// Why a server is refused that says this about itself.
pub(super) fn is_too_old(info: &str) -> Option<BoxError> {
    let version = info
        .lines()
        .find_map(|line| line.strip_prefix("redis_version:"))?;
    let major: u32 = version.split('.').next()?.parse().ok()?;
    (major < OLDEST).then(|| {
        let version = version.trim();
        format!("Redis {version} is too old: {OLDEST} or later is needed").into()
    })
}

#[cfg(test)]
mod tests {
    use super::is_too_old;

    #[test]
    fn an_old_server_is_refused() {
        let refusal =
            |version| is_too_old(&format!("# Server\r\nredis_version:{version}\r\nx:1\r\n"));
        assert!(refusal("4.0.14").is_some_and(|why| why.to_string().contains("4.0.14 is too old")));
        assert!(
            refusal("5.0.0").is_none() && refusal("7.2.4").is_none() && refusal("odd").is_none()
        );
        assert!(is_too_old("").is_none());
    }
}
