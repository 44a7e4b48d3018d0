//! What the end of the last run cost, where the emulator was killed: said before the next begins.

use std::path::Path;
use std::time::Duration;

/// A sentence about what is lost; nothing where the emulator could write its state.
pub fn loss(emulator: &Path) -> Option<String> {
    // The launcher leaves this mark while the emulator runs, and removes it behind a clean end.
    if !emulator.join("running").exists() {
        return None;
    }
    let copied = std::fs::metadata(emulator.join("snapshot.json"));
    let copied = copied.and_then(|metadata| metadata.modified());
    Some(match copied {
        Ok(at) => format!(
            "the emulator was killed in the last run: it begins from the copy of its state that was \
             made {} ago; what changed behind that, and the functions' logs, are lost",
            in_words(at.elapsed().unwrap_or_default())
        ),
        Err(_) => "the emulator was killed in the last run, before its state was copied: groups, \
                   plans and executions of that run are lost, and it begins empty"
            .to_owned(),
    })
}

fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        1 => "1 second".to_owned(),
        0..120 => format!("{seconds} seconds"),
        120..7_200 => format!("{} minutes", seconds / 60),
        _ => format!("{} hours", seconds / 3_600),
    }
}
