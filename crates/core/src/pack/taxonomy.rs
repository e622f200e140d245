//! The classes of requests: a tree three levels deep, codes of 2, 4 and 6 digits; and the map from other trees.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::section::Section;

/// A name in the two languages of the product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    pub zh: String,
    pub en: String,
}

impl Name {
    pub(super) fn read(section: &Section) -> Self {
        Self { zh: section.text("zh"), en: section.text("en") }
    }
}

/// A node of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Category {
    /// 2, 4 or 6 digits; the code of the parent is its prefix.
    pub code: String,
    pub name: Name,
}

/// The tree of categories, in the order of their codes.
#[derive(Clone, Debug, Default)]
pub struct Taxonomy {
    categories: BTreeMap<String, Category>,
}

impl Taxonomy {
    pub(super) fn read(root: &Section) -> Self {
        root.only(&["basis", "categories"]);
        root.text("basis");
        let mut taxonomy = Self::default();
        let Some(list) = root.table("categories") else { return taxonomy };
        let entries = list.entries();
        for (code, section) in &entries {
            section.only(&["zh", "en"]);
            let well_formed = matches!(code.len(), 2 | 4 | 6) && code.bytes().all(|byte| byte.is_ascii_digit());
            if !well_formed {
                list.fault(code, "not a category code", "use 2, 4 or 6 digits");
            }
            let category = Category { code: (*code).to_owned(), name: Name::read(section) };
            taxonomy.categories.insert(category.code.clone(), category);
        }
        for (code, _) in &entries {
            if let Some(parent) = parent_code(code).filter(|parent| parent.len() % 2 == 0)
                && taxonomy.get(parent).is_none()
            {
                list.fault(code, format!("its parent {parent} is not in the tree"), format!("add category {parent}"));
            }
        }
        taxonomy
    }

    pub fn get(&self, code: &str) -> Option<&Category> {
        self.categories.get(code)
    }

    pub fn len(&self) -> usize {
        self.categories.len()
    }

    pub fn is_empty(&self) -> bool {
        self.categories.is_empty()
    }

    /// Every category in the order of the codes: a parent before its children.
    pub fn iter(&self) -> impl Iterator<Item = &Category> {
        self.categories.values()
    }

    /// The large classes.
    pub fn classes(&self) -> impl Iterator<Item = &Category> {
        self.iter().filter(|category| category.code.len() == 2)
    }

    /// Parent, then its parent. Empty for a large class and for a code that is not in the tree.
    pub fn ancestors(&self, code: &str) -> Vec<&Category> {
        let known = self.get(code).and_then(|category| parent_code(&category.code));
        std::iter::successors(known, |code| parent_code(code)).filter_map(|code| self.get(code)).collect()
    }

    /// The direct children, in the order of their codes.
    pub fn children<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Category> {
        self.categories
            .range(code.to_owned()..)
            .map(|(_, category)| category)
            .take_while(move |category| category.code.starts_with(code))
            .filter(move |category| category.code.len() == code.len() + 2)
    }

    /// Categories whose code begins with the text or whose name holds it, in either language, likest first:
    /// equal names, then names that begin with it, then the rest, each in the order of the codes.
    pub fn search(&self, text: &str) -> Vec<&Category> {
        let sought = text.trim().to_lowercase();
        if sought.is_empty() {
            return Vec::new();
        }
        let distance = |category: &Category| {
            let names = [category.name.zh.to_lowercase(), category.name.en.to_lowercase()];
            if category.code == sought || names.contains(&sought) {
                Some(0)
            } else if category.code.starts_with(&sought) || names.iter().any(|name| name.starts_with(&sought)) {
                Some(1)
            } else {
                names.iter().any(|name| name.contains(&sought)).then_some(2)
            }
        };
        let mut found: Vec<_> = self.iter().filter_map(|category| Some((distance(category)?, category))).collect();
        found.sort_by_key(|(distance, _)| *distance); // stable: the order of the codes is kept
        found.into_iter().map(|(_, category)| category).collect()
    }
}

/// The code one level up, `None` for a large class.
fn parent_code(code: &str) -> Option<&str> {
    if code.len() > 2 { code.get(..code.len() - 2) } else { None }
}

/// The map from the labels and nodes of another tree to categories of this pack.
#[derive(Clone, Debug, Default)]
pub struct Crosswalk {
    labels: BTreeMap<String, String>,
    nodes: BTreeMap<String, String>,
}

impl Crosswalk {
    /// `taxonomy` is `None` when it could not be read, so that its faults are not repeated here.
    pub(super) fn read(root: &Section, taxonomy: Option<&Taxonomy>) -> Self {
        root.only(&["source", "labels", "nodes"]);
        root.text("source");
        let read = |key: &str| {
            let Some(section) = root.table(key) else { return BTreeMap::new() };
            let pairs = section.pairs();
            for (label, code) in &pairs {
                if !code.is_empty() && taxonomy.is_some_and(|taxonomy| taxonomy.get(code).is_none()) {
                    section.fault(label, "no such category", "use a code of taxonomy.toml");
                }
            }
            pairs.into_iter().map(|(label, code)| (label.to_owned(), code)).collect()
        };
        Self { labels: read("labels"), nodes: read("nodes") }
    }

    /// The large class of a top label of the other tree, such as `城乡建设` → `01`.
    pub fn class(&self, label: &str) -> Option<&str> {
        self.labels.get(label).map(String::as_str)
    }

    /// The category of a path in the other tree; levels below the top that it does not name may be left out.
    pub fn node(&self, path: &[&str]) -> Option<&str> {
        match path {
            [label] => self.class(label),
            _ => self.nodes.get(&path.join("/")).map(String::as_str),
        }
    }

    /// Every mapped path with its category, top labels first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.labels.iter().chain(&self.nodes).map(|(path, code)| (path.as_str(), code.as_str()))
    }
}
