//! What HTTP allows: the address of a server, and the name and value of a header.

/// What is wrong with a header that [`header_fits`] refuses.
pub(crate) const UNFIT_HEADER: &str =
    "a header's name or value has a character that HTTP does not allow";

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

/// Scheme, host and port of an address: what stands around them may be a secret.
pub(crate) fn server(base_url: &str) -> String {
    let (scheme, rest) = base_url.split_once("://").unwrap_or(("", base_url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}")
}
