//! The configuration: defaults, then `muster.toml`, then `MUSTER_…` variables, then flags; the later wins.
//!
//! Keys are flat, so that `max_connections` in the file is `MUSTER_MAX_CONNECTIONS` in the environment.
//! `docs/operating/configuration.md` explains every key; a test compares it with [`Config`].

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::address::Cidr;
use crate::hook::HookConfig;
use crate::net::NetLimits;
use crate::ratelimit::Rate;
use crate::send::{PushConfig, SmsConfig, SmtpConfig, WebhookConfig};
use crate::tiles::MapConfig;

const PREFIX: &str = "MUSTER_";
const DEFAULT_FILE: &str = "muster.toml";
/// Variables that other parts of the project read, and no keys.
const OTHER_VARIABLES: [&str; 13] = [
    "MUSTER_RACES",
    "MUSTER_FUZZ_SECONDS",
    "MUSTER_CLOCKS",
    "MUSTER_SIMULATIONS",
    "MUSTER_CONFIG",
    "MUSTER_LOG",
    "MUSTER_SHARED",
    "MUSTER_TEST_POSTGRES",
    "MUSTER_SEED",
    "MUSTER_KILLS",
    "MUSTER_ADDRESS",
    "MUSTER_URL",
    "MUSTER_PASSWORD",
];

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub listen: SocketAddr,
    pub data: PathBuf,
    /// `None`: a SQLite file in `data`.
    pub database: Option<DatabaseUrl>,
    /// `None`: `master.key` in `data`.
    pub master_key_file: Option<PathBuf>,
    /// `None`: the pack inside the program.
    pub pack: Option<PathBuf>,
    /// Folder of the fonts that papers are set in.
    pub fonts: PathBuf,
    pub public_url: Option<Origin>,
    #[serde(deserialize_with = "cidr_list", serialize_with = "cidr_text")]
    pub trusted_proxies: Vec<Cidr>,
    pub secure_cookies: bool,
    pub max_body_bytes: usize,
    pub header_timeout_seconds: u64,
    pub body_timeout_seconds: u64,
    pub body_min_bytes_per_second: u64,
    pub write_timeout_seconds: u64,
    pub drain_timeout_seconds: u64,
    pub max_connections: usize,
    pub max_connections_per_address: usize,
    pub loopback_exempt: bool,
    pub rate_report: Rate,
    pub rate_photo: Rate,
    pub rate_login_address: Rate,
    pub rate_login_account: Rate,
    pub rate_code_address: Rate,
    pub rate_code: Rate,
    /// Doors for the gateways of message channels; in the file only.
    pub hook: Vec<HookConfig>,
    /// How long a receiver of notices may take.
    pub send_timeout_seconds: u64,
    /// Ways out; in the file only.
    pub smtp: Option<SmtpConfig>,
    pub sms: Option<SmsConfig>,
    pub webhook: Option<WebhookConfig>,
    pub push: Option<PushConfig>,
    /// Tiles of the board's map; in the file only.
    pub map: Option<MapConfig>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            data: PathBuf::from("data"),
            database: None,
            master_key_file: None,
            pack: None,
            // Where the Debian package fonts-noto-cjk puts them.
            fonts: PathBuf::from("/usr/share/fonts/opentype/noto"),
            public_url: None,
            trusted_proxies: Vec::new(),
            secure_cookies: true,
            max_body_bytes: 1 << 20,
            header_timeout_seconds: 5,
            body_timeout_seconds: 20,
            body_min_bytes_per_second: 4096,
            write_timeout_seconds: 30,
            drain_timeout_seconds: 10,
            // Below the usual 1,024 open files, with room for the database and its pools.
            max_connections: 800,
            max_connections_per_address: 64,
            loopback_exempt: true,
            rate_report: Rate::per_hour(60),
            rate_photo: Rate::per_hour(180),
            rate_login_address: Rate::per_hour(120),
            rate_login_account: Rate::per_hour(20),
            rate_code_address: Rate::per_hour(120),
            rate_code: Rate::per_hour(20),
            hook: Vec::new(),
            send_timeout_seconds: 10,
            smtp: None,
            sms: None,
            webhook: None,
            push: None,
            map: None,
        }
    }
}

/// The keys that `muster serve` also takes as flags.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ConfigFlags {
    /// Configuration file [default: muster.toml if it exists]
    #[arg(long, env = "MUSTER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// Folder of the instance: database, key, attachments [default: data]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// postgres://… or sqlite://… [default: SQLite in the data folder]
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// File with the master key [default: master.key in the data folder]
    #[arg(long, value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
    /// Policy pack folder [default: the built-in pack]
    #[arg(long, value_name = "DIR")]
    pub pack: Option<PathBuf>,
    /// Address under which people reach the site, such as <https://muster.example.org>
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("configuration file {0} does not exist; check --config or MUSTER_CONFIG")]
    NoFile(PathBuf),
    /// One line a fault; each names key, value, source and what to try.
    #[error("{0}")]
    Faults(String),
}

impl Config {
    /// Reads all four sources. Variables that start with `MUSTER_` and are no key are logged, since they may be typos.
    pub fn load(flags: &ConfigFlags) -> Result<Self, ConfigError> {
        Self::from_sources(
            flags,
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))),
        )
    }

    fn from_sources(
        flags: &ConfigFlags,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Config::default()));
        let file = flags.config.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
        if file.exists() {
            figment = figment.merge(Toml::file_exact(file));
        } else if flags.config.is_some() {
            return Err(ConfigError::NoFile(file));
        }
        let config: Config =
            figment.merge(Strings::of_environment(variables)).merge(Strings::of_flags(flags)).extract().map_err(
                |error| {
                    ConfigError::Faults(error.into_iter().map(|error| describe(&error)).collect::<Vec<_>>().join("\n"))
                },
            )?;
        config.check()?;
        Ok(config)
    }

    /// What no single value can show.
    fn check(&self) -> Result<(), ConfigError> {
        let positive = [
            ("max_body_bytes", self.max_body_bytes as u64),
            ("header_timeout_seconds", self.header_timeout_seconds),
            ("body_timeout_seconds", self.body_timeout_seconds),
            ("body_min_bytes_per_second", self.body_min_bytes_per_second),
            ("write_timeout_seconds", self.write_timeout_seconds),
            ("max_connections", self.max_connections as u64),
            ("max_connections_per_address", self.max_connections_per_address as u64),
        ];
        let mut faults: Vec<String> = positive
            .iter()
            .filter(|(_, value)| *value == 0)
            .map(|(key, _)| format!("configuration: `{key}` is 0: nothing would be served. Set at least 1."))
            .collect();
        let is_https = self.public_url.as_ref().is_some_and(|origin| origin.as_str().starts_with("https://"));
        if is_https && !self.secure_cookies {
            faults.push(
                "configuration: `secure_cookies` is false while `public_url` is https. \
                 Remove `secure_cookies`: it is for demos over plain http only."
                    .to_owned(),
            );
        }
        if !(1..=60).contains(&self.send_timeout_seconds) {
            let seconds = self.send_timeout_seconds;
            faults.push(format!("configuration: `send_timeout_seconds` is {seconds}: set 1 to 60."));
        }
        let hooks = self.hook.iter().flat_map(HookConfig::faults);
        let ways = self.smtp.iter().flat_map(SmtpConfig::faults).chain(self.sms.iter().flat_map(SmsConfig::faults));
        let ways = ways.chain(self.webhook.iter().flat_map(WebhookConfig::faults));
        let ways = ways.chain(self.push.iter().flat_map(PushConfig::faults));
        let ways = ways.chain(self.map.iter().flat_map(MapConfig::faults));
        faults.extend(hooks.chain(ways).map(|fault| format!("configuration: {fault}.")));
        if faults.is_empty() { Ok(()) } else { Err(ConfigError::Faults(faults.join("\n"))) }
    }

    pub fn master_key_path(&self) -> PathBuf {
        self.master_key_file.clone().unwrap_or_else(|| self.data.join("master.key"))
    }

    /// `sqlite://<data>/muster.db` unless configured.
    pub fn database_url(&self) -> String {
        match &self.database {
            Some(url) => url.0.clone(),
            None => format!("sqlite://{}", self.database_file().display()),
        }
    }

    /// Where the database is when no other is configured.
    pub fn database_file(&self) -> PathBuf {
        self.data.join("muster.db")
    }

    pub fn net_limits(&self) -> NetLimits {
        NetLimits {
            header_timeout: Duration::from_secs(self.header_timeout_seconds),
            body_timeout: Duration::from_secs(self.body_timeout_seconds),
            body_min_rate: self.body_min_bytes_per_second,
            write_timeout: Duration::from_secs(self.write_timeout_seconds),
            drain_timeout: Duration::from_secs(self.drain_timeout_seconds),
            max_connections: self.max_connections,
            max_connections_per_address: self.max_connections_per_address,
            loopback_exempt: self.loopback_exempt,
            exempt: self.trusted_proxies.clone(),
        }
    }
}

/// The address of a database. Its `Debug` and its serialised form hide it, since it holds a password.
#[derive(Clone, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub struct DatabaseUrl(String);

impl TryFrom<String> for DatabaseUrl {
    type Error = String;

    fn try_from(url: String) -> Result<Self, String> {
        if ["postgres://", "postgresql://", "sqlite:"].iter().any(|scheme| url.starts_with(scheme)) {
            return Ok(Self(url));
        }
        // Never the whole value: a mistyped scheme may be followed by a password.
        let scheme = url.split(':').next().unwrap_or_default();
        Err(format!("`{scheme}:…` is no known database; write postgres://user@host/name or sqlite://path"))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}

/// Scheme, host and port of the site, such as `https://muster.example.org`, without a slash at the end.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub struct Origin(String);

impl Origin {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Origin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is not the address of a site; write https://muster.example.org, without a path");
        let url = url::Url::parse(&text).map_err(|_| wrong())?;
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !is_bare || !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() {
            return Err(wrong());
        }
        Ok(Self(url.origin().ascii_serialization()))
    }
}

/// A list in TOML, or one text with commas in a variable.
fn cidr_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Cidr>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum ListOrText {
        List(Vec<String>),
        Text(String),
    }
    let entries = match ListOrText::deserialize(deserializer)? {
        ListOrText::List(list) => list,
        ListOrText::Text(text) => text.split(',').map(|entry| entry.trim().to_owned()).collect(),
    };
    let entries = entries.iter().filter(|entry| !entry.is_empty());
    entries.map(|entry| entry.parse().map_err(serde::de::Error::custom)).collect()
}

fn cidr_text<S: Serializer>(ranges: &[Cidr], serializer: S) -> Result<S::Ok, S::Error> {
    let texts: Vec<String> = ranges.iter().map(ToString::to_string).collect();
    serializer.serialize_str(&texts.join(","))
}

/// A source of plain texts: the environment or the flags.
struct Strings {
    name: &'static str,
    spell: fn(&str) -> String,
    values: Dict,
}

impl Strings {
    fn of_environment(variables: impl Iterator<Item = (String, String)>) -> Self {
        let known = keys();
        let mut values = Dict::new();
        for (variable, text) in variables.filter(|(variable, _)| variable.starts_with(PREFIX)) {
            let key = variable[PREFIX.len()..].to_ascii_lowercase();
            if let Some(default) = known.get(&key) {
                values.insert(key, typed(default, text));
            } else if !OTHER_VARIABLES.contains(&variable.as_str()) {
                tracing::warn!(%variable, "not a configuration key: ignored; see docs/operating/configuration.md");
            }
        }
        Self { name: "environment", spell: |key| format!("{PREFIX}{}", key.to_ascii_uppercase()), values }
    }

    fn of_flags(flags: &ConfigFlags) -> Self {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.to_string_lossy().into_owned());
        let given = [
            ("listen", flags.listen.clone()),
            ("data", path(&flags.data)),
            ("database", flags.database.clone()),
            ("master_key_file", path(&flags.master_key_file)),
            ("pack", path(&flags.pack)),
            ("public_url", flags.public_url.clone()),
        ];
        let values = given.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Value::from(value?)))).collect();
        Self { name: "command line", spell: |key| format!("--{}", key.replace('_', "-")), values }
    }
}

/// Numbers and switches are read as such where the default is one; everything else stays text, even `2026`.
fn typed(default: &Value, text: String) -> Value {
    match default {
        Value::Num(..) | Value::Bool(..) => text.parse().unwrap_or_else(|never| match never {}),
        _ => Value::from(text),
    }
}

impl Provider for Strings {
    fn metadata(&self) -> Metadata {
        let spell = self.spell;
        Metadata::named(self.name).interpolater(move |_, keys| keys.iter().map(|key| spell(key)).collect())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// Every key with its default.
fn keys() -> BTreeMap<String, Value> {
    let defaults = Value::serialize(Config::default()).ok().and_then(Value::into_dict);
    defaults.expect("the configuration serialises to a dictionary")
}

/// `MUSTER_LISTEN (environment): …` or `listen (muster.toml): …`.
fn describe(error: &figment::Error) -> String {
    let source = error.metadata.as_ref().map_or_else(String::new, |metadata| {
        let place = match &metadata.source {
            Some(figment::Source::File(path)) => path.display().to_string(),
            _ => metadata.name.to_string(),
        };
        let profile = error.profile.clone().unwrap_or_default();
        format!(", set as {} in {place}", metadata.interpolate(&profile, &error.path))
    });
    let key = if error.path.is_empty() { String::new() } else { format!("`{}`: ", error.path.join(".")) };
    let kind = error.kind.to_string();
    format!("configuration: {key}{kind}{source}. Keys and values: docs/operating/configuration.md")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn load(file: &str, variables: &[(&str, &str)], flags: &ConfigFlags) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("muster.toml");
        std::fs::write(&path, file).unwrap();
        let flags = ConfigFlags { config: Some(path), ..flags.clone() };
        Config::from_sources(&flags, variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn later_sources_win() {
        let file =
            "listen = '0.0.0.0:1'\nmax_connections = 10\nrate_report = '5/minute'\ntrusted_proxies = ['10.0.0.0/8']";
        let flags = ConfigFlags { listen: Some("0.0.0.0:3".to_owned()), ..ConfigFlags::default() };
        let variables = [
            ("MUSTER_LISTEN", "0.0.0.0:2"),
            ("MUSTER_MAX_CONNECTIONS", "20"),
            ("MUSTER_DATA", "2026"),
            ("MUSTER_SECURE_COOKIES", "false"),
            ("MUSTER_SHARED", "/elsewhere"),
            ("HOME", "/root"),
        ];
        let config = load(file, &variables, &flags).unwrap();
        assert_eq!(config.listen.port(), 3);
        assert_eq!(config.max_connections, 20);
        assert_eq!(config.rate_report.to_string(), "5/minute");
        assert_eq!(config.trusted_proxies.len(), 1);
        assert_eq!(config.data, PathBuf::from("2026"), "a path stays text");
        assert!(!config.secure_cookies);
        assert_eq!(config.max_body_bytes, 1 << 20);
        assert_eq!(config.database_url(), "sqlite://2026/muster.db");
        assert_eq!(config.master_key_path(), PathBuf::from("2026/master.key"));
    }

    #[test]
    fn no_variable_of_the_project_is_taken_for_a_typo() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let scripts = std::fs::read_dir(root.join("scripts")).unwrap().map(|entry| entry.unwrap().path());
        let mut seen = 0;
        for file in scripts.chain([root.join("crates/store/src/testing.rs")]).filter(|path| path.is_file()) {
            let text = std::fs::read_to_string(&file).unwrap();
            let words = text.split(|c: char| !c.is_ascii_uppercase() && c != '_');
            for word in words.filter(|word| word.len() > PREFIX.len() && word.starts_with(PREFIX)) {
                let key = word[PREFIX.len()..].to_ascii_lowercase();
                assert!(OTHER_VARIABLES.contains(&word) || keys().contains_key(&key), "{word} in {}", file.display());
                seen += 1;
            }
        }
        assert!(seen > 10, "the variables are found");
    }

    #[test]
    fn lists_come_with_commas_in_variables() {
        let proxies = [("MUSTER_TRUSTED_PROXIES", "10.0.0.0/8, ::1")];
        assert_eq!(load("", &proxies, &ConfigFlags::default()).unwrap().trusted_proxies.len(), 2);
    }

    #[test]
    fn errors_name_key_value_and_source() {
        /// File, variables, and what the message must contain.
        type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);
        let cases: [Case; 9] = [
            ("max_connections = 'many'", &[], &["`max_connections`", "many", "muster.toml"]),
            ("max_conections = 3", &[], &["max_conections", "max_connections"]),
            ("", &[("MUSTER_MAX_CONNECTIONS", "many")], &["MUSTER_MAX_CONNECTIONS", "many", "environment"]),
            ("", &[("MUSTER_RATE_REPORT", "5/week")], &["`rate_report`", "5/week", "minute"]),
            ("", &[("MUSTER_LISTEN", "8080")], &["`listen`", "MUSTER_LISTEN"]),
            ("trusted_proxies = ['10.0.0.0/64']", &[], &["`trusted_proxies`", "10.0.0.0/64", "10.0.0.0/8"]),
            ("public_url = 'muster.example.org/x'", &[], &["`public_url`", "muster.example.org/x", "https://"]),
            ("max_connections = 0", &[], &["`max_connections`", "is 0"]),
            ("public_url = 'https://a.org'\nsecure_cookies = false", &[], &["secure_cookies", "https"]),
        ];
        for (file, variables, parts) in cases {
            let message = load(file, variables, &ConfigFlags::default()).expect_err(file).to_string();
            for part in parts {
                assert!(message.contains(part), "{part} is missing in: {message}");
            }
        }
    }

    #[test]
    fn a_missing_file_is_an_error_only_when_asked_for() {
        let flags = ConfigFlags { config: Some(PathBuf::from("/nowhere/muster.toml")), ..ConfigFlags::default() };
        assert!(
            Config::from_sources(&flags, std::iter::empty()).unwrap_err().to_string().contains("/nowhere/muster.toml")
        );
        assert!(Config::from_sources(&ConfigFlags::default(), std::iter::empty()).is_ok());
    }

    #[test]
    fn the_database_password_is_never_shown() {
        let url = [("MUSTER_DATABASE", "postgres://m:hunter2@db/muster")];
        let config = load("", &url, &ConfigFlags::default()).unwrap();
        assert_eq!(config.database_url(), "postgres://m:hunter2@db/muster");
        assert!(!format!("{config:?}").contains("hunter2"));
        assert!(!toml::to_string(&config).unwrap().contains("hunter2"));
        let wrong = [("MUSTER_DATABASE", "mysql://m:hunter2@db/muster")];
        let message = load("", &wrong, &ConfigFlags::default()).unwrap_err().to_string();
        assert!(message.contains("mysql") && !message.contains("hunter2"), "{message}");
    }

    #[test]
    fn every_key_is_documented_with_its_default() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operating/configuration.md");
        let page = std::fs::read_to_string(path).unwrap();
        for (key, default) in keys() {
            let default = match default {
                Value::String(_, text) if text.is_empty() => "none".to_owned(),
                Value::String(_, text) => format!("`{text}`"),
                Value::Num(_, number) => format!("`{}`", number.to_u128().unwrap()),
                Value::Bool(_, switch) => format!("`{switch}`"),
                _ => "none".to_owned(),
            };
            assert!(
                page.contains(&format!("| `{key}` | {default} |")),
                "docs/operating/configuration.md lacks: | `{key}` | {default} |"
            );
        }
        for line in page.lines().filter(|line| line.starts_with("| `")) {
            let key = line.split('`').nth(1).unwrap();
            assert!(keys().contains_key(key), "docs/operating/configuration.md explains `{key}`, which is no key");
        }
    }
}
