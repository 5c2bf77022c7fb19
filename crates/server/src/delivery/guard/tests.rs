//! The guard is asked; nothing is ever called here.

use std::net::IpAddr;

use super::*;

/// Everything that is not public, as URLs write it, and what the parser makes of it.
const PRIVATE: &[(&str, &str)] = &[
    ("127.0.0.1", "127.0.0.1"),
    ("127.1", "127.0.0.1"),
    ("2130706433", "127.0.0.1"),
    ("0x7f.1", "127.0.0.1"),
    ("0x7f000001", "127.0.0.1"),
    ("0177.0.0.1", "127.0.0.1"),
    ("127.0.0.1.", "127.0.0.1"),
    ("%31%32%37.0.0.1", "127.0.0.1"),
    ("１２７.0.0.1", "127.0.0.1"),
    ("0", "0.0.0.0"),
    ("0.1.2.3", "0.1.2.3"),
    ("10.0.0.1", "10.0.0.1"),
    ("10.255.255.255", "10.255.255.255"),
    ("100.64.0.1", "100.64.0.1"),
    ("100.127.255.254", "100.127.255.254"),
    ("169.254.169.254", "169.254.169.254"),
    ("172.16.0.1", "172.16.0.1"),
    ("172.31.255.255", "172.31.255.255"),
    ("192.0.0.8", "192.0.0.8"),
    ("192.0.2.1", "192.0.2.1"),
    ("192.88.99.1", "192.88.99.1"),
    ("192.168.1.1", "192.168.1.1"),
    ("198.18.0.1", "198.18.0.1"),
    ("198.19.255.255", "198.19.255.255"),
    ("198.51.100.7", "198.51.100.7"),
    ("203.0.113.7", "203.0.113.7"),
    ("224.0.0.1", "224.0.0.1"),
    ("240.0.0.1", "240.0.0.1"),
    ("255.255.255.255", "255.255.255.255"),
    ("[::]", "::"),
    ("[::1]", "::1"),
    ("[::7f00:1]", "::7f00:1"),
    ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
    ("[::ffff:a9fe:a9fe]", "::ffff:169.254.169.254"),
    ("[64:ff9b::7f00:1]", "64:ff9b::7f00:1"),
    ("[64:ff9b::808:808]", "64:ff9b::808:808"),
    ("[64:ff9b:1::1]", "64:ff9b:1::1"),
    ("[100::1]", "100::1"),
    ("[2001::1]", "2001::1"),
    ("[2001:2::1]", "2001:2::1"),
    ("[2001:db8::1]", "2001:db8::1"),
    ("[2002:7f00:1::1]", "2002:7f00:1::1"),
    ("[3fff::1]", "3fff::1"),
    ("[fc00::1]", "fc00::1"),
    ("[fd00::1]", "fd00::1"),
    ("[fe80::1]", "fe80::1"),
    ("[fec0::1]", "fec0::1"),
    ("[ff02::1]", "ff02::1"),
];

const PUBLIC: &[&str] = &[
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2003::1",
    "2606:4700:4700::1111",
    "3ffe::1",
];

#[test]
fn what_is_not_public_is_refused_however_it_is_written() {
    for (written, meant) in PRIVATE {
        let meant: IpAddr = meant.parse().unwrap();
        assert!(!is_public(meant), "{meant}");
        for url in [format!("http://{written}/x"), format!("https://{written}:8443")] {
            assert_eq!(Guard::default().check(&url), Err(Refusal::NotPublic(meant)), "{url}");
        }
    }
}

#[test]
fn what_is_public_passes() {
    for text in PUBLIC {
        let ip: IpAddr = text.parse().unwrap();
        assert!(is_public(ip) && Guard::default().admits(ip), "{ip}");
    }
    for url in ["https://example.com", "http://8.8.8.8:9000/a?b", "https://[2606:4700:4700::1111]"]
    {
        assert!(Guard::default().check(url).is_ok(), "{url}");
    }
}

#[test]
fn what_cannot_be_called_is_refused_with_a_reason() {
    let long = format!("https://example.com/{}", "x".repeat(2_000));
    for (url, expected) in [
        ("", Refusal::NoUrl),
        ("example.com/hook", Refusal::NoUrl),
        ("http://", Refusal::NoUrl),
        ("http://[fe80::1%25eth0]/", Refusal::NoUrl),
        ("http://1.2.3.256/", Refusal::NoUrl),
        ("ftp://example.com", Refusal::Scheme),
        ("file:///etc/passwd", Refusal::Scheme),
        ("gopher://8.8.8.8", Refusal::Scheme),
        ("https://ana@example.com", Refusal::Credentials),
        ("https://:secret@example.com", Refusal::Credentials),
        ("http://example.com:0/", Refusal::Port),
        ("https://8.8.8.8:00", Refusal::Port),
        (&long, Refusal::TooLong),
    ] {
        assert_eq!(Guard::default().check(url), Err(expected), "{url}");
    }
}

#[test]
fn only_what_was_opened_is_open() {
    let opened = ["127.0.0.0/8", "10.1.2.3", "fd00::/8"].map(|text| text.parse().unwrap());
    let guard = Guard::new(&opened);
    for ip in ["127.0.0.1", "::ffff:127.9.9.9", "10.1.2.3", "fd12::1", "8.8.8.8"] {
        assert!(guard.admits(ip.parse().unwrap()), "{ip}");
    }
    for ip in ["10.1.2.4", "::1", "169.254.169.254", "64:ff9b::7f00:1", "fe80::1"] {
        assert!(!guard.admits(ip.parse().unwrap()), "{ip}");
    }
    for text in ["", "localhost", "10.0.0.0/33", "10.0.0/8"] {
        assert!(text.parse::<Network>().is_err(), "{text}");
    }
}
