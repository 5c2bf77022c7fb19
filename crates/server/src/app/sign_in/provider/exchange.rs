//! Speaks with the provider. Everything is asked anew each time, so that keys which it changes hold at once.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::identity::sign_in::Claims;
use countersign_wire::Code;
use jiff::Timestamp;
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken,
    CoreJwsSigningAlgorithm as Algorithm, CoreProviderMetadata, CoreTokenResponse,
    CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RequestTokenError, Scope,
    TokenResponse as _,
};
use serde_json::Value;
use url::Url;

use super::{Provider, Ties};
use crate::app::Error;
use crate::delivery::{Egress, EgressError};

/// A client of a provider that told where its endpoints are.
type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A request on its way.
type Sending = Pin<Box<dyn Future<Output = Result<HttpResponse, EgressError>> + Send>>;

/// What a statement may be signed with: keys of which only the provider has the secret half.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

impl Provider {
    /// Where someone is sent to sign in.
    pub(super) async fn address(
        &self,
        egress: &Arc<Egress>,
        (state, ties): (&str, Ties),
        anew: bool,
    ) -> Result<Url, Error> {
        let client = self.client(egress).await?;
        let verifier = PkceCodeVerifier::new(ties.verifier);
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let (state, nonce) = (CsrfToken::new(state.to_owned()), Nonce::new(ties.nonce));
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let request = client
            .authorize_url(flow, move || state, move || nonce)
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge);
        let request = if anew {
            request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO)
        } else {
            request
        };
        Ok(request.url().0)
    }

    /// What the provider says about whoever came back with a code.
    pub(super) async fn claims(
        &self,
        egress: &Arc<Egress>,
        (code, ties): (&str, Ties),
        now: Timestamp,
    ) -> Result<Claims, Error> {
        let client = self.client(egress).await?;
        let token = exchanged(&client, egress, (code, ties.verifier)).await?;
        let id_token = token.id_token().ok_or_else(|| untrue(&"there is no ID token"))?;
        let now = SystemTime::from(now);
        let verifier = client.id_token_verifier();
        let verifier = verifier.set_time_fn(move || now.into()).set_allowed_algs(ALGORITHMS);
        let nonce = Nonce::new(ties.nonce);
        let said = id_token.claims(&verifier, &nonce).map_err(|error| untrue(&error))?;
        if let Some(expected) = said.access_token_hash() {
            let algorithm = id_token.signing_alg().map_err(|error| untrue(&error))?;
            let key = id_token.signing_key(&verifier).map_err(|error| untrue(&error))?;
            let hash = AccessTokenHash::from_token(token.access_token(), algorithm, key);
            if hash.map_err(|error| untrue(&error))? != *expected {
                return Err(untrue(&"the access token is another one"));
            }
        }
        let subject = said.subject().to_string();
        let proved_at = said.auth_time().and_then(|at| Timestamp::from_second(at.timestamp()).ok());
        let vouched = said.email_verified().unwrap_or_default();
        let email = match self.options.email_claim.as_str() {
            "email" => said.email().map(|email| email.to_string()),
            named => claim(id_token, named),
        };
        let told = if let Some(email) = email {
            (Some(email), vouched)
        } else {
            let known = said.subject().clone();
            about(&client, egress, (&token, known)).await?
        };
        let email = told.0.and_then(|text| text.trim().parse().ok());
        Ok(Claims { subject, email, verified: told.1, proved_at })
    }

    async fn client(&self, egress: &Arc<Egress>) -> Result<Client, Error> {
        let http = over(egress);
        let asked = CoreProviderMetadata::discover_async(self.issuer.clone(), &http).await;
        let metadata = asked.map_err(|error| unreachable(&error))?;
        let takes = |method: &CoreClientAuthMethod| {
            let methods = metadata.token_endpoint_auth_methods_supported();
            methods.map(|methods| methods.contains(method))
        };
        let basic = takes(&CoreClientAuthMethod::ClientSecretBasic).unwrap_or(true);
        let post = takes(&CoreClientAuthMethod::ClientSecretPost).unwrap_or_default();
        let auth = if post && !basic { AuthType::RequestBody } else { AuthType::BasicAuth };
        let secret = self.options.client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let id = ClientId::new(self.options.client_id.clone());
        let client = CoreClient::from_provider_metadata(metadata, id, secret);
        Ok(client.set_redirect_uri(self.back.clone()).set_auth_type(auth))
    }
}

/// The only way out, as the protocol takes it.
fn over(egress: &Arc<Egress>) -> impl Fn(HttpRequest) -> Sending + Send + Sync + use<> {
    let egress = Arc::clone(egress);
    move |request| {
        let egress = Arc::clone(&egress);
        Box::pin(async move { egress.fetch(request).await })
    }
}

async fn exchanged(
    client: &Client,
    egress: &Arc<Egress>,
    (code, verifier): (&str, String),
) -> Result<CoreTokenResponse, Error> {
    let http = over(egress);
    let request = client.exchange_code(AuthorizationCode::new(code.to_owned()));
    let request = request.map_err(|error| unreachable(&error))?;
    let request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier));
    request.request_async(&http).await.map_err(|error| match &error {
        RequestTokenError::ServerResponse(refusal) => untrue(&refusal.error()),
        RequestTokenError::Request(_)
        | RequestTokenError::Parse(..)
        | RequestTokenError::Other(_) => unreachable(&error),
    })
}

/// What the provider tells beside its statement, for those that leave the address out of it.
async fn about(
    client: &Client,
    egress: &Arc<Egress>,
    (token, subject): (&CoreTokenResponse, openidconnect::SubjectIdentifier),
) -> Result<(Option<String>, bool), Error> {
    let http = over(egress);
    let Ok(request) = client.user_info(token.access_token().clone(), Some(subject)) else {
        return Ok((None, false));
    };
    let told: CoreUserInfoClaims =
        request.request_async(&http).await.map_err(|error| untrue(&error))?;
    let email = told.email().map(|email| email.to_string());
    Ok((email, told.email_verified().unwrap_or_default()))
}

/// A claim of a statement that was verified.
fn claim(verified: &CoreIdToken, name: &str) -> Option<String> {
    let text = verified.to_string();
    let payload = URL_SAFE_NO_PAD.decode(text.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    claims.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn unreachable(error: &impl std::fmt::Display) -> Error {
    tracing::warn!(%error, "the identity provider cannot be used");
    Error::new(Code::Unavailable, "the identity provider does not answer as it should")
}

fn untrue(error: &impl std::fmt::Display) -> Error {
    tracing::warn!(%error, "what came from the identity provider was not accepted");
    let detail = "what came back from the identity provider is not valid for this sign-in";
    Error::new(Code::SignInRefused, detail)
}
