//! `countersign serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use countersign_domain::identity::sign_in::SessionTimes;
use countersign_domain::notification::Retention;
use countersign_domain::time::parse_duration;
use countersign_server::{Network, PublicUrl, ServeOptions};
use jiff::SignedDuration;

use super::config::{File, effective};
use super::exposed::Exposed;
use super::log::{self, LogFormat};
use super::provider::ProviderArgs;
use crate::exit::Exit;
use crate::failure::Failure;

/// Run the server. An empty directory is initialised, and how to sign in is printed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  countersign serve\n  \
    countersign serve --data-dir /var/lib/countersign --listen 0.0.0.0:7733 --public-url https://ok.example.com\n\n\
    COUNTERSIGN_LOG sets what is logged, for example `info` or `countersign_server=debug`.")]
pub(crate) struct Serve {
    /// A file with settings; by default `countersign.toml` in the data directory, if there is one
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_CONFIG")]
    pub(super) config: Option<PathBuf>,
    /// Where the data stands
    #[arg(
        long,
        value_name = "DIR",
        env = "COUNTERSIGN_DATA_DIR",
        default_value = "./countersign-data"
    )]
    pub(super) data_dir: PathBuf,
    /// The address to listen on
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "COUNTERSIGN_LISTEN",
        default_value = "127.0.0.1:7733"
    )]
    pub(super) listen: SocketAddr,
    /// Where people reach it, for links
    #[arg(long, value_name = "URL", env = "COUNTERSIGN_PUBLIC_URL")]
    public_url: Option<PublicUrl>,
    /// How many requests one key may make each second
    #[arg(
        long,
        value_name = "COUNT",
        env = "COUNTERSIGN_REQUESTS_PER_SECOND",
        default_value_t = 500,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    requests_per_second: u32,
    /// A network that is not public and may be called all the same, by webhooks for example; several times,
    /// or with commas, for several
    #[arg(
        long,
        value_name = "NETWORK",
        env = "COUNTERSIGN_ALLOW_PRIVATE_TARGETS",
        value_delimiter = ','
    )]
    pub(super) allow_private_targets: Vec<Network>,
    /// A proxy in front of the server, whose `X-Forwarded-For` is believed; several times,
    /// or with commas, for several
    #[arg(long, value_name = "NETWORK", env = "COUNTERSIGN_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<Network>,
    /// How long people stay signed in without doing anything
    #[arg(
        long,
        value_name = "LENGTH",
        env = "COUNTERSIGN_SESSION_IDLE",
        value_parser = parse_duration,
        default_value = "12h"
    )]
    session_idle: SignedDuration,
    /// How long people stay signed in at most
    #[arg(
        long,
        value_name = "LENGTH",
        env = "COUNTERSIGN_SESSION_LASTS",
        value_parser = parse_duration,
        default_value = "7d"
    )]
    session_lasts: SignedDuration,
    /// How long deliveries that arrived, and events that streams can resume at, are kept
    #[arg(
        long,
        value_name = "LENGTH",
        env = "COUNTERSIGN_KEEP_DELIVERIES",
        value_parser = parse_duration,
        default_value = "30d"
    )]
    keep_deliveries: SignedDuration,
    /// How long deliveries that were given up are kept, to be replayed
    #[arg(
        long,
        value_name = "LENGTH",
        env = "COUNTERSIGN_KEEP_FAILED_DELIVERIES",
        value_parser = parse_duration,
        default_value = "90d"
    )]
    keep_failed_deliveries: SignedDuration,
    #[command(flatten)]
    provider: ProviderArgs,
    /// How to log, on standard error
    #[arg(long, value_enum, env = "COUNTERSIGN_LOG_FORMAT", default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

impl Serve {
    /// The file with settings that holds for it, if there is one.
    pub(super) fn file(&self) -> Result<Option<File>, Failure> {
        File::find(self)
    }

    /// Every file that holds a secret and that others on this machine can read.
    pub(super) fn exposed_secrets(&self) -> Vec<Exposed> {
        // A file that cannot be read holds no secret that is used.
        let settings = self.file().ok().flatten();
        let in_settings = settings.filter(|file| !file.secrets().is_empty()).map(|file| file.path);
        let files = in_settings.into_iter().chain(self.provider.secret_file().map(PathBuf::from));
        files.filter_map(Exposed::look).collect()
    }

    pub(crate) async fn run(&self) -> Result<Exit, Failure> {
        log::start(self.log_format)?;
        for exposed in self.exposed_secrets() {
            tracing::warn!(next = %exposed.next(), "{}", exposed.what());
        }
        countersign_server::serve(ServeOptions {
            data_dir: self.data_dir.clone(),
            listen: self.listen,
            public_url: self.public_url.clone(),
            requests_per_second: self.requests_per_second,
            allow_private_targets: self.allow_private_targets.clone(),
            trusted_proxies: self.trusted_proxy.clone(),
            session_times: SessionTimes { idle: self.session_idle, absolute: self.session_lasts },
            retention: Retention {
                delivered: self.keep_deliveries,
                failed: self.keep_failed_deliveries,
            },
            provider: self.provider.options()?,
            settings: effective(&["serve"], self.file()?.as_ref())?,
        })
        .await?;
        Ok(Exit::Success)
    }
}
