//! The headers of an object, from its key alone.

/// A year: the name changes when the content does.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Kept, but asked for each time whether it still holds.
const REVALIDATED: &str = "no-cache";

/// The shortest piece of a name that is taken for a content hash.
const SHORTEST_HASH: usize = 8;

pub(super) fn content_type(key: &str) -> &'static str {
    let extension = key.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        _ => "application/octet-stream",
    }
}

pub(super) fn cache_control(key: &str) -> &'static str {
    if is_named_by_content(key) {
        FOR_EVER
    } else {
        REVALIDATED
    }
}

/// `assets/name-<hash>.ext`, with the hash in hex, as the console's build names what it makes.
fn is_named_by_content(key: &str) -> bool {
    key.strip_prefix("assets/")
        .and_then(|name| name.rsplit_once('.'))
        .and_then(|(stem, _)| stem.rsplit_once('-'))
        .is_some_and(|(_, hash)| {
            hash.len() >= SHORTEST_HASH && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}
