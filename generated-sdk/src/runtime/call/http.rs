//! What HTTP allows: the address of a server, and the name and value of a header.

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

/// The same of an address that a vendor hands out to a client of this one; `None` if calls must not go there: what was
/// encrypted stays so.
pub(crate) fn handed(client: &str, url: &str) -> Option<String> {
    let handed = base_url(url).ok()?;
    let is_weaker = client.starts_with("https://") && handed.starts_with("http://");
    (!is_weaker).then(|| handed.to_owned())
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
    use super::handed;

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
            assert_eq!(handed(client, given).as_deref(), taken, "{client}, {given}");
        }
    }
}
