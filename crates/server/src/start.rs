//! From a directory to a running server, and back.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt as _;
use countersign_domain::OrgId;
use countersign_domain::identity::Email;
use countersign_store::Store;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;

use crate::app::{App, Parts, ReceiptSigner, first};
use crate::clock::{Clock, SystemClock};
use crate::data_dir::{DataDir, StartError};
use crate::http::{self, Limits, Shared, Surface};
use crate::ids::Ids;
use crate::{api, compat, jobs, pages};

/// How long open connections may take to end after the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Where people reach the server, if not at that address.
    pub public_url: Option<String>,
    /// How many calls one key may make per second.
    pub requests_per_second: u32,
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
    let ids = Ids::from_system();
    dir.receipt_seed(&ids)?;
    Ok(first::organization(&store, &ids, SystemClock.now(), admin).await?)
}

/// Serves until the process is told to stop; an empty directory is initialised first.
pub async fn serve(options: ServeOptions) -> Result<(), StartError> {
    let dir = DataDir::open(&options.data_dir)?;
    let store: Arc<dyn Store> = Arc::new(dir.store()?);
    let ids = Ids::from_system();
    if store.organizations().await?.is_empty() {
        let admin = Email::local_admin();
        greet(
            &first::organization(store.as_ref(), &ids, SystemClock.now(), &admin).await?,
            &options,
        );
    }
    let address = options.listen;
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|error| StartError::Listen { address, error })?;
    let bound = listener.local_addr().unwrap_or(address);
    let base_url = options.public_url.unwrap_or_else(|| format!("http://{bound}"));
    let base_url = base_url.trim_end_matches('/').to_owned();
    let receipts = ReceiptSigner::new(&*dir.receipt_seed(&ids)?, base_url.clone());
    let clock = Arc::new(SystemClock);
    let app = App::start(Parts { store, clock, ids, receipts }).await?;
    let limits = Limits::new(options.requests_per_second);
    let surface = Arc::new(Surface { app: Arc::clone(&app), limits, base_url });
    let sweeper = jobs::start(Arc::clone(&app));
    tracing::info!(address = %bound, data_dir = %dir.path().display(), "ready");
    run(listener, surface, &app).await;
    sweeper.abort();
    tracing::info!("stopped");
    Ok(())
}

/// Serves until told to stop; then answers whoever is parked, and ends.
async fn run(listener: TcpListener, surface: Shared, app: &App) {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::warn!(%error, "a connection stays slow");
        }
    });
    let service = router(surface).into_make_service_with_connect_info::<SocketAddr>();
    let mut stop = app.wake().closed();
    let told = async move {
        // An error means that the sender is gone, which is the end as well.
        drop(stop.wait_for(|stopped| *stopped).await);
    };
    let serving = axum::serve(listener, service).with_graceful_shutdown(told);
    tokio::select! {
        ended = serving => {
            if let Err(error) = ended {
                tracing::error!(%error, "the server ended");
            }
        }
        () = async { told_to_stop().await; app.wake().close(); tokio::time::sleep_until(tokio::time::Instant::now() + GRACE).await; } => {
            tracing::warn!("some connections did not end in time");
        }
    }
}

/// Every surface of the server.
pub fn router(surface: Shared) -> Router {
    let (api, document) = api::router();
    api.merge(compat::router())
        .merge(pages::router())
        .merge(api::documents(&document))
        .fallback(http::no_such_path)
        .method_not_allowed_fallback(http::method_not_allowed)
        .layer(CatchPanicLayer::custom(http::panicked))
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
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            },
            Err(error) => {
                tracing::warn!(%error, "only an interrupt can stop this server");
                drop(interrupted.await);
            }
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}

/// Says how to sign in; the only time that the secrets are shown.
fn greet(made: &Initialised, options: &ServeOptions) {
    use std::io::Write as _;
    let text = format!(
        "\nThis directory was empty; it is now the organization `{}`.\n\
         Sign in as {} with this token. It is shown only now:\n\n  \
         export COUNTERSIGN_URL=http://{}\n  \
         export COUNTERSIGN_TOKEN={}\n\n\
         Applications that speak for your agents use this key:\n\n  {}\n\n\
         Next: `countersign agents create my-agent`\n\n",
        made.org, made.admin, options.listen, made.admin_token, made.application_key,
    );
    // Without a standard output there is nobody to greet; the tokens can be made anew in an empty directory.
    drop(std::io::stdout().lock().write_all(text.as_bytes()));
}
