//! Servers of others: where they are, what opens them, and the consent to write to them.

use std::io::{BufRead, IsTerminal, Write};

use simulator::{Address, Leftover, Target, Token};

use crate::{signal, visible};

/// A SCIM server to talk to.
#[derive(clap::Args)]
pub(crate) struct Foreign {
    /// The server's SCIM base URL: https://scim.example.com/scim/v2
    #[arg(long, value_name = "URL")]
    target: Option<String>,
    /// The environment variable that has the bearer token; a token on a command line would be seen by everybody on the machine
    #[arg(long, value_name = "NAME", default_value = "SCIM_TOKEN")]
    token_env: String,
    /// Write to a server that is not on this machine without asking
    #[arg(long)]
    yes: bool,
}

impl Foreign {
    /// The server.
    ///
    /// # Errors
    /// A sentence if the URL is not valid or the token is missing.
    pub(crate) fn target(&self) -> Result<Target, String> {
        let target =
            self.target.as_deref().ok_or("name the server with --target, such as https://scim.example.com/scim/v2")?;
        let address = Address::parse(target)?;
        let token = std::env::var(&self.token_env).map_err(|_| {
            format!(
                "the environment variable {} has no token; set it, or name another with --token-env",
                self.token_env
            )
        })?;
        Ok(Target::new(address, Token::new(&token)?))
    }

    /// Asks whether to write to a server that is not on this machine. `will` says what will be written.
    ///
    /// # Errors
    /// A sentence if the answer is no, or nobody is there to ask.
    pub(crate) fn confirm(&self, target: &Target, will: &str) -> Result<(), String> {
        if self.yes || target.address().is_loopback() {
            return Ok(());
        }
        let will = match target.address().is_https() {
            true => will.to_owned(),
            false => format!("{will} The token goes there over http, where others on the way can read it."),
        };
        if !std::io::stdin().is_terminal() {
            return Err(format!("{} is not on this machine. {will} Add --yes to do so.", target.address()));
        }
        eprint!("{will}\nGo on? [y/N] ");
        let mut answer = String::new();
        let read = std::io::stderr().flush().and_then(|()| std::io::stdin().lock().read_line(&mut answer));
        match read {
            Ok(_) if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") => Ok(()),
            _ => Err("nothing was sent".into()),
        }
    }
}

/// Shows what goes on in a line that the next one replaces; an empty one takes it away. Where nobody watches, nothing is shown. What a
/// server had its part in is shown as a terminal may show it.
pub(crate) fn show_line(text: &str) {
    if std::io::stderr().is_terminal() {
        eprint!("\r\x1b[K{}", visible::line(text));
        // Progress that cannot be shown is no reason to stop.
        let _ = std::io::stderr().flush();
    }
}

/// Stops a run when the program is asked to end; the second time it ends at once. `then` says what becomes of what was made.
///
/// # Errors
/// A sentence if signals cannot be received.
pub(crate) fn stop_at_signal(stop: simulator::Stop, then: &'static str) -> Result<(), String> {
    let first = signal::end()?;
    tokio::spawn(async move {
        first.await;
        show_line("");
        eprintln!("Stopping: {then}. Ctrl C once more ends at once.");
        stop.stop();
        match signal::end() {
            Ok(again) => again.await,
            Err(_) => std::future::pending().await,
        }
        std::process::exit(130);
    });
    Ok(())
}

/// What a run made and left on the server: the first names of either kind, and how many more there are.
pub(crate) fn left_lines(users: &[Leftover], groups: &[Leftover]) -> Vec<String> {
    const SHOWN: usize = 20;
    let kinds = [("users", users), ("groups", groups)].into_iter().filter(|(_, left)| !left.is_empty());
    let line = |(what, left): (&str, &[Leftover])| {
        let shown: Vec<String> = left.iter().take(SHOWN).map(|left| format!("{} ({})", left.name, left.id)).collect();
        let more = left.len().saturating_sub(SHOWN);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        format!("Left on the server, {what}: {}{more}", shown.join(", "))
    };
    kinds.map(line).collect()
}
