//! A small identity provider on the loopback. It checks what it is sent as strictly as a real one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::param;

pub(super) const CLIENT: &str = "countersign";
pub(super) const SECRET: &str = "hush-hush";

/// Whoever signs in there, and what the provider does wrong about it.
pub(super) struct Account {
    pub(super) subject: &'static str,
    pub(super) email: &'static str,
    pub(super) verified: bool,
    /// Changes the statement before it is signed.
    pub(super) twist: fn(&mut Value),
    /// Signs with a key that is not published.
    pub(super) forged: bool,
    /// Tells the address only when it is asked beside the statement.
    pub(super) beside: bool,
}

impl Account {
    pub(super) fn of(subject: &'static str, email: &'static str) -> Self {
        Self { subject, email, verified: true, twist: |_| {}, forged: false, beside: false }
    }

    pub(super) fn twisted(self, twist: fn(&mut Value)) -> Self {
        Self { twist, ..self }
    }
}

struct Issued {
    account: Account,
    nonce: String,
    challenge: String,
    back: String,
}

#[derive(Default)]
struct Known {
    now: i64,
    codes: HashMap<String, Issued>,
    tokens: HashMap<String, Value>,
    count: usize,
}

#[derive(Clone)]
pub(super) struct Idp {
    pub(super) issuer: String,
    known: Arc<Mutex<Known>>,
    serving: Arc<tokio::task::JoinHandle<()>>,
}

impl Idp {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let known = Arc::new(Mutex::new(Known::default()));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(|| async { Json(json!({"keys": [public()]})) }))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state((issuer.clone(), Arc::clone(&known)));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { issuer, known, serving: Arc::new(serving) }
    }

    pub(super) fn sets_clock(&self, now: i64) {
        self.known.lock().unwrap().now = now;
    }

    pub(super) fn dies(&self) {
        self.serving.abort();
    }

    /// Someone signs in there, sent by this address; gives the code that they come back with.
    pub(super) fn lets_in(&self, url: &Url, account: Account) -> String {
        assert_eq!(url.path(), "/authorize");
        assert_eq!(param(url, "response_type"), "code");
        assert_eq!(param(url, "client_id"), CLIENT);
        assert_eq!(param(url, "code_challenge_method"), "S256");
        assert_eq!(param(url, "scope"), "openid email");
        let mut known = self.known.lock().unwrap();
        known.count += 1;
        let code = format!("code-{}", known.count);
        let (nonce, challenge) = (param(url, "nonce"), param(url, "code_challenge"));
        let issued = Issued { account, nonce, challenge, back: param(url, "redirect_uri") };
        known.codes.insert(code.clone(), issued);
        code
    }
}

type Shared = State<(String, Arc<Mutex<Known>>)>;

async fn discovery(State((issuer, _)): Shared) -> Json<Value> {
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    }))
}

async fn token(
    State((issuer, known)): Shared,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({"error": error})));
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{SECRET}")));
    if headers.get("authorization").and_then(|value| value.to_str().ok()) != Some(&basic) {
        return refuse("invalid_client");
    }
    let mut known = known.lock().unwrap();
    // A code is taken once, whatever comes of it.
    let Some(given) = known.codes.remove(&form["code"]) else { return refuse("invalid_grant") };
    let verifier = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    if verifier != given.challenge || form["redirect_uri"] != given.back {
        return refuse("invalid_grant");
    }
    let account = given.account;
    let mut about =
        json!({"sub": account.subject, "email": account.email, "email_verified": account.verified});
    let mut claims = json!({
        "iss": issuer, "aud": CLIENT, "sub": account.subject, "nonce": given.nonce,
        "iat": known.now, "exp": known.now + 300,
    });
    if !account.beside {
        claims["email"] = about["email"].take();
        claims["email_verified"] = about["email_verified"].take();
    }
    (account.twist)(&mut claims);
    known.count += 1;
    let access = format!("access-{}", known.count);
    known.tokens.insert(access.clone(), about);
    let id_token = signed(&claims, account.forged);
    (
        StatusCode::OK,
        Json(json!({"access_token": access, "token_type": "Bearer", "id_token": id_token})),
    )
}

async fn userinfo(State((_, known)): Shared, headers: HeaderMap) -> (StatusCode, Json<Value>) {
    let shown = headers["authorization"].to_str().unwrap().replace("Bearer ", "");
    match known.lock().unwrap().tokens.get(&shown) {
        Some(about) => (StatusCode::OK, Json(about.clone())),
        None => (StatusCode::UNAUTHORIZED, Json(json!({}))),
    }
}

fn key(forged: bool) -> SigningKey {
    SigningKey::from_slice(&[if forged { 6 } else { 5 }; 32]).unwrap()
}

fn public() -> Value {
    let point = key(false).verifying_key().to_encoded_point(false);
    let coded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "one",
        "x": coded(point.x().unwrap()), "y": coded(point.y().unwrap()),
    })
}

fn signed(claims: &Value, forged: bool) -> String {
    let coded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = json!({"alg": "ES256", "typ": "JWT", "kid": "one"});
    let text = format!("{}.{}", coded(&head), coded(claims));
    let signature: Signature = key(forged).sign(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}
