//! Cookies: named with `__Host-`, so that no other site, sub-domain or path can plant them (RFC 6265bis, 4.1.3.2).

use std::fmt::Write;

use axum::http::{HeaderMap, HeaderValue, header};

/// How this server writes and reads its cookies.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    /// `false` drops the prefix and `Secure`: for the demo, opened over plain http from another machine.
    pub secure: bool,
}

impl Cookies {
    /// The value of a `Set-Cookie` header. `name` and `value` are ours: letters, digits, `-`, `_`, `.`.
    /// Without `max_age` (seconds) the cookie ends with the browser.
    pub fn set(self, name: &str, value: &str, max_age: Option<u64>) -> HeaderValue {
        let mut text = format!("{}{name}={value}; Path=/; HttpOnly; SameSite=Lax", self.prefix());
        if self.secure {
            text.push_str("; Secure");
        }
        if let Some(seconds) = max_age {
            let _ = write!(text, "; Max-Age={seconds}");
        }
        debug_assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)), "{value}");
        HeaderValue::from_str(&text).expect("our names and values are plain ASCII")
    }

    /// The `Set-Cookie` value that removes the cookie.
    pub fn clear(self, name: &str) -> HeaderValue {
        self.set(name, "", Some(0))
    }

    /// The value the browser sent. With two of one name the first counts, as browsers send the most specific first.
    pub fn read<'a>(self, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| key.strip_prefix(self.prefix()) == Some(name))
            .map(|(_, value)| value)
    }

    fn prefix(self) -> &'static str {
        if self.secure { "__Host-" } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECURE: Cookies = Cookies { secure: true };
    const PLAIN: Cookies = Cookies { secure: false };

    #[test]
    fn cookies_carry_every_guard() {
        assert_eq!(
            SECURE.set("session", "abc", Some(3600)),
            "__Host-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=3600"
        );
        assert_eq!(PLAIN.set("session", "abc", None), "session=abc; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(SECURE.clear("session"), "__Host-session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
    }

    #[test]
    fn only_the_own_name_is_read() {
        let mut headers = HeaderMap::new();
        headers
            .append(header::COOKIE, HeaderValue::from_static("session=planted; __Host-sessions=x;__Host-session=real"));
        headers.append(header::COOKIE, HeaderValue::from_static("broken; __Host-pre=p=q"));
        assert_eq!(SECURE.read(&headers, "session"), Some("real"));
        assert_eq!(SECURE.read(&headers, "pre"), Some("p=q"));
        assert_eq!(PLAIN.read(&headers, "session"), Some("planted"));
        assert_eq!(SECURE.read(&headers, "absent"), None);
    }
}
