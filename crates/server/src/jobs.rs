//! What happens by itself while the server runs.

use std::sync::Arc;
use std::time::Duration;

use countersign_domain::notification::Retention;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;

/// How often the clocks of all approvals are compared with the time, and how soon is seen what another program
/// has changed. Answers compare them by themselves, so
/// that this decides only how soon the others are told.
const SWEEP: Duration = Duration::from_millis(250);

/// How often it is written down which keys were used.
const WRITE_USES: Duration = Duration::from_mins(1);

/// How often it is looked for what is kept no longer.
const FORGET: Duration = Duration::from_hours(1);

/// Starts the job that ends what is out of time; it runs until the handle is aborted.
pub fn start(app: Arc<App>) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = interval(SWEEP);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = app.refresh().await {
                tracing::error!(%error, "what another program has changed could not be loaded");
            }
            if let Err(error) = app.sweep().await {
                tracing::error!(%error, "approvals that are out of time could not be ended");
            }
            if let Err(error) = app.index_texts().await {
                tracing::error!(%error, "new texts could not be made quicker to find");
            }
        }
    })
}

/// Starts the job that writes down which keys were used; it runs until the handle is aborted.
pub fn write_key_uses(app: Arc<App>) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = interval(WRITE_USES);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = app.write_key_uses().await {
                tracing::error!(%error, "when keys were used could not be written down");
            }
        }
    })
}

/// Starts the job that removes what was told long ago; it runs until the handle is aborted.
pub fn forget(app: Arc<App>, retention: Retention) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = interval(FORGET);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = app.forget(retention).await {
                tracing::error!(%error, "deliveries that ended long ago could not be removed");
            }
        }
    })
}
