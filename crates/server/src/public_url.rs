//! Where people reach the server: what every link begins with.

use std::str::FromStr;

use url::Url;

/// The address of the server as people write it, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

/// Why a text is not such an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}: write it as `https://countersign.example.com`")]
pub struct PublicUrlError(&'static str);

impl PublicUrl {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        let url: Url = text.trim().parse().map_err(|_| PublicUrlError("this is not a URL"))?;
        let refused = if !matches!(url.scheme(), "http" | "https") {
            Some("only `http` and `https` lead to a server")
        } else if !url.has_host() {
            Some("it names no host")
        } else if !url.username().is_empty() || url.password().is_some() {
            Some("it must not carry a user name or password, which would stand in every link")
        } else if url.query().is_some() || url.fragment().is_some() {
            Some("nothing may stand behind `?` or `#`, because links go on from it")
        } else if url.port() == Some(0) {
            Some("nobody can be reached at port 0")
        } else {
            None
        };
        match refused {
            Some(why) => Err(PublicUrlError(why)),
            None => Ok(Self(text.trim().trim_end_matches('/').to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_of_a_server_is_taken() {
        for (text, kept) in [
            ("https://ok.example.com", "https://ok.example.com"),
            (" http://127.0.0.1:8080/ ", "http://127.0.0.1:8080"),
            ("https://example.com/countersign/", "https://example.com/countersign"),
        ] {
            assert_eq!(text.parse::<PublicUrl>().unwrap().as_str(), kept);
        }
        for (text, why) in [
            ("javascript:alert(1)", "only `http` and `https`"),
            ("ftp://example.com", "only `http` and `https`"),
            ("example.com", "not a URL"),
            ("https://", "not a URL"),
            ("", "not a URL"),
            ("https://ana:secret@example.com", "user name or password"),
            ("https://ana@example.com", "user name or password"),
            ("https://example.com/?a=b", "behind `?` or `#`"),
            ("https://example.com/?", "behind `?` or `#`"),
            ("https://example.com#x", "behind `?` or `#`"),
            ("https://example.com:0", "port 0"),
        ] {
            let refused = text.parse::<PublicUrl>().expect_err(text).to_string();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }
}
