//! PostgreSQL is dumped and filled by its own programs, which know their format best.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use url::Url;

use super::BackupError;

/// Where Debian keeps the programs of each version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// Parameters of an address that the programs know; others are the driver's own.
const KNOWN: [&str; 8] = ["options", "sslmode", "sslrootcert", "sslcert", "sslkey", "host", "port", "application_name"];

/// Writes the tables of a schema as another transaction sees them.
pub(super) fn dump(url: &str, schema: &str, moment: &str, out: &mut impl Write) -> anyhow::Result<()> {
    const TOOL: &str = "pg_dump";
    let mut command = tool(TOOL, url)?;
    command.args(["--format=custom", "--compress=6", "--no-owner", "--no-privileges", "--no-password"]);
    command.arg(format!("--schema={}", quoted(schema))).arg(format!("--snapshot={moment}"));
    let mut child = Running(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?);
    if let Some(mut made) = child.0.stdout.take() {
        io::copy(&mut made, out)?;
    }
    child.end(TOOL)
}

/// Fills an empty schema from a dump, all or nothing.
pub(super) fn fill(url: &str, schema: &str, dump: &mut impl Read) -> anyhow::Result<()> {
    const TOOL: &str = "pg_restore";
    let mut command = tool(TOOL, url)?;
    command.args(["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--no-password"]);
    command.arg(format!("--schema={schema}"));
    let mut child = Running(command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?);
    if let Some(mut taken) = child.0.stdin.take() {
        // A program that gave up says why at its end; that the pipe broke is not the reason.
        io::copy(dump, &mut taken).ok();
    }
    child.end(TOOL)
}

/// A pattern that matches this name only.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Ended with the value, so that no failure leaves a program behind.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Running {
    fn end(&mut self, tool: &'static str) -> anyhow::Result<()> {
        let mut said = String::new();
        if let Some(mut errors) = self.0.stderr.take() {
            errors.read_to_string(&mut said)?;
        }
        if self.0.wait()?.success() {
            Ok(())
        } else {
            Err(BackupError::Tool { tool, said: said.trim().to_owned() }.into())
        }
    }
}

/// A command for the database of an address. The password goes by the environment: arguments can be read by others.
fn tool(name: &'static str, url: &str) -> anyhow::Result<Command> {
    let path = find(name, std::env::var_os("PATH").as_deref(), Path::new(VERSIONS));
    let mut command = Command::new(path.ok_or(BackupError::NoTool { tool: name })?);
    let mut url = Url::parse(url)?;
    if let Some(password) = url.password() {
        command.env("PGPASSWORD", percent_decoded(password));
        url.set_password(None).ok();
    }
    let known: Vec<(String, String)> =
        url.query_pairs().filter(|(key, _)| KNOWN.contains(&&**key)).map(|(k, v)| (k.into(), v.into())).collect();
    url.set_query(None);
    let query: Vec<String> = known.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect();
    if !query.is_empty() {
        url.set_query(Some(&query.join("&")));
    }
    command.arg(format!("--dbname={url}"));
    Ok(command)
}

/// The newest version wins: it can read every older server.
fn find(name: &str, path: Option<&std::ffi::OsStr>, versions: &Path) -> Option<PathBuf> {
    let mut installed: Vec<(u32, PathBuf)> = std::fs::read_dir(versions)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin").join(name))))
        .filter(|(_, program)| program.exists())
        .collect();
    installed.sort();
    let on_path = || std::env::split_paths(path?).map(|folder| folder.join(name)).find(|program| program.exists());
    installed.pop().map(|(_, program)| program).or_else(on_path)
}

fn percent_decoded(text: &str) -> String {
    // A form decodes `+` as a space, which a password in an address does not mean.
    let text = text.replace('+', "%2B");
    url::form_urlencoded::parse(format!("p={text}").as_bytes())
        .next()
        .map(|(_, value)| value.into())
        .unwrap_or_default()
}

/// The programs take `+` for itself, so that a space must be `%20`.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named_with_the_line_that_installs_it() {
        let nowhere = tempfile::tempdir().unwrap();
        assert_eq!(find("pg_dump", Some(nowhere.path().as_os_str()), nowhere.path()), None);
        let said = BackupError::NoTool { tool: "pg_dump" }.to_string();
        assert!(said.contains("pg_dump") && said.contains("apt-get install -y postgresql-client"), "{said}");
    }

    #[test]
    fn the_newest_version_is_taken() {
        let versions = tempfile::tempdir().unwrap();
        for version in ["9", "15", "16", "notes"] {
            let bin = versions.path().join(version).join("bin");
            std::fs::create_dir_all(&bin).unwrap();
            std::fs::write(bin.join("pg_dump"), "").unwrap();
        }
        let found = find("pg_dump", None, versions.path()).unwrap();
        assert!(found.starts_with(versions.path().join("16")), "{}", found.display());
    }

    #[test]
    fn the_password_is_no_argument_and_only_known_parameters_are() {
        let url = "postgres://m:a%2Bb+c@db:5433/muster?statement-cache-capacity=9&options=-csearch_path%3Dcity%20one";
        let Ok(command) = tool("pg_dump", url) else { return };
        let arguments: Vec<_> = command.get_args().map(|a| a.to_string_lossy().into_owned()).collect();
        assert_eq!(arguments, ["--dbname=postgres://m@db:5433/muster?options=-csearch_path%3Dcity%20one"]);
        let password = command.get_envs().find(|(key, _)| *key == "PGPASSWORD").unwrap().1.unwrap();
        assert_eq!(password, "a+b+c");
    }
}
