//! Hashing passwords with argon2id, a few at a time and away from the threads that answer.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use countersign_domain::identity::sign_in::Hidden;
use countersign_wire::Code;
use tokio::sync::{OnceCell, Semaphore};
use zeroize::Zeroizing;

use crate::app::Error;
use crate::ids::Ids;

/// How many are hashed at the same time: each takes its memory.
const AT_ONCE: usize = 2;
/// How many may wait; more are turned away.
const WAITING: usize = 64;

/// Hashes passwords.
pub struct Hashing {
    params: Params,
    turns: std::sync::Arc<Semaphore>,
    queue: Semaphore,
    nobody: OnceCell<Hidden>,
}

impl Default for Hashing {
    /// The first choice of OWASP: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self::with(Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
    }
}

impl Hashing {
    /// With other costs.
    pub fn with(params: Params) -> Self {
        let turns = std::sync::Arc::new(Semaphore::new(AT_ONCE));
        let (queue, nobody) = (Semaphore::new(WAITING), OnceCell::new());
        Self { params, turns, queue, nobody }
    }

    /// The hash of a password, with a salt of its own, as a PHC string.
    pub async fn hash(&self, password: &str, ids: &Ids) -> Result<Hidden, Error> {
        let (password, salt) = (Zeroizing::new(password.to_owned()), ids.seed());
        self.work(move |argon| {
            let salt = salt.get(..16).unwrap_or_default();
            let hash = argon.hash_password_with_salt(password.as_bytes(), salt);
            hash.map(|hash| Hidden::new(hash.to_string())).map_err(|_| broken())
        })
        .await
    }

    /// Whether this is the password. Without a hash it takes as long, and it is not.
    pub async fn verify(
        &self,
        password: &str,
        known: Option<Hidden>,
        ids: &Ids,
    ) -> Result<bool, Error> {
        let exists = known.is_some();
        let nobody = self.nobody.get_or_try_init(|| self.hash("nobody", ids)).await?;
        let hash = known.unwrap_or_else(|| nobody.clone());
        let password = Zeroizing::new(password.to_owned());
        let fits = self.work(move |argon| {
            Ok(argon.verify_password(password.as_bytes(), hash.reveal()).is_ok())
        });
        Ok(fits.await? && exists)
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce(Argon2<'static>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _place = self.queue.try_acquire().map_err(|_| busy())?;
        let turn = std::sync::Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| broken())?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone());
        let done = tokio::task::spawn_blocking(move || {
            let done = job(argon);
            drop(turn);
            done
        });
        done.await.map_err(|_| broken())?
    }
}

fn busy() -> Error {
    let detail = "too many people sign in at this moment";
    Error { retry_after: Some(1), ..Error::new(Code::RateLimited, detail) }
}

fn broken() -> Error {
    Error::new(Code::Internal, "a password could not be hashed")
}
