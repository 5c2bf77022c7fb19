//! What is wrong with files, as compilers say it: place, message, the line, and a caret below it.

use countersign_domain::display::sanitise;
use countersign_domain::policy::document::parse::SourceFile;
use countersign_wire::policies::PolicyProblem;

/// All problems, a paragraph each.
pub(super) fn problems_text(problems: &[PolicyProblem], files: &[SourceFile]) -> String {
    problems.iter().map(|problem| one(problem, files)).collect::<Vec<_>>().join("\n")
}

fn one(problem: &PolicyProblem, files: &[SourceFile]) -> String {
    let mut text = sanitise(&problem.file);
    if let (Some(line), Some(column)) = (problem.line, problem.column) {
        text.push_str(&format!(":{line}:{column}"));
    }
    text.push_str(&format!(": {}: {}", sanitise(&problem.severity), sanitise(&problem.message)));
    if let Some(suggestion) = &problem.suggestion {
        text.push_str(&format!("; did you mean `{}`?", sanitise(suggestion)));
    }
    if let Some(excerpt) = excerpt(problem, files) {
        text.push_str(&excerpt);
    } else if !problem.path.is_empty() {
        text.push_str(&format!(" (at {})", sanitise(&problem.path)));
    }
    text
}

fn excerpt(problem: &PolicyProblem, files: &[SourceFile]) -> Option<String> {
    let (number, column) = (problem.line?, problem.column?);
    let file = files.iter().find(|file| file.name == problem.file)?;
    let line = file.text.lines().nth(number.checked_sub(1)?)?.trim_end();
    let before: String = line.chars().take(column.saturating_sub(1)).collect();
    let gap = " ".repeat(sanitise(&before).chars().count());
    let margin = " ".repeat(number.to_string().len());
    Some(format!("\n {number} | {}\n {margin} | {gap}^", sanitise(line)))
}

/// How many errors there are.
pub(super) fn errors(problems: &[PolicyProblem]) -> usize {
    problems.iter().filter(|problem| problem.severity == "error").count()
}

/// A number with its word.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_shows_its_line_and_where_in_it() {
        let text = "kind: Policy\nname: \u{202e}x\nverdict: alow\n".to_owned();
        let files = [SourceFile { name: "p.yaml".to_owned(), text }];
        let problem = |line, column| PolicyProblem {
            severity: "error".to_owned(),
            file: "p.yaml".to_owned(),
            line: Some(line),
            column: Some(column),
            path: "verdict".to_owned(),
            message: "`alow` is not known".to_owned(),
            suggestion: Some("allow".to_owned()),
        };
        let in_force = PolicyProblem {
            line: None,
            column: None,
            file: "Policy `p` in force".to_owned(),
            suggestion: None,
            ..problem(1, 1)
        };
        let shown = problems_text(&[problem(3, 10), problem(2, 8), in_force], &files);
        insta::assert_snapshot!(shown, @"");
    }
}
