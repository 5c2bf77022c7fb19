//! Whose key this is, and how a command line gets one.

use std::time::Duration;

use countersign_wire::Me;
use countersign_wire::people::{
    LoginAnswer, LoginQuestion, LoginRequest, LoginStarted, LoginStatus,
};
use reqwest::Method;
use tokio::time::Instant;

use crate::{Client, ClientError};

impl Client {
    /// Whose key this client uses.
    pub async fn me(&self) -> Result<Me, ClientError> {
        self.read(self.request(Method::GET, &["me"])?).await
    }

    /// Asks for a code that a person lets this machine in by; takes no key.
    pub async fn start_login(&self, machine: &str) -> Result<LoginStarted, ClientError> {
        let request = LoginRequest { machine: machine.to_owned() };
        self.read(self.post_to_all(&["login"])?.json(&request)).await
    }

    /// Waits until a person lets this machine in; its token is in the answer. Whoever was refused, or waited
    /// too long, finds nothing.
    pub async fn finish_login(&self, started: &LoginStarted) -> Result<LoginAnswer, ClientError> {
        let pause = Duration::from_secs(u64::from(started.interval.max(1)));
        let question = LoginQuestion { ticket: started.ticket.clone() };
        loop {
            let request = self.post_to_all(&["login", "token"])?.json(&question);
            match self.read::<LoginAnswer>(request).await {
                Ok(answer) if answer.status == LoginStatus::Waiting => {}
                Err(error) if error.is_passing() => {}
                other => return other,
            }
            tokio::time::sleep_until(Instant::now() + pause).await;
        }
    }

    /// Revokes the very token that this client uses.
    pub async fn leave(&self) -> Result<(), ClientError> {
        self.read(self.request(Method::DELETE, &["me", "token"])?).await
    }
}
