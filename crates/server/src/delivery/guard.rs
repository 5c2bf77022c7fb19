//! Which addresses may be called: public ones, and those that the operator opened.
//!
//! An address that stands in a URL itself is checked when the URL is read, because no resolver is ever
//! asked about it; one that a name stands for is checked by the resolver, whose answer is what is
//! connected to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use ipnet::IpNet;
use url::{Host, Url};

/// The longest URL that is taken.
const LONGEST: usize = 2_000;

/// IPv4 networks that are not public (IANA's registry of special addresses): this network, private,
/// carrier-grade NAT, loopback, link-local, assignments, documentation, 6to4 relays, benchmarks, multicast,
/// reserved.
const NOT_PUBLIC_V4: [([u8; 4], u32); 15] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// Networks inside of IPv6's public space that are not public: protocol assignments with Teredo and
/// benchmarks, documentation, 6to4.
const NOT_PUBLIC_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// IPv6's public space; everything else is private, local, multicast, translated (NAT64) or reserved.
const PUBLIC_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// A network that the operator opened, as `127.0.0.0/8` or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

/// Why a text is not a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a network: write it as `10.1.0.0/16`, or as one address")]
pub struct NetworkError(String);

impl Network {
    /// Whether an address belongs to it.
    pub fn contains(&self, ip: IpAddr) -> bool {
        self.0.contains(&ip.to_canonical())
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let one = |ip: IpAddr| Self(IpNet::from(ip));
        let parsed = text.parse().map(one).or_else(|_| text.parse().map(Self));
        parsed.map_err(|_| NetworkError(countersign_domain::display::sanitise(text)))
    }
}

/// Why a URL is not called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is none.
    #[error("this is not a URL: write it as `https://example.com/hook`")]
    NoUrl,
    /// It is too long.
    #[error("a URL has at most {LONGEST} characters here")]
    TooLong,
    /// It is of another kind.
    #[error("only `http` and `https` can be called")]
    Scheme,
    /// It carries a name or password, which would be shown wherever the URL is.
    #[error("a URL must not carry a user name or password")]
    Credentials,
    /// It names the port 0.
    #[error("nobody can be reached at port 0")]
    Port,
    /// It leads to an address that is not public.
    #[error(
        "`{0}` is not a public address; an operator can open it with `countersign serve --allow-private-targets {0}`"
    )]
    NotPublic(IpAddr),
    /// So does a name.
    #[error(
        "`{name}` leads to `{ip}`, which is not a public address; an operator can open it with `countersign serve --allow-private-targets {ip}`"
    )]
    NamesNotPublic {
        /// The name.
        name: String,
        /// Where it leads.
        ip: IpAddr,
    },
}

impl Refusal {
    /// How an operator starts the server so that it is called after all; `None` where nothing opens it.
    pub fn opened_by(&self) -> Option<String> {
        match self {
            Self::NotPublic(ip) | Self::NamesNotPublic { ip, .. } => {
                Some(format!("countersign serve --allow-private-targets {ip}"))
            }
            Self::NoUrl | Self::TooLong | Self::Scheme | Self::Credentials | Self::Port => None,
        }
    }
}

/// Decides which addresses may be called.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    opened: Vec<IpNet>,
}

impl Guard {
    /// A guard that lets through what is public, and these networks.
    pub fn new(opened: &[Network]) -> Self {
        Self { opened: opened.iter().map(|network| network.0).collect() }
    }

    /// Whether this address may be connected to.
    pub fn admits(&self, ip: IpAddr) -> bool {
        let plain = ip.to_canonical();
        is_public(plain) || self.opened.iter().any(|net| net.contains(&plain))
    }

    /// Reads a URL, and refuses one that cannot be called. The parser gives every way of writing an IPv4
    /// address (decimal, hex, octal, short) as what it is.
    pub fn check(&self, text: &str) -> Result<Url, Refusal> {
        if text.len() > LONGEST {
            return Err(Refusal::TooLong);
        }
        let url: Url = text.parse().map_err(|_| Refusal::NoUrl)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if url.port() == Some(0) {
            return Err(Refusal::Port);
        }
        let literal = match url.host().ok_or(Refusal::NoUrl)? {
            Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
            Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
            Host::Domain(_) => None,
        };
        match literal {
            Some(ip) if !self.admits(ip) => Err(Refusal::NotPublic(ip)),
            Some(_) | None => Ok(url),
        }
    }
}

/// Whether an address belongs to someone on the public internet, and to nothing near this machine.
pub fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => !NOT_PUBLIC_V4.iter().any(|(net, bits)| within_v4(ip, *net, *bits)),
        IpAddr::V6(ip) => {
            within_v6(ip, PUBLIC_V6) && !NOT_PUBLIC_V6.iter().any(|net| within_v6(ip, *net))
        }
    }
}

fn within_v4(ip: Ipv4Addr, net: [u8; 4], bits: u32) -> bool {
    (u32::from(ip) ^ u32::from_be_bytes(net)).leading_zeros() >= bits
}

fn within_v6(ip: Ipv6Addr, (net, bits): (Ipv6Addr, u32)) -> bool {
    (u128::from(ip) ^ u128::from(net)).leading_zeros() >= bits
}

#[cfg(test)]
mod tests;
