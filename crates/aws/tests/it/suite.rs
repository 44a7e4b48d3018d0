//! What both stores promise: each claim is run against the tables in memory and against a real
//! DynamoDB engine.

pub(crate) mod executions;
pub(crate) mod groups;
pub(crate) mod leases;
pub(crate) mod ledgers;
pub(crate) mod listing;
pub(crate) mod locks;
pub(crate) mod logs;
pub(crate) mod outbox;
pub(crate) mod plans;
pub(crate) mod statistics;
pub(crate) mod tokens;

macro_rules! claims {
    ($($module:ident: $($claim:ident),+ $(,)?;)+) => {
        mod in_memory {
            $(mod $module {
                $(#[tokio::test]
                async fn $claim() {
                    let store = test_support::memory::MemoryStore::new();
                    crate::suite::$module::$claim(&store).await;
                })+
            })+
        }
        mod in_dynamodb {
            $(mod $module {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $claim() {
                    let table = crate::table::Table::start().await;
                    crate::suite::$module::$claim(&table.store()).await;
                })+
            })+
        }
    };
}

claims! {
    groups:
        a_group_is_listed_once_it_is_committed,
        a_name_is_unique_without_case_and_moves_with_its_group,
        one_of_twenty_writers_of_a_name_wins,
        one_of_two_groups_gets_a_shared_server_and_the_other_nothing,
        a_group_of_300_servers_claims_and_releases_all_of_them,
        claims_of_the_dead_are_taken_over,
        a_release_leaves_the_claims_of_others,
        a_commit_of_an_old_version_is_stale,
        an_active_group_is_not_removed,
        a_group_that_is_being_deleted_can_be_taken_up_again,
        groups_are_listed_by_name_page_by_page;
    plans:
        a_plan_is_made_changed_and_removed,
        one_of_twenty_writers_of_a_name_wins,
        a_plan_needs_active_groups,
        a_change_of_an_old_version_is_stale,
        the_plans_of_a_group_are_those_that_use_it_now,
        a_plan_that_could_not_be_made_uses_no_group,
        a_plan_in_an_execution_is_not_removed,
        a_plan_of_sixty_groups_is_made_and_removed,
        plans_are_listed_by_name_page_by_page;
    executions:
        an_execution_that_takes_its_locks_is_live_and_not_listed,
        what_was_saved_is_loaded,
        one_of_ten_savers_wins,
        a_save_that_does_not_raise_the_version_is_refused,
        one_of_ten_starters_counts_its_start,
        a_save_leaves_what_is_no_part_of_its_version,
        nobody_puts_to_sleep_what_somebody_has_woken,
        what_is_over_leaves_the_live_index_and_comes_back_for_clean_up,
        live_executions_are_found_by_when_they_are_due,
        an_accepted_execution_is_not_removed,
        a_dead_owner_is_undone_and_its_locks_are_free,
        forty_batches_and_twenty_five_waves_are_saved_at_once,
        a_clean_up_of_4000_instances_is_saved_at_once,
        a_split_batch_is_saved_as_a_new_one,
        a_reader_never_sees_half_a_save,
        jobs_are_known_by_their_execution,
        the_token_of_a_parked_machine_is_the_last_one;
    ledgers:
        a_ledger_begins_empty_and_keeps_what_was_saved,
        one_of_ten_writers_of_a_ledger_wins,
        a_save_and_its_ledger_stand_or_fall_together;
    outbox:
        a_notice_is_saved_with_its_execution_and_due_until_it_is_sent,
        a_notice_of_a_save_that_was_refused_is_not_there;
    listing:
        executions_are_listed_newest_first_over_months,
        executions_are_filtered,
        executions_of_a_plan_are_listed_by_themselves,
        times_bound_a_list;
    statistics:
        what_has_ended_is_known_by_its_end,
        an_end_is_noted_once_whatever_comes_after_it,
        of_a_plan_the_last_run_of_each_kind_is_known,
        summaries_come_in_the_order_in_which_they_are_asked_for,
        what_is_active_is_listed_by_itself_newest_first;
    locks:
        locks_are_taken_all_or_none,
        a_freeing_leaves_what_was_taken_after_it_was_decided,
        who_knows_less_of_itself_does_not_take_its_locks_again,
        an_own_lock_holds,
        one_of_two_executions_gets_a_shared_server,
        hundreds_of_locks_are_freed_but_not_those_of_others;
    leases:
        a_lease_is_held_by_one_and_marked_by_the_rest,
        an_expired_lease_is_taken_over,
        a_mark_is_seen_once,
        a_lease_that_is_given_up_says_whether_something_was_new;
    logs:
        events_keep_their_numbers_over_pages,
        events_that_share_an_item_are_paged_one_by_one,
        a_longer_copy_of_a_job_log_replaces_a_shorter_one,
        job_logs_are_read_in_parts,
        the_log_of_one_job_is_read_from_an_entry_on;
    tokens:
        one_of_ten_claims_makes_the_call,
        an_answer_is_given_again,
        another_body_is_told_apart,
        a_token_is_forgotten_when_it_expires,
        a_dead_claim_is_taken_over_by_the_same_body_only,
        a_token_that_is_given_back_is_free,
        a_long_answer_is_kept_whole,
        a_secret_stays_what_it_was_first;
}
