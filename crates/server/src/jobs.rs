//! What happens by itself while the server runs.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::app::App;

/// How often the clocks of all approvals are compared with the time. Answers compare them by themselves, so
/// that this decides only how soon the others are told.
const SWEEP: Duration = Duration::from_millis(250);

/// Starts the job that ends what is out of time; it runs until the handle is aborted.
pub fn start(app: Arc<App>) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(SWEEP);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = app.sweep().await {
                tracing::error!(%error, "approvals that are out of time could not be ended");
            }
            if let Err(error) = app.index_texts().await {
                tracing::error!(%error, "new approvals could not be made quicker to find");
            }
        }
    })
}
