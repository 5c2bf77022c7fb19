//! `countersign demo`: a server with agents that really ask, wait and go on.

mod agent;
mod end;
mod script;
mod world;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use clap::Args;
use countersign_domain::identity::Email;
use countersign_domain::identity::sign_in::SessionTimes;
use countersign_domain::notification::Retention;
use countersign_server::ServeOptions;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::print_line;
use agent::Agent;
use end::End;
use tokio::sync::oneshot;
use world::World;

/// See the whole story: agents ask, you answer from a second terminal, they go on
#[derive(Debug, Args)]
#[command(
    after_help = "The data of a demo is thrown away when it ends, unless you name a directory.\n\n\
    Example:\n  countersign demo --listen 127.0.0.1:8080"
)]
pub(crate) struct Demo {
    /// The address to listen on; by default 127.0.0.1:7733, or a free port where that is taken
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Keep the data in this new or empty directory
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

impl Demo {
    pub(crate) async fn run(&self) -> Result<Exit, Failure> {
        let mut end = End::listen()?;
        let thrown_away = tempfile::tempdir()?;
        let data_dir = self.data_dir.clone().unwrap_or_else(|| thrown_away.path().join("data"));
        let listen = self.listen.map_or_else(free_address, known)?;
        let first = countersign_server::init(&data_dir, &Email::local_admin()).await?;
        let (stop, stopped) = oneshot::channel::<()>();
        // That the other side is gone is the end as well.
        let until = async { drop(stopped.await) };
        let options = options(&data_dir, listen);
        let mut server = tokio::spawn(countersign_server::serve_until(options, until));
        let agents = async {
            let world = World::create(&format!("http://{}", reachable(listen)), &first).await?;
            print_line(&self.welcome(&world))?;
            play(world).await
        };
        let played = tokio::select! {
            ended = &mut server => return Ok(ended.map_err(io::Error::other)?.map(|()| Exit::Success)?),
            played = agents => played,
            () = end.comes() => Ok(()),
        };
        drop(stop);
        server.await.map_err(io::Error::other)??;
        thrown_away.close()?;
        played?;
        print_line(&self.farewell())?;
        Ok(Exit::Success)
    }

    fn farewell(&self) -> String {
        match &self.data_dir {
            Some(dir) => format!(
                "\nThe demo has ended. Its data stays in {dir}; `countersign serve --data-dir {dir}` goes on with it.",
                dir = dir.display()
            ),
            None => "\nThe demo has ended, and its data is gone.".to_owned(),
        }
    }

    fn welcome(&self, world: &World) -> String {
        let program = std::env::current_exe()
            .map_or_else(|_| "countersign".to_owned(), |p| p.display().to_string());
        let kept = match &self.data_dir {
            Some(dir) => format!("The data stays in {}.", dir.display()),
            None => "The data is thrown away when you press Ctrl-C.".to_owned(),
        };
        format!(
            "\nCountersign is running at {url}. {kept}\n\
             Three agents are at work below. Some of what they want needs you.\n\n\
             In a browser, by a link that works once:\n\n  {link}\n\n\
             Or in a second terminal:\n\n  \
             export COUNTERSIGN_URL={url} COUNTERSIGN_TOKEN={token}\n  \
             {program} pending\n\n\
             then show, approve, deny or ask, for example:\n\n  \
             {program} approve apr_…          {program} deny apr_… --reason \"not today\"\n  \
             {program} ask apr_… \"why?\"       {program} approve apr_… --set amount=50\n",
            link = world.link,
            url = world.url,
            token = world.token,
        )
    }
}

/// How the server of a demo runs.
fn options(data_dir: &Path, listen: SocketAddr) -> ServeOptions {
    ServeOptions {
        data_dir: data_dir.to_owned(),
        listen,
        public_url: None,
        requests_per_second: 500,
        allow_private_targets: Vec::new(),
        trusted_proxies: Vec::new(),
        session_times: SessionTimes::default(),
        retention: Retention::default(),
        provider: None,
        settings: Vec::new(),
    }
}

/// Lets every agent play its script, each at its own pace, until one cannot go on.
async fn play(world: World) -> Result<(), Failure> {
    let mut playing = tokio::task::JoinSet::new();
    for script in script::all() {
        if let Some(client) = world.agent(script.agent) {
            playing.spawn(Agent { script, client }.play());
        }
    }
    while let Some(played) = playing.join_next().await {
        played.map_err(io::Error::other)??;
    }
    Ok(())
}

/// The address itself; instead of the port 0, which stands for any, one that is free.
fn known(address: SocketAddr) -> Result<SocketAddr, Failure> {
    if address.port() == 0 { Ok(TcpListener::bind(address)?.local_addr()?) } else { Ok(address) }
}

/// Where this machine reaches a server that listens there: one that listens everywhere, on the loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let loopback: IpAddr = match listen {
        SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    if listen.ip().is_unspecified() { SocketAddr::new(loopback, listen.port()) } else { listen }
}

/// The usual address, or a free port of the loopback where that is taken.
fn free_address() -> Result<SocketAddr, Failure> {
    let usual = TcpListener::bind("127.0.0.1:7733");
    Ok(usual.or_else(|_| TcpListener::bind("127.0.0.1:0"))?.local_addr()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_where_a_browser_gets() {
        for (listen, link) in [
            ("0.0.0.0:7733", "127.0.0.1:7733"),
            ("[::]:7733", "[::1]:7733"),
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("192.0.2.7:80", "192.0.2.7:80"),
        ] {
            let listen = listen.parse().expect("an address");
            assert_eq!(reachable(listen).to_string(), link);
        }
    }
}
