//! The keyboard.

use fantoccini::{
    Client,
    actions::{InputSource, KeyAction, KeyActions},
    error::CmdError,
};

/// Presses keys together: `Enter`, `Control+k`, `Control+Shift+c`.
pub(crate) async fn press(client: &Client, chord: &str) -> Result<(), CmdError> {
    let keys: Vec<char> = chord.split('+').map(code).collect();
    let down = keys.iter().map(|&value| KeyAction::Down { value });
    let up = keys.iter().rev().map(|&value| KeyAction::Up { value });
    let actions = KeyActions::new("keyboard".to_owned());
    client.perform_actions(down.chain(up).fold(actions, KeyActions::then)).await
}

/// A key's name, as in `KeyboardEvent.key`, to its code in WebDriver (§17.4.2).
fn code(key: &str) -> char {
    match key {
        "Control" => '\u{e009}',
        "Shift" => '\u{e008}',
        "Alt" => '\u{e00a}',
        "Tab" => '\u{e004}',
        "Enter" => '\u{e007}',
        "Escape" => '\u{e00c}',
        "F1" => '\u{e031}',
        "Space" => ' ',
        "PageUp" => '\u{e00e}',
        "PageDown" => '\u{e00f}',
        "End" => '\u{e010}',
        "Home" => '\u{e011}',
        "ArrowLeft" => '\u{e012}',
        "ArrowUp" => '\u{e013}',
        "ArrowRight" => '\u{e014}',
        "ArrowDown" => '\u{e015}',
        "Backspace" => '\u{e003}',
        other => {
            let mut letters = other.chars();
            let letter = letters.next().filter(|_| letters.next().is_none());
            letter.unwrap_or_else(|| panic!("there is no key {other}"))
        }
    }
}
