//! From a directory to a running server, and back.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use countersign_domain::OrgId;
use countersign_domain::identity::Email;
use countersign_domain::identity::capability::RootKey;
use countersign_domain::identity::sign_in::SessionTimes;
use countersign_domain::notification::Retention;
use countersign_domain::policy::FreezeScope;
use countersign_store::Store;
use jiff::Timestamp;
use serde::Serialize;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;

use crate::app::{
    App, Hashing, Parts, Passkeys, Provider, ProviderOptions, ReceiptSigner, SignInRules, Stop,
    first, freezes,
};
use crate::clock::{Clock, SystemClock};
use crate::data_dir::{DataDir, StartError};
use crate::delivery::{self, Egress, Network};
use crate::http::{self, Limits, Shared, Shown, Surface};
use crate::ids::Ids;
use crate::public_url::PublicUrl;
use crate::{api, app, compat, dashboard, jobs, listen};

/// How to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Where people reach the server, if not at that address.
    pub public_url: Option<PublicUrl>,
    /// How many calls one key may make per second.
    pub requests_per_second: u32,
    /// Networks that are not public and may be called all the same, by webhooks for example.
    pub allow_private_targets: Vec<Network>,
    /// Proxies in front of the server, whose word about where a request comes from is taken.
    pub trusted_proxies: Vec<Network>,
    /// How long people stay signed in.
    pub session_times: SessionTimes,
    /// How long deliveries to webhooks are kept after they ended.
    pub retention: Retention,
    /// An identity provider that people sign in with.
    pub provider: Option<ProviderOptions>,
    /// The same as they were given, to be shown.
    pub settings: Vec<EffectiveSetting>,
}

/// A setting of a server as it holds. The field names are public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EffectiveSetting {
    /// The option, as it is called in the file.
    #[serde(rename = "setting")]
    pub name: String,
    /// Its value, if it has one; of a secret only that it is set.
    pub value: Option<String>,
    /// `flag`, `environment`, `file`, `default`, or `unset`.
    pub from: &'static str,
}

/// What a fresh organization starts with. The secrets are not kept anywhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Initialised {
    /// The organization.
    pub org: OrgId,
    /// The first admin.
    pub admin: Email,
    /// The admin's token.
    pub admin_token: String,
    /// The key of an application that speaks for the organization's agents.
    pub application_key: String,
}

/// Makes the first organization in an empty directory.
pub async fn init(data_dir: &Path, admin: &Email) -> Result<Initialised, StartError> {
    let dir = DataDir::open(data_dir)?;
    let store = dir.store()?;
    if !store.organizations().await?.is_empty() {
        return Err(StartError::AlreadyInitialised(data_dir.to_owned()));
    }
    dir.must_be_empty()?;
    let ids = Ids::from_system();
    dir.receipt_seed(&ids)?;
    dir.token_seed(&ids)?;
    Ok(first::organization(&store, &ids, SystemClock.now(), admin).await?)
}

/// Stops something, with a reason, or lets it go on, without one: in the database itself, whether a server
/// runs on it or not.
pub async fn freeze_locally(
    data_dir: &Path,
    org: &OrgId,
    stop: Stop,
    reason: Option<&str>,
) -> Result<FreezeScope, StartError> {
    let store = DataDir::existing_store(data_dir)?;
    Ok(freezes::locally(&store, org, stop, (reason, SystemClock.now())).await?)
}

/// Makes a link that signs a person in once at the server that people reach at `base_url`: in the database itself,
/// whether a server runs on it or not. Gives the link, and until when it works.
pub async fn link_locally(
    data_dir: &Path,
    (org, person): (&OrgId, &str),
    base_url: &str,
) -> Result<(String, Timestamp), StartError> {
    let store = DataDir::existing_store(data_dir)?;
    let (ids, now) = (Ids::from_system(), SystemClock.now());
    let made = app::link_locally(&store, &ids, (org, person), now).await?;
    Ok((dashboard::link(base_url.trim_end_matches('/'), &made), made.expires_at))
}

/// Serves until the process is told to stop; an empty directory is initialised first.
pub async fn serve(options: ServeOptions) -> Result<(), StartError> {
    serve_until(options, told_to_stop()).await
}

/// Serves until `stop` is done; an empty directory is initialised first.
pub async fn serve_until(
    options: ServeOptions,
    stop: impl Future<Output = ()>,
) -> Result<(), StartError> {
    let dir = DataDir::open(&options.data_dir)?;
    let store: Arc<dyn Store> = Arc::new(dir.store()?);
    let ids = Ids::from_system();
    let address = options.listen;
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|error| StartError::Listen { address, error })?;
    let bound = listener.local_addr().unwrap_or(address);
    let base_url = options.public_url.as_ref().map(PublicUrl::as_str);
    let base_url = base_url.map_or_else(|| format!("http://{bound}"), str::to_owned);
    let (seed, token_seed) = (dir.receipt_seed(&ids)?, dir.token_seed(&ids)?);
    let tokens = RootKey::new(&token_seed)
        .map_err(|_| StartError::SigningKey(dir.path().join(DataDir::TOKEN_KEY)))?;
    let made = if store.organizations().await?.is_empty() {
        dir.must_be_empty()?;
        let (now, admin) = (SystemClock.now(), Email::local_admin());
        Some(first::organization(store.as_ref(), &ids, now, &admin).await?)
    } else {
        None
    };
    let receipts = ReceiptSigner::new(&seed, base_url.clone());
    let clock = Arc::new(SystemClock);
    let egress = Arc::new(Egress::new(&options.allow_private_targets));
    let provider = options.provider.map(|options| Provider::new(options, &base_url)).transpose();
    let provider = provider.map_err(StartError::Provider)?.map(Arc::new);
    let sign_in = SignInRules {
        times: options.session_times,
        hashing: Hashing::default(),
        passkeys: Passkeys::new(&base_url),
        provider,
    };
    let app = App::start(Parts { store, clock, ids, receipts, tokens, egress, sign_in }).await?;
    if let Some(made) = made {
        let link = app.first_link(&made.admin_token).await?;
        greet(&made, &base_url, &dashboard::link(&base_url, &link));
    }
    let trusted_proxies = options.trusted_proxies;
    let limits = Limits::new(options.requests_per_second);
    let shown = Shown::default();
    let app_too = Arc::clone(&app);
    let settings = options.settings;
    let surface =
        Arc::new(Surface { app: app_too, limits, base_url, trusted_proxies, shown, settings });
    let sweeper = jobs::start(Arc::clone(&app));
    let forgetter = jobs::forget(Arc::clone(&app), options.retention);
    let noter = jobs::write_key_uses(Arc::clone(&app));
    let teller = delivery::start(Arc::clone(&app));
    tracing::info!(address = %bound, data_dir = %dir.path().display(), "ready");
    run(listener, surface, (&app, stop)).await;
    sweeper.abort();
    forgetter.abort();
    noter.abort();
    teller.abort();
    if let Err(error) = app.write_key_uses().await {
        tracing::error!(%error, "when keys were used could not be written down");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Serves until `stop` is done; then answers whoever is parked, and ends.
async fn run(
    listener: TcpListener,
    surface: Shared,
    (app, stop): (&App, impl Future<Output = ()>),
) {
    let serving = listen::serve(listener, router(surface), app.wake().closed());
    let stopping = async {
        stop.await;
        app.wake().close();
    };
    tokio::join!(serving, stopping);
}

/// Every surface of the server.
pub fn router(surface: Shared) -> Router {
    let (api, document) = api::router();
    api.merge(compat::router())
        .merge(dashboard::router(&surface))
        .merge(api::documents(&document))
        .fallback(http::no_such_path)
        .method_not_allowed_fallback(http::method_not_allowed)
        .layer(CatchPanicLayer::custom(http::panicked))
        .layer(axum::middleware::from_fn(dashboard::as_page))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&surface), http::trace))
        .with_state::<()>(surface)
}

/// The OpenAPI document of the server.
pub fn openapi() -> OpenApi {
    api::router().1
}

async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // A terminal that is closed ends what runs in it, and nothing is cut off by that either.
        match (signal(SignalKind::terminate()), signal(SignalKind::hangup())) {
            (Ok(mut terminated), Ok(mut hung_up)) => tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
                _ = hung_up.recv() => {}
            },
            (Err(error), _) | (_, Err(error)) => {
                tracing::warn!(%error, "only an interrupt can stop this server");
                drop(interrupted.await);
            }
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}

/// Says how to sign in; the only time that the secrets are shown.
fn greet(made: &Initialised, base_url: &str, link: &str) {
    use std::io::Write as _;
    let text = format!(
        "\nThis directory was empty; it is now the organization `{}`.\n\
         Sign in as {} in a browser. This link works once, for a day:\n\n  \
         {}\n\n\
         Or in a terminal, with this token. It is shown only now:\n\n  \
         export COUNTERSIGN_URL={}\n  \
         export COUNTERSIGN_TOKEN={}\n\n\
         Applications that speak for your agents use this key:\n\n  {}\n\n\
         Next: `countersign agents create my-agent`\n\n",
        made.org, made.admin, link, base_url, made.admin_token, made.application_key,
    );
    // Without a standard output there is nobody to greet; the tokens can be made anew in an empty directory.
    drop(std::io::stdout().lock().write_all(text.as_bytes()));
}
