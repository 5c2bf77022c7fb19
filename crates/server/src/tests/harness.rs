//! A server in process, and callers that speak the words of the domain.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;
use countersign_domain::identity::Email;
use countersign_domain::identity::capability::RootKey;
use countersign_domain::identity::sign_in::SessionTimes;
use countersign_store::Store;
use countersign_store::sqlite::SqliteStore;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::sign_in::Browser;
use crate::EffectiveSetting;
use crate::app::{
    App, Hashing, Parts, Passkeys, Provider, ProviderOptions, ReceiptSigner, SignInRules, first,
};
use crate::clock::{Clock as _, ManualClock};
use crate::delivery::{self, Bounds, Egress, Names};
use crate::http::{Limits, Shown, Surface};
use crate::ids::Ids;
use crate::router;

/// A server in process.
pub(crate) struct Harness {
    pub(crate) app: Arc<App>,
    pub(crate) admin: Caller,
    pub(crate) application: Caller,
    pub(crate) teller: tokio::task::JoinHandle<()>,
    clock: Arc<ManualClock>,
    router: Router,
    dir: tempfile::TempDir,
}

/// Someone with a key.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) token: String,
    pub(crate) id: String,
    router: Router,
}

impl Harness {
    /// An organization with an admin and an application.
    pub(crate) async fn start() -> Self {
        Self::with_limit(1_000_000).await
    }

    /// The same, with so many calls per second and key.
    pub(crate) async fn with_limit(per_second: u32) -> Self {
        Self::with(per_second, to_loopback()).await
    }

    /// The same, with another way out.
    pub(crate) async fn with_egress(egress: Egress) -> Self {
        Self::with(1_000_000, egress).await
    }

    /// The same, with an identity provider on the loopback.
    pub(crate) async fn with_provider(options: ProviderOptions) -> Self {
        Self::with_provider_and_egress(options, to_loopback()).await
    }

    /// The same, with another way out.
    pub(crate) async fn with_provider_and_egress(options: ProviderOptions, egress: Egress) -> Self {
        let provider = Provider::new(options, "http://countersign.test").unwrap();
        Self::built(1_000_000, egress, Some(provider)).await
    }

    async fn with(per_second: u32, egress: Egress) -> Self {
        Self::built(per_second, egress, None).await
    }

    async fn built(per_second: u32, egress: Egress, provider: Option<Provider>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> =
            Arc::new(SqliteStore::open(&dir.path().join("test.db")).unwrap());
        let clock = Arc::new(ManualClock::at("2026-01-15T09:00:00Z".parse::<Timestamp>().unwrap()));
        let ids = Ids::fixed(7);
        let admin: Email = "root@example.com".parse().unwrap();
        let made = first::organization(store.as_ref(), &ids, clock.now(), &admin).await.unwrap();
        let receipts = ReceiptSigner::new(&[7; 32], "http://countersign.test".into());
        let egress = Arc::new(egress);
        let parts = Parts {
            store,
            clock: clock.clone(),
            ids,
            receipts,
            tokens: RootKey::new(&[8; 32]).unwrap(),
            egress,
            sign_in: SignInRules {
                times: SessionTimes::default(),
                hashing: Hashing::with(argon2::Params::new(64, 1, 1, None).unwrap()),
                passkeys: Passkeys::new("http://countersign.test"),
                provider: provider.map(Arc::new),
            },
        };
        let app = App::start(parts).await.unwrap();
        let surface = Arc::new(Surface {
            app: app.clone(),
            limits: Limits::new(per_second),
            base_url: "http://countersign.test".into(),
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            shown: Shown::default(),
            settings: vec![
                EffectiveSetting {
                    name: "listen".into(),
                    value: Some("127.0.0.1:7733".into()),
                    from: "default",
                },
                EffectiveSetting {
                    name: "oidc_client_secret".into(),
                    value: Some("(set)".into()),
                    from: "environment",
                },
            ],
        });
        let router = router(surface);
        let caller = |token: String| Caller { token, id: String::new(), router: router.clone() };
        Self {
            admin: caller(made.admin_token),
            application: caller(made.application_key),
            teller: delivery::start(Arc::clone(&app)),
            app,
            clock,
            router,
            dir,
        }
    }

    /// Registers an agent.
    pub(crate) async fn agent(&self, name: &str) -> Caller {
        let made = self.admin.posts("agents", json!({"name": name})).await;
        self.caller(&made, "key")
    }

    /// Registers a person.
    pub(crate) async fn person(&self, email: &str, role: &str) -> Caller {
        let made = self.admin.posts("users", json!({"email": email, "role": role})).await;
        self.caller(&made, "token")
    }

    /// Someone with this secret.
    pub(crate) fn caller(&self, made: &Value, secret: &str) -> Caller {
        Caller {
            token: made[secret].as_str().unwrap().to_owned(),
            id: made["id"].as_str().unwrap().to_owned(),
            router: self.router.clone(),
        }
    }

    /// Someone without a key.
    pub(crate) fn nobody(&self) -> Caller {
        Caller { token: String::new(), id: String::new(), router: self.router.clone() }
    }

    /// A browser that knows nothing yet.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Sets what an agent may do.
    pub(crate) async fn permits(&self, agent: &Caller, action: &str, effect: &str) {
        let path = format!("agents/{}/permissions", agent.id);
        let body = json!({"action": action, "effect": effect});
        let (status, answer) = self.admin.sends(Method::PUT, &path, Some(body)).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }

    /// Applies documents, written as one file.
    pub(crate) async fn applies(&self, yaml: &str) {
        let body = json!({"files": [{"name": "policy.yaml", "text": yaml}]});
        self.admin.posts("policies/apply", body).await;
    }

    /// What policy does not rate is as dangerous as this, unless the agent says more.
    pub(crate) async fn rates(&self, risk: &str) {
        let body = json!({"unrated_risk": risk});
        let (status, answer) = self.admin.sends(Method::PATCH, "settings", Some(body)).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }

    /// The same database, as another program opens it.
    pub(crate) fn another_store(&self) -> SqliteStore {
        SqliteStore::open(&self.dir.path().join("test.db")).unwrap()
    }

    /// Lets time pass, and what is due then happen.
    pub(crate) async fn passes(&self, text: &str) {
        let length: SignedDuration = text.parse().unwrap();
        self.clock.advance(length);
        self.app.sweep().await.unwrap();
        self.app.outgoing().notify_one();
    }

    /// Lets time pass while no sweeper comes by.
    pub(crate) fn passes_unswept(&self, text: &str) {
        self.clock.advance(text.parse().unwrap());
    }
}

/// A way out that leads to this machine only, and gives up soon.
fn to_loopback() -> Egress {
    let bounds = Bounds { time: std::time::Duration::from_millis(500), answer: 64 * 1024 };
    Egress::with(&["127.0.0.0/8".parse().unwrap()], Names::default(), bounds)
}

impl Caller {
    /// Any call below the organization's path; the status and the JSON of the answer.
    pub(crate) async fn sends(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        read(self.raw(method, &format!("/api/v1/orgs/default/{path}"), &[], body).await).await
    }

    /// Any call at all.
    pub(crate) async fn raw(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("authorization", format!("Bearer {}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap()
    }

    /// A POST that has to succeed.
    pub(crate) async fn posts(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.sends(Method::POST, path, Some(body)).await;
        assert!(status.is_success(), "{path}: {status} {answer}");
        answer
    }

    /// A POST that is refused: the status and the code.
    pub(crate) async fn is_refused(&self, path: &str, body: Value) -> (u16, String) {
        error(self.sends(Method::POST, path, Some(body)).await)
    }

    /// A POST with an idempotency key.
    pub(crate) async fn posts_once(
        &self,
        key: &str,
        path: &str,
        body: &Value,
    ) -> (StatusCode, Value) {
        let path = format!("/api/v1/orgs/default/{path}");
        let headers = [("idempotency-key", key)];
        read(self.raw(Method::POST, &path, &headers, body.to_string()).await).await
    }

    /// A GET that has to succeed.
    pub(crate) async fn gets(&self, path: &str) -> Value {
        let (status, answer) = self.sends(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {answer}");
        answer
    }

    /// Checks an action with an amount.
    pub(crate) async fn checks(&self, action: &str, amount: u32) -> Value {
        self.posts("checks", json!({"action": action, "params": {"amount": amount}})).await
    }

    /// Asks for a person; gives the id of the approval.
    pub(crate) async fn asks(&self, amount: u32) -> String {
        let ask = json!({"action": "stripe.refund", "params": {"amount": amount}, "reasoning": "because"});
        id(&self.posts("approvals", ask).await)
    }

    /// Says yes.
    pub(crate) async fn approves(&self, approval: &str) -> Value {
        self.posts(&format!("approvals/{approval}/approve"), json!({})).await
    }

    /// Says no.
    pub(crate) async fn denies(&self, approval: &str, reason: &str) -> Value {
        self.posts(&format!("approvals/{approval}/deny"), json!({"reason": reason})).await
    }
}

/// The id in an answer.
pub(crate) fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap_or_else(|| panic!("no id in {answer}")).to_owned()
}

/// The status and the code of a refusal.
pub(crate) fn error((status, answer): (StatusCode, Value)) -> (u16, String) {
    let code = answer["code"].as_str().unwrap_or_else(|| panic!("no code in {status} {answer}"));
    assert!(answer["next"].as_str().is_some_and(|next| !next.is_empty()), "{answer}");
    assert_eq!(answer["status"], status.as_u16(), "{answer}");
    (status.as_u16(), code.to_owned())
}

/// The status and the JSON of a response.
pub(crate) async fn read(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let value =
        if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
    (status, value)
}
