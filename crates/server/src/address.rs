//! Whose request is it? The peer's address, or behind our own proxies the one they vouch for.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use axum::http::HeaderMap;

/// A range of addresses such as `10.0.0.0/8` or `fd00::/8`; a bare address is a range of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    base: IpAddr,
    prefix: u8,
}

impl Cidr {
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, canonical(address)) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.prefix);
                u32::from(base).checked_shr(shift) == u32::from(address).checked_shr(shift)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let shift = 128 - u32::from(self.prefix);
                u128::from(base).checked_shr(shift) == u128::from(address).checked_shr(shift)
            }
            _ => false,
        }
    }
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address range; write 10.0.0.0/8, 192.168.1.5 or fd00::/8")]
pub struct CidrError(String);

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        let error = || CidrError(text.to_owned());
        let (base, prefix) = text.split_once('/').map_or((text, None), |(base, prefix)| (base, Some(prefix)));
        let base: IpAddr = base.trim().parse().map_err(|_| error())?;
        let longest = if base.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(longest), |prefix| prefix.trim().parse().map_err(|_| error()))?;
        if prefix > longest {
            return Err(error());
        }
        Ok(Self { base, prefix })
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.prefix)
    }
}

/// An IPv4 address that came as IPv6 (`::ffff:10.0.0.1`) is that IPv4 address.
pub fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// The unit that limits count: an IPv4 address, or the /64 of an IPv6 one, which is what one subscriber gets (RFC 6177).
pub fn subscriber(address: IpAddr) -> IpAddr {
    match canonical(address) {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The client's address. `X-Forwarded-For` counts only when the peer is one of `trusted`; then its entries are read
/// from the right, past our own proxies, to the first address that is not ours: everything left of it may be invented.
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Cidr]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|range| range.contains(address));
    let mut client = canonical(peer);
    if !is_trusted(client) {
        return client;
    }
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or_default()).collect();
    for entry in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        // An entry that cannot be read ends the chain of trust at the proxy that passed it on.
        let Some(address) = entry_address(entry) else { return client };
        client = address;
        if !is_trusted(client) {
            return client;
        }
    }
    client
}

/// `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]:443`: proxies write all of them.
fn entry_address(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = match entry.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => entry,
    };
    let address = bare.parse().or_else(|_| entry.parse::<std::net::SocketAddr>().map(|socket| socket.ip())).ok()?;
    Some(canonical(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn seen(peer: &str, forwarded: &[&str]) -> IpAddr {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        client(ip(peer), &headers, &["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()])
    }

    #[test]
    fn ranges_hold_their_addresses() {
        for (range, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("::/0", "2001:db8::1", "203.0.113.9"),
            ("10.0.0.0/8", "::ffff:10.1.2.3", "::ffff:11.1.2.3"),
        ] {
            let range: Cidr = range.parse().unwrap();
            assert!(range.contains(ip(inside)), "{range} holds {inside}");
            assert!(!range.contains(ip(outside)), "{range} does not hold {outside}");
        }
        for wrong in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "localhost", "10.0.0.0/-1"] {
            assert!(wrong.parse::<Cidr>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(seen("203.0.113.9", &["192.0.2.1"]), ip("203.0.113.9"));
    }

    #[test]
    fn the_rightmost_untrusted_entry_counts() {
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, 192.0.2.1"]), ip("192.0.2.1"), "what stands left is invented");
        assert_eq!(seen("10.0.0.1", &["192.0.2.1, 10.0.0.2"]), ip("192.0.2.1"), "past our own proxies");
        assert_eq!(seen("10.0.0.1", &["192.0.2.1", "10.0.0.2, 10.0.0.3"]), ip("192.0.2.1"), "across lines");
        assert_eq!(seen("10.0.0.1", &["[2001:db8::5]:4711"]), ip("2001:db8::5"));
        assert_eq!(seen("10.0.0.1", &["192.0.2.1:4711"]), ip("192.0.2.1"));
        assert_eq!(seen("fd00::1", &["192.0.2.1"]), ip("192.0.2.1"));
    }

    #[test]
    fn rubbish_ends_at_the_last_proxy_that_vouched() {
        assert_eq!(seen("10.0.0.1", &[]), ip("10.0.0.1"));
        assert_eq!(seen("10.0.0.1", &["unknown"]), ip("10.0.0.1"));
        assert_eq!(seen("10.0.0.1", &["192.0.2.1, evil, 10.0.0.2"]), ip("10.0.0.2"));
    }

    #[test]
    fn subscribers_are_addresses_or_64s() {
        assert_eq!(subscriber(ip("2001:db8:1:2:3::4")), ip("2001:db8:1:2::"));
        assert_eq!(subscriber(ip("::ffff:192.0.2.1")), ip("192.0.2.1"));
    }
}
