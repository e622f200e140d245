//! `muster admin create`: the first accounts of an instance. There is no default password.

use std::io::{BufRead, Write};

use muster_core::people::Actor;

use crate::clock::{Chance, Clock};
use crate::config::{Config, ConfigFlags};
use crate::state::State;
use crate::usecase::account::{AccountDraft, GrantDraft, account_create};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Create an account; the password is read from standard input
    Create {
        #[arg(long)]
        login: String,
        #[arg(long)]
        name: String,
        /// Such as `security_admin`
        #[arg(long)]
        role: String,
        /// Code of the area of the grant [default: the root area of the pack]
        #[arg(long)]
        area: Option<String>,
        /// Code of the unit, for roles that act for one
        #[arg(long, default_value = "")]
        unit: String,
        #[command(flatten)]
        config: ConfigFlags,
    },
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let Command::Create { login, name, role, area, unit, config } = args.command;
    let config = Config::load(&config)?;
    write!(std::io::stderr(), "password for {login}: ")?;
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    super::runtime()?.block_on(async {
        let state = State::open(config, Clock::system(), Chance::system()).await?;
        let area = area.unwrap_or_else(|| state.pack.root_area.to_string());
        let draft = AccountDraft { login, name, password, grants: vec![GrantDraft { role, area, unit }] };
        let id = account_create(&state, &Actor::System, &draft).await?;
        writeln!(std::io::stdout(), "created {id}")?;
        state.db.close().await;
        Ok(())
    })
}
