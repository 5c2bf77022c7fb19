//! Whether the receivers of the webhooks can be reached, through the same guard as in the server.

use std::sync::Arc;

use countersign_domain::notification::Webhook;
use countersign_server::{Egress, EgressError, Network};
use tokio::task::JoinSet;

use super::check::Check;

/// Looks for every receiver at once; tells of each in the order of the webhooks.
pub(super) async fn checks(webhooks: Vec<Webhook>, opened: &[Network]) -> Vec<Check> {
    let egress = Arc::new(Egress::new(opened));
    let mut looking = JoinSet::new();
    for (place, webhook) in webhooks.into_iter().enumerate() {
        let egress = Arc::clone(&egress);
        looking.spawn(async move { (place, check(&egress, &webhook).await) });
    }
    let mut found = looking.join_all().await;
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, check)| check).collect()
}

async fn check(egress: &Egress, webhook: &Webhook) -> Check {
    let id = webhook.id;
    match egress.reach(&webhook.url).await {
        Ok(status) => Check::ok("webhook", format!("the receiver of `{id}` answers ({status})")),
        Err(EgressError::Refused(why)) => Check::problem(
            "webhook",
            format!("the receiver of `{id}` is never called: {why}"),
            "give it a public URL, or open its network with --allow-private-targets",
        ),
        Err(why @ (EgressError::Late(_) | EgressError::Failed(_))) => Check::problem(
            "webhook",
            format!("the receiver of `{id}` cannot be reached: {why}"),
            format!("mend the receiver, or `countersign webhooks disable {id}`"),
        ),
    }
}
