//! The address to listen on, and the server that the environment names.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use countersign_client::{Client, ClientError};
use countersign_domain::OrgId;
use countersign_server::DataDir;

use super::check::Check;
use crate::globals::Globals;

/// How long whoever listens may take to say who it is.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who answers at a URL.
enum Who {
    /// A Countersign, which took the key or had none to take.
    Ours,
    /// A Countersign, which refused the key.
    Refuses(String),
    /// Something else.
    Foreign,
    /// Nobody, and why.
    Nobody(String),
}

/// Whether the address can be listened on, or is by a Countersign that serves this directory.
pub(super) async fn listen(address: SocketAddr, dir: &Path) -> Check {
    let Err(refused) = TcpListener::bind(address) else {
        return Check::ok("listen", format!("`{address}` is free"));
    };
    if refused.kind() != io::ErrorKind::AddrInUse {
        let what = format!("`{address}` cannot be listened on: {refused}");
        let next =
            "choose another with --listen: an address of this machine, and a port above 1023";
        return Check::problem("listen", what, next);
    }
    match Client::new(&url(address), "", &OrgId::first()) {
        Ok(client) => match who(&client).await {
            Who::Ours | Who::Refuses(_) => whose(address, &client, dir).await,
            Who::Foreign | Who::Nobody(_) => {
                let what = format!("`{address}` is in use by something that is no Countersign");
                let next =
                    "stop that (`ss -ltnp` names it), or choose another address with --listen";
                Check::problem("listen", what, next)
            }
        },
        Err(error) => Check::problem("listen", error.to_string(), "choose another with --listen"),
    }
}

/// Whether the Countersign that listens shows the keys of this directory, and holds it.
async fn whose(address: SocketAddr, client: &Client, dir: &Path) -> Check {
    let shown = tokio::time::timeout(PATIENCE, client.signing_keys()).await;
    let same = match (shown, DataDir::public_keys(dir)) {
        (Ok(Ok(shown)), Ok(own)) => shown == own,
        _ => false,
    };
    if same && DataDir::is_served(dir).unwrap_or(false) {
        let what = format!("a Countersign listens on `{address}` and serves this directory");
        return Check::ok("listen", what);
    }
    let what = format!(
        "a Countersign listens on `{address}`, but serves another directory than `{}`",
        dir.display()
    );
    let next = "name the directory that it serves with --data-dir, or choose another address for this one with --listen";
    Check::problem("listen", what, next)
}

/// The URL of whoever listens on an address of this machine.
pub(super) fn url(address: SocketAddr) -> String {
    format!("http://{}", near(address))
}

/// Where someone on this machine reaches a listener on this address.
fn near(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Whether the server that commands will speak to is there, and takes the key. Where none is named, that is
/// the one at the address to listen on.
pub(super) async fn server(globals: &Globals, listen: SocketAddr) -> Check {
    let near = Some(url(listen)).filter(|_| listen.port() != 0);
    let named = globals.place_or_near(near).and_then(|place| {
        let client =
            Client::new(&place.url, place.token.as_deref().unwrap_or_default(), &place.org)?;
        Ok((place.url, (client, place.token.is_some())))
    });
    let (url, (client, has_key)) = match named {
        Ok(named) => named,
        Err(failure) => {
            let next = "mend COUNTERSIGN_URL or --url, and COUNTERSIGN_TOKEN or --token";
            return Check::problem("server", failure.to_string(), next);
        }
    };
    match who(&client).await {
        Who::Ours if has_key => Check::ok("server", format!("`{url}` answers and takes your key")),
        Who::Ours | Who::Refuses(_) if !has_key => Check::warning(
            "server",
            format!("`{url}` answers; no key was given, so that nothing more is known"),
            "set COUNTERSIGN_TOKEN, or pass --token",
        ),
        Who::Ours => Check::ok("server", format!("`{url}` answers")),
        Who::Refuses(why) => Check::problem(
            "server",
            format!("`{url}` does not take your key: {why}"),
            "set COUNTERSIGN_TOKEN to a key of this server and organization; an admin makes keys",
        ),
        Who::Foreign => Check::problem(
            "server",
            format!("what answers at `{url}` is no Countersign"),
            "set COUNTERSIGN_URL to the address of the server",
        ),
        Who::Nobody(why) => Check::warning(
            "server",
            format!("nobody answers at `{url}`: {why}"),
            "start it with `countersign serve`, or set COUNTERSIGN_URL to where it runs",
        ),
    }
}

async fn who(client: &Client) -> Who {
    match tokio::time::timeout(PATIENCE, client.me()).await {
        Ok(Ok(_)) => Who::Ours,
        Ok(Err(ClientError::Problem(problem))) => Who::Refuses(problem.detail),
        Ok(Err(ClientError::Unexpected { .. })) => Who::Foreign,
        Ok(Err(ClientError::Unreachable(why) | ClientError::Unusable(why))) => Who::Nobody(why),
        Err(_) => Who::Nobody(format!("no answer within {} seconds", PATIENCE.as_secs())),
    }
}
