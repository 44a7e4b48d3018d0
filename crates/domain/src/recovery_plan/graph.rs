//! The waves of a plan as a graph: circles, found and named.

/// The waves of one circle, in the order in which they depend on each other, or nothing where
/// there is none. `depends_on[i]` lists the waves that wave `i` waits for.
pub fn cycle(depends_on: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut marks = vec![Mark::New; depends_on.len()];
    for start in 0..depends_on.len() {
        let mut path = Vec::new();
        if let Some(found) = visit(start, depends_on, &mut marks, &mut path) {
            return Some(found);
        }
    }
    None
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    OnPath,
    Done,
}

/// The depth is bounded by the number of waves of a plan.
fn visit(
    wave: usize,
    depends_on: &[Vec<usize>],
    marks: &mut [Mark],
    path: &mut Vec<usize>,
) -> Option<Vec<usize>> {
    match marks[wave] {
        Mark::Done => None,
        Mark::OnPath => {
            let start = path.iter().position(|&other| other == wave).unwrap_or(0);
            Some(path[start..].to_vec())
        }
        Mark::New => {
            marks[wave] = Mark::OnPath;
            path.push(wave);
            for &dependency in &depends_on[wave] {
                if let Some(found) = visit(dependency, depends_on, marks, path) {
                    return Some(found);
                }
            }
            path.pop();
            marks[wave] = Mark::Done;
            None
        }
    }
}
