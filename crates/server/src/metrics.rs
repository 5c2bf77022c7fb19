//! What can be measured from outside, in the text format of Prometheus.

use std::time::Duration;

use countersign_domain::notification::{DeliveryStatus, Event};
use countersign_domain::policy::Decision;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// Everything that is counted. Each name is documented in `docs/reference/metrics.md`.
pub struct Metrics {
    registry: Registry,
    verdicts: Family<VerdictLabel, Counter>,
    events: Family<EventLabel, Counter>,
    answer_seconds: Histogram,
    commit_changes: Histogram,
    commit_seconds: Histogram,
    deliveries: Family<ResultLabel, Counter>,
    delivery_attempt_seconds: Histogram,
    parked: Gauge,
    pending: Gauge,
    oldest_pending_seconds: Gauge,
    pending_deliveries: Gauge,
    oldest_delivery_seconds: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct VerdictLabel {
    verdict: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EventLabel {
    event: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ResultLabel {
    result: &'static str,
}

/// What stands at the moment of a scrape.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// How many requests are parked.
    pub parked: i64,
    /// How many approvals are pending.
    pub pending: i64,
    /// How long the oldest of them has waited, in seconds; 0 without any.
    pub oldest_pending_seconds: i64,
    /// How many deliveries to webhooks are pending.
    pub pending_deliveries: i64,
    /// How long ago the oldest of them was made, in seconds; 0 without any.
    pub oldest_delivery_seconds: i64,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("countersign"),
            verdicts: Family::default(),
            events: Family::default(),
            answer_seconds: Histogram::new(exponential_buckets(0.5, 4.0, 10)),
            commit_changes: Histogram::new(exponential_buckets(1.0, 2.0, 10)),
            commit_seconds: Histogram::new(exponential_buckets(0.000_25, 2.0, 14)),
            deliveries: Family::default(),
            delivery_attempt_seconds: Histogram::new(exponential_buckets(0.005, 3.0, 8)),
            parked: Gauge::default(),
            pending: Gauge::default(),
            oldest_pending_seconds: Gauge::default(),
            pending_deliveries: Gauge::default(),
            oldest_delivery_seconds: Gauge::default(),
        };
        metrics.register();
        metrics.register_deliveries();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let to = &mut self.registry;
        to.register("verdicts", "Checks that were answered, by verdict", self.verdicts.clone());
        to.register("events", "Events that were committed, by name", self.events.clone());
        let help = "Time from the opening of an approval to its decision by people";
        to.register_with_unit("answer", help, Unit::Seconds, self.answer_seconds.clone());
        to.register(
            "commit_changes",
            "Changes that shared a transaction",
            self.commit_changes.clone(),
        );
        let help = "Time from the start of a transaction until it was durable";
        to.register_with_unit("commit", help, Unit::Seconds, self.commit_seconds.clone());
        to.register("parked", "Requests that wait for an answer right now", self.parked.clone());
        to.register("pending", "Approvals that are pending", self.pending.clone());
        let (help, oldest) =
            ("Age of the oldest pending approval", self.oldest_pending_seconds.clone());
        to.register_with_unit("oldest_pending", help, Unit::Seconds, oldest);
    }

    fn register_deliveries(&mut self) {
        let to = &mut self.registry;
        let help =
            "Calls of webhooks, by what became of the delivery: succeeded, retried later, given up";
        to.register("delivery_attempts", help, self.deliveries.clone());
        let (help, seconds) =
            ("Time that a call of a webhook took", &self.delivery_attempt_seconds);
        to.register_with_unit("delivery_attempt", help, Unit::Seconds, seconds.clone());
        let help = "Deliveries to webhooks that are pending";
        to.register("pending_deliveries", help, self.pending_deliveries.clone());
        let (help, oldest) = ("Age of the oldest pending delivery", &self.oldest_delivery_seconds);
        to.register_with_unit("oldest_pending_delivery", help, Unit::Seconds, oldest.clone());
    }

    /// A check was answered.
    pub fn answered(&self, decision: Decision) {
        let verdict = match decision {
            Decision::Allow => "allow",
            Decision::Deny => "deny",
            Decision::Escalate => "escalate",
        };
        self.verdicts.get_or_create(&VerdictLabel { verdict }).inc();
    }

    /// An event was committed.
    pub fn announced(&self, event: Event) {
        self.events.get_or_create(&EventLabel { event: event.as_str() }).inc();
    }

    /// People decided after this time.
    pub fn decided(&self, after: Duration) {
        self.answer_seconds.observe(after.as_secs_f64());
    }

    /// A transaction with so many changes took this time.
    pub fn committed(&self, changes: usize, took: Duration) {
        #[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
        self.commit_changes.observe(changes as f64);
        self.commit_seconds.observe(took.as_secs_f64());
    }

    /// A webhook was called, which took this time and left the delivery so.
    pub fn attempted(&self, status: DeliveryStatus, took: Duration) {
        let result = match status {
            DeliveryStatus::Delivered => "succeeded",
            DeliveryStatus::Pending => "retried",
            DeliveryStatus::Failed => "given_up",
        };
        self.deliveries.get_or_create(&ResultLabel { result }).inc();
        self.delivery_attempt_seconds.observe(took.as_secs_f64());
    }

    /// The text that a scraper reads.
    pub fn text(&self, standing: Standing) -> Result<String, std::fmt::Error> {
        self.parked.set(standing.parked);
        self.pending.set(standing.pending);
        self.oldest_pending_seconds.set(standing.oldest_pending_seconds);
        self.pending_deliveries.set(standing.pending_deliveries);
        self.oldest_delivery_seconds.set(standing.oldest_delivery_seconds);
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_in_the_text() {
        let metrics = Metrics::default();
        metrics.answered(Decision::Deny);
        metrics.announced(Event::ApprovalCreated);
        metrics.decided(Duration::from_secs(3));
        metrics.committed(7, Duration::from_millis(1));
        metrics.attempted(DeliveryStatus::Failed, Duration::from_secs(1));
        let standing = Standing {
            parked: 4,
            pending: 2,
            oldest_pending_seconds: 9,
            pending_deliveries: 5,
            oldest_delivery_seconds: 8,
        };
        let text = metrics.text(standing).unwrap();
        for line in [
            "countersign_verdicts_total{verdict=\"deny\"} 1",
            "countersign_events_total{event=\"approval.created\"} 1",
            "countersign_answer_seconds_count 1",
            "countersign_commit_changes_sum 7.0",
            "countersign_commit_seconds_count 1",
            "countersign_delivery_attempts_total{result=\"given_up\"} 1",
            "countersign_delivery_attempt_seconds_count 1",
            "countersign_pending_deliveries 5",
            "countersign_oldest_pending_delivery_seconds 8",
            "countersign_parked 4",
            "countersign_pending 2",
            "countersign_oldest_pending_seconds 9",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
