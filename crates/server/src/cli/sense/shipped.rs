//! What the binary carries: the model (`state.rs`), the pack's words and its map of labels.

use crate::pack_default::default_pack;
use crate::state::State;
use anyhow::{Context, ensure};
use muster_core::sense::{Model, SenseRules};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// `sense.toml` of the built-in pack.
pub const RULES: &str = include_str!("../../../../../packs/default/sense.toml");
/// `labels.toml` of the built-in pack.
pub const LABELS: &str = include_str!("../../../../../packs/default/labels.toml");

pub fn model(file: Option<&Path>) -> anyhow::Result<Model> {
    let Some(file) = file else { return State::shipped_model().context("the built-in model") };
    let bytes = std::fs::read(file).with_context(|| format!("cannot read the model {}", file.display()))?;
    Model::from_bytes(&bytes).with_context(|| file.display().to_string())
}

/// The rules of a file or of the built-in pack, with the names of the built-in pack's tree.
pub fn rules(file: Option<&Path>) -> anyhow::Result<SenseRules> {
    let rules = match file {
        None => SenseRules::from_toml(RULES).context("the built-in pack")?,
        Some(file) => {
            let text =
                std::fs::read_to_string(file).with_context(|| format!("cannot read the rules {}", file.display()))?;
            SenseRules::from_toml(&text).with_context(|| file.display().to_string())?
        }
    };
    Ok(rules.naming(&default_pack().taxonomy))
}

pub fn labels() -> anyhow::Result<BTreeMap<String, String>> {
    parse_labels(LABELS).context("the built-in labels.toml")
}

pub fn labels_from(file: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read the map {}", file.display()))?;
    parse_labels(&text).with_context(|| file.display().to_string())
}

fn parse_labels(text: &str) -> anyhow::Result<BTreeMap<String, String>> {
    #[derive(serde::Deserialize)]
    struct File {
        labels: BTreeMap<String, String>,
    }
    let labels = toml::from_str::<File>(text)?.labels;
    ensure!(!labels.is_empty(), "[labels] is empty: map at least two label names to class codes");
    Ok(labels)
}

/// The closed set of classes a map leads to, in order.
pub(crate) fn codes(labels: &BTreeMap<String, String>) -> Vec<String> {
    labels.values().cloned().collect::<BTreeSet<_>>().into_iter().collect()
}
