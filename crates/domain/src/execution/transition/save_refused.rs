//! The table does not take what was decided. Trying again would change nothing, so a person is
//! told, and nothing new starts until one has looked.

use super::working::Transition;
use crate::execution::model::course::Course;
use crate::execution::model::notice::NoticeKind;
use crate::text::Reason;

/// Who pauses it, as the execution shows it.
const BY: &str = "DRS Orchestration";

/// Told once: what is known of it already changes nothing.
pub(super) fn save_refused(transition: &mut Transition, text: &Reason) {
    let warning = Reason::from(format!(
        "something that was seen could not be saved: {text}"
    ));
    if transition.next.head.warnings.contains(&warning) {
        return;
    }
    transition.next.head.warnings.push(warning.clone());
    let is_going = matches!(transition.next.head.course, Course::Running);
    if is_going && !transition.next.has_ended() {
        let hold = transition.new_hold("manual");
        let text = format!("paused, because {warning} (hold {hold})");
        transition.raise_hold(None, text);
        transition.next.head.course = Course::Paused {
            hold,
            since: transition.now,
            by: BY.to_owned(),
        };
    } else {
        transition.tell(NoticeKind::ObservationFailing, None, warning.as_str());
    }
}
