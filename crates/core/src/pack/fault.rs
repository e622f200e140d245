//! What is wrong with a pack, said so that its author can repair it.

use std::cell::RefCell;
use std::fmt;

/// One fault of a pack: where, what stands there, what is wrong with it, what to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackFault {
    /// File name within the pack, such as `duties.toml`.
    pub file: String,
    /// Line in that file, from 1; `None` when the file itself is the fault.
    pub line: Option<usize>,
    /// Path of the key, such as `duty[3].lead.county`; empty for the whole file and for broken syntax.
    pub key: String,
    /// What stands there, shortened; empty when nothing does or it is a table.
    pub value: String,
    pub problem: String,
    pub advice: String,
}

/// `duties.toml:12: duty[3].category = "0199": no such category; use a code of taxonomy.toml`
impl fmt::Display for PackFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": ")?;
        match (self.key.as_str(), self.value.as_str()) {
            ("", "") => {}
            ("", value) => write!(f, "{value:?}: ")?,
            (key, "") => write!(f, "{key}: ")?,
            (key, value) => write!(f, "{key} = {value:?}: ")?,
        }
        write!(f, "{}; {}", self.problem, self.advice)
    }
}

/// Where every reader of a pack leaves what it found, so that one run reports everything.
#[derive(Debug, Default)]
pub(super) struct Faults(RefCell<Vec<PackFault>>);

impl Faults {
    pub(super) fn push(&self, fault: PackFault) {
        self.0.borrow_mut().push(fault);
    }

    /// A fault about a file as a whole.
    pub(super) fn file(&self, file: &str, problem: &str, advice: &str) {
        self.push(PackFault {
            file: file.to_owned(),
            line: None,
            key: String::new(),
            value: String::new(),
            problem: problem.to_owned(),
            advice: advice.to_owned(),
        });
    }

    pub(super) fn count(&self) -> usize {
        self.0.borrow().len()
    }

    pub(super) fn into_vec(self) -> Vec<PackFault> {
        self.0.into_inner()
    }
}
