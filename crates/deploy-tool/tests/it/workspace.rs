//! A workspace that is small and has what makes builds differ: places of panics, symbols with paths,
//! and code that a build script writes below the target directory.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The packages with their programs.
const PACKAGES: [(&str, &str); 6] = [
    ("api-handler", "api-handler"),
    ("orchestration", "orchestration"),
    ("execution-finder", "execution-finder"),
    ("execution-poller", "execution-poller"),
    ("frontend-builder", "frontend-builder"),
    ("deploy-tool", "drs-deploy"),
];

const BUILD_SCRIPT: &str = r#"
fn main() {
    let folder = std::env::var("OUT_DIR").unwrap();
    let code = "pub fn made() -> &'static str { file!() }";
    std::fs::write(std::path::Path::new(&folder).join("made.rs"), code).unwrap();
}
"#;

const PROGRAM: &str = r#"
mod made {
    include!(concat!(env!("OUT_DIR"), "/made.rs"));
}

fn main() {
    println!("{} {}", file!(), made::made());
    if std::env::args().count() > 100 {
        panic!("a place that the program knows");
    }
}
"#;

const CONSOLE: &str = r#"{"lockfileVersion": 3, "packages": {
    "": {"name": "console", "version": "0.1.0", "license": "Apache-2.0"}
}}"#;

/// Writes it, with the templates of this repository beside it.
pub(crate) fn write_to(root: &Path) {
    let workspace = "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n\
                     [profile.release]\ndebug = true\n";
    write(&root.join("Cargo.toml"), workspace);
    for (package, program) in PACKAGES {
        let folder = root.join("crates").join(package);
        let manifest = format!(
            "[package]\nname = \"{package}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [[bin]]\nname = \"{program}\"\npath = \"src/main.rs\"\n"
        );
        write(&folder.join("Cargo.toml"), &manifest);
        write(&folder.join("build.rs"), BUILD_SCRIPT);
        write(&folder.join("src/main.rs"), PROGRAM);
    }
    write(&root.join("frontend/package.json"), "{}");
    write(&root.join("frontend/package-lock.json"), CONSOLE);
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cfn");
    for entry in fs::read_dir(templates).unwrap() {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        let name = entry.file_name().into_string().unwrap();
        write(&root.join("cfn").join(name), &text);
    }
    let locked = Command::new("cargo")
        .args(["generate-lockfile", "--offline"])
        .current_dir(root)
        .status()
        .unwrap();
    assert!(locked.success());
}

pub(crate) fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}
