//! How a demo ends: Ctrl-C, being told to, or its terminal being closed.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What ends a demo. From when it is made on none of these ends the process by itself, so that nothing is left
/// behind.
pub(super) struct End {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl End {
    /// Listens from now on.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Done as soon as one of them comes.
    pub(super) async fn comes(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}
