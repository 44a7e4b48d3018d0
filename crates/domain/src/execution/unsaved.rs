//! The table does not take what was decided. Trying again would change nothing, so a person is
//! told, and nothing new starts until one has looked.

use super::Course;
use super::decide::Turn;
use super::notice::NoticeKind;
use crate::text::Reason;

/// Who pauses it, as the execution shows it.
const BY: &str = "DRS Orchestration";

/// Told once: what is known of it already changes nothing.
pub(super) fn save_refused(turn: &mut Turn, text: &Reason) {
    let warning = Reason::from(format!(
        "something that was seen could not be saved: {text}"
    ));
    if turn.next.head.warnings.contains(&warning) {
        return;
    }
    turn.next.head.warnings.push(warning.clone());
    let is_going = matches!(turn.next.head.course, Course::Going);
    if is_going && !turn.next.has_ended() {
        let hold = turn.new_hold("manual");
        let text = format!("paused, because {warning} (hold {hold})");
        turn.open_hold(None, text);
        turn.next.head.course = Course::Paused {
            hold,
            since: turn.now,
            by: BY.to_owned(),
        };
    } else {
        turn.tell(NoticeKind::ObservationFailing, None, warning.as_str());
    }
}
