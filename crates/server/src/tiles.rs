//! Tiles under the board's map, from a server that the city names; without it the map is a drawing of our own.

use serde::{Deserialize, Serialize};

use crate::security::CONTENT_SECURITY_POLICY;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MapConfig {
    /// Address of a tile with `{z}`, `{x}` and `{y}` in it, as Web Mercator counts them.
    pub tiles: String,
    /// Whose map it is, as its licence asks to be named.
    pub attribution: String,
}

impl MapConfig {
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let has_gaps = ["{z}", "{x}", "{y}"].iter().all(|gap| self.tiles.contains(gap));
        if !has_gaps || self.origin().is_none() {
            let tiles = &self.tiles;
            faults.push(format!(
                "`map.tiles` is {tiles:?}: write the address of a tile, such as https://tiles.example.org/{{z}}/{{x}}/{{y}}.png"
            ));
        }
        if self.attribution.trim().is_empty() {
            faults.push("`map.attribution` is empty: say whose map it is, as its licence asks".to_owned());
        }
        faults
    }

    /// Where the browser of whoever looks at the map fetches tiles from.
    fn origin(&self) -> Option<String> {
        let url = url::Url::parse(&self.tile(0, 0, 0)).ok()?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some() && url.username().is_empty();
        is_web.then(|| url.origin().ascii_serialization())
    }

    pub fn tile(&self, z: u32, x: i64, y: i64) -> String {
        let fill = |text: String, gap: &str, number: i64| text.replace(gap, &number.to_string());
        fill(fill(fill(self.tiles.clone(), "{z}", i64::from(z)), "{x}", x), "{y}", y)
    }

    /// The policy of the page with the map: images may also come from there.
    pub fn policy(&self) -> String {
        let own = "img-src 'self' data:";
        match self.origin() {
            Some(origin) => CONTENT_SECURITY_POLICY.replace(own, &format!("{own} {origin}")),
            None => CONTENT_SECURITY_POLICY.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_with_its_gaps_and_its_owner() {
        let map = |tiles: &str, attribution: &str| MapConfig { tiles: tiles.into(), attribution: attribution.into() };
        let good = map("https://tiles.example.org/a/{z}/{x}/{y}.png?k=1", "© 天地图");
        assert_eq!(good.faults(), Vec::<String>::new());
        assert_eq!(good.tile(3, 5, 2), "https://tiles.example.org/a/3/5/2.png?k=1");
        assert!(good.policy().contains("img-src 'self' data: https://tiles.example.org; connect-src 'self'"));
        assert_eq!(map("https://tiles.example.org/{z}/{x}.png", " ").faults().len(), 2);
        assert_eq!(map("javascript:{z}{x}{y}", "x").faults().len(), 1);
        assert_eq!(map("/tiles/{z}/{x}/{y}", "x").faults().len(), 1);
    }
}
