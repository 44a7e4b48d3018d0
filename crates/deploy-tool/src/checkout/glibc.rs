//! The C library that a program needs: the runtime's must be as new.

use anyhow::{Context, Result, bail};
use object::elf::FileHeader64;
use object::read::elf::{FileHeader, SectionHeader};
use object::{Endianness, read::StringTable};

/// The C library of `provided.al2023`.
const RUNTIME: (u32, u32) = (2, 34);

/// Refuses a program that the runtime could not start.
pub(super) fn check(name: &str, program: &[u8]) -> Result<()> {
    let Some((major, minor)) = newest_needed(program)? else {
        return Ok(());
    };
    if (major, minor) > RUNTIME {
        bail!(
            "{name} needs glibc {major}.{minor}, and the runtime of the functions has {}.{}: build \
             it on an older system, or with cargo-lambda, which links for the runtime",
            RUNTIME.0,
            RUNTIME.1
        );
    }
    Ok(())
}

/// The newest version of the C library that a program names; nothing for one that names none.
pub fn newest_needed(program: &[u8]) -> Result<Option<(u32, u32)>> {
    let header = FileHeader64::<Endianness>::parse(program).context("this is no program")?;
    let endian = header.endian().context("this is no program")?;
    let sections = header
        .sections(endian, program)
        .context("its sections cannot be read")?;
    let needed = sections
        .gnu_verneed(endian, program)
        .context("its versions cannot be read")?;
    let Some((mut libraries, link)) = needed else {
        return Ok(None);
    };
    let strings = sections
        .section(link)
        .context("its version names cannot be read")?;
    let (start, size) = strings
        .file_range(endian)
        .context("its version names are missing")?;
    let strings = StringTable::new(program, start, start + size);
    let mut newest = None;
    while let Some((_, mut versions)) = libraries.next().context("its versions cannot be read")? {
        while let Some(version) = versions.next().context("its versions cannot be read")? {
            let name = version
                .name(endian, strings)
                .context("a version has no name")?;
            newest = newest.max(version_of(&String::from_utf8_lossy(name)));
        }
    }
    Ok(newest)
}

fn version_of(name: &str) -> Option<(u32, u32)> {
    let mut numbers = name.strip_prefix("GLIBC_")?.split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next()?.parse().ok()?;
    Some((major, minor))
}
