//! `comity stats define`: what each figure means.

use clap::Args;
use serde_json::Value;

use super::show::definition_json;
use crate::exit::{Exit, Failure};
use crate::output::{Output, bold, print, print_json};

/// What each figure means: definition, formula, unit, and where the definition is from.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity stats define\n  comity stats define price.fisher\n  \
    comity stats define trade --output json       all whose name begins like this")]
pub(crate) struct Arguments {
    /// A figure's name as it stands in files, or how names begin.
    pub(crate) key: Option<String>,
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let wanted = arguments.key.as_deref().unwrap_or("");
    let found: Vec<_> = super::definitions().filter(|definition| definition.key.starts_with(wanted)).collect();
    if found.is_empty() {
        let message = format!("no figure's name begins with {wanted:?}; `comity stats define` lists all");
        return Err(Failure::new(Exit::Usage, message));
    }
    match output {
        Output::Json => print_json(&Value::Array(found.into_iter().map(definition_json).collect())),
        Output::Table => {
            for (at, definition) in found.into_iter().enumerate() {
                if at > 0 {
                    print("");
                }
                print(&format!("{}  {}, {}", bold(definition.key), definition.name, definition.measure.word()));
                print(&format!("  {}", definition.says));
                print(&format!("  = {}", definition.formula));
                print(&format!("  after: {}", definition.after));
            }
        }
    }
    Ok(())
}
