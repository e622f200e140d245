//! A notice in words, for a page or for whatever leaves the program.

use muster_core::id::Code;
use muster_core::pack::{Name, Template, fill};
use muster_core::time::Timestamp;
use muster_store::people::Unit;
use serde_json::Value;
use uuid::Uuid;

use crate::i18n::{Lang, Text};
use crate::pages::when;
use crate::state::State;

/// What the words of a notice are made with.
pub(crate) struct Wording<'a> {
    pub(crate) state: &'a State,
    pub(crate) lang: Lang,
    pub(crate) units: &'a [Unit],
}

impl Wording<'_> {
    /// Title and body. A template that another version of the program knew stands for itself.
    pub(crate) fn of(&self, template: &str, params: &Value) -> (String, String) {
        let Ok(known) = template.parse::<Template>() else { return (template.to_owned(), String::new()) };
        let text = self.state.pack.notices.text(known);
        let filled = |name: &Name| fill(self.name(name), |gap| Some(self.word(params, gap))).unwrap_or_default();
        (filled(&text.title), filled(&text.body))
    }

    /// What whoever reported is told in one line.
    pub(crate) fn short(&self, template: &str, params: &Value) -> String {
        let known = template.parse::<Template>().ok();
        let text = known.and_then(|known| self.state.pack.notices.short(known));
        text.and_then(|text| fill(self.name(text), |gap| Some(self.word(params, gap))).ok()).unwrap_or_default()
    }

    fn name<'n>(&self, name: &'n Name) -> &'n str {
        if self.lang == Lang::En && !name.en.is_empty() { &name.en } else { &name.zh }
    }

    /// What stands in one gap, in the reader's language.
    pub(crate) fn word(&self, params: &Value, gap: &str) -> String {
        let text = Text { lang: self.lang };
        let param = &params[gap];
        match gap {
            "code" => code_in(params),
            "clock" => text.label("clock", param.as_str().unwrap_or_default()).into_owned(),
            "due" => param.as_i64().map(|at| when(&self.state.pack, self.lang, Timestamp(at)).text).unwrap_or_default(),
            "share" | "filled" | "head" => param.as_i64().map(|number| number.to_string()).unwrap_or_default(),
            "unit" => {
                let unit = param.as_str().and_then(|unit| unit.parse::<Uuid>().ok());
                let name = |id| self.units.iter().find(|unit| unit.id.0 == id).map(|unit| unit.name.clone());
                unit.map_or_else(|| text.get("notices-no-unit").into_owned(), |id| name(id).unwrap_or_default())
            }
            _ => param.as_str().unwrap_or_default().to_owned(),
        }
    }
}

/// The code of a notice's case, in groups.
pub(crate) fn code_in(params: &Value) -> String {
    let code = params["code"].as_str().and_then(|code| code.parse::<Code>().ok());
    code.map(|code| code.to_string()).unwrap_or_default()
}
