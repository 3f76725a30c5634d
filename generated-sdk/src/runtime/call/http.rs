//! What HTTP allows: the address of a server, and the name and value of a header.

use super::error::ErrorKind;

/// What is wrong with a header that [`header_fits`] refuses.
pub(crate) const UNFIT_HEADER: &str =
    "a header's name or value has a character that HTTP does not allow";

/// The same of an authorization.
pub(crate) const UNFIT_AUTHORIZATION: &str = "the authorization has a line break or another character that no header may have; trim what was read from a file";

/// Whether HTTP allows a header of this name and value.
pub(crate) fn header_fits(name: &str, value: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty()
        && name.bytes().all(token)
        && !value.chars().any(|char| char.is_control() && char != '\t')
}

/// An address to which paths are appended, without blanks and slashes around it; an error says what is wrong with it.
pub(crate) fn base_url(url: &str) -> Result<&str, &'static str> {
    let url = url.trim().trim_end_matches('/');
    let host = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"));
    if host.is_none_or(|host| host.is_empty() || host.starts_with('/')) {
        return Err("the base URL must start with http:// or https:// and a host");
    }
    if url.contains(['?', '#', ' ']) {
        return Err("the base URL must have no query, fragment or space");
    }
    Ok(url)
}

/// The same of an address that a vendor hands out to a client of this one, or the kind of error if calls must not go
/// there: what was encrypted stays so, and where hosts are declared, it leads to one of them.
pub(crate) fn handed(client: &str, url: &str, hosts: &[&str]) -> Result<String, ErrorKind> {
    let handed = base_url(url).map_err(|_| ErrorKind::Undecodable)?;
    let is_secure = handed.starts_with("https://");
    let is_local = is_loopback(client) && is_loopback(handed);
    let is_own = !hosts.is_empty() && authority(client) == authority(handed);
    if client.starts_with("https://") && !is_secure {
        return Err(ErrorKind::Undecodable);
    }
    let may = hosts.is_empty() || is_local || is_own || (is_secure && is_one_of(handed, hosts));
    if !may {
        return Err(ErrorKind::WrongHost);
    }
    Ok(handed.to_owned())
}

/// Whether an address leads to one of these hosts: `api.example.com`, `*.example.com`.
fn is_one_of(url: &str, hosts: &[&str]) -> bool {
    let host = host(url).to_ascii_lowercase();
    // What is no plain name may be read as another host elsewhere.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    let fits = |pattern: &&str| match pattern.strip_prefix('*') {
        Some(end) => host.len() > end.len() && host.ends_with(end),
        None => host == **pattern,
    };
    host.chars().all(is_plain) && hosts.iter().any(fits)
}

/// Whether an address is on this machine, as it is in tests.
pub(crate) fn is_loopback(url: &str) -> bool {
    let host = host(url);
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address = address.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Host and port of an address, and what may stand before them.
fn authority(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    rest.split(['/', '?', '#', '\\']).next().unwrap_or_default()
}

/// The host of an address, and what may stand before it.
fn host(url: &str) -> &str {
    let authority = authority(url);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// What stands behind the host of an address.
pub(crate) fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("")
}

/// Scheme, host and port of an address: what stands around them may be a secret.
pub(crate) fn server(base_url: &str) -> String {
    let (scheme, rest) = base_url.split_once("://").unwrap_or(("", base_url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_leads_to_an_address_that_is_one_and_no_less_secure() {
        let plain = "http://gateway.example";
        for (client, given, taken) in [
            (plain, "http://other.example/", Some("http://other.example")),
            (
                plain,
                "https://other.example",
                Some("https://other.example"),
            ),
            (
                "https://a.example",
                "https://b.example/ilink",
                Some("https://b.example/ilink"),
            ),
            ("https://a.example", "http://b.example", None),
            (plain, "other.example", None),
            (plain, "http://other.example/?token=1", None),
        ] {
            let handed = handed(client, given, &[]).ok();
            assert_eq!(handed.as_deref(), taken, "{client}, {given}");
        }
    }

    #[test]
    fn where_hosts_are_declared_a_vendor_leads_to_these_alone() {
        let hosts = ["*.example.com", "one.example.net"];
        let (real, test) = ("https://api.example.com/bot", "http://127.0.0.1:8000/bot");
        for (client, given) in [
            (real, "https://b.example.com"),
            (real, "https://B.C.Example.com:8443/x"),
            (real, "https://one.example.net"),
            ("http://proxy.example", "http://proxy.example/other"),
            (test, "http://127.0.0.1:9000"),
            (test, "http://localhost:9000"),
            (test, "http://[::1]:9000"),
            (test, "https://b.example.com"),
        ] {
            let taken = handed(client, given, &hosts);
            assert_eq!(taken.as_deref(), Ok(given), "{client}, {given}");
        }
        for (client, given) in [
            (real, "https://example.com"),
            (real, "https://evil-example.com"),
            (real, "https://two.example.net"),
            (real, "https://b.example.com.evil.net"),
            (real, "https://evil.net\\.example.com"),
            (real, "https://me@b.example.com"),
            (real, "https://b.example.com:x@evil.net"),
            (real, "https://evil.net:443\u{ff0e}example.com"),
            (real, "https://127.0.0.1:9000"),
            (test, "http://b.example.com"),
            (test, "http://10.0.0.1"),
            (test, "http://127.0.0.1:1@evil.net"),
        ] {
            let refused = handed(client, given, &hosts);
            assert_eq!(refused, Err(ErrorKind::WrongHost), "{client}, {given}");
        }
        let weaker = handed(real, "http://b.example.com", &hosts);
        assert_eq!(weaker, Err(ErrorKind::Undecodable));
    }
}
