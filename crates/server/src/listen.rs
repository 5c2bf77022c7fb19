//! Accepting connections: small answers leave at once, a request that only trickles in is dropped, and
//! whoever is being answered when the server stops gets the answer.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt as _;

/// How long the head of a request may take to arrive; bodies have a limit of their own.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long open connections may take to end after the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How long to wait after the system refused a connection, for example for want of open files.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` becomes true; then answers whoever is parked, and ends.
pub(crate) async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let connections = GracefulShutdown::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => open(stream, from, &router, connections.watcher()),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep_until(tokio::time::Instant::now() + PAUSE).await;
                }
            },
            () = stopped(&mut stop) => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, connections.shutdown()).await.is_err() {
        tracing::warn!("some connections did not end in time");
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, which is the end as well.
    drop(stop.wait_for(|stopped| *stopped).await);
}

fn open(stream: TcpStream, from: SocketAddr, router: &Router, watcher: Watcher) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::warn!(%error, "a connection stays slow");
    }
    let router = router.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(from));
        router.clone().oneshot(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
    let connection = watcher.watch(http.serve_connection(TokioIo::new(stream), service));
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection broke off");
        }
    });
}
