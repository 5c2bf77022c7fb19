//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::Surface;
use crate::app::Device;
use crate::delivery::Network;

/// The address and the browser behind a request. What a proxy says about the address counts only if the
/// operator trusts that proxy.
pub fn device(parts: &Parts, surface: &Surface) -> Device {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|info| info.0.ip().to_canonical());
    let ip = peer.map(|peer| behind(peer, &parts.headers, &surface.trusted_proxies));
    let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Device::new(ip, agent)
}

/// The last address on the way that no trusted proxy has: everything before it is what the caller claims.
fn behind(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let trusted = |ip: IpAddr| proxies.iter().any(|network| network.contains(ip));
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let way: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut client = peer;
    for hop in way.into_iter().rev() {
        match hop.parse::<IpAddr>() {
            Ok(ip) if trusted(client) => client = ip.to_canonical(),
            Ok(_) | Err(_) => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let proxies: Vec<Network> = proxies.iter().map(|text| text.parse().unwrap()).collect();
        behind(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let proxies = ["10.0.0.0/8"];
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &proxies), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1"], &proxies), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &[], &proxies), "10.0.0.1");
    }

    #[test]
    fn what_the_caller_claims_is_not_believed() {
        let proxies = ["10.0.0.0/8"];
        assert_eq!(
            seen("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"], &proxies),
            "198.51.100.1"
        );
        assert_eq!(seen("10.0.0.1", &["1.1.1.1", "198.51.100.1"], &proxies), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1, rubbish"], &proxies), "10.0.0.1");
    }
}
