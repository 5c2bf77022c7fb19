//! One suite that every database must pass whole. A case speaks to [`Store`] alone and gets a database of
//! its own from a [`Fresh`]; `suite!` makes each case a test of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a case fails by panicking; the suite is compiled for tests only"
)]

pub mod documents;
pub mod fixtures;
pub mod guards;
pub mod lasting;
pub mod lists;
pub mod races;
pub mod records;
pub mod round_trip;
pub mod searches;
pub mod sign_in;
pub mod webhooks;
pub use webhooks::retention;

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Store, StoreError};

/// An empty database for one case.
#[async_trait]
pub trait Fresh: Send + Sync {
    /// Opens it; again, once the store that was opened before is dropped.
    async fn open(&self) -> Result<Arc<dyn Store>, StoreError>;

    /// Runs a statement behind the store's back.
    async fn run(&self, sql: &str);
}

/// Makes every case a test; the argument is an expression that gives a [`Fresh`].
#[macro_export]
macro_rules! suite {
    ($fresh:expr) => {
        $crate::suite! { @cases $fresh;
            guards::a_stale_revision_leaves_nothing,
            guards::a_new_row_under_a_taken_id_is_a_conflict,
            guards::one_bad_change_does_not_hurt_the_others,
            guards::nothing_is_kept_for_an_unknown_organization,
            guards::one_check_is_pending_at_a_time,
            guards::an_idempotency_key_is_taken_once,
            guards::an_external_id_is_taken_once,
            guards::a_key_is_revoked_once,
            guards::names_addresses_and_secrets_are_unique,
            guards::a_permission_is_replaced_and_removed_once,
            guards::what_is_counted_never_passes_its_limit,
            races::of_many_charges_at_once_as_many_pass_as_the_limit_permits,
            races::of_many_that_judged_by_the_same_count_one_passes,
            guards::a_scope_is_frozen_and_let_go_once,
            guards::a_delegation_is_ended_once,
            guards::what_was_decided_under_an_older_configuration_is_refused,
            documents::documents_come_back_as_they_were_written,
            documents::a_stale_document_is_refused,
            documents::a_document_is_removed_once,
            documents::one_change_of_the_set_at_a_time,
            round_trip::uses_of_keys_come_back,
            lasting::everything_is_there_after_a_restart,
            lasting::a_newer_schema_is_refused,
            lasting::another_history_is_refused,
            lasting::an_unreadable_row_is_named,
            lasting::a_probe_writes,
            lists::every_filter_selects,
            lists::every_order_sorts,
            lists::every_item_is_on_exactly_one_page,
            lists::totals_are_exact,
            lists::what_is_alike_is_found_by_agent_and_action,
            lists::organizations_do_not_see_each_other,
            races::yes_and_no_at_once_leave_one,
            races::yes_and_cancel_at_once_leave_one,
            races::one_idempotency_key_at_once_is_taken_once,
            races::the_log_is_whole_after_many_writers,
            records::the_log_continues_over_conflicts,
            records::every_filter_selects_records,
            records::the_newest_records_are_read_backwards,
            records::announcements_resume_after_any_of_them,
            records::records_are_found_before_and_after_they_are_indexed,
            records::a_page_looks_at_so_many_records_only,
            round_trip::the_configuration_comes_back,
            round_trip::rows_that_are_written_again_come_back,
            round_trip::an_approval_comes_back_in_every_state,
            round_trip::entries_come_back,
            searches::a_text_is_found_wherever_it_stands,
            searches::no_character_of_a_text_means_another,
            searches::secrets_are_not_found,
            searches::texts_are_found_before_and_after_they_are_indexed,
            searches::approvals_are_found_by_either_digest,
            searches::denials_are_found_by_what_is_alike,
            searches::what_stands_is_found,
            searches::pending_ones_are_counted_per_agent,
            searches::what_is_due_is_found_oldest_first,
            searches::samples_are_those_of_the_period,
            searches::samples_say_what_is_out_of_the_ordinary,
            sign_in::a_session_is_found_by_its_token_and_by_its_person,
            sign_in::a_session_that_is_over_makes_room,
            sign_in::a_ticket_is_used_once,
            sign_in::invitations_are_listed,
            sign_in::an_account_at_a_provider_is_linked_once,
            sign_in::credentials_come_back_whole_and_are_guarded,
            webhooks::webhooks_come_back_with_their_secrets,
            webhooks::a_webhook_goes_with_its_deliveries,
            webhooks::deliveries_come_back_in_every_state,
            webhooks::the_soonest_pending_deliveries_come_first,
            webhooks::deliveries_are_listed_newest_first,
            webhooks::the_outbox_is_looked_through_once,
            retention::what_ended_long_ago_is_found_oldest_first,
            retention::only_what_was_looked_at_is_removed,
            retention::what_is_forgotten_leaves_the_record_whole,
            retention::pending_deliveries_are_counted,
        }
    };
    (@cases $fresh:expr; $($noun:ident::$case:ident,)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            $crate::conformance::$noun::$case(&$fresh).await;
        }
    )*};
}
