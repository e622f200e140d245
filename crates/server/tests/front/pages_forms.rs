//! Reading pages as a person does: what stands in a field, what a receipt says.

use crate::app::between;
use crate::figures_history::plain;

/// What a form of the page holds under this name: of a text area, a hidden or visible input, or a chosen radio button.
pub(crate) fn value(page: &str, name: &str) -> Option<String> {
    let named = format!(" name=\"{name}\"");
    let found = page.split('<').find_map(|tag| {
        let is_control = tag.starts_with("textarea") || tag.starts_with("input");
        let is_chosen = !tag.contains("type=\"radio\"") || tag.contains(" checked");
        if !is_control || !tag.contains(&named) || !is_chosen {
            return None;
        }
        match tag.strip_prefix("textarea") {
            Some(rest) => rest.split_once('>').map(|(_, text)| text.trim_start_matches('\n')),
            None => between(tag, " value=\"", "\""),
        }
    });
    found.map(|text| {
        let marks = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
        marks.iter().fold(text.to_owned(), |text, (escaped, mark)| text.replace(escaped, mark))
    })
}

/// Code and secret of a receipt.
pub(crate) fn receipt(page: &str) -> (String, String) {
    let mut big = page.split("class=\"code-big\"").skip(1).map(|part| {
        let text = part.split_once('>').unwrap().1.split("</p>").next().unwrap();
        plain(text).replace(' ', "")
    });
    (big.next().unwrap_or_else(|| panic!("no receipt: {page}")), big.next().unwrap())
}

/// Where the form with this action sends, and that it is there.
pub(crate) fn has_form(page: &str, action: &str) -> bool {
    page.contains(&format!("action=\"{action}\""))
}
